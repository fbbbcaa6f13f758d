"""A plan from beginning to end: draws, search, equal division, and the model's own word on both."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from experiments.emulate.emulator import Emulator
from experiments.emulate.python import emulate
from experiments.options.declaration import choice, file_path, number, whole, words
from experiments.options.settings import LARGEST_SEED, PROGRESS
from experiments.plan.confirm import confirm
from experiments.plan.draws import PREFIX, drawn
from experiments.plan.levers import levers_of
from experiments.plan.problem import COST, GAP, GOAL, Judged, Problem, equal_division
from experiments.plan.search import Front, search
from experiments.sweep.design import numbers_of
from experiments.sweep.request import SweepOptions
from experiments.sweep.table import Sweep
from scenarios.errors import InputError
from sim.parameters import Parameters

OFTEN = 0.9  # of the held-out draws: then a plan is said to be better


@dataclass(frozen=True)
class PlanOptions:
    """Options of `thuis plan`."""

    budget: float | None = number(None, 1, 1e12, "euro a year; needed")
    gap: float = number(0.0, -1, 1, "how much the gap between established and newcomers may widen, at worst")
    case: str | None = words("the case of a sweep with several: its region or policy")
    posterior: str | None = file_path("sample of parameters to draw from, as in thuis compare; none for none")
    draws: int = whole(100, 2, 10_000, "draws of the parameters that a plan is judged by, and as many held out")
    trials: int = whole(2000, 50, 100_000, "plans that are tried on the emulator")
    confirm: int = whole(5, 1, 100, "plans of the front that the model confirms")
    replicates: int = whole(8, 1, 10_000, "seeds of each confirming run, the same for every plan")
    seed: int = whole(1, 0, LARGEST_SEED, "seed of the draws, the search and the confirming runs")
    workers: int | None = whole(None, 1, 4096, "workers of the confirming runs; default one per processor")
    out: str | None = file_path("folder for the plan; FOLDER/plan when left out")
    language: str = choice("en", ("en", "nl"), "language of the text and the figure")
    progress: str = choice("auto", PROGRESS, "bar on a terminal, else lines (auto)")


@dataclass(frozen=True)
class Against:
    """A plan against equal division of the budget, on held-out draws.

    Attributes
    ----------
    difference : float64 [D]
        Gain in belonging more than that of equal division, in each draw.
    """

    difference: np.ndarray

    @property
    def better(self) -> int:
        """Draws in which the plan gains more."""
        return int((self.difference > 0).sum())

    @property
    def mean(self) -> float:
        """Mean difference."""
        return float(self.difference.mean())

    @property
    def reach(self) -> float:
        """Half of the 95 % interval of the mean."""
        count = len(self.difference)
        return float(student.ppf(0.975, count - 1) * self.difference.std(ddof=1) / np.sqrt(count))

    @property
    def verdict(self) -> str:
        """better: surely more on average, and in nine draws of ten; worse: likewise less; else alike."""
        for word, difference in (("better", self.difference), ("worse", -self.difference)):
            if difference.mean() > self.reach and (difference > 0).mean() >= OFTEN:
                return word
        return "alike"


@dataclass(frozen=True)
class PlanStudy:
    """What was found.

    Attributes
    ----------
    front : Front
    equal : float64 [L]
        Equal division.
    equal_judged : Judged
        Equal division by the emulator, in the draws of the search.
    shown : int [C]
        Plans of the front that were confirmed.
    confirmed : Judged
        Those plans, and after them equal division, by the model in the held-out draws.
    predicted, against : Against
        The best plan against equal division on the held-out draws: by the emulator, and by the model.
    within : float
        Share of the draws of parameters that lay within the sweep.
    """

    problem: Problem
    front: Front
    equal: np.ndarray
    equal_judged: Judged
    shown: np.ndarray
    confirmed: Judged
    predicted: Against
    against: Against
    within: float

    @property
    def fair(self) -> bool:
        """Whether the best plan keeps to the limit of the gap in the model too."""
        at = int(np.flatnonzero(self.shown == self.front.best)[0])
        return bool(self.confirmed.worst_gap[at] <= self.problem.widest)

    @property
    def verdict(self) -> str:
        """better, alike or worse, as of `against`; too_wide for a better plan that goes beyond the limit of the gap."""
        return "too_wide" if self.against.verdict == "better" and not self.fair else self.against.verdict


def problem_of(sweep: Sweep, emulator: Emulator, options: PlanOptions) -> tuple[Problem, float]:
    """Levers, draws and limits, all checked; and the share of draws within the sweep."""
    if options.budget is None:
        raise InputError("a plan needs a budget: budget=EURO a year")
    case = case_of(emulator, options.case)
    factors = emulator.factors
    ranges = {n: (float(a), float(b)) for n, a, b in zip(factors.names, factors.low, factors.high, strict=True)}
    levers = levers_of(sweep.plan.fixed, ranges)
    chosen = {lever.factor for lever in levers}
    names = [name for name in factors.names if name not in chosen]
    other = [name for name in names if not name.startswith(PREFIX)]
    if other or not names:
        raise InputError(
            f"{other[0]} is neither a lever nor a parameter: sweep without it"
            if other
            else "a plan is judged over draws of parameters: a sweep with factors.parameters.NAME=[LOW,HIGH]"
        )
    fixed, limits = Parameters().changed(**sweep.plan.fixed["parameters"]), np.array([ranges[name] for name in names])
    (draws, within), (held_out, _) = (
        drawn(names, limits, fixed, options.posterior, options.draws, options.seed, purpose)
        for purpose in ("plan draws", "plan held out")
    )
    return Problem(emulator, case, levers, draws, held_out, sweep.plan.years, options.budget, options.gap), within


def case_of(emulator: Emulator, wanted: str | None) -> tuple[str, ...]:
    """The case that is planned for."""
    known = {" ".join(case): case for case in emulator.fitted}
    if wanted is None and len(known) == 1:
        return next(iter(known.values()))
    if wanted not in known:
        raise InputError(f"case={wanted or ''}: the sweep has several; choose one of {', '.join(known)}")
    return known[wanted]


def run_study(sweep: Sweep, options: PlanOptions, folder: Path) -> PlanStudy:
    """Search with the emulator of a sweep, and confirm with the model.

    Raises
    ------
    InputError
        No budget, no lever or parameter among the factors, or nothing to choose.
    """
    emulator = emulate(sweep, (GOAL, GAP, COST))
    problem, within = problem_of(sweep, emulator, options)
    equal = equal_division(problem)
    front = search(problem, options.trials, options.seed, [equal])
    shown = np.unique([*np.linspace(0, len(front.plans) - 1, options.confirm).round().astype(int), front.best])
    plans = np.vstack([front.plans[shown], equal])
    runs = SweepOptions(
        seed=numbers_of(options.seed, "plan runs")[0],
        replicates=options.replicates,
        workers=options.workers,
        progress=options.progress,
        chunk=None,
    )
    confirmed = confirm(problem, plans, sweep.plan, folder, runs)
    pair = problem.judge(np.vstack([front.plans[front.best], equal]), problem.held_out)
    at = int(np.flatnonzero(shown == front.best)[0])
    return PlanStudy(
        problem,
        front,
        equal,
        problem.judge(equal[None]),
        shown,
        confirmed,
        Against(pair.gain[0] - pair.gain[1]),
        Against(confirmed.gain[at] - confirmed.gain[-1]),
        within,
    )
