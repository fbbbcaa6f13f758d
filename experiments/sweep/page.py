"""The page of a sweep: its outcomes along every factor, a dot per run that leads to the run itself."""

import io
import re
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from markupsafe import Markup

from conf.files import read_yaml
from experiments.results.drawing import canvas, local_numbers
from experiments.results.html import render_page
from experiments.results.phrases import fill_plain, in_language, written
from experiments.sweep.figure import draw_outcome
from experiments.sweep.plan import written as written_file
from experiments.sweep.reopen import row_of
from experiments.sweep.table import Sweep, ends_of_runs, range_in_words
from scenarios.errors import InputError

FILE = "page.html"
MOST_RUNS = 400  # that are drawn and listed
MOST_OUTCOMES, MOST_FACTORS = 4, 6  # with a figure for each pair
DIGITS = 4  # of a number in a table


def words_of(language: str) -> dict[str, Any]:
    """Words of the page in a language."""
    return in_language(read_yaml("experiments.sweep", "words.yaml"), language)


def sweep_page(sweep: Sweep, language: str = "en", served: bool = False) -> str:
    """The page as HTML.

    Parameters
    ----------
    served : bool
        Whether it is served by `thuis view`, where a run can be opened; else it says the command that does.

    Raises
    ------
    InputError
        No run is done yet.
    """
    words, say, plan = words_of(language), partial(fill_plain, language=language), sweep.plan
    frame = sweep.pl()
    ends = ends_of_runs(frame.filter(pl.col("error").is_null()))
    failed = frame.filter(pl.col("error").is_not_null())["run"].n_unique()
    shown = ends[:: -(-len(ends) // MOST_RUNS) or 1]
    lead = [say(words["lead"], done=frame["run"].n_unique(), runs=plan.runs, points=plan.points, design=plan.design,
                years=plan.years, scale=plan.scale)]  # fmt: skip
    lead += [say(words["part"], shown=len(shown))] if len(shown) < len(ends) else []
    lead += [say(words["failed"], failed=failed)] if failed else []
    reopen, command = how_to_reopen(sweep, served)
    return render_page(
        "experiments.sweep",
        "page",
        language=language,
        words=words,
        lead=" ".join(lead),
        title=say(words["title"], region=region_of(sweep), runs=plan.runs),
        varied=[range_in_words(name, *plan.factors[name]) for name in plan.factors] or sweep.factors,
        outcomes=[[words["names"].get(name, title), *cells] for name, title, cells in sweep.outcome_rows(language)],
        figures=drawings(sweep, ends, shown, words, language),
        reopen=reopen,
        command=command,
        header=[words["number"], *sweep.factors, *sweep.shown_outcomes],
        rows=[{"run": row["run"], "cells": cells_of(row, sweep, language)} for row in shown.iter_rows(named=True)],
    )


def region_of(sweep: Sweep) -> str:
    """The region in words: those that were varied, or the one that is fixed; the function of another model."""
    varied = sweep.plan.factors.get("region", [[]])[0]
    fixed = sweep.plan.fixed.get("region", {}).get("name", sweep.plan.model)
    return ", ".join(map(str, varied)) or str(fixed)


def how_to_reopen(sweep: Sweep, served: bool) -> tuple[str, str]:
    """Whether a run is reopened on the page or by a command, and that; or why it cannot be."""
    try:
        row_of(sweep.path, 0)
    except InputError as error:
        return str(error).partition(": ")[2], ""
    return ("page", "") if served else ("command", f"thuis run from={sweep.path}#17 out=run17")


def drawings(
    sweep: Sweep, ends: pl.DataFrame, shown: pl.DataFrame, words: dict[str, Any], language: str
) -> list[dict[str, Any]]:
    """A figure for every outcome and factor."""
    return [
        {
            "title": words["names"].get(outcome, outcome),
            "drawings": [
                (factor, drawing_of(ends, shown, factor, outcome, words, language))
                for factor in sweep.factors[:MOST_FACTORS]
            ],
        }
        for outcome in sweep.shown_outcomes[:MOST_OUTCOMES]
    ]


def drawing_of(
    ends: pl.DataFrame, shown: pl.DataFrame, factor: str, outcome: str, words: dict[str, Any], language: str
) -> Markup:
    """One figure as SVG in the page, each dot a link to its run in the list."""
    known = ends.filter(pl.col(outcome).is_not_null())
    with canvas(4.6, 3.4, language) as (sheet, axes):
        dots = draw_outcome(axes, known, factor, outcome, "", words["run"], words["mean"], set(shown["run"]))
        dots.set_urls([f"#run-{run}" for run in known.filter(pl.col("run").is_in(shown["run"].implode()))["run"]])
        if language == "nl" and known[factor].dtype.is_numeric():
            local_numbers(axes)
        file = io.StringIO()
        sheet.savefig(file, format="svg", metadata={"Date": None})
    return inline_svg(file.getvalue(), f"{words['names'].get(outcome, outcome)}: {factor}")


def inline_svg(text: str, label: str) -> Markup:
    """Matplotlib's SVG for within a page that allows no style but its own: style becomes attributes.

    Dots are links that the keyboard passes over, since the list of runs has the same.
    """
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r'style="([^"]*)"', lambda found: attributes(found[1]), body)
    body = body.replace("<a ", '<a tabindex="-1" ')
    head = Markup('<svg role="img" aria-label="{}" stroke-linejoin="round" ').format(label)
    return head + Markup(body.removeprefix("<svg "))  # noqa: S704  made by Matplotlib, which escapes text


def attributes(style: str) -> str:
    """The declarations of a style as attributes of the element."""
    found: dict[str, str] = {}
    for part in style.split(";"):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name == "font":
            size, _, family = value.partition(" ")
            found |= {"font-size": size, "font-family": family}
        elif name:
            found[name] = value
    return " ".join(f'{name}="{value}"' for name, value in found.items())


def cells_of(row: dict[str, Any], sweep: Sweep, language: str) -> list[str]:
    """A run as texts: its number, factors and outcomes."""
    values = [row[name] for name in (*sweep.factors, *sweep.shown_outcomes)]
    return [str(row["run"]), *(cell(value, language) for value in values)]


def cell(value: Any, language: str) -> str:
    """A number with some digits, or a word."""
    if value is None or isinstance(value, str | bool):
        return "–" if value is None else str(value)
    whole = abs(value) >= 1000 or float(value).is_integer()
    return written(float(value), 0 if whole else DIGITS, language)


def write_sweep_page(sweep: Sweep, language: str = "en") -> Path:
    """Write the page into the folder of the sweep; returns its path."""
    text = sweep_page(sweep, language)
    path = sweep.path / FILE
    written_file(path, lambda beside: beside.write_text(text, encoding="utf-8"))
    return path
