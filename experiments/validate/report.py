"""Report of a validation: lines on the screen, JSON, CSV and figures in a folder."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.results.folders import write_json
from experiments.results.palette import hue
from experiments.validate.measures import CONSTRUCTS
from experiments.validate.outcomes import LeftOut
from experiments.validate.outside import MEANING
from experiments.validate.patterns import Row
from scenarios.text import for_spreadsheets

SUMMARY = {"kind": "thuis validation 1"}


def number(value: float | None, decimals: int = 2) -> str:
    """A number in a table, or a dash where it does not exist."""
    return "-" if value is None or not np.isfinite(value) else f"{value:.{decimals}f}"


def with_interval(found: dict[str, Any], name: str) -> str:
    """A correlation with its 95 % interval, in brackets."""
    interval = f"{number(found[f'{name}_low'])} to {number(found[f'{name}_high'])}"
    return number(found[name]) + (f" ({interval})" if np.isfinite(found[f"{name}_low"]) else "")


def outside_lines(found: dict[str, Any], left_out: LeftOut) -> list[str]:
    """The table of the outside test and its verdict."""
    head = f"{'':24}{'n':>5}{'pearson (95 %)':>22}{'spearman (95 %)':>22}{'rmse':>8}{'bias':>8}{'slope':>8}"
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
                f"  {label:22}{f['n']:>5}{with_interval(f, 'pearson'):>22}{with_interval(f, 'spearman'):>22}"
                f"{number(f['rmse'], 3):>8}{number(f['bias'], 3):>8}{number(f['slope']):>8}"
            )
    lines += found["verdict"]
    if left_out.codes:
        more = f" and {len(left_out.codes) - 5} more" if len(left_out.codes) > 5 else ""
        lines.append(f"Not in the region and left out: {', '.join(left_out.codes[:5])}{more}.")
    if left_out.suppressed:
        lines.append(f"Without a value and left out: {left_out.suppressed} rows.")
    if left_out.years:
        lines.append(f"Of several years ({', '.join(left_out.years)}) the mean of each place counts.")
    return lines


def write_outside(folder: Path, result: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """validation.json, places.csv with a row per area, and a figure per construct."""
    write_json(folder / "validation.json", result)
    write_json(folder / "summary.json", SUMMARY | {"verdict": result["verdict"]})
    frame = pl.DataFrame(rows)
    for_spreadsheets(frame).write_csv(folder / "places.csv", float_precision=4)
    for construct in CONSTRUCTS:
        if construct in result:
            draw_areas(folder, construct, frame.filter(pl.col("construct") == construct), result[construct])


def draw_areas(folder: Path, construct: str, frame: pl.DataFrame, found: dict[str, Any]) -> None:
    """Measured against simulated, a point per area."""
    from experiments.results.drawing import canvas, save

    with canvas(5.6, 5.0) as (sheet, axes):
        axes.scatter(frame["simulator"], frame["measured"], s=22, color=hue("blue"), alpha=0.8)
        if frame.height <= 60:
            for row in frame.iter_rows(named=True):
                axes.annotate(
                    row["code"],
                    (row["simulator"], row["measured"]),
                    fontsize=6,
                    alpha=0.7,
                    xytext=(2, 2),
                    textcoords="offset points",
                )
        both = [*frame["simulator"], *frame["measured"]]
        axes.plot([min(both), max(both)], [min(both), max(both)], color=hue("grey"), lw=1, ls="--")
        axes.set(xlabel=f"simulated {construct}", ylabel=f"measured {construct}")
        ours = found["simulator"]
        axes.set_title(
            f"{construct}: n = {ours['n']}, r = {with_interval(ours, 'pearson')}, RMSE = {number(ours['rmse'], 3)}"
        )
        save(sheet, frame, folder, f"places_{construct}")


def band_text(low: float | None, high: float | None) -> str:
    """A band in words."""
    if low is None and high is None:
        return "not judged"
    if low is None:
        return f"below {high:g}"
    return f"{low:g} and over" if high is None else f"{low:g} to {high:g}"


def cells(row: Row, about: dict[str, Any]) -> list[str]:
    """One line of the table of patterns."""
    decimals = 1 if row.unit else 3
    interval = f"{row.low:.{decimals}f} to {row.high:.{decimals}f}" if np.isfinite(row.low) else "one seed"
    judged = {True: "inside", False: "OUTSIDE", None: "-"}[row.inside]
    target = "-" if row.target is None else f"{row.target:g}"
    within = band_text(row.band_low, row.band_high)
    measured = f"{row.measured:.{decimals}f}"
    return [row.pattern, row.scene, row.part, target, within, measured, interval, judged, about["certainty"]]


HEAD = ["", "where", "part", "target", "band", "measured", "95 % interval", "", "sure"]


def pattern_lines(rows: list[Row], known: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """The table on the screen, counts, and what was left out."""
    table = [HEAD, *(cells(row, known[row.pattern]) for row in rows)]
    width = [max(len(line[at]) for line in table) for at in range(len(HEAD))]
    lines, last = [], ""
    for line in table:
        if line[0] != last and line[0]:
            lines.append(f"{line[0]} {known[line[0]]['title']['en']}  [{known[line[0]]['source']}]")
        last = line[0]
        lines.append("  " + "  ".join(cell.ljust(w) for cell, w in zip(line[1:], width[1:], strict=True)).rstrip())
    for scene, count in result["counts"].items():
        lines.append(f"{scene}: {count['inside']} of {count['measured']} patterns inside their bands")
    for scene, why in result["skipped"].items():
        lines.append(f"{scene} skipped: {why}")
    lines.append("sure: S seen in the source, C computed from public data, R recalled and unverified")
    return lines


def write_patterns(folder: Path, result: dict[str, Any], rows: list[Row], known: dict[str, Any]) -> None:
    """validation.json, patterns.csv, patterns.md and a figure."""
    write_json(folder / "validation.json", result)
    write_json(folder / "summary.json", SUMMARY | {"counts": result["counts"]})
    names = [name or "judged" if at else "pattern" for at, name in enumerate(HEAD)]
    lines = [cells(row, known[row.pattern]) for row in rows]
    sources = [known[row.pattern]["source"] for row in rows]
    frame = pl.DataFrame(lines, schema=names, orient="row").with_columns(source=pl.Series(sources, dtype=pl.String))
    for_spreadsheets(frame).write_csv(folder / "patterns.csv")
    marked = ["| " + " | ".join(line) + " |" for line in [names, ["---"] * len(names), *lines]]
    (folder / "patterns.md").write_text("\n".join(marked) + "\n", encoding="utf-8")
    draw_patterns(folder, rows, frame)


def draw_patterns(folder: Path, rows: list[Row], frame: pl.DataFrame) -> None:
    """Every judged part on a scale on which its band runs from -1 to 1 (open bands: from the target)."""
    from experiments.results.drawing import canvas, save

    judged = [row for row in rows if row.inside is not None]
    with canvas(7.2, 0.19 * len(judged) + 1.2) as (sheet, axes):
        for at, row in enumerate(reversed(judged)):
            low = row.band_low if row.band_low is not None else 2 * (row.target or 0) - (row.band_high or 0)
            high = row.band_high if row.band_high is not None else 2 * (row.target or 0) - (row.band_low or 0)
            middle, half = (low + high) / 2, max((high - low) / 2, 1e-9)
            deviation = float(np.clip((row.measured - middle) / half, -3, 3))
            axes.plot([-1, 1], [at, at], color=hue("line"), lw=5, solid_capstyle="butt")
            colour = hue("blue") if row.inside else hue("orange")
            axes.plot(deviation, at, "o" if row.inside else "X", color=colour, ms=5)
        axes.set_yticks(range(len(judged)), [f"{r.pattern} {r.part} ({r.scene})" for r in reversed(judged)], fontsize=7)
        axes.set(xlim=(-3.2, 3.2), xlabel="band from -1 to 1; crosses lie outside")
        axes.grid(False)
        save(sheet, frame, folder, "patterns")
