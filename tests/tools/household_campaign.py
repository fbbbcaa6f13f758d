"""Households of the country beside those counted: at the start from the table, years later beside another table.

    .venv/bin/python -m tests.tools.household_campaign TABLE LATER YEAR [SCALE [parameters.NAME=VALUE ...]]

`TABLE` is one of CBS by wijk (2017), `LATER` its key figures by municipality with households, of January of `YEAR`
(2023). The years between pass with the arrivals that came. Prints the table of docs/measured/households.md.
"""

import sys
from pathlib import Path

import numpy as np

from experiments.hindcast.households import AT_LEAST, LABELS, Figures, figures_of, figures_of_table, read_figures
from experiments.hindcast.simulation import simulate_years
from experiments.options.settings import settings_from
from experiments.simulation.progress import progress_of
from scenarios.homes import read_known_years
from scenarios.regions.region import load_region

FIRST_YEAR = 2017


def compare(title: str, found: Figures, counted: Figures) -> None:
    """Print a row per figure: of all, and of municipalities."""
    known = np.isfinite(counted.values).all(axis=1) & (found.households > 0)
    large = known & (found.households >= AT_LEAST)
    means, targets = found.rows(known).mean(), counted.rows(known).mean()
    for n, label in enumerate(LABELS):
        a, b = found.values[large, n], counted.values[large, n]
        digits = 3 if label == LABELS[-1] else 1
        print(
            f"| {title} | {label} | {targets[n]:.{digits}f} | {means[n]:.{digits}f} | "
            f"{np.abs(a - b).mean():.{digits}f} | {np.corrcoef(a, b)[0, 1]:.2f} | {large.sum()} |"
        )


def main(arguments: list[str]) -> None:
    """Print the comparison."""
    table_path, later_path, year, *rest = arguments
    scale = int(next((word for word in rest if "=" not in word), "10"))
    own = dict(word.removeprefix("parameters.").split("=") for word in rest if "=" in word)
    region, parameters = {"name": "netherlands", "table": table_path}, {name: float(own[name]) for name in own}
    settings = settings_from(
        {"region": region, "scale": scale, "threads": 2, "fresh_start": True, "parameters": parameters}
    )
    table, years = load_region("netherlands", table=table_path), int(year) - FIRST_YEAR
    known = read_known_years("history", [], table, FIRST_YEAR, years)
    seen = simulate_years(settings, table, years, known, progress_of("none"))
    at_start, later = (
        figures_of(one[:, :3], one[:, 3], table, scale) for one in (seen.households[0], seen.households[-1])
    )
    print("| when | figure | counted | simulated | mean deviation of municipalities | r | municipalities |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    counted = read_figures(Path(later_path), table.municipality_code)
    compare("start", at_start, figures_of_table(table))
    compare(f"{years} years later", later, counted)
    compare("if nothing changed", at_start, counted)


if __name__ == "__main__":
    main(sys.argv[1:])
