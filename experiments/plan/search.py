"""The search for plans that no other beats in cost, belonging and gap (Optuna's NSGA-II on the emulator)."""

from dataclasses import dataclass

import numpy as np

from experiments.analysis.pareto import nondominated
from experiments.plan.problem import Judged, Problem
from experiments.sweep.design import numbers_of
from scenarios.errors import InputError

GENERATION = 50
WITHIN = 1e-9


@dataclass(frozen=True)
class Front:
    """Plans within budget and limit that no other beats, in order of cost.

    Attributes
    ----------
    plans : float64 [P, L]
    judged : Judged
        In the draws of the search.
    tried : int
        Plans that were tried.
    """

    plans: np.ndarray
    judged: Judged
    tried: int

    @property
    def best(self) -> int:
        """The plan with the most belonging in the worst tenth of the draws."""
        return int(self.judged.worst_gain.argmax())


def search(problem: Problem, trials: int, seed: int, first: list[np.ndarray]) -> Front:
    """Try plans, a generation at a time.

    Parameters
    ----------
    first : list of float64 [L]
        Plans to begin with; levers that do nothing are added.

    Raises
    ------
    InputError
        No plan keeps to the limits.
    """
    import optuna
    from optuna.distributions import BaseDistribution, FloatDistribution

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    spans: dict[str, BaseDistribution] = {
        lever.factor: FloatDistribution(lever.low, lever.high) for lever in problem.levers
    }
    sampler = optuna.samplers.NSGAIISampler(population_size=GENERATION, seed=numbers_of(seed, "plan")[0])
    study = optuna.create_study(directions=["minimize"] * 3, sampler=sampler)
    for plan in [problem.idle, *first]:
        study.enqueue_trial({lever.factor: float(value) for lever, value in zip(problem.levers, plan, strict=True)})
    plans: list[np.ndarray] = []
    found: list[Judged] = []
    for _ in range(-(-trials // GENERATION)):
        asked = [study.ask(spans) for _ in range(GENERATION)]
        generation = np.array([[trial.params[name] for name in spans] for trial in asked])
        judged = problem.judge(generation)
        values = np.column_stack([judged.cost, -judged.worst_gain, judged.worst_gap])
        for trial, row in zip(asked, values, strict=True):
            trial.set_constraint("budget", float(row[0] - problem.budget))
            trial.set_constraint("gap", float(row[2] - problem.widest))
            study.tell(trial, row.tolist())
        plans.append(generation)
        found.append(judged)
    every = Judged(*(np.concatenate([getattr(part, name) for part in found]) for name in ("cost", "gain", "gap")))
    return front_of(problem, np.concatenate(plans), every)


def front_of(problem: Problem, plans: np.ndarray, judged: Judged) -> Front:
    """Of all plans those that are allowed and not beaten."""
    allowed = (judged.cost <= problem.budget + WITHIN) & (judged.worst_gap <= problem.widest + WITHIN)
    rows = np.flatnonzero(allowed)
    if not len(rows):
        least = judged.worst_gap[judged.cost <= problem.budget].min()
        raise InputError(
            f"gap={problem.widest:g}: none of {len(plans):,} plans within the budget keeps to it; the least found is "
            f"{least:.4g}"
        )
    values = np.column_stack([judged.cost, -judged.worst_gain, judged.worst_gap])[rows]
    rows = rows[nondominated(values)]
    rows = rows[np.argsort(judged.cost[rows], kind="stable")]
    return Front(plans[rows], Judged(judged.cost[rows], judged.gain[rows], judged.gap[rows]), len(plans))
