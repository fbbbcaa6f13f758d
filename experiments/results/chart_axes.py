"""Charts and maps drawn with Matplotlib: for Python (`.plot()`) and for pictures on request."""

from typing import Any

import numpy as np

from experiments.results.chart import Chart, Map
from experiments.results.palette import amounts_map, hue

MANY = 500  # dots or shapes beyond which a drawing holds a picture of them


def draw_on(axes: Any, shown: Chart | Map) -> None:
    """Draw a chart or a map on Matplotlib's axes."""
    if isinstance(shown, Map):
        draw_map_on(axes, shown)
    else:
        draw_chart_on(axes, shown)


def draw_chart_on(axes: Any, chart: Chart) -> None:
    """Draw lines and dots, with a legend below."""
    if (dots := chart.dots) is not None:
        axes.scatter(
            dots.x,
            dots.y,
            s=dots.area,
            color=hue("blue"),
            alpha=0.55,
            linewidths=0.3,
            edgecolors="white",
            rasterized=len(dots.x) > MANY,
        )
    for line in chart.lines:
        axes.plot(
            line.x,
            line.y,
            color=line.colour,
            label=line.label,
            marker="o" if line.dots else None,
            markersize=3,
            linestyle=(0, line.dash) if line.dash else "-",
        )
    across, along = chart.labels
    axes.set(xlabel=across, ylabel=along, xlim=chart.x_range, ylim=chart.y_range)
    if chart.lines:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=chart.columns, fontsize=9)
    if chart.note:
        axes.set_title(chart.note, fontsize=9, loc="left")
    if chart.nothing:
        axes.text(0.5, 0.5, chart.nothing, ha="center", transform=axes.transAxes)


def draw_map_on(axes: Any, shown: Map) -> None:
    """Draw outlines, squares or dots in the colours of their values, with a bar that says what these mean."""
    from matplotlib.collections import PolyCollection

    if shown.dots is None:
        drawn: Any = PolyCollection(
            shown.rings,
            array=np.ma.masked_invalid(shown.values[shown.owner]),
            edgecolors="white",
            linewidths=0.3,
            rasterized=len(shown.rings) > MANY,
        )
        axes.add_collection(drawn)
        axes.autoscale_view()
    else:
        drawn = axes.scatter(
            shown.dots.x,
            shown.dots.y,
            c=shown.values,
            plotnonfinite=True,
            s=shown.dots.area,
            edgecolors="white",
            linewidths=0.5,
        )
        axes.margins(0.12)
    drawn.set_clim(*shown.range)
    drawn.set_cmap(amounts_map())
    write_names(axes, shown, drawn)
    axes.set_aspect(shown.stretch)
    axes.set_axis_off()
    axes.figure.colorbar(drawn, ax=axes, label=shown.label, shrink=0.8, extend="both")


def write_names(axes: Any, shown: Map, drawn: Any) -> None:
    """Names above dots, in squares, or on outlines."""
    from matplotlib.patheffects import withStroke

    for at, (x, y, name) in enumerate(shown.names):
        if shown.kind == "map":
            halo = [withStroke(linewidth=1.8, foreground="white")]
            axes.text(x, y, name, ha="center", va="center", fontsize=6, path_effects=halo)
            continue
        if shown.dots is not None:
            axes.annotate(
                name, (x, y), fontsize=6.5, ha="center", va="bottom", xytext=(0, 14), textcoords="offset points"
            )
        else:
            dark = np.mean(drawn.to_rgba(np.ma.masked_invalid(shown.values))[shown.owner[at], :3]) < 0.5
            axes.text(x, y, name, ha="center", va="center", fontsize=6, color="white" if dark else "black")
