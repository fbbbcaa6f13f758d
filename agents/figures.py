"""Figures of a whole model, counted by the engine: no agents are needed for them."""

from typing import Any

import numpy as np

from sim.machine.threads import ThreadPool
from sim.measures import ADULTS, AT_HOME, BELONGING, COHESION, RESIDENTS
from sim.month import Clock, observe_world
from sim.world import World

FINE = 65536.0
NEWCOMERS = slice(2, 4)  # classes of `sim.phases.observe.CLASSES`


class Figures:
    """Shares and means over all residents; means are of adults (15 or older), whom surveys ask."""

    world: World
    pool: ThreadPool
    counted: tuple[int, np.ndarray] | None = None

    @property
    def sums(self) -> np.ndarray:
        """Sums per neighbourhood, class of resident and measure, see `sim.phases.observe.Observations`."""
        if self.counted is None or self.counted[0] != self.world.month:
            self.counted = (self.world.month, observe_world(self.world, self.pool, Clock()).sums)
        return self.counted[1]

    def mean_of(self, measure: int, classes: Any = slice(None)) -> float:
        """Mean of a measure over the adults of some classes; nan where there are none."""
        sums = self.sums[:, classes].sum(axis=(0, 1))
        return float(sums[measure] / sums[ADULTS]) if sums[ADULTS] else float("nan")

    @property
    def population(self) -> int:
        """Number of residents."""
        return self.world.residents

    @property
    def mean_belonging(self) -> float:
        """Mean b."""
        return self.mean_of(BELONGING) / FINE

    @property
    def mean_belonging_newcomers(self) -> float:
        """Mean b of newcomers from abroad."""
        return self.mean_of(BELONGING, NEWCOMERS) / FINE

    @property
    def share_at_home(self) -> float:
        """Share of adults who feel at home."""
        return self.mean_of(AT_HOME)

    @property
    def mean_cohesion(self) -> float:
        """Mean of the cohesion scale, 0 to 1."""
        return self.mean_of(COHESION) / FINE

    @property
    def share_newcomers(self) -> float:
        """Share of residents who came from abroad less than five years ago."""
        return newcomers_in(self.sums)

    def figures_of(self, index: int) -> dict[str, float]:
        """Mean b and share at home of a neighbourhood's adults, and share of newcomers; nan where nobody lives."""
        sums = self.sums[index]
        total = sums.sum(axis=0)
        adults = total[ADULTS] or float("nan")
        return {
            "belonging": float(total[BELONGING] / adults / FINE),
            "at_home": float(total[AT_HOME] / adults),
            "newcomers": newcomers_in(sums[None]),
        }


def newcomers_in(sums: np.ndarray) -> float:
    """Share of newcomers among the residents counted."""
    residents = sums[:, :, RESIDENTS].sum(axis=0)
    return float(residents[NEWCOMERS].sum() / residents.sum()) if residents.any() else float("nan")


MODEL_REPORTERS = {
    "residents": "population",
    "belonging": "mean_belonging",
    "belonging_newcomers": "mean_belonging_newcomers",
    "at_home": "share_at_home",
    "cohesion": "mean_cohesion",
    "newcomers": "share_newcomers",
}
