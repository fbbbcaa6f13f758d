"""What an emulator says of policies before they are simulated: the point of its sweep at which each of them lies."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from experiments.emulate.assessment import Assessment
from experiments.emulate.emulator import Emulator
from experiments.options.settings import parameters_from, region_from
from experiments.sweep.checking import policy_mapping
from scenarios.areas import AreaTable
from scenarios.errors import InputError
from scenarios.policy import Policy, Schedule, policy_from
from scenarios.policy.affected_areas import rows_of
from scenarios.policy.levers import lever_of_word
from scenarios.policy.measures import Measure
from sim.conditions import Conditions
from sim.parameters import Parameters

SHOWN = ("at_home", "belonging", "gap", "spent")
LEVERS, PARAMETERS = "policy.", "parameters."


class NotCovered(InputError):
    """The sweep of an emulator has no such runs.

    Attributes
    ----------
    key : {"region", "years", "policy", "parameters"}
        What it does not have.
    known : str
        What it has, or what was asked for.
    """

    def __init__(self, key: str, known: str) -> None:
        super().__init__(f"the sweep is of another {key}: {known}")
        self.key, self.known = key, known


@dataclass(frozen=True)
class Run:
    """The run that is asked about: its region and areas, its length, and residents per agent."""

    region: dict[str, Any]
    table: AreaTable
    years: int
    scale: int


@dataclass(frozen=True)
class Change:
    """One outcome of a policy against the first one, at the end of the run.

    Attributes
    ----------
    low, high : float
        Over the draws of the parameters.
    draws : int
        How many of them lay within the sweep; 1 where it varies no parameter.
    error : float
        Root mean square error of the emulator on points left out.
    share : float
        The same as a share of the effect of the sweep's levers, or of all its factors where it has no levers.
    """

    mean: float
    low: float
    high: float
    draws: int
    error: float
    share: float


@dataclass(frozen=True)
class Answers:
    """What an emulator says.

    Attributes
    ----------
    changes : dict
        By policy, those after the first, and outcome.
    missing : dict
        By policy why there is no answer.
    """

    changes: dict[str, dict[str, Change]]
    missing: dict[str, NotCovered]


def answers_for(emulator: Emulator, run: Run, policies: Sequence[Policy], draws: Sequence[Parameters]) -> Answers:
    """What each policy but the first changes.

    Parameters
    ----------
    policies : sequence of Policy
        Two or more.
    draws : sequence of Parameters
        One or more; those beyond the sweep are left out.

    Raises
    ------
    NotCovered
        The sweep is of another run, does not have the first policy, or none of the draws.
    """
    inside = draws_within(emulator, draws)

    def predicted(policy: Policy) -> pl.DataFrame:
        point = point_of(emulator, run, policy)
        return emulator.predict([point | draw for draw in inside], names)

    names = [name for name in SHOWN if name in emulator.outcomes]
    first = predicted(policies[0])
    told = Answers({}, {})
    for policy in policies[1:]:
        try:
            frame = predicted(policy)
        except NotCovered as reason:
            told.missing[policy.name] = reason
            continue
        case = emulator.case_of(frame)[0]
        told.changes[policy.name] = {
            name: change_of((frame[name] - first[name]).to_numpy(), emulator.fitted[case][name].assessment)
            for name in names
        }
    return told


def change_of(off: np.ndarray, about: Assessment) -> Change:
    """A change in every draw, with the error of the emulator."""
    share = about.share_levers if about.share_levers == about.share_levers else about.share
    return Change(float(off.mean()), float(off.min()), float(off.max()), len(off), about.rmse, float(share))


def draws_within(emulator: Emulator, draws: Sequence[Parameters]) -> list[dict[str, float]]:
    """The parameters that the sweep varied, in the draws that lie within it; one draw where it varied none."""
    factors = emulator.factors
    ends = zip(factors.names, factors.low, factors.high, strict=True)
    ranges = {name: (low, high) for name, low, high in ends if name.startswith(PARAMETERS)}
    if not ranges:
        return [{}]
    known = [{name: float(getattr(draw, name.removeprefix(PARAMETERS))) for name in ranges} for draw in draws]
    inside = [draw for draw in known if all(low <= draw[name] <= high for name, (low, high) in ranges.items())]
    if not inside:
        raise NotCovered("parameters", ", ".join(ranges))
    return inside


def point_of(emulator: Emulator, run: Run, policy: Policy) -> dict[str, Any]:
    """The point of the sweep at which a policy lies, without its parameters.

    Raises
    ------
    NotCovered
        There is none.
    """
    sweep, factors = emulator.about["sweep"], emulator.factors
    fixed = sweep["fixed"]
    of_run = {"region": run.region["name"], "policy": policy.name, "years": run.years, "scale": run.scale}
    names = [*factors.words, *factors.names]
    point = {name: of_run[name] for name in names if name in of_run}
    region = region_from(fixed["region"])
    if {**region, **({"name": run.region["name"]} if "region" in point else {})} != run.region:
        raise NotCovered("region", str(region["name"]))
    if "years" not in point and sweep["years"] != run.years:
        raise NotCovered("years", str(sweep["years"]))
    package = policy.name if "policy" in point else fixed["policy"]
    levers = [name for name in names if name.startswith(LEVERS)]
    changed = dict(fixed["policy_changes"])
    lowest = {name.removeprefix(LEVERS): float(factors.low[factors.names.index(name)]) for name in levers}
    measures = {m.name: m for m in policy_from(policy_mapping(package, changed | lowest)).measures}
    asked = conditions_of(policy, run)
    for name, low in lowest.items():
        measure, _, word = name.rpartition(".")
        # Runs of a package without the measure have any value of its lever.
        point[LEVERS + name] = value_in(asked[-1], measures[measure], word, run.table) if measure in measures else low
        changed[name] = point[LEVERS + name]
    like = policy_from(policy_mapping(package, changed))
    if budgets(like) != budgets(policy) or not same(asked, conditions_of(like, run)):
        raise NotCovered("policy", policy.name)
    ends = zip(factors.names, factors.low, factors.high, strict=True)
    if any(not low <= point[name] <= high for name, low, high in ends if name in point) or not known_case(
        emulator, point
    ):
        raise NotCovered("policy", policy.name)
    return point


def known_case(emulator: Emulator, point: dict[str, Any]) -> bool:
    """Whether the sweep has the words of a point."""
    return tuple(str(point[name]) for name in emulator.factors.words) in emulator.fitted


def conditions_of(policy: Policy, run: Run) -> list[Conditions]:
    """The levers in force in each month of a run."""
    schedule = Schedule(policy, run.table, run.scale)
    return [schedule.conditions(month) for month in range(12 * run.years)]


def same(one: list[Conditions], other: list[Conditions]) -> bool:
    """Whether two policies set the levers alike in every month."""
    pairs = {(id(a), id(b)): (a, b) for a, b in zip(one, other, strict=True)}.values()
    return all(np.allclose(x, y, atol=1e-6) for a, b in pairs for x, y in zip(a, b, strict=True))


def budgets(policy: Policy) -> tuple[Any, ...]:
    """What holds a policy back by its cost, which the levers do not tell."""
    return policy.budget, *(measure.budget for measure in policy.measures if measure.budget is not None)


def value_in(now: Conditions, measure: Measure, word: str, table: AreaTable) -> float:
    """The value of a lever where and for whom a measure sets it.

    Raises
    ------
    NotCovered
        It differs there.
    """
    lever, rows = lever_of_word()[word], rows_of(measure, table)
    values = []
    for setting in measure.settings:
        if setting.lever is lever or setting.full_name in lever.parts:
            field = getattr(now, setting.lever.field)
            where = rows.municipalities if setting.lever.level == "municipality" else rows.areas
            values.append((field if field.ndim == 1 else field[:, setting.target])[where])
    found = np.concatenate(values)
    if not np.allclose(found, found[0]):
        raise NotCovered("policy", word)
    return round(float(found[0]), 6)


def unlike(emulator: Emulator, parameters: Parameters) -> list[str]:
    """Parameters that the sweep held at other values than those in force."""
    held = asdict(parameters_from(emulator.about["sweep"]["fixed"]["parameters"]))
    varied = [name.removeprefix(PARAMETERS) for name in emulator.factors.names]
    return [name for name, value in asdict(parameters).items() if name not in varied and held[name] != value]
