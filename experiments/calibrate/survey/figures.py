"""The figures of a fit to a survey: areas measured and predicted, and what the survey narrows."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.calibrate.survey.sentences import parameter_name
from experiments.calibrate.survey.study import SurveyStudy
from experiments.results.drawing import Figure, canvas, save
from experiments.results.palette import hue
from experiments.results.phrases import fill

OWN, NATIONAL = hue("blue"), hue("orange")  # marks differ too
SHOWN = 10  # parameters in the figure
MOST_NAMED = 30  # areas whose names are written beside their dots


def draw_figures(
    study: SurveyStudy, areas: pl.DataFrame, folder: Path, words: dict[str, Any], language: str
) -> list[Figure]:
    """A figure per construct, and one of the parameters."""
    folder.mkdir(exist_ok=True)
    figures = [
        draw_areas(areas.filter(pl.col("construct") == one.construct), one.construct, folder, words, language)
        for one in study.survey.measured
    ]
    return [*figures, draw_parameters(study, folder, words, language)]


def draw_areas(areas: pl.DataFrame, construct: str, folder: Path, words: dict[str, Any], language: str) -> Figure:
    """Measured on predicted without the area, and on the national values."""
    page = words["page"]
    with canvas(6.4, 5.4) as (sheet, axes):
        own, measured = areas["own_fit"].to_numpy(), areas["measured"].to_numpy()
        reach = np.abs(np.stack([areas["low"].to_numpy(), areas["high"].to_numpy()]) - own)
        axes.errorbar(
            own, measured, xerr=reach, fmt="o", color=OWN, ms=5, lw=0.8, alpha=0.9, label=words["predictors"]["own_fit"]
        )
        axes.plot(areas["national"], measured, "x", color=NATIONAL, ms=6, label=words["predictors"]["national"])
        if len(areas) <= MOST_NAMED:
            for row in areas.iter_rows(named=True):
                axes.annotate(
                    row["name"],
                    (row["own_fit"], row["measured"]),
                    fontsize=7,
                    alpha=0.8,
                    xytext=(3, 4),
                    textcoords="offset points",
                )
        ends = [min(measured.min(), own.min()), max(measured.max(), own.max())]
        axes.plot(ends, ends, color=hue("grey"), lw=1, ls="--")
        axes.set(xlabel=page["predicted"], ylabel=page["measured"])
        axes.legend(loc="upper left", fontsize=8)
        save(sheet, areas, folder, f"areas_{construct}", language)
    title = fill(page["figure_areas"], language, construct=words["constructs"][construct])
    return Figure(f"areas_{construct}", title, page["figure_areas_text"])


def draw_parameters(study: SurveyStudy, folder: Path, words: dict[str, Any], language: str) -> Figure:
    """Where nine in ten draws lie before and after, of the parameters that the survey narrows most."""
    page, prior = words["page"], study.prior
    order = np.argsort(study.found.kept, kind="stable")[:SHOWN][::-1]
    clouds = (prior.draws, study.moved, study.single[None], prior.shipped()[None])
    before, after, single, shipped = (prior.standard(points)[:, order] for points in clouds)
    names = [parameter_name(prior.names[at], words) for at in order]
    rows = np.arange(len(order))
    data = {"parameter": [prior.names[at] for at in order]}
    with canvas(7.4, 0.6 + 0.42 * len(order)) as (sheet, axes):
        for key, points, above, color in (("national", before, 0.17, NATIONAL), ("own", after, -0.17, OWN)):
            low, middle, high = np.quantile(points, (0.05, 0.5, 0.95), axis=0)
            axes.hlines(rows + above, low, high, color=color, lw=4, alpha=0.75, label=page[key])
            data |= {f"{key}_low": low, f"{key}_middle": middle, f"{key}_high": high}
        axes.plot(shipped[0], rows, "|", color=hue("ink"), ms=11)
        axes.plot(single[0], rows, "D", color=hue("ink"), ms=4)
        axes.set_yticks(rows, names, fontsize=9)
        axes.set_xlabel(page["deviations"])
        sheet.legend(loc="outside upper right", ncols=2, fontsize=9)
        save(sheet, pl.DataFrame(data | {"shipped": shipped[0], "single_run": single[0]}), folder, "parameters")
    return Figure("parameters", page["figure_parameters"], page["figure_parameters_text"])
