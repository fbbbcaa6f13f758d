"""Pictures for slides: 16 by 9, with the finding as their title, as PNG and SVG and with their numbers as CSV."""

from collections.abc import Callable
from pathlib import Path
from textwrap import fill
from typing import Any

import polars as pl

from experiments.compare.report.charts import at_the_end, canvas, draw_groups, draw_time, of_people
from experiments.compare.report.finding import findings
from experiments.compare.report.material import Report
from experiments.results.drawing import save

WIDTH, HEIGHT = 12.8, 7.2  # inches: 1920 by 1080 at the 150 dots of an inch that figures are saved with
MARGIN = 0.25  # inches around what is drawn
LETTERS = 74  # of a title on a line
BOTH = ("established", "newcomer")


def write_pictures(report: Report, folder: Path) -> list[str]:
    """Draw the figures of a report into `figures`; returns the names of the pictures, without their endings."""
    target = folder / "figures"
    target.mkdir()
    people, titles, words, language = report.frames["people"], report.compared, report.words, report.language
    drawings: dict[str, tuple[Callable[[Any], None], pl.DataFrame]] = {
        "groups": (lambda axes: draw_groups(axes, people, titles, words, language), at_the_end(people)),
        "time": (lambda axes: draw_time(axes, people, titles, ("everyone",), words, language), of_people(people)),
        "newcomers": (lambda axes: draw_time(axes, people, titles, BOTH, words, language), of_people(people)),
    }
    heading = fill(str(findings(report)[0].unescape()), LETTERS)  # type: ignore[attr-defined]
    for name, (draw, data) in drawings.items():
        with canvas(WIDTH, HEIGHT, 15) as (sheet, axes):
            draw(axes)
            sheet.get_layout_engine().set(w_pad=MARGIN, h_pad=MARGIN / 2)
            sheet.suptitle(heading, fontsize=19, fontweight="bold", x=MARGIN / WIDTH, ha="left")
            axes.set_title(report.say(words["figures"][f"{name}_title"]).unescape(), loc="left", fontsize=15)
            sheet.legend(loc="outside lower center", ncols=2 if len(titles) > 1 or name == "newcomers" else 1)
            save(sheet, data, target, name)
    return list(drawings)
