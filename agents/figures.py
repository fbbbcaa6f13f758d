"""Figures of a whole model, counted by the engine: no agents are needed for them."""

import numpy as np

from sim.machine.threads import ThreadPool
from sim.measures import MEASURE_BY_NAME, NEWCOMERS, RESIDENTS, measure_of
from sim.phases.month import Clock, observe_world
from sim.world import World


class Figures:
    """Shares and means over all residents; means are of adults (15 or older), whom surveys ask."""

    world: World
    pool: ThreadPool
    counted: tuple[int, np.ndarray] | None = None

    @property
    def may_be_written(self) -> bool:
        """Whether own code may have changed residents since the engine counted them: then they are counted again."""
        return False

    def check(self) -> None:
        """Check what was written into residents before it is counted."""

    @property
    def sums(self) -> np.ndarray:
        """Sums per neighbourhood, class of resident and measure, see `sim.observations.Observations`."""
        if self.counted is None or self.counted[0] != self.world.month or self.may_be_written:
            self.check()
            self.counted = (self.world.month, observe_world(self.world, self.pool, Clock()).sums)
        return self.counted[1]

    def measure(self, name: str, classes: slice = slice(None)) -> float:
        """A measure of `sim.measures` over some classes of residents; nan where there is nobody."""
        return float(measure_of(self.sums[:, classes].sum(axis=(0, 1)), name))

    @property
    def population(self) -> int:
        """Number of residents."""
        return self.world.residents

    @property
    def mean_belonging(self) -> float:
        """Mean b."""
        return self.measure("belonging")

    @property
    def mean_belonging_newcomers(self) -> float:
        """Mean b of newcomers from abroad."""
        return self.measure("belonging", NEWCOMERS)

    @property
    def share_at_home(self) -> float:
        """Share of adults who feel at home."""
        return self.measure("at_home")

    @property
    def mean_cohesion(self) -> float:
        """Mean of the cohesion scale, 0 to 1."""
        return self.measure("cohesion") / MEASURE_BY_NAME["cohesion"].factor

    @property
    def share_newcomers(self) -> float:
        """Share of residents who came from abroad less than five years ago."""
        return newcomers_in(self.sums)

    def figures_of(self, index: int) -> dict[str, float]:
        """Mean b and share at home of a neighbourhood's adults, and share of newcomers; nan where nobody lives."""
        sums = self.sums[index]
        total = sums.sum(axis=0)
        return {
            "belonging": float(measure_of(total, "belonging")),
            "at_home": float(measure_of(total, "at_home")),
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
