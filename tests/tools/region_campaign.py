"""What is claimed of any municipality by name, measured: `python tests/tools/region_campaign.py WHAT`, figures, runs, …

`figures` sets the neighbourhoods made up for all municipalities beside their figures; `runs` simulates a year of each
of them, and of some by thirty spellings, in an empty home; `cohesion` compares simulated cohesion by real districts and
by made-up ones (it needs the collection of public statistics). Each prints the table that stands in
`docs/measured/regions.md`.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.areas import AGES, AreaTable
from scenarios.cbs import read_cbs
from scenarios.notes import Note
from scenarios.origins import MOTIVES
from scenarios.regions.names import municipality_keys
from scenarios.regions.neighbourhoods import layout, make_neighbourhoods
from scenarios.regions.region import load_region
from scenarios.regions.register import Row, municipalities, seven_counts
from scenarios.regions.several import join_tables
from scenarios.synthesis import dissimilarity, diversity, solve, spread

SPELLINGS = (
    "'s-Gravenhage", "den haag", "The Hague", "DENHAAG", "GM0518", "0518", "518", "gm0513", "0513", "513", "Gouda",
    "gemeente Gouda", "Súdwest-Fryslân", "sudwest fryslan", "SUDWEST_FRYSLAN", "Bergen (L.)", "bergen limburg",
    "Bergen NH", "'s-Hertogenbosch", "den bosch", "Nuenen", "Nuenen, Gerwen en Nederwetten", "Alphen a/d Rijn",
    "alphen aan de rijn", "St. Michielsgestel", "hengelo (o.)", "Middelburg", "Capelle a/d IJssel", "Noardeast-Fryslân",
    "noardeast fryslan",
)  # fmt: skip
AGENTS = 1000
"""Agents of a run at least, where a municipality has them: the scale follows."""

Deviation = Callable[[AreaTable, np.ndarray, Row], float]
"""Of neighbourhoods, with their residents by group, from the figures of the municipality."""


def _mean(table: AreaTable, values: np.ndarray) -> float:
    return float(table.residents @ values / table.residents.sum())


DEVIATIONS: dict[str, Deviation] = {
    "residents": lambda t, c, row: float(t.residents.sum() - row["residents"]),
    "diversity over seven groups": lambda t, c, row: float(
        diversity(t.composition()) - diversity(seven_counts(row) / row["residents"])
    ),
    "dissimilarity": lambda t, c, row: dissimilarity(c) - row["dissimilarity"],
    "spread of diversity": lambda t, c, row: spread(c) - row["diversity_spread"],
    "spread of sizes (SD of logarithms)": lambda t, c, row: float(np.log(t.residents).std()) - row["size_spread"],
    "ages (largest of five shares)": lambda t, c, row: max(
        abs(_mean(t, t.age[:, at]) - row[f"age_{a}"] / row["residents"]) for at, a in enumerate(AGES)
    ),
    "one-person households": lambda t, c, row: _mean(t, t.one_person) - row["one_person"],
    "households with children": lambda t, c, row: _mean(t, t.with_children) - row["with_children"],
    "size of households": lambda t, c, row: _mean(t, t.household_size) - row["household_size"],
    "address density (of 1)": lambda t, c, row: _mean(t, t.density) / row["address_density"] - 1.0,
    "socio-economic position": lambda t, c, row: _mean(t, t.socio_economic) - row["position_mean"],
    "dwellings": lambda t, c, row: float(np.nansum(t.dwellings) - row["dwellings"]),
}


def measure_figures() -> None:
    """Largest and mean deviation of what is made up from the figures, over all municipalities."""
    found: dict[str, list[float]] = {name: [] for name in DEVIATIONS}
    names = []
    for key in municipality_keys():
        table = load_region(key, areas="made_up", year=2024)
        row = municipalities()[table.municipality_code[0]]
        counts = table.origin * table.residents[:, None]
        names.append(row["name"])
        for name, deviation in DEVIATIONS.items():
            found[name].append(abs(deviation(table, counts, row)))
    print(f"{len(names)} municipalities\n\n| figure | mean deviation | largest | where |\n| --- | --- | --- | --- |")
    for name, values in found.items():
        worst = int(np.argmax(values))
        where = names[worst] if values[worst] > 1e-6 else "–"
        print(f"| {name} | {np.mean(values):.4f} | {values[worst]:.4f} | {where} |")


def measure_runs(names: list[str], part: int = 0, of: int = 1) -> None:
    """A year of every municipality as `thuis run` does it, in this process, offline, with an empty folder of data.

    Every twentieth goes through the whole command to its page, the others to their tables. Where several processes
    share the work each does every ``of``-th name from ``part`` on.
    """
    from experiments.cli.command import main
    from experiments.options.settings import settings_from
    from experiments.run.job import perform, prepare

    failed, seconds, names = [], [], names[part::of]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"THUIS_DATA": f"{folder}/data", "THUIS_CBS_URL": "http://127.0.0.1:9", "THUIS_STARTS_GB": "0"}
        os.chdir(folder)
        for number, name in enumerate(names):
            began, out = time.process_time(), Path(folder) / str(number)
            scale = max(1, int(load_region(name).residents.sum()) // AGENTS)
            if number % 20 == 0:
                words = [f"region={name}", "years=1", f"scale={scale}", "progress=none", "threads=1", f"out={out}"]
                good = main(["run", *words]) == 0 and (out / "page.html").is_file()
            else:
                out.mkdir()
                job = prepare(settings_from({"region": name, "years": 1, "scale": scale, "threads": 1}))
                good = len(perform(job, out).digest) > 0 and (out / "months.parquet").is_file()
            seconds.append(time.process_time() - began)
            if not good:
                failed.append(name)
    print("| asked | ran | failed | processor seconds each (median, largest) |\n| --- | --- | --- | --- |")
    told = f"{', '.join(failed) or 'none'} | {np.median(seconds):.1f}, {max(seconds):.1f}"
    print(f"| {len(names)} | {len(names) - len(failed)} | {told} |")


def figures_of_areas(areas: AreaTable) -> dict[str, Any]:
    """The figures of a municipality as the sums and means of its real areas, for `make_neighbourhoods`."""
    counts = areas.origin * areas.residents[:, None]
    mean = partial(_mean, areas)
    score = mean(areas.socio_economic)
    apart = float(np.sqrt(mean((areas.socio_economic - score) ** 2)))
    rates = dict(zip(MOTIVES, (1000 * areas.arrival_rate[0]).tolist(), strict=True))
    values: dict[str, Any] = {
        "population": int(areas.residents.sum()), "neighbourhoods": len(areas),
        "land_area": float(np.nansum(areas.land_area)),
        "composition": dict(zip(areas.scheme.groups, areas.composition().tolist(), strict=True)),
        "ages": [mean(areas.age[:, at]) for at in range(len(AGES))],
        "size_spread": float(np.log(areas.residents).std()), "dissimilarity": dissimilarity(counts),
        "diversity_spread": spread(counts), "address_density": mean(areas.density), "arrivals": rates,
        "one_person": mean(areas.one_person), "with_children": mean(areas.with_children),
        "household_size": mean(areas.household_size), "moving_rate": None,
        "socio_economic": {"mean": score, "spread": apart, "correlation": -0.5},
    }  # fmt: skip
    code, name = areas.municipality_code[0], areas.municipality_name[0]
    data = {"name": code, "map": code, "code": code, "title": {"nl": name, "en": name}, "scheme": areas.scheme.name}
    data |= {key: {"value": value} for key, value in values.items()}
    *_, targets, gradient, preference = layout(data)
    return data | {"solution": list(solve(targets, gradient, preference))}


def measure_cohesion() -> None:
    """Simulated cohesion of 21 municipalities by real districts and by made-up ones, beside the survey."""
    import polars as pl

    from experiments.calibrate.trial import settled
    from experiments.validate.measures import outcome_table
    from sim.machine.threads import ThreadPool
    from sim.parameters import Parameters
    from tests.tools.paths import shared_data

    folder = shared_data() / "netherlands"
    survey = pl.read_csv(folder / "veiligheidsmonitor_2021_calibration.csv")
    codes = sorted(survey["gm"].to_list())
    real = read_cbs(folder / "wijk_2017.csv", codes, extra=folder / "wijken_2022.csv")
    same = [make_neighbourhoods(figures_of_areas(real.select(c)), Note("", ""), [], c.encode()) for c in codes]
    tables = {
        "real districts (2017)": real,
        "made up of the figures of these": join_tables(same, Note("", "")),
        "built in (2024)": load_region(codes, areas="made_up", year=2024),
    }
    found: dict[str, np.ndarray] = {}
    for name, table in tables.items():
        _, sums = settled(table, Parameters(), 80, 1, ThreadPool(1))
        scored = outcome_table(sums, table)
        at = {code: row for row, code in enumerate(scored.code)}
        found[name] = np.array([10 * scored.cohesion[at[c]] for c in codes])
    measured = survey.sort("gm")["vm21_cohesion"].to_numpy()
    by = found["real districts (2017)"]
    print(
        "| neighbourhoods | r with real districts | bias | RMSE | r with the survey |\n| --- | --- | --- | --- | --- |"
    )
    for name, values in found.items():
        off = values - by
        r, s = np.corrcoef(values, by)[0, 1], np.corrcoef(values, measured)[0, 1]
        print(f"| {name} | {r:.3f} | {off.mean():+.3f} | {np.sqrt((off**2).mean()):.3f} | {s:.3f} |")


def measure_commands(names: list[str]) -> None:
    """The real command for some, in an empty home but for the compiled code: seconds until the first month."""
    import json

    for name in names:
        with tempfile.TemporaryDirectory() as home:
            quiet = {"XDG_DATA_HOME": f"{home}/data", "THUIS_STARTS_GB": "0", "THUIS_CBS_URL": "http://127.0.0.1:9"}
            words = [
                sys.executable,
                "-m",
                "experiments",
                "run",
                f"region={name}",
                "years=1",
                "scale=20",
                f"out={home}/r",
            ]
            done = subprocess.run(words, env=os.environ | quiet, capture_output=True, text=True, check=False)
            told = json.loads((Path(home) / "r/summary.json").read_text()) if done.returncode == 0 else {}
            first = told.get("seconds_by_part", {}).get("to_first_month", float("nan"))
            print(
                f"| `{name}` | {done.returncode} | {first:.1f} | {done.stderr.splitlines()[0] if done.stderr else ''} |"
            )


def main() -> int:
    """Measure what the first word names."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what == "figures":
        measure_figures()
    elif what == "runs":
        measure_runs(municipality_keys(), *map(int, sys.argv[2:4]))
    elif what == "spellings":
        measure_runs(list(SPELLINGS))
    elif what == "cohesion":
        measure_cohesion()
    elif what == "commands":
        measure_commands(sys.argv[2:])
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
