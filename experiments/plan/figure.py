"""The front of cost, belonging and gap as a figure."""

from pathlib import Path

import polars as pl

from experiments.analysis.figures import INK, WARM, finish
from experiments.plan.report import in_words, phrase
from experiments.plan.study import PlanStudy
from experiments.results.drawing import canvas, decimal_commas, local_numbers
from experiments.results.palette import amounts_map


def draw_front(study: PlanStudy, table: pl.DataFrame, folder: Path, language: str) -> Path:
    """Cost against belonging, the gap in colour; what the model says as rings, equal division as a square."""
    front, equal = table.filter(pl.col("kind") != "equal"), table.filter(pl.col("kind") == "equal")
    best = table.filter(pl.col("kind") == "best")
    confirmed = table.filter(pl.col("cost_confirmed").is_not_null())
    with canvas(7.6, 4.6, language) as (sheet, axes):
        dots = axes.scatter(front["cost"], front["worst_gain"], c=front["worst_gap"], s=26, cmap=amounts_map())
        bar = sheet.colorbar(dots, label=phrase("gap", language))
        axes.scatter(
            confirmed["cost_confirmed"],
            confirmed["worst_gain_confirmed"],
            s=70,
            facecolors="none",
            edgecolors=INK,
            label=phrase("by_model", language),
        )
        axes.plot(equal["cost"], equal["worst_gain"], "s", color=WARM, label=phrase("equal", language))
        axes.plot(best["cost"], best["worst_gain"], "*", color=WARM, markersize=13, label=phrase("plan", language))
        axes.set_xlabel(phrase("cost", language))
        axes.set_ylabel(phrase("gain", language))
        axes.xaxis.set_major_formatter(lambda value, position: in_words(value, language, ",.0f"))
        axes.set_title(phrase("title", language, budget=in_words(study.problem.budget, language, ",.0f")), fontsize=10)
        axes.legend(loc="upper left", fontsize=8)
        if language == "nl":
            local_numbers(bar.ax)
            decimal_commas(axes.yaxis)
        return finish(sheet, table, folder, "front")
