"""How well the fit predicts each area without it, beside the national values and predictions from the data alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from experiments.calibrate.survey.prior import Prior
from experiments.calibrate.survey.survey import Survey
from experiments.calibrate.survey.update import LeaveOneOut, LinearEmulator, Update
from experiments.validate.benchmarks import constant, inputs_of, many_columns, one_column
from experiments.validate.measures import agreement

PREDICTORS = ("own_fit", "national", "inputs", "diversity", "constant")
TIMES_SPREAD = 1.645  # either side of a mean: nine in ten
RESAMPLES = 4000


@dataclass(frozen=True)
class Comparison:
    """Squared errors of the fit beside those of another predictor, an area counting once.

    Attributes
    ----------
    low, high : float
        Of the difference (the fit's minus the other's) nine in ten resamples of the areas lie between.
    """

    low: float
    high: float

    @property
    def word(self) -> str:
        """Whether the fit does better, worse, or neither beyond chance."""
        if self.high < 0:
            return "better"
        return "worse" if self.low > 0 else "alike"


def areas_table(survey: Survey, emulator: LinearEmulator, found: Update, left: LeaveOneOut) -> pl.DataFrame:
    """One row per value, on the survey's scale.

    `own_fit` is the fit without the area, and nine in ten surveys lie between `low` and `high`; `national` the national
    values; `inputs`, `diversity` and `constant` predict from the other areas' figures; `fitted` knows the area itself.
    """
    codes, columns = inputs_of(survey.table)
    at = {code: row for row, code in reversed(list(enumerate(codes)))}
    names = dict(zip(codes, [*(survey.table.name or survey.table.code), *survey.table.municipality_name], strict=True))
    rows = np.array([at[code] for code in survey.area])
    benchmark = {name: np.empty(len(rows)) for name in ("inputs", "diversity", "constant")}
    for construct in range(len(survey.measured)):
        one = survey.construct == construct
        value, inputs = survey.value[one], columns[rows[one]]
        benchmark["inputs"][one] = many_columns(inputs, value)
        benchmark["diversity"][one] = one_column(inputs[:, 0], value)
        benchmark["constant"][one] = constant(value)
    return pl.DataFrame(
        {
            "construct": [survey.measured[c].construct for c in survey.construct],
            "code": survey.area,
            "name": [names[code] for code in survey.area],
            "measured": survey.value,
            "se": survey.error,
            "own_fit": left.mean,
            "low": left.mean - TIMES_SPREAD * left.spread,
            "high": left.mean + TIMES_SPREAD * left.spread,
            "national": emulator.middle,
            **benchmark,
            "fitted": found.fitted,
            "explained_by_lines": emulator.explained,
        }
    )


def agreements(areas: pl.DataFrame) -> list[dict[str, Any]]:
    """Agreement of every predictor with every construct; a constant has neither correlation nor slope."""
    rows = []
    for construct in areas["construct"].unique(maintain_order=True):
        chosen = areas.filter(pl.col("construct") == construct)
        for predictor in PREDICTORS:
            found: dict[str, Any] = dict(agreement(chosen[predictor].to_numpy(), chosen["measured"].to_numpy()))
            if predictor == "constant":
                found |= dict.fromkeys(("pearson", "spearman", "slope"))
            rows.append({"construct": construct, "predictor": predictor} | found)
    return rows


def compared(areas: pl.DataFrame, construct: str, other: str, seed: int) -> Comparison:
    """The fit beside another predictor of one construct, by resampling areas."""
    chosen = areas.filter(pl.col("construct") == construct)
    ours, theirs = (((chosen[name] - chosen["measured"]) ** 2).to_numpy() for name in ("own_fit", other))
    chance = np.random.default_rng([seed, len(ours)])
    means = (ours - theirs)[chance.integers(0, len(ours), (RESAMPLES, len(ours)))].mean(axis=1)
    low, high = np.quantile(means, (0.05, 0.95))
    return Comparison(float(low), float(high))


def parameters_table(prior: Prior, moved: np.ndarray, found: Update, single: np.ndarray) -> pl.DataFrame:
    """One row per parameter, those that the survey says most of first.

    `national` and `own` with `_sd` are means and standard deviations of the draws; `moved` is their distance in
    national standard deviations; `kept` the share of the standard deviation that is left; `shipped` and `single_run`
    are the values of a single run, before and after.
    """
    table = pl.DataFrame(
        {
            "parameter": prior.names,
            "national": prior.mean,
            "national_sd": prior.spread,
            "own": moved.mean(axis=0),
            "own_sd": moved.std(axis=0),
            "moved": (moved.mean(axis=0) - prior.mean) / prior.spread,
            "kept": found.kept,
            "shipped": prior.shipped(),
            "single_run": single,
        }
    )
    return table.sort("kept", "parameter", maintain_order=True)
