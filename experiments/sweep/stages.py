"""Stages of a policy: months with the same levers, which a run of a sweep passes in one compiled call."""

from collections import OrderedDict
from typing import Any

import numpy as np

from experiments.sweep.findings import Findings, note_month, note_served
from scenarios.policy import Schedule, Units
from scenarios.policy.costs import Values
from sim.conditions import Conditions
from sim.machine.threads import ThreadPool
from sim.phases.many_months import pass_months
from sim.phases.month import COUNT, COUNT_RESIDENTS, OBSERVE
from sim.world import World

MOST_KEPT, FEWEST_KEPT, MOST_AREAS = 1024, 32, 16_384  # policies whose stages a worker keeps, and their neighbourhoods


class Stages:
    """The different sets of levers of a policy that are in force, and which of them in each month.

    Parameters
    ----------
    observed : int
        Months between observations; a stage that is paid for ends with each, so that spending is known then.
    building : float
        The parameter of the runs, which homes that the table tells of are a multiple of.
    """

    def __init__(self, schedule: Schedule, months: int, observed: int, building: float) -> None:
        self.schedule = schedule
        known: dict[tuple[int, int], int] = {}
        sets: list[Conditions] = []
        counted: list[bool] = []
        kept: list[Values] = []
        self.months_of: list[list[int]] = []
        self.stages = np.zeros(months, np.int64)
        self.budgeted = schedule.policy.budget is not None or any(
            m.budget is not None for m in schedule.policy.measures
        )
        if self.budgeted:
            return
        for month in range(months):
            now = schedule.in_force(month, building)
            paid = not schedule.at_baseline
            key = (id(now), month // observed if paid else 0)
            if key not in known:
                known[key] = len(sets)
                sets.append(now)
                kept.append(schedule.values)
                counted.append(paid)
                self.months_of.append([])
            self.stages[month] = known[key]
            self.months_of[known[key]].append(month)
        self.counted = np.array(counted)
        self.paid = np.flatnonzero(self.counted)
        self.paid_values = side_by_side([values for values, paid in zip(kept, counted, strict=True) if paid])
        self.count = COUNT if schedule.needs_count else COUNT_RESIDENTS
        self.sets = sets  # kept, too, so that no other set takes the same id

    def spent(self, findings: Findings, world: World, every: int, count: int) -> np.ndarray:
        """Euro spent up to each observed month: what is paid is proportional to the people counted."""
        scale = self.schedule.scale
        paid = self.paid
        if not len(paid):
            return np.zeros(count)
        supply, municipality = world.neighbourhoods.facilities.astype(float), world.neighbourhoods.municipality
        built = scale * world.neighbourhoods.built * float(world.parameters.building)
        capacity = scale * world.municipalities.capacity[:, 0].astype(float)
        months = np.array([[len(self.months_of[stage])] for stage in paid])
        units = Units(
            residents=scale * findings.residents[paid].astype(float),
            supply=supply,
            newcomers=scale * findings.newcomers[paid].astype(float),
            labour=scale * findings.labour[paid].astype(float),
            built=built * months,
            capacity=capacity * months,
            municipality=municipality.astype(np.int64),
        )
        cost = self.schedule.cost_of(self.paid_values, units)
        amounts = sum((amount.sum(axis=-1) for amount in cost.values()), np.zeros(len(paid)))
        when = [self.months_of[stage][0] // every for stage in paid]
        return np.cumsum(np.bincount(when, amounts, count))


def side_by_side(months: list[Values]) -> Values:
    """Levers of several months on a first axis; those that are the same in all stay the same array."""
    return {
        name: array if all(values[name] is array for values in months) else np.stack([v[name] for v in months])
        for name, array in (months[0] if months else {}).items()
    }


class KeptStages:
    """Stages of the policies used last: of a small region all points of most designs, each needed for every seed."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[Any, ...], Stages] = OrderedDict()

    def find(self, key: tuple[Any, ...]) -> Stages | None:
        """The stages kept under a key."""
        if key in self.kept:
            self.kept.move_to_end(key)
        return self.kept.get(key)

    def keep(self, key: tuple[Any, ...], stages: Stages, areas: int) -> None:
        """Keep the stages of a policy for so many neighbourhoods; those used longest ago go."""
        self.kept[key] = stages
        if len(self.kept) > min(max(MOST_AREAS // areas, FEWEST_KEPT), MOST_KEPT):
            self.kept.popitem(last=False)


def pass_stages(world: World, stages: Stages, months: int, every: int, findings: Findings) -> None:
    """All months, those with the same levers between two observations in one compiled call."""
    pool, begin = ThreadPool(1), 0
    while begin < months:
        stage, end = int(stages.stages[begin]), begin + 1
        while end < months and end % every and stages.stages[end] == stage:
            end += 1
        world.conditions = stages.sets[stage]
        pass_months(world, end - begin, count=stages.count if stages.counted[stage] else None)
        if stages.counted[stage]:
            note_served(findings, stage, world, stages.count)
        begin = end
        if begin % every == 0:
            OBSERVE(world, pool)
            note_month(findings, begin // every - 1, world)
