"""What validation says: lines on the screen, JSON, CSV and figures in a folder."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.results import write_json
from experiments.validate.measures import CONSTRUCTS
from experiments.validate.outside import MEANING

SUMMARY = {"kind": "thuis validation 1"}


def number(value: float | None, decimals: int = 2) -> str:
    """A number in a table, or a dash where it does not exist."""
    return "-" if value is None or not np.isfinite(value) else f"{value:.{decimals}f}"


def outside_lines(found: dict[str, Any], missing: list[str], constructs: int) -> list[str]:
    """The table of the outside test and its verdict."""
    head = f"{'':24}{'n':>5}{'pearson':>9}{'spearman':>10}{'rmse':>8}{'slope':>8}"
    lines = []
    for construct in CONSTRUCTS:
        if construct not in found:
            continue
        low, high = found[construct]["scale"]
        lines += [f"{construct} ({low:g} to {high:g})", head]
        for name in MEANING:
            f = found[construct][name]
            label = name.replace("_", ", ")
            lines.append(
                f"  {label:22}{f['n']:>5}{number(f['pearson']):>9}{number(f['spearman']):>10}{number(f['rmse'], 3):>8}"
                f"{number(f['slope']):>8}"
            )
    lines += found["verdict"]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        lines.append(f"Not in the region and left out: {', '.join(missing[:5])}{more}.")
    return lines


def write_outside(folder: Path, result: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """validation.json, outcomes.csv with a row per place, and a figure per construct."""
    write_json(folder / "validation.json", result)
    write_json(folder / "summary.json", SUMMARY | {"verdict": result["verdict"]})
    frame = pl.DataFrame(rows)
    frame.write_csv(folder / "places.csv", float_precision=4)
    for construct in CONSTRUCTS:
        if construct in result:
            draw_places(folder, construct, frame.filter(pl.col("construct") == construct), result[construct])


def draw_places(folder: Path, construct: str, frame: pl.DataFrame, found: dict[str, Any]) -> None:
    """Measured against simulated, a point per place."""
    from experiments.figures import canvas, save

    with canvas(5.6, 5.0) as (sheet, axes):
        axes.scatter(frame["simulator"], frame["measured"], s=22, color="#0072B2", alpha=0.8)
        if frame.height <= 60:
            for row in frame.iter_rows(named=True):
                axes.annotate(row["code"], (row["simulator"], row["measured"]), fontsize=6, alpha=0.7,
                              xytext=(2, 2), textcoords="offset points")  # fmt: skip
        both = [*frame["simulator"], *frame["measured"]]
        axes.plot([min(both), max(both)], [min(both), max(both)], color="#999999", lw=1, ls="--")
        axes.set(xlabel=f"simulated {construct}", ylabel=f"measured {construct}")
        ours = found["simulator"]
        axes.set_title(f"{construct}: n = {ours['n']}, r = {number(ours['pearson'])}, RMSE = {number(ours['rmse'], 3)}")
        save(sheet, frame, folder, f"places_{construct}")
