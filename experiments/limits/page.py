"""The page of the limit cases: a figure and a table for each, known and ours."""

import base64
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from experiments.limits.cases import Case
from experiments.results.drawing import canvas, save
from experiments.results.folders import LIMITS, SUMMARY, write_json
from experiments.results.html import render_page
from experiments.results.version import version


def write_page(folder: Path, cases: Sequence[Case], seed: int) -> None:
    """page.html, a figure for each case (PNG, SVG and its table as CSV), and summary.json."""
    for case in cases:
        with canvas(7.2, 4.6) as (sheet, axes):
            case.draw(axes)
            axes.legend(fontsize=8, loc="best")
            save(sheet, case.table, folder, case.name)
    about = [{"case": case.name, "title": case.title, "verdict": case.verdict()} for case in cases]
    write_json(
        folder / SUMMARY, {"kind": LIMITS, "version": version(), "seed": seed, "title": "Limit cases", "cases": about}
    )
    shown = [(case, picture(folder / f"{case.name}.png"), cells_of(case)) for case in cases]
    page = render_page("experiments.limits", "page", style="experiments.hindcast", cases=shown, seed=seed)
    (folder / "page.html").write_text(page, encoding="utf-8")


def picture(path: Path) -> Markup:
    """A picture inside the page."""
    return Markup("data:image/png;base64,") + base64.b64encode(path.read_bytes()).decode()


def cells_of(case: Case) -> list[list[str]]:
    """The rows of a table as text."""
    return [[cell(value) for value in row] for row in case.table.rows()]


def cell(value: object) -> str:
    """A value in a table: a number in three decimals at most, yes or no, a dash where nothing is known."""
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
