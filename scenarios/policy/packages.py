"""Packages: policies in files, those of conf/policy by name and a user's own by path."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from scenarios.errors import InputError, close_matches
from scenarios.policy.measures import Policy, policy_from


def package_names() -> list[str]:
    """Names of the packages that come with Thuis, the baseline first."""
    names = sorted(
        f.name.removesuffix(".yaml") for f in resources.files("conf.policy").iterdir() if f.name.endswith(".yaml")
    )
    return sorted(names, key=lambda name: (name != "baseline", name.startswith("shock"), name))


def read_package(name: str | Path) -> dict[str, Any]:
    """The mapping in a package's file, with those it builds on (`defaults`) merged in as Hydra merges them.

    Parameters
    ----------
    name : str or Path
        A package of Thuis, or a file of one's own (ending in .yaml or .yml).
    """
    own = str(name).endswith((".yaml", ".yml"))
    if own:
        path = Path(name)
        if not path.is_file():
            raise InputError(f"{path.name}: no such policy file")
        text = path.read_text(encoding="utf-8")
    else:
        if name not in package_names():
            names = package_names()
            raise InputError(f"unknown policy '{name}'{close_matches(str(name), names)} (allowed: {', '.join(names)})")
        text = (resources.files("conf.policy") / f"{name}.yaml").read_text(encoding="utf-8")
    try:
        values = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise InputError(f"{Path(name).name}: not readable as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(values, Mapping):
        raise InputError(f"{Path(name).name}: a policy is a list of named measures, 'name: ...' per line")
    merged: dict[str, Any] = {}
    for base in values.get("defaults", []):
        if base != "_self_":
            merged = merge(merged, read_package(str(base)))
    merged = merge(merged, {key: value for key, value in values.items() if key != "defaults"})
    return merged if "name" in merged else {"name": Path(name).stem, **merged}


def merge(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two nested mappings as one; where both have a value the second one's holds."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, Mapping) else value
    return merged


def load_policy(name: str | Path, changes: Mapping[str, Any] | None = None) -> Policy:
    """A package by name, or a policy from a file.

    Parameters
    ----------
    name : str or Path
    changes : mapping, optional
        Values that replace the package's, nested like the file: ``{"libraries": {"funding": 2}, "start": 60}``.

    Raises
    ------
    InputError
        Unknown package, or whatever is wrong in it.
    """
    return policy_from(merge(read_package(name), changes or {}))
