"""Stability of the ranking of policies when every uncertain parameter varies over its range."""

import numpy as np
import polars as pl
from scipy.stats import qmc

from experiments.sensitivity.designs import Runner, problem_of, uncertain_parameters
from experiments.sensitivity.outcomes import POLICIES

CASES: dict[str, dict[str, float]] = {
    "all vary": {},
    "no effect of reception": {"effect_reception": 0.0},
    "no direct effect of turnover": {"effect_turnover": 0.0},
    "neither": {"effect_reception": 0.0, "effect_turnover": 0.0},
}
"""What is held at zero: the two effects for which no estimate exists."""


def ranking(found: np.ndarray, case: str = "all vary") -> pl.DataFrame:
    """Per policy: mean effect and its 90 % range over the design; how often it is positive, and best.

    `share_order` is how often two policies stand in the order of their mean effects: the mean over the other policies.

    Parameters
    ----------
    found : float64 [points, outcomes]
    """
    effects = found[:, -len(POLICIES) :]
    best, mean = effects.argmax(axis=1), effects.mean(axis=0)
    rows = []
    for n, policy in enumerate(POLICIES):
        same = [((effects[:, n] > effects[:, m]) == (mean[n] > mean[m])).mean() for m in range(len(POLICIES)) if m != n]
        rows.append(
            {
                "case": case,
                "policy": policy,
                "mean_effect": float(mean[n]),
                "low": float(np.quantile(effects[:, n], 0.05)),
                "high": float(np.quantile(effects[:, n], 0.95)),
                "share_positive": float((effects[:, n] > 0).mean()),
                "share_best": float((best == n).mean()),
                "share_order": float(np.mean(same)),
            }
        )
    return pl.DataFrame(rows)


def rankings(run: Runner, points: int) -> tuple[pl.DataFrame, int]:
    """The ranking in every case of `CASES`, over one Sobol sequence of all uncertain parameters, and the points."""
    names = uncertain_parameters()
    bounds = np.array(problem_of(names)["bounds"])
    sequence = qmc.Sobol(len(names), seed=run.seed).random(1 << (points - 1).bit_length())[:points]
    design = qmc.scale(sequence, bounds[:, 0], bounds[:, 1])
    tables = [
        ranking(run(f"ranking-{number}", design, names, fixed), case)
        for number, (case, fixed) in enumerate(CASES.items())
    ]
    return pl.concat(tables), points * len(CASES)
