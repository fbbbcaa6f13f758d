"""The outside test: simulated areas against any table of measured outcomes, with three benchmarks."""

from dataclasses import asdict
from typing import Any

import numpy as np

from experiments.validate.benchmarks import INPUTS, constant, inputs_of, many_columns, one_column
from experiments.validate.measures import (
    SHARES,
    Scores,
    agreement,
    correlation_interval,
    from_scale,
    outcome_table,
    to_scale,
)
from experiments.validate.outcomes import LeftOut, Measured
from experiments.validate.simulated import Simulated
from scenarios.areas import AreaTable

PREDICTORS = ("simulator", "constant", "diversity", "inputs")
PERCENT, MARK_HIGH = (0.0, 100.0), 10.0
MEANING = {
    "simulator": "what the model says the survey finds, on the outcome's scale, not fitted to it",
    "constant": "mean of the other places (leave-one-out): has no correlation by itself, so none is given",
    "diversity": "least squares on diversity alone (leave-one-out)",
    "inputs": f"ridge regression on the model's own inputs (leave-one-out): {', '.join(INPUTS)}",
    "simulator_recalibrated": "simulated score after a straight line fitted to the other places (leave-one-out)",
}
WORDS = {
    "constant": "the mean of the other places",
    "diversity": "least squares on diversity alone",
    "inputs": "regression on the model's own inputs",
}


def expected(measured: Measured, simulated: Scores, rows: np.ndarray, home_mark: float) -> np.ndarray:
    """What the model says a survey finds in the measured places, on its scale, float64 [N]; nothing is fitted to it.

    Cohesion is the model's own scale. Feeling at home in percent (a scale from 0 to 100) is the share of adults at
    home; as a mark out of ten it is mean belonging and the leniency of marks (`home_mark`): people give their
    neighbourhood higher marks than its people; on other scales it is mean belonging. Any other construct is the measure
    of that name, linearly.
    """
    if measured.construct in SHARES:
        score = simulated.share(measured.construct)[rows]
    elif measured.construct == "cohesion":
        score = simulated.cohesion[rows]
    elif (measured.low, measured.high) == PERCENT:
        score = simulated.at_home[rows]
    elif measured.high == MARK_HIGH and measured.low in (0.0, 1.0):
        score = np.minimum(simulated.home[rows] + home_mark, 1.0)
    else:
        score = simulated.home[rows]
    return to_scale(score, measured.low, measured.high)


def predictions(measured: Measured, simulated: Scores, table: AreaTable, home_mark: float) -> dict[str, np.ndarray]:
    """Predictions for the measured areas, on the outcome's scale, float64 [N] each."""
    at = {code: row for row, code in reversed(list(enumerate(simulated.code)))}  # an area before a municipality
    rows = np.array([at[code] for code in measured.code])
    ours = expected(measured, simulated, rows, home_mark)
    _, inputs = inputs_of(table)
    return {
        "simulator": ours,
        "constant": constant(measured.value),
        "diversity": one_column(inputs[rows, 0], measured.value),
        "inputs": many_columns(inputs[rows], measured.value),
        "simulator_recalibrated": one_column(ours, measured.value),
    }


def judged(predicted: dict[str, np.ndarray], measured: np.ndarray) -> dict[str, dict[str, Any]]:
    """Agreement of every predictor; a constant has neither correlation nor slope (leaving out makes it -1)."""
    found: dict[str, dict[str, Any]] = {name: dict(agreement(p, measured)) for name, p in predicted.items()}
    found["constant"] |= {"pearson": None, "spearman": None, "slope": None}
    return {name: one | intervals(one) for name, one in found.items()}


def intervals(found: dict[str, Any]) -> dict[str, float]:
    """The 95 % intervals of both correlations, by name."""
    pairs = {
        name: correlation_interval(found[name], found["n"], name == "spearman") for name in ("pearson", "spearman")
    }
    return {f"{name}_{end}": pair[at] for name, pair in pairs.items() for at, end in enumerate(("low", "high"))}


def verdicts(name: str, found: dict[str, dict[str, Any]]) -> list[str]:
    """Plain sentences: where a benchmark does better than the simulator, and where it does not."""
    ours = found["simulator"]
    lines = []
    for other, what in WORDS.items():
        theirs = found[other]
        better = []
        if merit(theirs["pearson"]) > merit(ours["pearson"]):
            better.append(f"correlation {shown(theirs['pearson'])} against {shown(ours['pearson'])}")
        if theirs["rmse"] < ours["rmse"]:
            better.append(f"RMSE {theirs['rmse']:.3f} against {ours['rmse']:.3f}")
        beaten = f"{what} beats the simulator: {', '.join(better)}."
        lines.append(f"{name}: {beaten if better else f'the simulator does as well as or better than {what}.'}")
    return lines + too_few(name, ours)


def too_few(name: str, ours: dict[str, Any]) -> list[str]:
    """A sentence where so few places were measured that the simulator's correlation is not told from none."""
    low, high, r = ours["pearson_low"], ours["pearson_high"], ours["pearson"]
    if r is None or np.isnan(r):
        return []
    if np.isnan(low):
        return [f"{name}: {ours['n']} places are too few for an interval; a correlation of {r:.2f} tells nothing."]
    if low > 0 or high < 0:
        return []
    return [
        f"{name}: {ours['n']} places are too few to tell a correlation of {r:.2f} from none: its 95 % interval is "
        f"{low:.2f} to {high:.2f}."
    ]


def merit(correlation: float | None) -> float:
    """A correlation to compare by: none is worth as little as a perfect one of the wrong sign."""
    return -1.0 if correlation is None or np.isnan(correlation) else correlation


def shown(value: float | None) -> str:
    """A correlation in two decimals."""
    return "none" if value is None or np.isnan(value) else f"{value:.2f}"


def outside_test(measured: list[Measured], simulated: Simulated) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Compare simulated areas with measured ones.

    Returns
    -------
    dict
        `verdict`: plain sentences. Per construct: `simulator`, `constant`, `diversity`, `inputs` and
        `simulator_recalibrated`, each with n, pearson and spearman (and the ends of their 95 % intervals, `_low` and
        `_high`), rmse, slope and bias on the outcome's `scale`.
        `overall`: the same over all rows together, on the outcome's scale with one construct and on [0, 1] with
        several; its first four also at the top.
    list of dict
        A row per area and construct: the measured value and each prediction.
    """
    table = simulated.table
    scored = outcome_table(simulated.sums, table)
    found: dict[str, Any] = {}
    rows, pooled, truth, verdict = [], [], [], []
    for one in measured:
        one = with_people(one, scored)
        predicted = predictions(one, scored, table, simulated.world.parameters.home_mark)
        found[one.construct] = judged(predicted, one.value) | {"scale": [one.low, one.high]}
        verdict += verdicts(one.construct, found[one.construct])
        for at, code in enumerate(one.code):
            values = {name: float(p[at]) for name, p in predicted.items()}
            rows.append({"code": code, "construct": one.construct, "measured": float(one.value[at])} | values)
        low, high = (0.0, 1.0) if len(measured) == 1 else (one.low, one.high)
        pooled.append({name: from_scale(p, low, high) for name, p in predicted.items()})
        truth.append(from_scale(one.value, low, high))
    together = {name: np.concatenate([p[name] for p in pooled]) for name in pooled[0]}
    overall = judged(together, np.concatenate(truth))
    top = {name: overall[name] for name in PREDICTORS}
    return {"verdict": verdict} | found | {"overall": overall} | top, rows


def with_people(measured: Measured, simulated: Scores) -> Measured:
    """The measured areas that are inhabited in the simulation."""
    lived_in = {c for c, n in zip(simulated.code, simulated.adults, strict=True) if n > 0}
    return measured.only(np.array([code in lived_in for code in measured.code]))


def described(simulated: Simulated, seed: int, years: int, left_out: LeftOut) -> dict[str, Any]:
    """Description of the areas of the test."""
    return {
        "kind": "thuis validation 1",
        "residents": int(simulated.table.residents.sum()),
        "areas": len(simulated.table),
        "scale": simulated.scale,
        "seed": seed,
        "years": years,
        "codes_not_in_region": left_out.codes,
        "rows_without_value": left_out.suppressed,
        "mean_over_years": list(left_out.years),
        "meaning": MEANING,
        "parameters": asdict(simulated.world.parameters),
        "notes": simulated.table.notes,
    }
