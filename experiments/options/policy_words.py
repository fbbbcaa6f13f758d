"""`policy=NAME policy.MEASURE.LEVER=VALUE`: a package and its changes as one mapping."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from scenarios.errors import InputError, bedoelt_u, close_matches
from scenarios.policy.packages import merge, package_with, read_policy


def chosen_policy(name: Any, changed: Iterable[str], usual: str = "baseline") -> Any:
    """The policy that was chosen; where none was, the package whose measures are changed, or the usual one.

    So policy.libraries.funding=2 alone means policy=libraries policy.libraries.funding=2.

    Parameters
    ----------
    changed : iterable of str
        What is changed, dotted: MEASURE.LEVER.
    """
    if name is not None:
        return name
    return package_with({key.split(".")[0] for key in changed if "." in key}) or usual


def changed_policy(
    policy: str | Mapping[str, Any], changes: Mapping[str, Any], added: Collection[str] = ()
) -> dict[str, Any]:
    """A policy, by name or as a mapping, with dotted changes in it.

    Parameters
    ----------
    added : collection of str
        Changes that may be of what the package does not have.

    Raises
    ------
    InputError
        A change of something that the package does not have.
    """
    package = read_policy(policy)
    known = changeable(package)
    for key in changes:
        if key not in known and key not in added:
            raise not_in_package(f"policy.{key}", package["name"], known)
    return merge(package, nested(changes))


def changeable(package: Mapping[str, Any]) -> list[str]:
    """The dotted names of a package that can be changed."""
    found = []
    for part, value in package.items():
        inside = [f"{part}.{lever}" for lever in value] if isinstance(value, dict) else []
        found += [] if part in ("name", "title", "text", "defaults", "file") else inside or [part]
    return found


def not_in_package(key: str, name: str, known: Iterable[str]) -> InputError:
    """The error for a change of something that the package does not have."""
    allowed = [f"policy.{each}" for each in known]
    return InputError(
        f"{key} is not part of policy={name}{close_matches(key, allowed)} (it has: {', '.join(allowed)})",
        f"{key} hoort niet bij policy={name}{bedoelt_u(key, allowed)} (het heeft: {', '.join(allowed)})",
    )


def nested(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names as nested mappings."""
    found: dict[str, Any] = {}
    for name, value in changes.items():
        *path, last = name.split(".")
        level = found
        for part in path:
            level = level.setdefault(part, {})
        level[last] = value
    return found
