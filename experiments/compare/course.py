"""The course of a policy in a replicate so far, which another policy takes over where it begins later."""

from dataclasses import dataclass, field
from math import fsum

import numpy as np

from experiments.compare.counted import Followed
from experiments.simulation.simulate import Month
from scenarios.policy import Policy, Schedule
from sim.digest import state_digest
from sim.measures import CLASSES
from sim.phases.both_futures import BOTH
from sim.world import World


def month_of_difference(first: Policy, policy: Policy) -> int:
    """The month before which two policies are the same: none of either has begun. 0 for one without measures."""
    if not policy.measures:
        return 0
    return min(measure.start for measure in (*first.measures, *policy.measures))


@dataclass
class Course:
    """A world on its way, and what was counted of it.

    Attributes
    ----------
    poorer : bool [J]
        Neighbourhoods that are counted apart from the others.
    region, neighbourhoods, both, costs
        As in `Followed`, an entry per month or year.
    last_both : int64 [J, 4, 5]
        Sums over people in both futures at the end of the last year.
    """

    world: World
    poorer: np.ndarray
    region: list[np.ndarray] = field(default_factory=list)
    neighbourhoods: list[np.ndarray] = field(default_factory=list)
    both: list[np.ndarray] = field(default_factory=list)
    costs: list[dict[str, float]] = field(default_factory=list)
    last_both: np.ndarray = field(default_factory=lambda: np.zeros((0, len(CLASSES), len(BOTH)), np.int64))

    def branch(self) -> "Course":
        """A separate course that goes on from here."""
        lists = {name: list(getattr(self, name)) for name in ("region", "neighbourhoods", "both", "costs")}
        return Course(self.world.copy(), self.poorer, **lists, last_both=self.last_both)

    def note(self, month: Month, both: np.ndarray | None) -> None:
        """Count a month; at the end of a year also the people in both futures, int64 [J, 4, 5]."""
        sums = month.observations.sums
        self.region.append(self.by_status(sums))
        if both is not None:
            self.neighbourhoods.append(sums.sum(axis=1))
            self.both.append(self.by_status(both))
            self.last_both = both
        if month.month:
            self.costs.append({name: fsum(euro) for name, euro in month.costs.items()})

    def by_status(self, sums: np.ndarray) -> np.ndarray:
        """Sums [J, ...] over poorer and over better-off neighbourhoods, [2, ...]."""
        return np.stack([sums[self.poorer].sum(axis=0), sums[~self.poorer].sum(axis=0)])

    def followed(self, schedule: Schedule) -> Followed:
        """What was counted of the whole course, under the schedule it ended with."""
        names = sorted({name for month_costs in self.costs for name in month_costs})
        cells = self.last_both.shape[1:]
        return Followed(
            region=np.stack(self.region),
            neighbourhoods=np.stack(self.neighbourhoods),
            both=np.stack(self.both),
            both_neighbourhoods=self.last_both.sum(axis=1),
            roads=np.zeros((0, *cells), np.int64),
            elements=np.zeros((0, len(self.both), *cells), np.int64),
            costs={name: [month_costs.get(name, 0.0) for month_costs in self.costs] for name in names},
            digest=state_digest(self.world),
            notes={language: schedule.budget_notes(language) for language in ("en", "nl")},
        )
