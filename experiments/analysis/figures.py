"""Figures of a sweep's analysis, each with its data beside it as CSV."""

from pathlib import Path

import polars as pl

INK, SOFT = "#1f3a5f", "#b8c7d9"


def save(figure, table: pl.DataFrame, folder: Path, name: str) -> Path:
    """Write NAME.svg and NAME.csv."""
    import matplotlib.pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / f"{name}.svg", bbox_inches="tight")
    plt.close(figure)
    table.write_csv(folder / f"{name}.csv")
    return folder / f"{name}.svg"


def figure_of(width: float, height: float, **options):
    """A figure without display."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), **options)


def draw_indices(table: pl.DataFrame, outcome: str, folder: Path) -> Path:
    """First-order and total indices as bars with their intervals."""
    table = table.sort("total")
    figure, axes = figure_of(7, 1 + 0.45 * len(table))
    places = list(range(len(table)))
    axes.barh([p + 0.2 for p in places], table["total"], 0.38, xerr=table["total_error"], color=SOFT, label="total")
    axes.barh(
        [p - 0.2 for p in places], table["first"], 0.38, xerr=table["first_error"], color=INK, label="first order"
    )
    axes.set_yticks(places, table["factor"].to_list())
    axes.set_xlabel(f"share of the variance of {outcome}")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return save(figure, table, folder, f"indices_{outcome}")


def draw_effects(table: pl.DataFrame, outcome: str, folder: Path) -> Path:
    """Mean and 80 % range of an outcome along each factor."""
    factors = table["factor"].unique(maintain_order=True).to_list()
    columns = min(len(factors), 3)
    rows = -(-len(factors) // columns)
    figure, axes = figure_of(3.4 * columns, 2.6 * rows, nrows=rows, ncols=columns, squeeze=False, sharey=True)
    for at, factor in enumerate(factors):
        part, place = table.filter(pl.col("factor") == factor), axes[at // columns][at % columns]
        numeric = part["value"].null_count() == 0
        x = part["value"].to_list() if numeric else part["level"].to_list()
        place.fill_between(x, part["p10"], part["p90"], color=SOFT, alpha=0.6, linewidth=0)
        place.plot(x, part["mean"], color=INK, marker="o", markersize=3)
        place.set_xlabel(factor, fontsize=8)
        place.spines[["top", "right"]].set_visible(False)
    for at in range(len(factors), rows * columns):
        axes[at // columns][at % columns].set_visible(False)
    for line in axes:
        line[0].set_ylabel(outcome)
    figure.tight_layout()
    return save(figure, table, folder, f"effects_{outcome}")


def draw_front(table: pl.DataFrame, everything: pl.DataFrame, x: str, y: str, folder: Path) -> Path:
    """The Pareto front of two outcomes among all points."""
    figure, axes = figure_of(6, 4)
    axes.scatter(everything[x], everything[y], s=10, color=SOFT, label="all")
    axes.plot(table[x], table[y], color=INK, marker="o", markersize=4, label="not beaten")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return save(figure, table, folder, f"front_{x}_{y}")
