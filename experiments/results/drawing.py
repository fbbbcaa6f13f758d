"""Common parts of all figures: an off-screen canvas, style and files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from scenarios.text import for_spreadsheets

STYLE: Any = {
    "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3,
    "legend.frameon": False, "svg.hashsalt": "thuis", "svg.fonttype": "none",
    "font.family": ["DejaVu Sans", "sans-serif"],
    "text.parse_math": False,  # a name with two dollar signs is no formula
}  # fmt: skip


@dataclass
class Figure:
    """A figure of the result: file name without ending, title, what is to be seen in a sentence, and drawing (SVG)."""

    name: str
    title: str
    text: str
    drawing: str = ""


@contextmanager
def canvas(width: float = 7.2, height: float = 4.2, language: str = "en") -> Iterator[tuple[Any, Any]]:
    """A figure and its axes; in Dutch the axes have decimal commas."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Sheet

    with matplotlib.rc_context(STYLE):
        sheet = Sheet(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(sheet)
        yield sheet, sheet.add_subplot()


@contextmanager
def axes_for(axes: Any, width: float = 7.2, height: float = 4.2, language: str = "en") -> Iterator[Any]:
    """Axes to draw in from Python: the given ones, or those of a new figure of pyplot, which a notebook shows."""
    import matplotlib
    import matplotlib.pyplot as plt  # before the style is set: a notebook sets its own when pyplot is imported

    with matplotlib.rc_context(STYLE):
        chosen = plt.figure(figsize=(width, height), layout="constrained").add_subplot() if axes is None else axes
        yield chosen
        if language == "nl":
            for each in chosen.figure.axes if axes is None else [chosen]:
                local_numbers(each)


def local_numbers(axes: Any) -> None:
    """Write the numbers of both axes the Dutch way, where they have numbers."""
    if axes.axison:
        for axis in (axes.xaxis, axes.yaxis):
            decimal_commas(axis)


def localise(sheet: Any, language: str) -> None:
    """Write the numbers of all axes of a figure as its language does."""
    if language == "nl":
        for axes in sheet.axes:
            local_numbers(axes)


def decimal_commas(axis: Any) -> None:
    """Write the numbers of an axis the Dutch way."""
    from matplotlib.ticker import ScalarFormatter

    class Commas(ScalarFormatter):
        def __call__(self, value: float, position: int | None = None) -> str:
            return super().__call__(value, position).replace(".", ",")

    axis.set_major_formatter(Commas(useOffset=False))


def save(sheet: Any, data: pl.DataFrame, folder: Path, name: str, language: str = "en") -> None:
    """Write a figure as PNG and SVG and its data as CSV; without dates, so that equal runs give equal files."""
    localise(sheet, language)
    sheet.get_layout_engine().execute(sheet)
    sheet.set_layout_engine("none")  # what was arranged stays, for both files
    sheet.savefig(folder / f"{name}.png", dpi=150, metadata={"Software": None})
    sheet.savefig(folder / f"{name}.svg", metadata={"Date": None})
    for_spreadsheets(data).write_csv(folder / f"{name}.csv", float_precision=6)
