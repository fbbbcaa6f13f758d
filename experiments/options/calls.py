"""A call from Python as a request, the same as from the arguments of a command."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from experiments.options.keywords import plain_values
from experiments.options.parameter_file import parameter_values
from experiments.options.policy_words import chosen_policy, nested
from experiments.options.words import Request
from scenarios.errors import InputError, close_matches
from scenarios.policy.levers import full_names, lever_of_word
from scenarios.policy.measures import ABOUT, TIMING
from scenarios.policy.packages import merge, read_policy

WORDS_OF_A_MEASURE = (*ABOUT, *TIMING, "budget")


def request_of(options: Mapping[str, Any], **parts: Any) -> Request:
    """Make the request of a call.

    Parameters
    ----------
    options : mapping
        Plain options by name.
    parts
        Of ``region`` (a name, names, or a mapping), ``policy``, ``levers``, ``parameters``, ``factors`` and ``slurm``
        those that the call takes; None for what was not given.

    Raises
    ------
    InputError
        A part that is no mapping, or a lever that neither exists nor is in the policy.
    """
    for key in options:
        part, dot, rest = key.partition(".")
        if dot:
            raise InputError(f"{key} stands in {part}: give {part}={{'{rest}': VALUE}}")
    region = plain_values(parts.get("region"))
    request = Request(
        values=plain_values(options),
        region=region if isinstance(region, dict) else {"name": region},
        policy=plain_values(parts.get("policy")),
        parameters=parameters_of(parts),
        factors=dotted(plain_mapping(parts, "factors")),
        slurm=plain_mapping(parts, "slurm"),
    )
    take_levers(request, dotted(plain_mapping(parts, "levers")))
    return request


def plain_mapping(parts: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A part that is a mapping, empty where it was not given."""
    value = parts.get(name)
    if value is not None and not isinstance(value, Mapping) and hasattr(value, "index") and hasattr(value, "to_dict"):
        value = value.to_dict()  # a row of a pandas frame, such as one of a posterior
    if value is not None and not isinstance(value, Mapping):
        raise InputError(f"{name}={value!r} is not a mapping, such as {name}={{NAME: VALUE}}")
    return plain_values(value or {})


def parameters_of(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of the model as a mapping, or from a file that is named instead."""
    given = parts.get("parameters")
    return parameter_values(given) if isinstance(given, str | Path) else plain_mapping(parts, "parameters")


def dotted(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """A nested mapping as one of dotted names."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= dotted(value, f"{before}{name}.") if isinstance(value, Mapping) else {f"{before}{name}": value}
    return found


def take_levers(request: Request, levers: Mapping[str, Any]) -> None:
    """Add changed levers to a policy.

    A full name, as `thuis.levers` has it, sets that lever beside the measures of the policy; MEASURE.WORD changes
    a measure that the policy has, and a word alone, such as ``start``, the policy as a whole.

    Raises
    ------
    InputError
        Neither, or a full name where the policy is varied.
    """
    besides = {name: value for name, value in levers.items() if name in full_names()}
    request.policy_changes.update({name: value for name, value in levers.items() if name not in besides})
    varied = [name.removeprefix("policy.") for name in request.factors if name.startswith("policy.")]
    if "policy" in request.factors:
        if besides:
            raise InputError(f"levers: {next(iter(besides))} is set in one policy, but factors.policy varies them")
        return
    policy = read_policy(chosen_policy(request.policy, [*request.policy_changes, *varied]))
    for name in request.policy_changes:
        if not may_change(policy, name):
            known = {*full_names(), *(f"{measure}.{word}" for measure in measures(policy) for word in lever_of_word())}
            hint = close_matches(name, known)
            raise InputError(f"levers: '{name}' is no lever, nor part of policy {policy['name']}{hint}")
    request.policy_added = set(request.policy_changes)
    if besides:
        own = {
            f"{name.replace('.', '_')}.{key}": one
            for name, value in besides.items()
            for key, one in (("lever", name), ("value", value))
        }
        request.policy = merge(policy, nested(own))


def measures(policy: Mapping[str, Any]) -> Collection[str]:
    """Names of the measures of a policy."""
    return [key for key, value in policy.items() if isinstance(value, dict) and key not in ("title", "text")]


def may_change(policy: Mapping[str, Any], name: str) -> bool:
    """Whether a name is of a measure of the policy, or of the policy as a whole."""
    first, _, rest = name.partition(".")
    return first in measures(policy) if rest else first in WORDS_OF_A_MEASURE
