"""Figures of what matters: main effects, interactions, indices and surfaces; each with its data beside it as CSV."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from experiments.results.drawing import canvas, save
from experiments.results.palette import amounts_map, hue, series

if TYPE_CHECKING:
    from experiments.analysis.surface import Surface

INK, SOFT, WARM = hue("blue"), hue("line"), hue("orange")
LINES = series()
SURFACE_STEPS = 41


def label(factor: str) -> str:
    """A factor's name as the label of an axis."""
    return factor.removeprefix("parameters.").replace("_", " ")


def finish(sheet: Any, table: pl.DataFrame, folder: Path, name: str) -> Path:
    """Write NAME.png, NAME.svg and NAME.csv; the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    save(sheet, table, folder, name)
    return folder / f"{name}.png"


def panels(sheet: Any, count: int, columns: int = 4) -> list[Any]:
    """Axes for `count` panels that share their vertical axis."""
    sheet.clear()
    columns = min(count, columns)
    rows = -(-count // columns)
    grid = sheet.subplots(rows, columns, squeeze=False, sharey=True)
    for spare in grid.flat[count:]:
        spare.set_visible(False)
    return list(grid.flat[:count])


def draw_effects(table: pl.DataFrame, outcome: str, folder: Path) -> Path:
    """Mean, its 95 % interval and the range of 80 % of the runs along each factor."""
    factors = table["factor"].unique(maintain_order=True).to_list()
    columns = min(len(factors), 4)
    with canvas(2.6 * columns + 0.6, 2.3 * -(-len(factors) // columns) + 0.4) as (sheet, _):
        for at, (factor, axes) in enumerate(zip(factors, panels(sheet, len(factors)), strict=True)):
            part = table.filter(pl.col("factor") == factor)
            words = part["value"].null_count() > 0
            x = part["level"].to_list() if words else part["value"].to_list()
            mean, error = part["mean"].to_numpy(), 1.96 * part["standard_error"].fill_null(0).to_numpy()
            low, high = mean - part["p10"].to_numpy(), part["p90"].to_numpy() - mean
            if words:
                axes.errorbar(x, mean, yerr=[low, high], fmt="none", color=SOFT, linewidth=6)
                axes.errorbar(x, mean, yerr=error, fmt="o", color=INK, markersize=4)
                axes.tick_params(axis="x", labelrotation=20)
            else:
                axes.fill_between(x, mean - low, mean + high, color=SOFT, alpha=0.6, linewidth=0)
                axes.errorbar(x, mean, yerr=error, color=INK, marker="o", markersize=3, linewidth=1.2)
            axes.set_xlabel(label(factor), fontsize=9)
            if at % columns == 0:
                axes.set_ylabel(label(outcome))
        sheet.suptitle(f"{label(outcome)}: mean, 95 % interval, and 80 % of runs", fontsize=10)
        return finish(sheet, table, folder, f"effects_{outcome}")


def draw_interaction(table: pl.DataFrame, outcome: str, folder: Path) -> Path:
    """Mean of an outcome along one factor, a line per level of another: not parallel means an interaction."""
    first, second = table.columns[:2]
    with canvas(6.0, 4.0) as (sheet, axes):
        for at, (level, part) in enumerate(table.group_by(second, maintain_order=True)):
            name = f"{level[0]:.3g}" if isinstance(level[0], float) else str(level[0])
            colour, error = LINES[at % len(LINES)], 1.96 * part["standard_error"].fill_null(0)
            axes.errorbar(part[first], part["mean"], yerr=error, color=colour, marker="o", markersize=4, label=name)
        axes.set_xlabel(label(first))
        axes.set_ylabel(f"{label(outcome)}, mean and 95 % interval")
        axes.legend(title=label(second))
        return finish(sheet, table, folder, f"interaction_{outcome}")


def draw_indices(table: pl.DataFrame, outcome: str, folder: Path) -> Path:
    """First-order and total Sobol indices as bars with their intervals."""
    ordered = table.sort("total")
    rows = np.arange(len(ordered))
    with canvas(7, 1.3 + 0.42 * len(ordered)) as (sheet, axes):
        for shift, name, text, colour in (
            (0.2, "total", "with interactions (total)", SOFT),
            (-0.2, "first", "alone (first order)", INK),
        ):
            axes.barh(
                rows + shift,
                ordered[name],
                0.38,
                xerr=ordered[f"{name}_error"],
                color=colour,
                label=text,
                error_kw={"linewidth": 1},
            )
        axes.set_yticks(rows, [label(name) for name in ordered["factor"]])
        axes.set_xlabel(f"share of the variance of {label(outcome)}")
        axes.legend(loc="lower right")
        return finish(sheet, ordered.reverse(), folder, f"indices_{outcome}")


def draw_morris(table: pl.DataFrame, outcome: str, folder: Path) -> Path:
    """Morris's elementary effects: importance against spread (interactions or curvature)."""
    with canvas(6.4, 4.4) as (sheet, axes):
        axes.errorbar(table["mean_absolute"], table["spread"], xerr=table["error"], fmt="o", color=INK, ecolor=SOFT)
        for row in table.iter_rows(named=True):
            axes.annotate(
                label(row["factor"]),
                (row["mean_absolute"], row["spread"]),
                xytext=(5, 4),
                textcoords="offset points",
                fontsize=8,
            )
        axes.set_xlabel(f"mean absolute effect on {label(outcome)} over the factor's range")
        axes.set_ylabel("spread of the effect")
        axes.margins(x=0.15)
        return finish(sheet, table.sort("mean_absolute", descending=True), folder, f"morris_{outcome}")


def draw_surface(surface: "Surface", outcome: str, folder: Path) -> Path:
    """The fitted surface over the two factors that move it most, the others in the middle of their range."""
    x, y = surface.strongest()
    grids = [np.linspace(surface.low[at], surface.high[at], SURFACE_STEPS) for at in (x, y)]
    points = np.tile((surface.low + surface.high) / 2, (SURFACE_STEPS**2, 1))
    points[:, x], points[:, y] = (grid.ravel() for grid in np.meshgrid(*grids))
    height = surface(points)
    with canvas(6.2, 4.6) as (sheet, axes):
        filled = axes.contourf(*grids, height.reshape(SURFACE_STEPS, SURFACE_STEPS), levels=12, cmap=amounts_map())
        sheet.colorbar(filled, label=label(outcome))
        axes.set_xlabel(label(surface.factors[x]))
        axes.set_ylabel(label(surface.factors[y]))
        axes.set_title(f"second-degree surface, {surface.explained:.0%} of the variance explained", fontsize=10)
        axes.grid(False)
        table = pl.DataFrame({surface.factors[x]: points[:, x], surface.factors[y]: points[:, y], outcome: height})
        return finish(sheet, table, folder, f"surface_{outcome}")
