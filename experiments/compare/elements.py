"""What each element of a package does by itself: runs with that element alone, on the same draws as the package."""

from collections.abc import Callable
from dataclasses import replace

from experiments.compare.design import Design, Replicate
from experiments.compare.roads import unit_size
from scenarios.policy import Policy, Setting, policy_from


def by_agenda(setting: Setting) -> str:
    """The element of the agenda of the WRR that a setting belongs to, 1 to 4."""
    return str(setting.lever.element)


def by_lever(setting: Setting) -> str:
    """The lever that a setting moves, such as facilities.funding."""
    return setting.lever.name


def key_of(policy: Policy) -> Callable[[Setting], str] | None:
    """How a package is taken apart: by element of the agenda, within one element by lever; None where it is one."""
    settings = [setting for measure in policy.measures for setting in measure.settings]
    for key in (by_agenda, by_lever):
        if len({key(setting) for setting in settings}) > 1:
            return key
    return None


def elements_of(policy: Policy) -> dict[str, Policy]:
    """The package with one element alone, by its key; empty for a policy of one element."""
    key = key_of(policy)
    if key is None:
        return {}
    found = sorted({key(setting) for measure in policy.measures for setting in measure.settings})
    return {name: only(policy, key, name) for name in found}


def only(policy: Policy, key: Callable[[Setting], str], name: str) -> Policy:
    """The part of a package whose settings have this key."""
    measures = [
        replace(measure, settings=tuple(setting for setting in measure.settings if key(setting) == name))
        for measure in policy.measures
    ]
    return replace(policy, measures=tuple(measure for measure in measures if measure.settings))


def elements_by_policy(design: Design) -> list[dict[str, Policy]]:
    """Elements of every policy; none where the first policy itself does something, for alone means beside nothing."""
    policies = [policy_from(policy) for policy in design.policies]
    if policies[0].measures:
        return [{} for _ in policies]
    return [elements_of(policy) for policy in policies]


def runs_alone(design: Design, replicate: Replicate) -> bool:
    """Whether the elements of a replicate are run alone: the first of each of the first so many units."""
    return replicate.unit < design.options.elements and replicate.number % unit_size(design) == 0


def element_runs(design: Design) -> int:
    """Runs that this adds to a comparison."""
    units = min(design.options.elements, -(-design.options.replicates // unit_size(design)))
    return units * sum(map(len, elements_by_policy(design)))
