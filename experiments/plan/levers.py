"""The levers of a plan: factors of a sweep that are levers with a price, and the value at which each does nothing."""

from dataclasses import dataclass
from typing import Any

from experiments.sweep.checking import policy_mapping
from scenarios.errors import InputError
from scenarios.policy import policy_from
from scenarios.policy.levers import lever_of_word, parts_of
from scenarios.policy.measures import Measure

PREFIX = "policy."


@dataclass(frozen=True)
class PlannedLever:
    """A lever of a measure.

    Attributes
    ----------
    factor : str
        Its name in the sweep, policy.MEASURE.LEVER.
    low, high : float
        Range of the sweep.
    idle : float
        Value without the policy: that of the baseline where it lies in the range, else the lowest.
    text : dict
        nl and en.
    where : tuple of str
        The areas of its measure; empty is everywhere.
    """

    factor: str
    low: float
    high: float
    idle: float
    text: dict[str, str]
    where: tuple[str, ...]


def levers_of(fixed: dict[str, Any], ranges: dict[str, tuple[float, float]]) -> list[PlannedLever]:
    """The levers among the factors of a sweep, by their ranges.

    Raises
    ------
    InputError
        There are none, or one of them has no price.
    """
    policy = policy_from(policy_mapping(fixed["policy"], fixed["policy_changes"]))
    measures = {measure.name: measure for measure in policy.measures}
    found = []
    for factor, (low, high) in ranges.items():
        if not factor.startswith(PREFIX):
            continue
        name, _, word = factor.removeprefix(PREFIX).rpartition(".")
        lever, measure = lever_of_word().get(word), measures.get(name)
        if lever is None or measure is None:
            raise InputError(f"{factor} is not a lever of a measure; a plan chooses levers: policy.MEASURE.LEVER")
        if measure.price is None and not all(part.prices for part, _ in parts_of(lever, 0)):
            raise InputError(
                f"{factor} has no price, so a budget says nothing of it; leave it out of the sweep, or "
                f"give its measure a price (docs: policies)"
            )
        idle = baseline_of(measure, word)
        found.append(
            PlannedLever(
                factor, low, high, idle if idle is not None and low <= idle <= high else low, lever.text, measure.where
            )
        )
    if not found:
        raise InputError("a plan needs levers to choose: a sweep with factors.policy.MEASURE.LEVER=[LOW,HIGH]")
    return found


def baseline_of(measure: Measure, word: str) -> float | None:
    """The value without a policy, of all its targets in the measure; None where they differ."""
    lever = lever_of_word()[word]
    values = {s.lever.baseline[s.target] for s in measure.settings if s.lever is lever} or set(lever.baseline)
    return values.pop() if len(values) == 1 else None
