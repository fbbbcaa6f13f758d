"""What a run of a sweep is asked by functions of the user's own: behaviour, further outcomes, and when to stop."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.options.imported import behaviour_classes, imported
from experiments.sweep.findings import Findings, note_month
from experiments.sweep.outcomes import OUTCOMES
from experiments.sweep.plan import Plan
from scenarios.areas import AreaTable
from scenarios.errors import InputError
from scenarios.policy import Schedule
from sim.machine.threads import ThreadPool
from sim.phases.month import OBSERVE
from sim.world import World

OWN = ("behaviour", "reporter", "stop")  # words of a sweep that name something of the user's own


@dataclass(frozen=True)
class Own:
    """What the user added to a sweep.

    Attributes
    ----------
    behaviour : dict of type
        Classes of agents, as keywords of `agents.CohesionModel`.
    reporter : callable or None
        Takes the model at an observed month; answers with numbers by name, or one number.
    stop : callable or None
        Takes the model after each month; a run ends when it answers with something true.
    """

    behaviour: dict[str, type] = field(default_factory=dict)
    reporter: Callable[[Any], Any] | None = None
    stop: Callable[[Any], Any] | None = None

    def __bool__(self) -> bool:
        return bool(self.behaviour or self.reporter or self.stop)


@dataclass
class Watched:
    """What was seen of a run that was watched: the observed months, euro spent by then, and the user's own numbers."""

    months: list[int] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    values: list[dict[str, float | None]] = field(default_factory=list)


def own_of(plan: Plan) -> Own:
    """What a plan asks of the user's own functions and classes.

    Raises
    ------
    InputError
        One cannot be imported, or cannot be called.
    """
    requested = {word: plan.fixed.get(word) for word in OWN}
    return Own(behaviour_classes(requested["behaviour"]), *(called(requested[word], word) for word in OWN[1:]))


def called(name: str | None, option: str) -> Callable[[Any], Any] | None:
    """A function of the user's own by its name."""
    if not name:
        return None
    found = imported(name, option)
    if not callable(found):
        raise InputError(f"{option}={name} is no function but {type(found).__name__}")
    return found


def pass_watched(
    world: World, table: AreaTable, schedule: Schedule, own: Own, months: int, every: int, findings: Findings
) -> Watched:
    """Pass the months one by one, for a model that the user's own functions look at; the end is always observed."""
    from agents import CohesionModel

    pool, seen = ThreadPool(1), Watched()
    driver = None if own.behaviour else "compiled"
    model = CohesionModel(world, driver, table=table, pool=pool, model_reporters={}, **own.behaviour)  # type: ignore[arg-type]
    while world.month < months:
        schedule.begin_month(world, pool)
        model.pass_month()
        stopped = own.stop is not None and bool(own.stop(model))
        if stopped or world.month % every == 0:
            OBSERVE(world, pool)
            note_month(findings, len(seen.months), world)
            seen.months.append(world.month)
            seen.spent.append(float(world.stocks.spent.sum()))
            seen.values.append({} if own.reporter is None else numbers_from(own.reporter, model))
        if stopped:
            break
    return seen


def numbers_from(reporter: Callable[[Any], Any], model: Any) -> dict[str, float | None]:
    """What a reporter answers, as numbers by name.

    Raises
    ------
    InputError
        It answers with something else, or under the name of an outcome that there is already.
    """
    name = getattr(reporter, "__name__", "own")
    answer = reporter(model)
    values = answer if isinstance(answer, dict) else {name: answer}
    for key, value in values.items():
        if key in OUTCOMES:
            raise InputError(f"reporter {name}: '{key}' is an outcome of Thuis already; give it another name")
        if value is not None and not isinstance(value, int | float | np.number | np.bool_):
            raise InputError(f"reporter {name}: '{key}' is {value!r}, no number")
    return {str(key): None if value is None else float(value) for key, value in values.items()}
