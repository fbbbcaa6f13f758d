"""Digests of the inputs of a sweep, so that results of different figures, policies or functions are never mixed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.options.imported import behaviours, digest_of_source
from experiments.results.version import source_digest
from experiments.sweep.plan import Plan
from scenarios.errors import InputError


def inputs_of(model: str, fixed: Mapping[str, Any], factors: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Digests of the figures of each region and the content of each policy, or of the source of another model.

    Parameters
    ----------
    factors : mapping
        Names of what varies, to its values.

    Raises
    ------
    InputError
        One of them cannot be read.
    """
    if model != "thuis":
        return {f"model {model}": digest_of_source(model)}
    from experiments.sweep.checking import load_table
    from scenarios.policy.packages import read_package
    from scenarios.start_cache import table_digest

    found = {}
    for name in factors.get("region", (fixed["region"]["name"],)):
        found[f"region {name}"] = table_digest(load_table(fixed["region"], str(name)))
    for name in factors.get("policy", (fixed["policy"],)):
        values = name if isinstance(name, Mapping) else read_package(str(name))
        content = json.dumps(values, sort_keys=True, default=str)
        found[f"policy {values.get('name', name)}"] = hashlib.sha256(content.encode()).hexdigest()
    return found | own_sources(fixed)


def own_sources(fixed: Mapping[str, Any]) -> dict[str, str]:
    """Digests of the user's own functions and classes, and with them of the agents that run them."""
    names = [name for word in ("behaviour", "reporter", "stop") for name in behaviours(fixed.get(word) or "")]
    return {f"own {name}": digest_of_source(name) for name in names} | (
        {"agents": source_digest(("agents",))} if names else {}
    )


def check_inputs(folder: Path, plan: Plan) -> None:
    """Refuse to resume a sweep whose inputs have changed.

    Raises
    ------
    InputError
    """
    now = inputs_of(plan.model, plan.fixed, {name: values for name, (values, _) in plan.factors.items() if values})
    changed = sorted(key for key, digest in plan.inputs.items() if now.get(key) != digest)
    if changed:
        others = ", ".join(changed)
        raise InputError(f"{folder} was made from other {others}; results of two would be mixed: begin anew")
