"""Figures of a sensitivity study."""

from pathlib import Path

import numpy as np
import polars as pl

from experiments.results.drawing import canvas, save
from experiments.results.palette import hue
from experiments.sensitivity.designs import EFFECT
from experiments.sensitivity.outcomes import MEASURES

SHOWN = 15
COLOURS = tuple(hue(name) for name in ("blue", "amber", "green", "purple"))


def measures_in(table: pl.DataFrame) -> list[str]:
    """The measures of a table, without the effects of policies."""
    return [name for name in table["outcome"].unique(maintain_order=True) if not name.startswith(EFFECT)]


def title_of(outcome: str) -> str:
    """What a measure is, for the head of a figure."""
    text = MEASURES[outcome]
    return text[0].upper() + text[1:]


def draw_morris(folder: Path, table: pl.DataFrame) -> None:
    """mu* of the parameters that do most, for every measure."""
    for outcome in measures_in(table):
        chosen = table.filter(pl.col("outcome") == outcome).sort("mu_star", descending=True).head(SHOWN).reverse()
        with canvas(6.2, 4.4) as (sheet, axes):
            axes.barh(
                chosen["parameter"], chosen["mu_star"], xerr=chosen["mu_star_conf"], color=hue("blue"), height=0.6
            )
            axes.set(xlabel="mean absolute elementary effect over the range")
            axes.set_title(title_of(outcome), loc="left", fontsize=10)
            axes.grid(False, axis="y")
            save(sheet, chosen, folder, f"morris_{outcome}")


def draw_sobol(folder: Path, table: pl.DataFrame) -> None:
    """Total and first-order indices of the leading parameters, with 95 % intervals."""
    for outcome in measures_in(table):
        chosen = table.filter(pl.col("outcome") == outcome).sort("ST")
        rows = np.arange(len(chosen))
        with canvas(6.2, 0.3 * len(chosen) + 1.2) as (sheet, axes):
            for shift, index, colour, label in (
                (0.13, "ST", hue("blue"), "total"),
                (-0.13, "S1", hue("amber"), "alone"),
            ):
                axes.errorbar(
                    chosen[index], rows + shift, xerr=chosen[f"{index}_conf"], fmt="o", color=colour, ms=5, label=label
                )
            axes.set_yticks(rows, chosen["parameter"].to_list())
            axes.set(xlabel="share of the variance, with 95 % interval", xlim=(-0.15, 1.25))
            axes.set_title(title_of(outcome), loc="left", fontsize=10)
            axes.grid(False, axis="y")
            axes.axvline(0, color=hue("grey"), lw=0.8)
            axes.legend(frameon=False, loc="lower right")
            save(sheet, chosen, folder, f"sobol_{outcome}")


def draw_policies(folder: Path, table: pl.DataFrame, effect_on: str) -> None:
    """Total indices of the leading parameters for the effect of every policy, as a table in colours."""
    policies = [o for o in table["outcome"].unique(maintain_order=True) if o.startswith(EFFECT)]
    chosen = table.filter(pl.col("outcome").is_in(policies))
    largest = chosen.group_by("parameter").agg(pl.col("ST").max()).sort(["ST", "parameter"], descending=[True, False])
    names = largest["parameter"].to_list()
    at = {(row["outcome"], row["parameter"]): row for row in chosen.iter_rows(named=True)}
    values = np.array([[at[o, n]["ST"] for o in policies] for n in names])
    with canvas(7.4, 0.36 * len(names) + 1.4) as (sheet, axes):
        axes.imshow(values.clip(0, 1), cmap="Blues", vmin=0, vmax=1.2, aspect="auto")
        for y, name in enumerate(names):
            for x, outcome in enumerate(policies):
                row = at[outcome, name]
                dark = row["ST"] > 0.6
                axes.text(
                    x,
                    y,
                    f"{row['ST']:.2f} ± {row['ST_conf']:.2f}",
                    ha="center",
                    va="center",
                    fontsize=8,
                    color="white" if dark else "black",
                )
        axes.set_xticks(range(len(policies)), [o.removeprefix(EFFECT).replace("_", " ") for o in policies])
        axes.set_yticks(range(len(names)), names)
        axes.set_title(f"Effect of a policy on {effect_on}: total Sobol indices", loc="left", fontsize=10)
        axes.grid(False)
        save(sheet, chosen, folder, "sobol_policies")


def draw_ranking(folder: Path, table: pl.DataFrame) -> None:
    """Effects of policies over the design: mean and the middle 90 %, by case; the largest on top."""
    cases = table["case"].unique(maintain_order=True).to_list()
    order = table.filter(pl.col("case") == cases[0]).sort("mean_effect")["policy"].to_list()
    with canvas(7.4, 4.4) as (sheet, axes):
        for n, case in enumerate(cases):
            chosen = table.filter(pl.col("case") == case)
            at = np.array([order.index(name) for name in chosen["policy"]]) - 0.16 * (n - (len(cases) - 1) / 2)
            mean = chosen["mean_effect"].to_numpy()
            spread = np.abs(np.stack([mean - chosen["low"].to_numpy(), chosen["high"].to_numpy() - mean]))
            axes.errorbar(mean, at, xerr=spread, fmt="o", ms=4, color=COLOURS[n % len(COLOURS)], label=case)
        axes.axvline(0, color=hue("grey"), lw=0.8)
        axes.set_yticks(range(len(order)), [name.replace("_", " ") for name in order])
        axes.set(xlabel="effect on mean belonging after two years: mean and middle 90 %", ylim=(-0.5, len(order) - 0.5))
        axes.set_title("Policies when every parameter varies over its range", loc="left", fontsize=10)
        axes.legend(frameon=False, fontsize=8, loc="lower right")
        axes.grid(False, axis="y")
        save(sheet, table, folder, "ranking")
