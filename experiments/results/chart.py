"""What a figure of a run shows, however it is drawn: as SVG for the page, or with Matplotlib on request."""

from dataclasses import dataclass

import numpy as np

Range = tuple[float, float]
MARGIN = 0.05  # of the range of the values, to either side


@dataclass(frozen=True)
class Line:
    """A line through points; with `dots`, each point is marked.

    Attributes
    ----------
    x, y : float array [N]
    label : str
        In the legend.
    dash : tuple of float
        Lengths of dash and gap in turn, in line widths; empty for a solid line.
    """

    x: np.ndarray
    y: np.ndarray
    label: str
    colour: str
    dash: tuple[float, ...] = ()
    dots: bool = False


@dataclass(frozen=True)
class Dots:
    """Dots of different sizes, of one colour, or each of its own where `colours` is given.

    Attributes
    ----------
    x, y : float array [N]
    area : float array [N]
        Square of the diameter, in points (1/72 inch).
    """

    x: np.ndarray
    y: np.ndarray
    area: np.ndarray


@dataclass(frozen=True)
class Chart:
    """Lines and dots over two axes.

    Attributes
    ----------
    lines : tuple of Line
    dots : Dots or None
    labels : tuple of str
        Of the horizontal and the vertical axis.
    x_range, y_range : tuple of float
        What the axes show.
    note : str
        A line above.
    nothing : str
        What is said where there is nothing to draw.
    columns : int
        Of the legend.
    """

    lines: tuple[Line, ...]
    dots: Dots | None
    labels: tuple[str, str]
    x_range: Range
    y_range: Range
    note: str = ""
    nothing: str = ""
    columns: int = 2


@dataclass(frozen=True)
class Map:
    """A value per neighbourhood as the colour of an outline, a dot or a square.

    Attributes
    ----------
    kind : {"map", "points", "grid"}
    values : float array [J]
        nan where too few people live.
    range : tuple of float
        The values of the first and the last colour.
    rings : list of float array [N, 2]
        Outlines, or squares; y grows upwards. Empty for dots.
    owner : int array
        The neighbourhood of each outline.
    dots : Dots or None
    names : list of (x, y, text)
        Written on the map.
    stretch : float
        How much longer a unit of y is drawn than one of x.
    label : str
        What the colours mean.
    """

    kind: str
    values: np.ndarray
    range: Range
    rings: list[np.ndarray]
    owner: np.ndarray
    dots: Dots | None
    names: list[tuple[float, float, str]]
    stretch: float
    label: str


def range_of(*values: np.ndarray, margin: float = MARGIN) -> Range:
    """The range of all values with a margin; 0 to 1 where there are none."""
    known = np.concatenate([np.asarray(each, float).ravel() for each in values]) if values else np.zeros(0)
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    wider = (high - low) * margin
    return low - wider, high + wider


def at_least(limits: Range, span: float) -> Range:
    """A range, widened to a span, so that small differences look small; around 0.5 where it is not known."""
    low, high = limits if np.isfinite(limits).all() else (0.0, 1.0)
    wider = max(span - (high - low), 0) / 2
    return low - wider, high + wider


def ticks_of(limits: Range, most: int = 7) -> tuple[np.ndarray, int]:
    """Round numbers within a range, and how many decimals they need."""
    low, high = limits
    rough = max(high - low, 1e-9) / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(part * power for part in (1.0, 2.0, 2.5, 5.0, 10.0) if part * power >= rough * (1 - 1e-9))
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    digits = next((d for d in range(7) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 6)
    return np.arange(first, last + 1) * step + 0.0, digits
