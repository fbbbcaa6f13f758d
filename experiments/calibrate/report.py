"""Report of a calibration: leave-one-out predictions, identified parameters, and patterns that are not met."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.calibrate import change
from experiments.calibrate.best_fit import predicted_without
from experiments.calibrate.posterior import ALL_NAMES, HIGH, LOW, left_out
from experiments.calibrate.space import NAMES, decay_of
from experiments.calibrate.study import Study, Together
from experiments.calibrate.targets import BANDS, Targets
from experiments.results.folders import write_json
from experiments.results.palette import hue
from experiments.validate.benchmarks import constant, inputs_of, one_column
from experiments.validate.measures import agreement
from scenarios.text import for_spreadsheets

PREDICTORS = ("left_out", "best_left_out", "left_out_simulated", "posterior", "diversity", "constant")
ROWS = 200  # of the sample that others draw from
TEN = 10  # constructs are compared as marks out of ten


def diversity_of_areas(targets: Targets, names: list[str]) -> np.ndarray:
    """Diversity of each measured area in its year, float64 [M], in the order of the outputs' names."""
    found: dict[str, float] = {}
    for one in (targets.municipalities, *targets.amsterdam.values()):
        codes, columns = inputs_of(one.table)
        at = dict(zip(codes, columns[:, 0], strict=True))
        found |= {f"{c}_{one.label}_{code}": at[code] for c in one.values for code in one.code}
    return np.array([found[name] for name in names])


def areas_table(study: Study, targets: Targets) -> pl.DataFrame:
    """One row per measured value, all out of ten.

    `left_out` is the posterior without the area, `best_left_out` the best fit without it, `left_out_simulated` the
    posterior without it from the simulated draws, `posterior` with the area; `diversity` and `constant` predict each
    area from the others of the same year and construct.
    """
    like = study.likelihood
    without, worth = left_out(like, study.outputs, study.draws[:, -1])
    simulated, _ = left_out(like, study.simulated, study.sample[:, -1])
    kind = [name.rsplit("_", 1)[0] for name in like.names]
    diversity = diversity_of_areas(targets, like.names)
    by_diversity, by_mean = np.empty(len(kind)), np.empty(len(kind))
    for one in dict.fromkeys(kind):
        rows = np.array([k == one for k in kind])
        by_diversity[rows] = one_column(diversity[rows], like.value[rows])
        by_mean[rows] = constant(like.value[rows])
    return pl.DataFrame(
        {
            "outcome": kind,
            "place": like.area,
            "measured": TEN * like.value,
            "left_out": TEN * without,
            "best_left_out": TEN * predicted_without(study.emulator, like),
            "left_out_simulated": TEN * simulated,
            "posterior": TEN * like.predicted(study.outputs, study.draws[:, -1]).mean(axis=0),
            "diversity": TEN * by_diversity,
            "constant": TEN * by_mean,
            "draws_worth": [worth[area] for area in like.area],
        }
    )


def agreements(areas: pl.DataFrame) -> pl.DataFrame:
    """Correlation, error and slope of every predictor for every outcome."""
    rows = []
    for outcome in areas["outcome"].unique(maintain_order=True):
        chosen = areas.filter(pl.col("outcome") == outcome)
        for predictor in PREDICTORS:
            found = agreement(chosen[predictor].to_numpy(), chosen["measured"].to_numpy())
            if predictor == "constant":
                found |= dict.fromkeys(("pearson", "spearman", "slope"), float("nan"))
            rows.append({"outcome": outcome, "predictor": predictor} | found)
    return pl.DataFrame(rows)


def parameters_table(study: Study) -> pl.DataFrame:
    """Best fit, mean, spread of every parameter, and the share of the prior's spread left (1: not identified)."""
    prior = (HIGH - LOW) / np.sqrt(12)
    spread = study.draws.std(axis=0)
    together = np.corrcoef(study.draws.T) - np.eye(len(ALL_NAMES))
    most = np.abs(together).argmax(axis=0)
    return pl.DataFrame(
        {
            "parameter": ALL_NAMES,
            "low": LOW,
            "high": HIGH,
            "best_fit": study.best,
            "mean": study.draws.mean(axis=0),
            "sd": spread,
            "share_of_prior": spread / prior,
            "goes_with": [ALL_NAMES[at] for at in most],
            "correlation": together[most, np.arange(len(most))],
        }
    )


def patterns_table(study: Study) -> pl.DataFrame:
    """Posterior predictive check: predictions of every national pattern, and the share of draws inside its band."""
    rows = []
    for name, (low, high, _) in BANDS.items():
        at = study.emulator.names.index(name)
        drawn, simulated = study.outputs[:, at], study.simulated[:, at]
        rows.append(
            {
                "pattern": name,
                "low": low,
                "high": high,
                "mean": drawn.mean(),
                "sd": drawn.std(),
                "mean_simulated": simulated.mean(),
                "share_inside": ((drawn >= low) & (drawn <= high)).mean(),
                "emulator_explains": study.emulator.explained[at],
                "emulator_error": study.emulator.error[at],
                "both_fits": None if study.together is None else study.together.level[name],
            }
        )
    return pl.DataFrame(rows)


def moves_table(moved: change.ChangeStudy) -> pl.DataFrame:
    """Parameters that the change is fitted with: mean, spread, and the share of the prior's spread left."""
    low, high = change.BOUNDS.T
    spread = moved.draws.std(axis=0)
    return pl.DataFrame(
        {
            "parameter": change.NAMES,
            "low": low,
            "high": high,
            "mean": moved.mean,
            "sd": spread,
            "share_of_prior": spread * np.sqrt(12) / (high - low),
        }
    )


def change_table(moved: change.ChangeStudy, together: Together) -> pl.DataFrame:
    """What the change of 2017 to 2024 is fitted to, and what both best fits give there and in the others."""
    predicted = moved.emulator.predict(moved.mean[None, :])[0]
    rows = []
    for name in moved.emulator.names:
        at = moved.emulator.names.index(name)
        low, high, unit = change.BANDS.get(name, (None, None, None))
        rows.append(
            {
                "figure": name,
                "low": low,
                "high": high,
                "unit": unit,
                "emulated": predicted[at],
                change.FITTED_ON: together.fitted[name],
                change.REPORTED_ON: together.reported[name],
                "emulator_explains": moved.emulator.explained[at],
                "emulator_error": moved.emulator.error[at],
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def posterior_table(study: Study) -> pl.DataFrame:
    """Draws as rows that ``thuis compare posterior=FILE`` draws from; the first are those that were simulated."""
    draws = np.vstack([study.sample, study.draws[len(study.sample) : ROWS]])
    columns: dict[str, Any] = {name: draws[:, at] for at, name in enumerate(ALL_NAMES)}
    columns["tie_decay"] = [decay_of(kept) for kept in columns["tie_kept_moving"]]
    if study.moved is not None:  # independent of the others: the draws are in no order
        columns |= {name: study.moved.draws[: len(draws), at] for at, name in enumerate(change.NAMES)}
    return pl.DataFrame(columns)


def write_study(folder: Path, study: Study, targets: Targets, options: dict) -> list[str]:
    """Write every table, the figures and calibration.json; returns lines for the screen."""
    areas, parameters, patterns = areas_table(study, targets), parameters_table(study), patterns_table(study)
    found = agreements(areas)
    tables = {"places": areas, "agreement": found, "parameters": parameters, "patterns": patterns}
    if study.moved is not None and study.together is not None:
        tables |= {"moves": moves_table(study.moved), "change": change_table(study.moved, study.together)}
    for name, table in tables.items():
        for_spreadsheets(table).write_csv(folder / f"{name}.csv", float_precision=5)
    posterior_table(study).write_parquet(folder / "posterior.parquet")
    about = {"kind": "thuis calibration 2", "trials": study.trials, "parameters_fitted": len(NAMES) + 1}
    about |= {"options": options, "emulator_explains": float(np.median(study.emulator.explained))}
    write_json(folder / "calibration.json", about | {"agreement": found.to_dicts(), "patterns": patterns.to_dicts()})
    draw_areas(folder, areas)
    lines = [f"{study.trials} trials; the stand-in explains {about['emulator_explains']:.1%} (median output)"]
    for row in found.iter_rows(named=True):
        r = "  -  " if np.isnan(row["pearson"]) else f"{row['pearson']:5.2f}"
        lines.append(
            f"{row['outcome']:16} {row['predictor']:19} r {r}  RMSE {row['rmse']:.3f}  bias {row['bias']:+.3f}"
        )
    if "change" in tables:
        for row in tables["change"].iter_rows(named=True):
            both = ", ".join(f"{side} codes {row[side]:+.4f}" for side in (change.FITTED_ON, change.REPORTED_ON))
            lines.append(f"{row['figure']:20} {both}")
    return lines


def draw_areas(folder: Path, areas: pl.DataFrame) -> None:
    """Measured against predicted without the area, per outcome."""
    from experiments.results.drawing import canvas, save

    for outcome in areas["outcome"].unique(maintain_order=True):
        chosen = areas.filter(pl.col("outcome") == outcome)
        with canvas(4.2, 4.0) as (sheet, axes):
            for predictor, mark in (("left_out", "o"), ("diversity", "x")):
                axes.plot(chosen[predictor], chosen["measured"], mark, ms=5, label=predictor.replace("_", " "))
            measured = chosen["measured"].to_numpy()
            ends = [measured.min(), measured.max()]
            axes.plot(ends, ends, color=hue("grey"), lw=1)
            axes.set(xlabel="predicted from the other places", ylabel="measured (out of ten)", title=outcome)
            axes.legend(frameon=False)
            save(sheet, chosen, folder, f"places_{outcome}")
