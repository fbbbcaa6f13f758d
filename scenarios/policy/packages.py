"""Packages: policies in files, those of conf/policy by name and own ones by path."""

from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from scenarios.errors import InputError, bedoelt_u, close_matches
from scenarios.policy.dutch import in_english
from scenarios.policy.measures import Policy, policy_from
from scenarios.yaml_files import parse_yaml, read_yaml


def package_names() -> list[str]:
    """Names of the packages that come with Thuis, the baseline first."""
    names = sorted(
        f.name.removesuffix(".yaml") for f in resources.files("conf.policy").iterdir() if f.name.endswith(".yaml")
    )
    return sorted(names, key=lambda name: (name != "baseline", name.startswith("shock"), name))


def read_package(name: str | Path, built_by: tuple[str, ...] = ()) -> dict[str, Any]:
    """The mapping in a package's file, with those it builds on (`defaults`) merged in as Hydra merges them.

    Parameters
    ----------
    name : str or Path
        A package of Thuis, or a file of one's own (ending in .yaml or .yml).
    built_by : tuple of str
        The packages that build on this one, since none can build on itself.

    Raises
    ------
    InputError
    """
    if str(name) in built_by:
        raise InputError(f"policy {name} builds on itself (defaults: {' -> '.join([*built_by, str(name)])})")
    if is_file(name):
        path = Path(name)
        if not path.exists():
            raise InputError(f"{path.name}: no such policy file")
        values = read_yaml(path)
    else:
        if name not in package_names():
            names = package_names()
            raise InputError(
                f"unknown policy '{name}'{close_matches(str(name), names)} (allowed: {', '.join(names)})",
                f"onbekend beleid '{name}'{bedoelt_u(str(name), names)} (toegestaan: {', '.join(names)})",
            )
        values = parse_yaml((resources.files("conf.policy") / f"{name}.yaml").read_text(encoding="utf-8"), name)
    if not isinstance(values or {}, Mapping):
        raise InputError(f"{Path(name).name}: a policy is a list of named measures, 'name: ...' per line")
    return with_bases(values or {}, name, built_by)


def read_policy(policy: str | Path | Mapping[str, Any]) -> dict[str, Any]:
    """A policy's mapping, by name, by file or as it is; what it builds on merged in.

    That of a file of one's own says under `file` what the file is called, for the line that repeats a run.

    Raises
    ------
    InputError
    """
    if not isinstance(policy, str | Path):
        return with_bases(policy, "policy")
    return read_package(policy) | ({"file": Path(policy).name} if is_file(policy) else {})


def is_file(policy: str | Path) -> bool:
    """Whether a policy is named by a file of one's own, not by a package."""
    return str(policy).endswith((".yaml", ".yml"))


def with_bases(values: Mapping[str, Any], name: str | Path, built_by: tuple[str, ...] = ()) -> dict[str, Any]:
    """A policy's mapping with those that it builds on (`defaults`) merged in.

    Parameters
    ----------
    name : str or Path
        What it is called in errors, and where neither it nor what it builds on has a name.
    built_by : tuple of str
        As for `read_package`.

    Raises
    ------
    InputError
    """
    values = in_english(values, f"{Path(name).name}: ")
    merged: dict[str, Any] = {}
    bases = values.get("defaults") or []
    if not isinstance(bases, list):
        raise InputError(f"{Path(name).name}: defaults is not a list of packages, such as defaults: [libraries]")
    for base in bases:
        if base != "_self_":
            merged = merge(merged, read_package(str(base), (*built_by, str(name))))
    merged = merge(merged, {key: value for key, value in values.items() if key != "defaults"})
    return merged if "name" in merged else {"name": Path(name).stem, **merged}


def package_with(measures: Iterable[str]) -> str | None:
    """The smallest package of Thuis that has all these measures: libraries for {"libraries"}; None where none has."""
    wanted = set(measures)
    packages = {name: read_package(name) for name in package_names()}
    fitting = [name for name, values in packages.items() if wanted and wanted <= values.keys()]
    return min(fitting, key=lambda name: (len(packages[name]), name), default=None)


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
