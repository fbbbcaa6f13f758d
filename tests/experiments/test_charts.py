"""Figures of a run: drawn without Matplotlib, and the same with it on request."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest

from experiments.results.chart import Chart, Dots, Line, Map, at_least, range_of, ticks_of
from experiments.results.chart_axes import draw_on
from experiments.results.chart_svg import draw_chart
from experiments.results.drawing import canvas
from experiments.results.export import export_result
from experiments.results.figures import FIGURES
from experiments.results.map_figure import map_of, values_on_map
from experiments.results.map_svg import COLOURS, UNKNOWN, colours_of, draw_map
from experiments.run.command import main as run

HOSTILE = "<script>alert(1)</script> & \"a' $x$"


def elements(svg: str, name: str) -> list[ElementTree.Element]:
    """Elements of a drawing, which must be well formed."""
    return list(ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{name}"))


def words_in(svg: str) -> list[str | None]:
    """All words of a drawing."""
    return [element.text for element in elements(svg, "text")]


@pytest.mark.parametrize("limits", [(0.0, 1.0), (0.55, 0.68), (-3.0, 12.0), (0.0, 103.0), (0.631, 0.632), (2.0, 2.0)])
def test_ticks_are_round_few_and_within(limits: tuple[float, float]) -> None:
    low, high = at_least(limits, 1e-3)
    ticks, digits = ticks_of((low, high))
    assert 2 <= len(ticks) <= 8 and ticks[0] >= low - 1e-9 and ticks[-1] <= high + 1e-9
    np.testing.assert_allclose(np.round(ticks, digits), ticks, atol=1e-9)


def test_ranges() -> None:
    assert range_of(np.array([1.0, 3.0, np.nan])) == pytest.approx((0.9, 3.1))
    assert range_of() == pytest.approx((-0.05, 1.05))
    assert at_least((0.60, 0.62), 0.1) == pytest.approx((0.56, 0.66))
    assert at_least((np.nan, np.nan), 0.1) == (0.0, 1.0)


def test_lines_and_dots_lie_where_matplotlib_puts_them() -> None:
    """In one plane of pixels after one stretch; and a line stops where a value is not known."""
    x, y = np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.array([0.2, 0.8, np.nan, 0.4, 0.5])
    line = Line(x, y, HOSTILE, "#000000", (4.0, 2.0), dots=True)
    chart = Chart((line,), Dots(x, 1 - y, np.full(5, 20.0)), ("years", HOSTILE), (-1.0, 5.0), (0.0, 1.0), note="note")
    svg = draw_chart(chart, 7.2, 4.2, "nl")
    parts = [element.get("points", "").split() for element in elements(svg, "polyline")]
    assert [len(part) for part in parts] == [2, 2]
    found = np.array([point.split(",") for part in parts for point in part], float)
    known = np.isfinite(y)
    with canvas() as (_, axes):
        draw_on(axes, chart)
        (drawn,) = axes.lines
        np.testing.assert_array_equal(drawn.get_ydata(), y)
        wanted = axes.transData.transform(np.stack([x, y], axis=1)[known])
    for at, sign in ((0, 1), (1, -1)):  # in SVG y grows downwards
        a, b = found[:, at], sign * wanted[:, at]
        np.testing.assert_allclose((a - a[0]) / np.ptp(a), (b - b[0]) / np.ptp(b), atol=1e-3)
    seen = words_in(svg)
    assert HOSTILE in seen and "0,2" in seen and "note" in seen
    assert not elements(svg, "script")


def table(count: int, located: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Neighbourhoods, and their last month; the first has too few people."""
    at = np.arange(count)
    codes = pl.DataFrame({"neighbourhood": [f"W{n:03d}" for n in at], "municipality": ["B", "A"] * (count // 2)})
    x = at.astype(float) if located else np.zeros(count)
    places = codes.with_columns(name=pl.lit(HOSTILE), x=x, y=-x, residents_data=pl.Series(100 * (1 + at)))
    level = pl.Series(np.linspace(0.5, 0.7, count))
    last = codes.with_columns(belonging=level, at_home=pl.lit(0.5), residents=pl.lit(1000))
    return places, last.slice(1)


@pytest.mark.parametrize("kind", ["points", "grid"])
def test_maps_without_outlines(kind: str) -> None:
    places, last = table(8, kind == "points")
    shown = map_of(places, {}, values_on_map(places, last), "label")
    assert shown.kind == kind
    svg = draw_map(shown, 7.2, 5.2, "en")
    name = "circle" if kind == "points" else "path"
    fills = [element.get("fill") for element in elements(svg, name)][:8]
    assert fills == [colours_of(shown.values, shown.range)[j] for j in (shown.owner if kind == "grid" else range(8))]
    assert fills.count(UNKNOWN) == 1 and COLOURS[-1] in fills and "label" in words_in(svg)
    assert not elements(svg, "script")
    with canvas() as (sheet, axes):
        draw_on(axes, shown)
        sheet.draw_without_rendering()
        drawn = axes.collections[0].get_facecolors()[:, :3]
    both = np.array([[int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5)] for fill in fills if fill])
    np.testing.assert_allclose(drawn, both, atol=0.02)


def test_many_neighbourhoods_have_no_names_and_a_small_drawing() -> None:
    places, last = table(3000, True)
    shown = map_of(places, {}, values_on_map(places, last), "label")
    assert isinstance(shown, Map) and not shown.names and len(draw_map(shown, 7.2, 5.2, "en")) < 250_000


def test_pictures_on_request(tmp_path: Path) -> None:
    out = tmp_path / "result"
    assert run(["region=vaals", "scale=20", "years=1", "progress=none", "language=nl", f"out={out}"]) == 0
    for name in FIGURES:
        assert words_in((out / "figures" / f"{name}.svg").read_text(encoding="utf-8"))
    pictures = export_result(out, "png", tmp_path / "pictures")
    assert {path.name: path.read_bytes()[:8] for path in pictures.iterdir()} == {
        f"{name}.png": b"\x89PNG\r\n\x1a\n" for name in FIGURES
    }
