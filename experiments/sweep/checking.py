"""Whether all regions, policies and parameters of a sweep exist and go together, before the first run."""

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from experiments.options.policy_words import nested
from experiments.options.settings import region_from
from experiments.simulation.simulate import load_table as load_areas
from experiments.sweep.factors import Factor
from scenarios.areas import AreaTable
from scenarios.errors import InputError
from scenarios.policy import Policy, Schedule, most_building, policy_from
from scenarios.policy.packages import merge, read_package
from sim.parameters import Parameters


def load_table(region: dict[str, Any], name: str | None = None) -> AreaTable:
    """The areas of the sweep's region, or of another one by name."""
    return load_areas(region_from(region | ({"name": name} if name else {})))


@lru_cache(64)
def package_named(name: str) -> dict[str, Any]:
    """A package, read once; not to be changed."""
    return read_package(name)


def package_of(policy: Any) -> dict[str, Any]:
    """A policy's mapping: itself, or read by its name; not to be changed."""
    return policy if isinstance(policy, dict) else package_named(str(policy))


def policy_mapping(policy: Any, changes: dict[str, Any]) -> dict[str, Any]:
    """A policy, by name or as a mapping, with dotted changes; changes to measures that it does not have are left out.

    So `factors.policy=[baseline,libraries]` and `factors.policy.libraries.funding=[1,2]` go together.
    """
    values = package_of(policy)
    own = {name: value for name, value in changes.items() if applies(name, values)}
    return merge(values, nested(own))


def applies(name: str, values: dict[str, Any]) -> bool:
    """Whether a dotted change is of a measure that a package has, or of the package as a whole."""
    first, _, rest = name.partition(".")
    return not rest or first in values


def policies_to_check(fixed: dict[str, Any], factors: Sequence[Factor]) -> Iterator[Policy]:
    """Every package with its factors at their lowest and highest, one factor at a time and all at once."""
    packages = next((f.values for f in factors if f.name == "policy"), (fixed["policy"],))
    levers = [f for f in factors if f.name.startswith("policy.")]
    for package in packages:
        first = {f.name.removeprefix("policy."): f.values[0] for f in levers}
        last = {f.name.removeprefix("policy."): f.values[-1] for f in levers}
        several = [{f.name.removeprefix("policy."): value} for f in levers for value in f.values]
        for change in itertools.chain([first, last], several):
            yield policy_from(policy_mapping(package, fixed["policy_changes"] | first | change))


def check_model(fixed: dict[str, Any], factors: Sequence[Factor], scale: int) -> tuple[float, int]:
    """Check what a sweep varies.

    Returns
    -------
    building : float
        The largest multiple of today's building that any run asks for, for which all worlds keep room.
    agents : int
        Agents of the largest region.

    Raises
    ------
    InputError
    """
    packages = next((f.values for f in factors if f.name == "policy"), (fixed["policy"],))
    for name in [
        *fixed["policy_changes"],
        *(f.name.removeprefix("policy.") for f in factors if f.name.startswith("policy.")),
    ]:
        if not any(applies(name, package_of(package)) for package in packages):
            called = ", ".join(str(package_of(package)["name"]) for package in packages)
            raise InputError(f"policy.{name}: no measure '{name.split('.')[0]}' in {called}")
    policies = list(policies_to_check(fixed, factors))
    regions = next((f.values for f in factors if f.name == "region"), (None,))
    tables = [load_table(fixed["region"], None if name is None else str(name)) for name in regions]
    for table in tables:
        for policy in {policy.name: policy for policy in policies}.values():
            Schedule(policy, table, scale)
    base = Parameters().changed(**fixed["parameters"]).building
    varied = next((max(f.values) for f in factors if f.name == "parameters.building"), base)
    building = most_building(policies) * (varied / base if base else 1.0)
    return float(building), max(int(table.residents.sum()) // scale for table in tables)
