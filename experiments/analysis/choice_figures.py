"""Figures for decisions: boxes of scenario discovery, Pareto fronts, and robust choices."""

from pathlib import Path

import polars as pl

from experiments.analysis.discovery import Box, boxes_table, limits_table
from experiments.analysis.figures import INK, SOFT, WARM, finish, label
from experiments.results.drawing import canvas
from experiments.sweep.table import Sweep
from scenarios.text import for_spreadsheets


def draw_boxes(boxes: list[Box], sweep: Sweep, outcome: str, folder: Path) -> Path:
    """Left: how dense and how complete each box is; right: the limits of the last one within each factor's range."""
    limits = limits_table(boxes[-1], sweep)
    with canvas(10, max(3.4, 1.4 + 0.5 * len(limits))) as (sheet, _):
        sheet.clear()
        left, right = sheet.subplots(1, 2, width_ratios=(1, 1.3))
        left.plot([b.coverage for b in boxes], [b.density for b in boxes], color=SOFT, marker="o", markersize=4)
        left.plot(boxes[-1].coverage, boxes[-1].density, "o", color=WARM)
        left.set_xlabel("coverage: share of all cases inside")
        left.set_ylabel("density: share of runs inside that are cases")
        left.set_xlim(-0.02, 1.05)
        for at, row in enumerate(limits.reverse().iter_rows(named=True)):
            span = row["most"] - row["least"]
            low, high = ((row[end] - row["least"]) / span for end in ("low", "high"))
            right.barh(at, 1, 0.5, color=SOFT, alpha=0.5)
            right.barh(at, high - low, 0.5, low, color=WARM)
            right.text(0.5, at + 0.3, f"{row['low']:.3g} to {row['high']:.3g}", ha="center", va="bottom", fontsize=8)
        right.set_yticks(range(len(limits)), [label(name) for name in limits["factor"].reverse()])
        right.set_xticks([0, 1], ["lowest", "highest"])
        right.set_ylim(-0.6, len(limits))
        right.grid(False)
        words = [f"{label(n)}: {', '.join(sorted(v))}" for n, v in boxes[-1].limits.items() if isinstance(v, frozenset)]
        right.set_title("; ".join(["the last box within the ranges of the sweep", *words]), fontsize=10)
        path = finish(sheet, boxes_table(boxes), folder, f"conditions_{outcome}")
        for_spreadsheets(limits).write_csv(folder / f"conditions_{outcome}_limits.csv", float_precision=6)
        return path


def draw_front(front: pl.DataFrame, everything: pl.DataFrame, x: str, y: str, folder: Path) -> Path:
    """The Pareto front of two outcomes among all choices."""
    with canvas(6.4, 4.4) as (sheet, axes):
        axes.scatter(everything[x], everything[y], s=14, color=SOFT, label="a choice")
        axes.plot(front[x], front[y], color=WARM, marker="o", markersize=5, label="beaten by none")
        axes.set_xlabel(label(x))
        axes.set_ylabel(label(y))
        axes.legend()
        return finish(sheet, front, folder, f"front_{x}_{y}")


def draw_choice(table: pl.DataFrame, outcome: str, choice: list[str], folder: Path) -> Path:
    """Mean and worst tenth of each choice, and its largest regret."""
    names = [" ".join(str(value) for value in row) for row in table.select(choice).iter_rows()]
    rows = list(range(len(table)))[::-1]
    with canvas(9, max(2.6, 1.2 + 0.32 * len(table))) as (sheet, _):
        sheet.clear()
        left, right = sheet.subplots(1, 2, sharey=True)
        left.hlines(rows, table["worst_tenth"], table["mean"], color=SOFT, linewidth=3)
        left.plot(table["mean"], rows, "o", color=INK, label="mean")
        left.plot(table["worst_tenth"], rows, "o", color=WARM, label="worst tenth")
        left.set_yticks(rows, [name[:40] for name in names])
        left.set_xlabel(label(outcome))
        left.legend(fontsize=8)
        right.barh(rows, table["regret"], 0.5, color=SOFT)
        right.set_xlabel("largest regret in any condition")
        return finish(sheet, table, folder, f"choice_{outcome}")
