"""Figures of a sensitivity study."""

from pathlib import Path

import numpy as np
import polars as pl

from experiments.drawing import canvas, save
from experiments.sensitivity.designs import BASIC

SHOWN = 15
TITLES = {"belonging": "mean belonging", "gap": "gap of newcomers", "slope": "slope on diversity"}


def draw_morris(folder: Path, table: pl.DataFrame) -> None:
    """mu* of the parameters that do most, for level, gap and slope."""
    for outcome in BASIC:
        chosen = table.filter(pl.col("outcome") == outcome).sort("mu_star", descending=True).head(SHOWN).reverse()
        with canvas(5.6, 4.4) as (sheet, axes):
            axes.barh(chosen["parameter"], chosen["mu_star"], xerr=chosen["mu_star_conf"], color="#0072B2", height=0.6)
            axes.set(xlabel="mean absolute elementary effect over the range", title=TITLES[outcome])
            axes.grid(False, axis="y")
            save(sheet, chosen, folder, f"morris_{outcome}")


def draw_sobol(folder: Path, table: pl.DataFrame) -> None:
    """Total and first-order indices of the leading parameters, with 95 % intervals."""
    for outcome in BASIC:
        chosen = table.filter(pl.col("outcome") == outcome).sort("ST")
        rows = np.arange(len(chosen))
        with canvas(5.6, 3.4) as (sheet, axes):
            for shift, index, colour, label in ((0.13, "ST", "#0072B2", "total"), (-0.13, "S1", "#E69F00", "alone")):
                axes.errorbar(chosen[index], rows + shift, xerr=chosen[f"{index}_conf"], fmt="o", color=colour, ms=5,
                              label=label)  # fmt: skip
            axes.set_yticks(rows, chosen["parameter"].to_list())
            axes.set(xlabel="share of the variance", title=TITLES[outcome], xlim=(-0.15, 1.15))
            axes.axvline(0, color="#888888", lw=0.8)
            axes.legend(frameon=False, loc="lower right")
            save(sheet, chosen, folder, f"sobol_{outcome}")


def draw_ranking(folder: Path, table: pl.DataFrame) -> None:
    """Effects of policies over the design: mean and the middle 90 %, by case."""
    cases = table["case"].unique(maintain_order=True).to_list()
    policies = table["policy"].unique(maintain_order=True).to_list()
    with canvas(6.2, 3.8) as (sheet, axes):
        for n, case in enumerate(cases):
            chosen = table.filter(pl.col("case") == case)
            at = np.arange(len(policies)) + 0.16 * (n - (len(cases) - 1) / 2)
            mean = chosen["mean_effect"].to_numpy()
            spread = np.abs(np.stack([mean - chosen["low"].to_numpy(), chosen["high"].to_numpy() - mean]))
            axes.errorbar(mean, at, xerr=spread, fmt="o", ms=4, label=case)
        axes.axvline(0, color="#888888", lw=0.8)
        axes.set_yticks(range(len(policies)), [name.replace("_", " ") for name in policies])
        axes.set(xlabel="effect on mean belonging after two years (middle 90 % of the design)")
        axes.legend(frameon=False, fontsize=7)
        save(sheet, table, folder, "ranking")
