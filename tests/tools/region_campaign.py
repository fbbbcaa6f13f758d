"""What is claimed of any municipality by name, measured: `python tests/tools/region_campaign.py figures|runs|cohesion`.

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
from pathlib import Path

import numpy as np

from scenarios.areas import AGES, AreaTable
from scenarios.region import load_region
from scenarios.regions.names import municipality_keys
from scenarios.regions.register import Row, municipalities, seven_counts
from scenarios.synthesis import dissimilarity, diversity, spread

SPELLINGS = (
    "'s-Gravenhage", "den haag", "The Hague", "DENHAAG", "GM0518", "0518", "518", "gm0513", "0513", "513", "Gouda",
    "gemeente Gouda", "Súdwest-Fryslân", "sudwest fryslan", "SUDWEST_FRYSLAN", "Bergen (L.)", "bergen limburg",
    "Bergen NH", "'s-Hertogenbosch", "den bosch", "Nuenen", "Nuenen, Gerwen en Nederwetten", "Alphen a/d Rijn",
    "alphen aan de rijn", "St. Michielsgestel", "hengelo (o.)", "Middelburg", "Capelle a/d IJssel", "Noardeast-Fryslân",
    "noardeast fryslan",
)  # fmt: skip
AGENTS = 2000
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


def measure_runs(names: list[str]) -> None:
    """A year of every municipality in this process, as `thuis run` does it, and thirty spellings; offline."""
    from experiments.cli.command import main

    failed, seconds = [], []
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_DATA_HOME": f"{folder}/data", "THUIS_CBS_URL": "http://127.0.0.1:9", "THUIS_STARTS_GB": "0"}
        os.chdir(folder)
        for number, name in enumerate(names):
            residents = int(load_region(name).residents.sum())
            words = [f"region={name}", "years=1", f"scale={max(1, residents // AGENTS)}", "progress=none"]
            began = time.perf_counter()
            code = main(["run", *words, "threads=1", f"out={folder}/{number}"])
            seconds.append(time.perf_counter() - began)
            if code or not (Path(folder) / str(number) / "page.html").is_file():
                failed.append(name)
    print("| asked | ran | failed | seconds each (median, largest) |\n| --- | --- | --- | --- |")
    told = f"{', '.join(failed) or 'none'} | {np.median(seconds):.1f}, {max(seconds):.1f}"
    print(f"| {len(names)} | {len(names) - len(failed)} | {told} |")


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
        measure_runs(municipality_keys())
    elif what == "spellings":
        measure_runs(list(SPELLINGS))
    elif what == "commands":
        measure_commands(sys.argv[2:])
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
