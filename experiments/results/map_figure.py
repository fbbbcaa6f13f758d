"""The map of a result: outlines where known, else points at the neighbourhoods' location, else a grid of squares."""

from typing import Any

import numpy as np
import polars as pl

from experiments.results.drawing import at_least

UNKNOWN = "#e4e4e4"  # too few people for a mean
COLOUR_MAP = "cividis"  # made for the colour-blind; dark is low
NARROWEST = 0.05  # of belonging: smaller differences do not get the whole range of colours
MANY = 60  # beyond so many neighbourhoods no names are written


def values_on_map(neighbourhoods: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """A row per neighbourhood: its location and belonging, null where too few people live."""
    last = last.select("neighbourhood", "belonging", "at_home", "residents")
    located = neighbourhoods.select("neighbourhood", "name", "x", "y")
    return located.join(last, on="neighbourhood", how="left", maintain_order="left")


def draw_map(
    axes: Any, neighbourhoods: pl.DataFrame, outlines: dict[str, Any], values: pl.DataFrame, label: str
) -> str:
    """Draw the belonging of every neighbourhood.

    Parameters
    ----------
    axes : matplotlib Axes
    neighbourhoods : polars.DataFrame
        As in neighbourhoods.parquet.
    outlines : dict of str to dict
        GeoJSON geometries by code; empty where they are not known.
    values : polars.DataFrame
        Of `values_on_map`.
    label : str
        What the colours mean.

    Returns
    -------
    {"map", "points", "grid"}
        How they are drawn.
    """
    colour = np.ma.masked_invalid(values["belonging"].fill_null(np.nan).to_numpy())
    points = neighbourhoods.select(pl.col("x", "y").fill_null(np.nan)).to_numpy()
    axes.set_aspect("equal")  # before drawing, for outlines in degrees set another
    if outlines:
        kind, drawn = "map", draw_outlines(axes, neighbourhoods, outlines, colour)
    elif np.isfinite(points).all() and len(np.unique(points, axis=0)) == len(points):
        kind, drawn = "points", draw_points(axes, neighbourhoods, colour)
    else:
        kind, drawn = "grid", draw_grid(axes, neighbourhoods, colour)
    drawn.set_clim(*at_least(common_range(colour), NARROWEST))
    drawn.set_cmap(colours())
    axes.set_axis_off()
    axes.figure.colorbar(drawn, ax=axes, label=label, shrink=0.8, extend="both")
    return kind


def colours() -> Any:
    """The colour map, with grey for what is not known."""
    from matplotlib import colormaps

    return colormaps[COLOUR_MAP].with_extremes(bad=UNKNOWN)


def common_range(colour: np.ma.MaskedArray) -> tuple[float, float]:
    """The range of values between the 2nd and 98th percentile."""
    known = colour.compressed()
    return (float(np.quantile(known, 0.02)), float(np.quantile(known, 0.98))) if len(known) else (np.nan, np.nan)


def rings(geometry: dict[str, Any]) -> list[np.ndarray]:
    """Outer rings of a GeoJSON polygon or multipolygon."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry.get("coordinates", [])
    return [np.asarray(part[0], float)[:, :2] for part in parts if len(part) and len(part[0]) > 2]


def draw_outlines(axes: Any, neighbourhoods: pl.DataFrame, outlines: dict[str, Any], colour: np.ndarray) -> Any:
    """Filled outlines."""
    from matplotlib.collections import PolyCollection

    shapes, shown = [], []
    for code, value in zip(neighbourhoods["neighbourhood"], np.ma.filled(colour, np.nan), strict=True):
        for ring in rings(outlines.get(code, {"type": "", "coordinates": []})):
            shapes.append(ring)
            shown.append(value)
    drawn = PolyCollection(
        shapes,
        array=np.ma.masked_invalid(shown),
        edgecolors="white",
        linewidths=0.3,
        rasterized=len(shapes) > 500,
    )
    axes.add_collection(drawn)
    axes.autoscale_view()
    if shapes and abs(np.concatenate(shapes)[:, 1]).max() <= 90:  # degrees: a degree of longitude is shorter
        axes.set_aspect(1 / np.cos(np.deg2rad(np.concatenate(shapes)[:, 1].mean())))
    return drawn


def draw_points(axes: Any, neighbourhoods: pl.DataFrame, colour: np.ndarray) -> Any:
    """Circles where the neighbourhoods lie, their area the residents."""
    x, y, residents = (neighbourhoods[name].to_numpy() for name in ("x", "y", "residents_data"))
    size = residents / residents.max()
    spread = 9000 / max(len(size), 8)
    drawn = axes.scatter(
        x,
        y,
        c=np.ma.filled(colour, np.nan),  # Matplotlib warns of a masked first value
        plotnonfinite=True,
        s=12 + spread * size,
        edgecolors="white",
        linewidths=0.5,
    )
    if len(size) <= MANY:
        for name, *point in zip(neighbourhoods["name"], x, y, strict=True):
            axes.annotate(
                name, point, fontsize=6.5, ha="center", va="bottom", xytext=(0, 14), textcoords="offset points"
            )
    axes.margins(0.12)
    return drawn


def draw_grid(axes: Any, neighbourhoods: pl.DataFrame, colour: np.ndarray) -> Any:
    """Squares by municipality, in the order in which these are first named, and code."""
    named_first = {code: k for k, code in enumerate(neighbourhoods["municipality"].unique(maintain_order=True))}
    municipality = np.array([named_first[code] for code in neighbourhoods["municipality"]])
    order = np.lexsort((np.array(neighbourhoods["neighbourhood"].to_list()), municipality))
    count = len(neighbourhoods)
    wide = int(np.ceil(np.sqrt(count * 1.4)))
    cells = np.ma.masked_all((int(np.ceil(count / wide)), wide))
    cells.reshape(-1)[:count] = colour[order]
    drawn = axes.pcolormesh(
        cells,
        edgecolors="white",
        linewidth=0.5 if count < 500 else 0.1,
        rasterized=count > 500,
    )
    axes.invert_yaxis()
    if count <= MANY:
        for at, j in enumerate(order.tolist()):
            name = neighbourhoods["name"][j]
            value = colour[j]
            dark = bool(np.ma.is_masked(value)) or value < (colour.min() + colour.max()) / 2
            axes.text(at % wide + 0.5, at // wide + 0.5, name if len(name) < 16 else f"{name[:14]}…", ha="center",
                      va="center", fontsize=6, color="white" if dark else "black")  # fmt: skip
    return drawn
