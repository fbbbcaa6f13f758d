"""What a plan is judged by: its cost, what it adds to belonging, and what it does to the gap, in every draw."""

from dataclasses import dataclass

import numpy as np

from experiments.emulate.emulator import Case, Emulator
from experiments.plan.levers import PlannedLever
from scenarios.errors import InputError

GOAL, GAP, COST = "belonging", "gap", "spent"
WORST = 0.1  # a plan is judged by the worst tenth of the draws


@dataclass(frozen=True)
class Judged:
    """Plans in draws.

    Attributes
    ----------
    cost : float64 [P]
        Euro a year, mean over the draws.
    gain, gap : float64 [P, D]
        Change of mean belonging and of the gap against levers that do nothing, in each draw.
    """

    cost: np.ndarray
    gain: np.ndarray
    gap: np.ndarray

    @property
    def worst_gain(self) -> np.ndarray:
        """Gain in the worst tenth of the draws, float64 [P]."""
        return np.quantile(self.gain, WORST, axis=1)

    @property
    def worst_gap(self) -> np.ndarray:
        """Change of the gap in the worst tenth of the draws, float64 [P]."""
        return np.quantile(self.gap, 1 - WORST, axis=1)


@dataclass(frozen=True)
class Problem:
    """A budget to be used.

    Attributes
    ----------
    emulator : Emulator
    case : tuple of str
        The words of the sweep's case, such as its region.
    levers : list of PlannedLever
    draws, held_out : float64 [D, P]
        Draws of the parameters for the search, and others to judge what it found.
    years : int
        Of the runs.
    budget : float
        Euro a year.
    widest : float
        How much the gap may widen, in the worst tenth of the draws.
    """

    emulator: Emulator
    case: Case
    levers: list[PlannedLever]
    draws: np.ndarray
    held_out: np.ndarray
    years: int
    budget: float
    widest: float

    @property
    def idle(self) -> np.ndarray:
        """Levers that do nothing, float64 [L]."""
        return np.array([lever.idle for lever in self.levers], float)

    @property
    def bounds(self) -> np.ndarray:
        """Lowest and highest value of each lever, float64 [L, 2]."""
        return np.array([(lever.low, lever.high) for lever in self.levers], float)

    def judge(self, plans: np.ndarray, draws: np.ndarray | None = None) -> Judged:
        """Plans, float64 [P, L], in the draws of the search or in others."""
        draws = self.draws if draws is None else draws
        every = np.vstack([self.idle, plans])
        found = {name: self.outcome(name, every, draws) for name in (COST, GOAL, GAP)}
        change = {name: values[1:] - values[0] for name, values in found.items()}
        return Judged(change[COST].mean(axis=1) / self.years, change[GOAL], change[GAP])

    def outcome(self, name: str, plans: np.ndarray, draws: np.ndarray) -> np.ndarray:
        """An outcome of every plan in every draw, float64 [P, D]."""
        values = np.column_stack([np.repeat(plans, len(draws), axis=0), np.tile(draws, (len(plans), 1))])
        order = [self.columns.index(factor) for factor in self.emulator.factors.names]
        return self.emulator.mean(self.case, name, values[:, order]).reshape(len(plans), len(draws))

    @property
    def columns(self) -> list[str]:
        """Factors in the order of plans and draws."""
        levers = [lever.factor for lever in self.levers]
        return [*levers, *(name for name in self.emulator.factors.names if name not in levers)]


def equal_division(problem: Problem) -> np.ndarray:
    """The budget divided equally over the levers, each by itself; what one cannot use goes to the others.

    Returns
    -------
    float64 [L]

    Raises
    ------
    InputError
        All levers at their highest cost less than the budget.
    """
    steps = np.linspace(0, 1, 101)
    idle, most = problem.idle, problem.bounds[:, 1]
    costs = []
    for at in range(len(idle)):
        plans = np.tile(idle, (len(steps), 1))
        plans[:, at] += steps * (most[at] - idle[at])
        costs.append(np.maximum.accumulate(problem.judge(plans).cost))
    highest = np.array([cost[-1] for cost in costs])
    if highest.sum() <= problem.budget:
        raise InputError(
            f"budget={problem.budget:,.0f}: all levers at their highest cost {highest.sum():,.0f} euro a "
            "year; there is nothing to choose"
        )
    given, open_ = np.zeros(len(idle)), np.ones(len(idle), bool)
    while open_.any():
        share = (problem.budget - given[~open_].sum()) / open_.sum()
        full = open_ & (highest <= share)
        given[open_] = np.minimum(highest[open_], share)
        if not full.any():
            break
        open_ &= ~full
    reached = np.array([np.interp(euro, cost, steps) for euro, cost in zip(given, costs, strict=True)])
    return idle + reached * (most - idle)
