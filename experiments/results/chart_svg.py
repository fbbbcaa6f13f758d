"""Charts as SVG drawings, written without Matplotlib: of lines, dots and words there is little to arrange."""

from collections.abc import Iterable
from html import escape

import numpy as np

from experiments.results.chart import Chart, Dots, Line, ticks_of
from experiments.results.palette import hue
from experiments.results.phrases import written
from scenarios.text import plain_text

INCH = 100.0  # pixels
POINT = INCH / 72
LEFT, RIGHT, TOP, BOTTOM = 66.0, 14.0, 12.0, 50.0  # pixels around the axes
ROW = 19.0  # of the legend
STYLE = (
    f"text{{font:13px 'DejaVu Sans',sans-serif;fill:{hue('ink')}}}"
    ".m{text-anchor:middle}.e{text-anchor:end}"
    f".s{{font-size:12px}}.g{{stroke:{hue('grey')};stroke-opacity:.3}}.a{{stroke:{hue('ink')}}}"
    ".l{fill:none;stroke-width:2}"
)


class Sheet:
    """A drawing of some width and height in pixels, to which elements are added."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.parts: list[str] = []

    def add(self, name: str, **attributes: object) -> None:
        """Add an element; an underscore in the name of an attribute is written as a hyphen."""
        self.parts.append(f"<{name}{written_attributes(attributes)}/>")

    def text(self, x: float, y: float, words: str, **attributes: object) -> None:
        """Add words; `kind` names classes of the style."""
        self.parts.append(f"<text{written_attributes({'x': x, 'y': y, **attributes})}>{safe(words)}</text>")

    def line(self, ends: tuple[float, float, float, float], **attributes: object) -> None:
        """Add a line from x, y to x, y."""
        x1, y1, x2, y2 = ends
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)

    def svg(self) -> str:
        """The whole drawing."""
        size = f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{STYLE}</style>\n'
            '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(self.parts) + "\n</svg>\n"
        )


def written_attributes(attributes: dict[str, object]) -> str:
    """Attributes as they stand in an element; numbers to a tenth of a pixel."""
    shown = {
        name: f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else safe(str(value))
        for name, value in attributes.items()
    }
    return "".join(f' {"class" if name == "kind" else name.replace("_", "-")}="{text}"' for name, text in shown.items())


def safe(text: str) -> str:
    """A text that is shown as it is, whoever wrote it."""
    return escape(plain_text(text))


class Axes:
    """A chart's axes on a sheet: where values lie.

    Parameters
    ----------
    box : tuple of float
        Left, top, right and bottom, in pixels.
    """

    def __init__(self, chart: Chart, box: tuple[float, float, float, float]) -> None:
        self.chart, self.box = chart, box

    def x(self, values: np.ndarray) -> np.ndarray:
        """Pixels from the left."""
        low, high = self.chart.x_range
        return self.box[0] + (np.asarray(values, float) - low) / (high - low) * (self.box[2] - self.box[0])

    def y(self, values: np.ndarray) -> np.ndarray:
        """Pixels from the top."""
        low, high = self.chart.y_range
        return self.box[3] - (np.asarray(values, float) - low) / (high - low) * (self.box[3] - self.box[1])


def draw_chart(chart: Chart, width: float, height: float, language: str) -> str:
    """A chart as SVG.

    Parameters
    ----------
    width, height : float
        Inches.
    """
    sheet = Sheet(width * INCH, height * INCH)
    named = [line for line in chart.lines if line.label]
    rows = -(-len(named) // chart.columns)
    top = TOP + (ROW if chart.note else 0)
    axes = Axes(chart, (LEFT, top, sheet.width - RIGHT, sheet.height - BOTTOM - ROW * rows))
    draw_axes(sheet, axes, language)
    if chart.note:
        sheet.text(LEFT, top - 8, chart.note, kind="s")
    if chart.dots is not None:
        draw_dots(sheet, axes.x(chart.dots.x), axes.y(chart.dots.y), chart.dots)
    for line in chart.lines:
        draw_line(sheet, axes, line)
    draw_legend(sheet, named, chart.columns, sheet.height - ROW * rows)
    if chart.nothing:
        left, top, right, bottom = axes.box
        sheet.text((left + right) / 2, (top + bottom) / 2, chart.nothing, kind="m")
    return sheet.svg()


def draw_axes(sheet: Sheet, axes: Axes, language: str) -> None:
    """Axes with round numbers, a grid and labels."""
    left, top, right, bottom = axes.box
    ticks, digits = ticks_of(axes.chart.x_range, 9)
    for value, at in zip(ticks, axes.x(ticks).tolist(), strict=True):
        sheet.line((at, top, at, bottom), kind="g")
        sheet.text(at, bottom + 18, written(float(value), digits, language), kind="m s")
    ticks, digits = ticks_of(axes.chart.y_range)
    for value, at in zip(ticks, axes.y(ticks).tolist(), strict=True):
        sheet.line((left, at, right, at), kind="g")
        sheet.text(left - 7, at + 4, written(float(value), digits, language), kind="e s")
    sheet.line((left, bottom, right, bottom), kind="a")
    sheet.line((left, top, left, bottom), kind="a")
    across, along = axes.chart.labels
    sheet.text((left + right) / 2, bottom + 38, across, kind="m")
    middle = (top + bottom) / 2
    sheet.text(16.0, middle, along, kind="m", transform=f"rotate(-90 16 {middle:.1f})")


def draw_line(sheet: Sheet, axes: Axes, line: Line) -> None:
    """A line, broken where a value is not known."""
    x, y = axes.x(line.x), axes.y(line.y)
    known = np.isfinite(x) & np.isfinite(y)
    for part in np.split(np.arange(len(x)), np.flatnonzero(np.diff(known.astype(int))) + 1):
        if len(part) and known[part[0]]:
            points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x[part], y[part], strict=True))
            sheet.add("polyline", kind="l", points=points, stroke=line.colour, **dashed(line))
    if line.dots:
        for a, b in zip(x[known].tolist(), y[known].tolist(), strict=True):
            sheet.add("circle", cx=a, cy=b, r=2.5, fill=line.colour)


def dashed(line: Line) -> dict[str, str]:
    """The attribute of a line that is not solid."""
    return {"stroke_dasharray": " ".join(f"{2 * length:g}" for length in line.dash)} if line.dash else {}


def draw_dots(sheet: Sheet, x: np.ndarray, y: np.ndarray, dots: Dots, colours: Iterable[str] | None = None) -> None:
    """Dots, see-through where they are of one colour."""
    group = f'fill="{hue("blue")}" fill-opacity=".55"' if colours is None else ""
    sheet.parts.append(f'<g {group} stroke="white" stroke-width=".5">')
    radius = np.sqrt(dots.area) / 2 * POINT
    filled = ["" for _ in x] if colours is None else [f' fill="{colour}"' for colour in colours]
    for a, b, r, fill in zip(x, y, np.broadcast_to(radius, x.shape), filled, strict=True):
        sheet.parts.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{r:.1f}"{fill}/>')
    sheet.parts.append("</g>")


def draw_legend(sheet: Sheet, lines: list[Line], columns: int, top: float) -> None:
    """A sample of each line with its label, in columns below the axes, filled from above as Matplotlib does."""
    rows = -(-len(lines) // columns)
    wide = (sheet.width - LEFT - RIGHT) / columns
    for n, line in enumerate(lines):
        x, y = LEFT + wide * (n // rows), top + ROW * (n % rows) + 8
        sheet.line((x, y, x + 30, y), kind="l", stroke=line.colour, **dashed(line))
        if line.dots:
            sheet.add("circle", cx=x + 15, cy=y, r=2.5, fill=line.colour)
        sheet.text(x + 37, y + 4, line.label, kind="s")
