"""Following people through a run: who of those who arrive leaves again and finds work, who moves, which ties last."""

from dataclasses import dataclass, field

import numpy as np

from sim.household_kinds import label_households
from sim.machine.threads import ThreadPool
from sim.motives import ASYLUM
from sim.population import BORN_ABROAD, DIE, EMPLOYED, HEAD, HOUSEMATE, MOVE, NOBODY
from sim.ties import ROW_SHIFT
from sim.world import World

MONTHS = 121  # followed for ten years at most
MOTIVE_COUNT, OLDEST = 6, 111
WORK_FROM, WORK_UNTIL = 216, 804  # months of age
SAMPLE = 40_000
LATER = 84  # months after which ties are looked up: seven years


@dataclass
class Follower:
    """Counts of those who arrived during the run, by months since arrival, and of all by age.

    Attributes
    ----------
    present, leaving : int64 [6, 121]
        By motive and months since arrival: who was there in that month, and who of them left the country.
    refugees, working : int64 [121]
        Asylum migrants of 18 to 66 by months since arrival, and who of them worked.
    people, moving : int64 [111]
        Person-months by age in years, and those in which someone decided to move house.
    """

    months: int
    present: np.ndarray = field(default_factory=lambda: np.zeros((MOTIVE_COUNT, MONTHS), np.int64))
    leaving: np.ndarray = field(default_factory=lambda: np.zeros((MOTIVE_COUNT, MONTHS), np.int64))
    refugees: np.ndarray = field(default_factory=lambda: np.zeros(MONTHS, np.int64))
    working: np.ndarray = field(default_factory=lambda: np.zeros(MONTHS, np.int64))
    people: np.ndarray = field(default_factory=lambda: np.zeros(OLDEST, np.int64))
    moving: np.ndarray = field(default_factory=lambda: np.zeros(OLDEST, np.int64))
    pairs: np.ndarray | None = None
    ties_followed: int = 0
    ties_alive: int = 0
    cohort_rows: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    cohort_cells: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    def look(self, world: World, pool: ThreadPool) -> None:
        """Count a month in which all have decided and nobody has left yet (see `sim.phases.month.with_look`)."""
        p, month = world.population, world.month
        self._cohorts(p, month)
        if month == max(0, self.months - 1 - LATER):
            self.pairs = tied_pairs(world)
        if self.pairs is not None and month == min(self.months - 1, max(0, self.months - 1 - LATER) + LATER):
            self.ties_followed, self.ties_alive = still_tied(world, self.pairs)

    def look_after(self, world: World, pool: ThreadPool) -> None:
        """Count who has left the country and who is about to move house, when all who leave have left.

        Members of a household go with its head: their own intentions do not tell who leaves.
        """
        p = world.population
        gone = p.serial[self.cohort_rows] == NOBODY
        self.leaving += self._count(self.cohort_cells[gone])
        if world.month % 3 == 0:
            rows, moving = who_moves(world)
            age = np.clip((world.month - p.born[rows].astype(np.int32)) // 12, 0, OLDEST - 1)
            self.people += np.bincount(age, minlength=OLDEST)
            self.moving += np.bincount(age[moving], minlength=OLDEST)

    def _count(self, cells: np.ndarray) -> np.ndarray:
        """People by motive and months since arrival."""
        return np.bincount(cells, minlength=self.present.size).reshape(self.present.shape)

    def _cohorts(self, p, month: int) -> None:
        """Count those who arrived, and keep the rows of all who do not die this month."""
        rows = np.flatnonzero((p.motive < MOTIVE_COUNT) & (p.arrived >= 0) & (p.serial != NOBODY))
        since = month - p.arrived[rows].astype(np.int32)
        rows, since = rows[since < MONTHS], since[since < MONTHS]
        motive = p.motive[rows].astype(np.int64)
        cell = motive * MONTHS + since
        self.present += self._count(cell)
        living = p.intention[rows] != DIE
        self.cohort_rows, self.cohort_cells = rows[living], cell[living]
        age = month - p.born[rows].astype(np.int32)
        grown = (motive == ASYLUM) & (age >= WORK_FROM) & (age < WORK_UNTIL)
        self.refugees += np.bincount(since[grown], minlength=MONTHS)
        works = grown & (p.flags[rows] & EMPLOYED != 0)
        self.working += np.bincount(since[works], minlength=MONTHS)

    def survival(self) -> np.ndarray:
        """Share still in the country by motive and months since arrival, float64 [6, 121].

        The product of monthly chances of those still there (Kaplan and Meier), so that who dies or leaves the region
        for elsewhere in the country is not counted as gone.
        """
        chance = np.divide(self.leaving, self.present, out=np.zeros(self.present.shape), where=self.present > 0)
        return np.cumprod(1 - chance, axis=1)

    def employed(self, years: int) -> float:
        """Share of asylum migrants of 18 to 66 who work, so many years after arrival (two months around it)."""
        near = slice(12 * years - 2, min(12 * years + 3, MONTHS))
        people = self.refugees[near].sum()
        return float(self.working[near].sum() / people) if people else float("nan")


def who_moves(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Rows lived in, and whether each is about to move house: by own decision or with the head of the household."""
    p = world.population
    rows, household = label_households(world)
    deciding = p.intention[rows] == MOVE
    with_head = np.zeros(len(p.serial), bool)
    with_head[household[deciding & (p.role[rows] == HEAD)]] = True
    shared = np.zeros(len(p.serial), bool)
    shared[household[p.role[rows] == HOUSEMATE]] = True
    return rows, deciding | (with_head & ~shared)[household]


def tied_pairs(world: World) -> np.ndarray:
    """Serials of a sample of adults and of each of their ties' partners, uint64 [N, 2]."""
    p = world.population
    rows = np.flatnonzero((p.serial != NOBODY) & (p.tie_count > 0) & (world.month - p.born.astype(np.int32) >= 180))
    rows = rows[:: max(1, len(rows) // SAMPLE)]
    found = []
    for slot in range(p.ties.shape[1]):
        have = rows[p.tie_count[rows] > slot]
        partner = (p.ties[have, slot] >> ROW_SHIFT).astype(np.int64)
        found.append(np.stack([p.serial[have], p.serial[partner]], axis=1))
    pairs = np.concatenate(found)
    return pairs[pairs[:, 1] != NOBODY]


def still_tied(world: World, pairs: np.ndarray) -> tuple[int, int]:
    """Ties of those who are still there, and how many of those ties are."""
    p = world.population
    rows = np.flatnonzero(p.serial != NOBODY)
    order = np.argsort(p.serial[rows], kind="stable")
    serials = p.serial[rows][order]
    index = np.minimum(np.searchsorted(serials, pairs), len(serials) - 1)
    there = serials[index] == pairs
    row = rows[order[index]]
    here = there[:, 0]
    partner = np.where(there[:, 1], row[:, 1], -1)
    slots = (p.ties[row[:, 0]] >> ROW_SHIFT).astype(np.int64)
    used = np.arange(p.ties.shape[1])[None, :] < p.tie_count[row[:, 0]][:, None]
    alive = ((slots == partner[:, None]) & used).any(axis=1) & there[:, 1]
    return int(here.sum()), int((here & alive).sum())


def at_home_by_birth(world: World, threshold: float) -> tuple[float, float, float]:
    """Share of adults who feel at home: born in the country, born abroad; and mean belonging of all adults."""
    p = world.population
    adult = (p.serial != NOBODY) & (world.month - p.born.astype(np.int32) >= 180)
    belonging, abroad = p.belonging[adult], p.flags[adult] & BORN_ABROAD != 0
    home = belonging >= threshold
    return float(home[~abroad].mean()), float(home[abroad].mean()), float(belonging.astype(np.float64).mean())
