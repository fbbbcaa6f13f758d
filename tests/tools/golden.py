"""Golden digests: seven small runs whose outcome may not change by accident, on any machine and in any setting.

Renew the file of digests after a change of the model that is meant (it belongs in the changelog under "Changed"):

    .venv/bin/python tests/tools/golden.py --renew

Without `--renew` the digests are compared, in this process's setting; `tests/sim/test_golden.py` and `.ci/run` do so in
many: other threads, locales and processors, code compiled anew or kept, another Python, runs that stop and go on.
"""

import argparse
import contextlib
import hashlib
import json
import locale
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.options.settings import settings_from
from experiments.run.job import perform, prepare
from scenarios.areas import AreaTable
from scenarios.plain import read_plain
from sim.digest import state_digest

DIGESTS = Path(__file__).with_name("golden_digests.json")
# Every column that has a national relation (scenarios/imputation.py) is given: these digests do not depend on it.
PEOPLE = "age_0_14,age_15_24,age_25_44,age_45_64,age_65_plus,one_person_households,households_with_children"
KNOWN = "0.1625,0.1230,0.2464,0.2829,0.1852,0.37,0.34,2.18,1887"
FOUR_AREAS = f"""code,municipality,residents,origin_native,origin_near,origin_far,moving_rate,arrivals_labour_eu,\
x,y,{PEOPLE},household_size,density,socio_economic
A1,Aven,620,0.86,0.06,0.08,0.09,4,0,0,{KNOWN},0
A2,Aven,480,0.61,0.15,0.24,0.17,4,1,0,{KNOWN},0
B1,Breda Minor,540,0.74,0.13,0.13,0.12,9,6,1,{KNOWN},0
B2,Breda Minor,300,0.35,0.25,0.40,0.21,9,7,1,{KNOWN},0
C1,Cote,350,0.93,0.03,0.04,0.07,2,3,9,{KNOWN},0
"""
HOMES = "37;34;2,18;1887"
OWN_CITY = f"""code;name;residents;origin_native;origin_near;age_0_14;age_15_24;age_25_44;age_45_64;age_65_plus;income;\
one_person_households;households_with_children;household_size;density
N;Noord;810;82,5;17,5;16;11;25;29;19;31,5;{HOMES}
M;Midden;1240;61;39;13;19;36;20;12;22,75;{HOMES}
Z;Zuid;670;47;53;21;14;30;23;12;19;{HOMES}
"""
FEW_COLUMNS = """code,residents,origin_dutch,origin_western,origin_moroccan
1,900,0.55,0.20,0.25
2,700,0.81,0.15,0.04
3,40,0.30,0.30,0.40
"""


@dataclass(frozen=True)
class Golden:
    """A small run.

    Attributes
    ----------
    asked : dict
        As for `experiments.options.settings.settings_from`.
    table : str
        A table of areas of its own, as CSV; else the region that is asked for.
    country : int, optional
        Residents of the country, where most moves between municipalities are to stay within the table.
    """

    settings: dict[str, Any]
    table: str = ""
    country: int | None = None


CONFIGURATIONS = {
    "synthesised municipality": Golden({"region": "the_hague", "scale": 200, "years": 2, "seed": 1}),
    "own table": Golden({"years": 2, "seed": 2, "parameters": {"moving_scale": 1.3, "noise": 0.02}}, OWN_CITY),
    "scale and large seed": Golden({"region": "vaals", "scale": 7, "years": 2, "seed": 2**63 - 1}),
    "policy with budgets and places": Golden({"region": "urk", "scale": 15, "years": 3, "policy": "wrr_agenda"}),
    "several municipalities": Golden({"years": 2, "seed": 5}, FOUR_AREAS, country=5000),
    "few columns": Golden({"years": 1, "seed": 4}, FEW_COLUMNS),
    "agents driver": Golden({"region": "diemen", "scale": 40, "years": 1, "driver": "agents"}),
}


def table_of(golden: Golden) -> AreaTable | None:
    """The areas of a table of its own, or None where a region is named."""
    if not golden.table:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "golden.csv"
        path.write_text(golden.table, encoding="utf-8")
        return read_plain(path)


def run(golden: Golden, threads: int, resumed: bool = False, driver: str | None = None) -> dict[str, str]:
    """Digests of the last state and of the monthly tables; a resumed run stops and goes on after seven months."""
    import scenarios.building

    country = scenarios.building.NATIONAL_RESIDENTS
    scenarios.building.NATIONAL_RESIDENTS = golden.country or country
    try:
        settings = settings_from({"region": "file", "fresh_start": True, **golden.settings, "threads": threads})
        options = replace(settings.options, driver=driver or settings.options.driver)
        with tempfile.TemporaryDirectory() as folder:
            return simulate(replace(settings, options=options), table_of(golden), Path(folder), resumed)
    finally:
        scenarios.building.NATIONAL_RESIDENTS = country


class Stopped(Exception):
    """Raised when the first checkpoint is there."""


def simulate(settings: Any, table: AreaTable | None, folder: Path, resumed: bool) -> dict[str, str]:
    """One run in a folder of its own."""
    if resumed:
        checkpoint = folder / "checkpoint"
        first = replace(settings, options=replace(settings.options, checkpoint_every=7))
        (folder / "first").mkdir()
        with contextlib.suppress(Stopped):
            perform(prepare(first, table), folder / "first", StopAt(checkpoint), checkpoint)
        settings = replace(settings, options=replace(settings.options, resume=str(checkpoint)))
    outcome = perform(prepare(settings, table), folder)
    return {"state": state_digest(outcome.world), "tables": tables_digest(folder)}


class StopAt:
    """Progress that ends a run as soon as a checkpoint is there, as a kill would."""

    def __init__(self, checkpoint: Path) -> None:
        self.checkpoint = checkpoint

    def begin(self, *_: Any) -> None:
        """Nothing to show."""

    def month(self, *_: Any) -> None:
        """Stop once there is something to go on from."""
        if self.checkpoint.exists():
            raise Stopped

    def end(self) -> None:
        """Nothing to close."""


def tables_digest(folder: Path) -> str:
    """SHA-256 of every number in the monthly tables, whatever the bytes of the files."""
    import polars as pl

    found = hashlib.sha256()
    for name in ("months", "groups", "municipalities"):
        found.update(pl.read_parquet(folder / f"{name}.parquet", memory_map=False).write_csv().encode())
    return found.hexdigest()


def all_digests(threads: int, resumed: bool = False, driver: str | None = None) -> dict[str, dict[str, str]]:
    """Digests of all configurations in this setting."""
    return {name: run(golden, threads, resumed, driver) for name, golden in CONFIGURATIONS.items()}


def differences(found: dict[str, dict[str, str]]) -> list[str]:
    """Lines that say which digests are not the golden ones."""
    wanted = json.loads(DIGESTS.read_text(encoding="utf-8"))
    lines = [] if found.keys() == wanted.keys() else [f"golden are {sorted(wanted)}, made were {sorted(found)}"]
    for name in sorted(found.keys() & wanted.keys()):
        for part, digest in found[name].items():
            if digest != wanted[name][part]:
                lines.append(f"{name}, {part}: {digest[:16]} is not the golden {wanted[name][part][:16]}")
    if lines:
        lines.append(
            "if the change of results is meant: python tests/tools/golden.py --renew, and say so in CHANGELOG.md"
        )
    return lines


def main(words: Sequence[str] | None = None) -> int:
    """Compare or renew; the exit code is 1 where a digest differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--renew", action="store_true", help="write the digests found as the golden ones")
    parser.add_argument("--threads", type=int, default=2, help="threads of each run (default 2)")
    parser.add_argument("--resumed", action="store_true", help="stop every run after seven months and go on")
    parser.add_argument("--driver", choices=("compiled", "agents"), help="this driver for all")
    parser.add_argument("--locale", action="store_true", help="use the locale of the environment, as a viewer may")
    options = parser.parse_args(words)
    if options.locale:
        locale.setlocale(locale.LC_ALL, "")
    found = all_digests(options.threads, options.resumed, options.driver)
    if options.renew:
        DIGESTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        print(f"golden: {len(found)} configurations written to {DIGESTS.name}")
        return 0
    lines = differences(found)
    print("\n".join(lines) or f"golden: {len(found)} configurations as they should be")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
