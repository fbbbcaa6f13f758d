"""Charts of the report as SVG drawings inside the page: told apart by colour, mark and line."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import fill
from typing import Any

import numpy as np
import polars as pl

from experiments.compare.report.words import number
from experiments.results.palette import hue, series

COLOURS = series()
MARKS = ("o", "s", "^", "D", "v", "P", "X")
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
STYLE: dict[Any, Any] = {
    "font.size": 11, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.35,
    "legend.frameon": False, "svg.hashsalt": "thuis", "svg.fonttype": "path", "font.family": "DejaVu Sans",
    "text.parse_math": False,  # a title with two dollar signs is no formula
}  # fmt: skip
WIDTH = 7.6  # inches: the full width of the page
GROUPS = ("everyone", "established", "newcomer", "no_background", "background", "poorer", "better_off")


@contextmanager
def canvas(width: float, height: float, letters: float = 11) -> Iterator[tuple[Any, Any]]:
    """A figure and its axes, away from any screen, with letters of so many points."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE | {"font.size": letters}):
        sheet = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(sheet)
        yield sheet, sheet.add_subplot()


def as_address(sheet: Any) -> str:
    """A drawing as a data address for an image; without a date, so that equal comparisons give equal pages."""
    file = io.BytesIO()
    sheet.savefig(file, format="svg", metadata={"Date": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"


def local_axis(axis: Any, language: str, whole: bool = False) -> None:
    """Write the numbers of an axis in the local style, with as many decimals as their steps need."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=whole))

    def written(value: float, at: int | None) -> str:
        ticks = axis.get_majorticklocs()
        step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1
        digits = next((d for d in range(7) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 6)
        return number(value, digits, language)

    axis.set_major_formatter(FuncFormatter(written))


def mark(policy: int) -> str:
    """Another mark when colours repeat, so that no two policies look the same."""
    return MARKS[(policy + policy // len(COLOURS)) % len(MARKS)]


def legend_height(entries: int, beside: int) -> float:
    """Inches that a legend takes, with so many entries beside each other."""
    return 0.21 * -(-entries // beside)


def handle(policy: int) -> dict[str, Any]:
    """Colour and mark of a policy."""
    return {"color": COLOURS[policy % len(COLOURS)], "marker": mark(policy)}


def of_people(people: pl.DataFrame) -> pl.DataFrame:
    """The effect on the share at home of those who live there in both futures, per 1,000."""
    chosen = people.filter((pl.col("measure") == "at_home") & (pl.col("part") == "both"))
    return chosen.with_columns(pl.col("difference", "low", "high").cast(pl.Float64) * 1000)


def at_the_end(people: pl.DataFrame) -> pl.DataFrame:
    """The same after the last year."""
    return of_people(people).filter(pl.col("year") == people["year"].max())


def groups_shown(people: pl.DataFrame) -> list[str]:
    """The groups with an effect to show."""
    known = at_the_end(people).filter(pl.col("difference").is_not_null())["group"]
    return [group for group in GROUPS if group in known]


def groups_chart(people: pl.DataFrame, titles: dict[str, str], words: dict[str, Any], language: str) -> str:
    """Effect by group at the end: a dot with its range per policy."""
    beside = 1 if len(titles) > 2 else 2
    height = 0.8 + legend_height(len(titles), beside) + groups_height(people, titles)
    with canvas(WIDTH, height) as (sheet, axes):
        draw_groups(axes, people, titles, words, language)
        sheet.legend(loc="outside upper left", ncols=beside)
        return as_address(sheet)


def groups_height(people: pl.DataFrame, titles: dict[str, str]) -> float:
    """Inches that the rows of the chart of groups take."""
    return len(groups_shown(people)) * max(0.44, 0.19 * len(titles))


def draw_groups(axes: Any, people: pl.DataFrame, titles: dict[str, str], words: dict[str, Any], language: str) -> None:
    """Draw the effect by group, without a legend."""
    data, shown = at_the_end(people), groups_shown(people)
    step = 0.8 / max(len(titles), 1)
    for at, (name, title) in enumerate(titles.items()):
        own = data.filter(pl.col("policy") == name)
        rows = [own.filter(pl.col("group") == g).to_dicts()[0] for g in shown]
        where = np.arange(len(shown)) + (at - (len(titles) - 1) / 2) * step
        middle = np.array([r["difference"] for r in rows], float)
        ends = np.array([[r["low"], r["high"]] for r in rows], float)
        # By quantiles an end may lie on the other side of the mean; a bar has no negative length.
        width = np.nan_to_num(np.stack([middle - ends[:, 0], ends[:, 1] - middle])).clip(min=0)
        axes.errorbar(middle, where, xerr=width, linestyle="none", capsize=3, markersize=6, label=title, **handle(at))
    axes.axvline(0, color=hue("quiet"), linewidth=1)
    axes.set_yticks(np.arange(len(shown)), [fill(words["effects"]["groups"][g], 22) for g in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(words["figures"]["axis"])
    local_axis(axes.xaxis, language)


def time_chart(
    people: pl.DataFrame, titles: dict[str, str], groups: tuple[str, ...], words: dict[str, Any], language: str
) -> str:
    """Effect year by year; of two groups the second is dashed."""
    beside = 1 if len(groups) > 1 or len(titles) > 2 else 2
    with canvas(WIDTH, 3.4 + legend_height(len(titles) * len(groups), beside)) as (sheet, axes):
        draw_time(axes, people, titles, groups, words, language)
        sheet.legend(loc="outside upper left", ncols=beside, fontsize=9.5)
        return as_address(sheet)


def draw_time(
    axes: Any,
    people: pl.DataFrame,
    titles: dict[str, str],
    groups: tuple[str, ...],
    words: dict[str, Any],
    language: str,
) -> None:
    """Draw the effect year by year, without a legend."""
    data = of_people(people)
    for at, (name, title) in enumerate(titles.items()):
        for g, group in enumerate(groups):
            own = data.filter((pl.col("policy") == name) & (pl.col("group") == group)).sort("year")
            years = own["year"].to_numpy()
            low, high = (own[c].fill_null(float("nan")).to_numpy() for c in ("low", "high"))
            axes.fill_between(years, low, high, color=COLOURS[at % len(COLOURS)], alpha=0.15, linewidth=0)
            line = LINES[at % len(LINES)] if len(groups) == 1 else ("-", "--")[g]
            called = title if len(groups) == 1 else f"{title}: {words['effects']['groups'][group].lower()}"
            level = own["difference"].fill_null(float("nan")).to_numpy()
            axes.plot(
                years,
                level,
                color=COLOURS[at % len(COLOURS)],
                linestyle=line,
                label=called,
                marker=mark(at),
                markersize=5,
            )
    axes.axhline(0, color=hue("quiet"), linewidth=1)
    axes.set(xlabel=words["figures"]["year"], ylabel=words["figures"]["axis_short"])
    local_axis(axes.xaxis, language, whole=True)
    local_axis(axes.yaxis, language)
