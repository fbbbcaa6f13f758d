"""Is this code faster than that of an earlier commit? Both are timed in turn, in one sitting; ratios are printed.

    python -m benchmarks.against 0d769ac                       first run, warm run, engine
    python -m benchmarks.against 0d769ac warm engine --rounds 5
    python -m benchmarks.against 0d769ac sweep compare         small runs, and policies compared
    python -m benchmarks.against 0d769ac phases                each phase of the month on one and two threads
    python -m benchmarks.against 0d769ac country --table wijk_2017.csv --rounds 1

A pair during which other programs used more than a tenth of the machine does not count; after too many of those nothing
is said. The installed packages are those of this environment, for both.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.sweep_rate import words_of_sweep

HERE = Path(__file__).resolve().parent.parent
MOST_OF_OTHERS = 0.1  # share of all processors that other programs may use during a measurement
TRIES = 3  # pairs tried for each that counts
SWEEPS, SWEEP_RUNS = ("policies", "parameters, start=shared"), 4000
COMPARE = (
    "region=rotterdam", "policies=[baseline,libraries,wrr_agenda]", "replicates=2", "futures=1", "years=2",
    "parameters_drawn=false",
)  # fmt: skip
WARM = ("run", "region=vaals", "years=1")
COUNTRY_YEARS = 10


class BusyMachine(Exception):
    """Other programs used too much of the machine to judge."""


@dataclass(frozen=True)
class Side:
    """A version of the code that is measured.

    Attributes
    ----------
    name : str
        What it is called in the table.
    code : Path
        The folder of its source.
    scratch : Path
        A folder for its compiled code and results.
    table : Path, optional
        All districts of the country, as Statistics Netherlands publishes them.
    """

    name: str
    code: Path
    scratch: Path
    table: Path | None = None

    @property
    def has_households(self) -> bool:
        """Whether people live in households by default, which earlier versions do not know."""
        return (self.code / "sim" / "households.py").exists()

    @property
    def alone(self) -> list[str]:
        """Words by which everyone lives alone, so that it is the same work in versions that know no households."""
        return ["parameters.households=0"] if self.has_households else []

    def thuis(self, *words: str, **variables: str) -> None:
        """Run the `thuis` command of this version, with more variables in its environment."""
        scripts = tomllib.loads((self.code / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
        module, _, function = scripts["thuis"].partition(":")
        start = f"import sys; from {module} import {function}; sys.exit({function}(sys.argv[1:]))"
        environment = os.environ | {"PYTHONPATH": str(self.code), "XDG_CACHE_HOME": str(self.scratch / "cache")}
        environment |= variables
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            [sys.executable, "-c", start, *words], cwd=self.scratch, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{self.name}: thuis {' '.join(words)} failed:\n{done.stderr}")


def first_run(side: Side) -> dict[str, float]:
    """Seconds of a run with nothing compiled."""
    shutil.rmtree(side.scratch / "cache", ignore_errors=True)
    return warm_run(side)


def warm_run(side: Side) -> dict[str, float]:
    """Seconds of a run whose code is compiled."""
    shutil.rmtree(side.scratch / "out", ignore_errors=True)
    began = time.perf_counter()
    side.thuis(*WARM, "out=out")
    return {"seconds": time.perf_counter() - began}


def bench(side: Side) -> dict[str, Any]:
    """What `thuis bench` finds. Everyone lives alone, so that it is the same work in versions without households."""
    # Flags, which earlier versions and this one understand.
    alone = ["--households", "0"] if side.has_households else []
    side.thuis("bench", "--months", "4", "--rounds", "3", "--agent-months", "1", "--out", "bench.json", *alone)
    return dict(json.loads((side.scratch / "bench.json").read_text(encoding="utf-8")))


def engine(side: Side) -> dict[str, float]:
    """Nanoseconds per resident-month of the best round on one and two threads, without and with the report."""
    found = bench(side)
    kinds = {"compiled": "", "compiled_with_report": ", with report"}
    return {
        f"{threads} thread{'s' if threads != '1' else ''}{told}, ns": 1e9 / speed["best"]
        for kind, told in kinds.items()
        for threads, speed in found[kind].items()
    }


def phases(side: Side) -> dict[str, float]:
    """Nanoseconds per resident-month of each phase and of the report, on one and two threads."""
    found = bench(side)
    by_phase = {t: found["nanoseconds_by_phase"][t] | {"report": found["report_nanoseconds"][t]} for t in ("1", "2")}
    return {f"{name}, {t}": numbers[name] for name in by_phase["1"] for t, numbers in by_phase.items()}


def memory(side: Side) -> dict[str, float]:
    """Peak memory of simulating The Hague one to one for a year, in MB, as the run says; everyone lives alone."""
    shutil.rmtree(side.scratch / "out", ignore_errors=True)
    side.thuis("run", "region=the_hague", "years=1", "out=out", *side.alone)
    return {"MB": json.loads((side.scratch / "out" / "summary.json").read_text())["peak_memory_bytes"] / 1e6}


def country(side: Side, years: int = COUNTRY_YEARS) -> dict[str, float]:
    """Seconds of the months of the whole country, every resident an agent living alone, and its peak memory in GiB.

    Both as the run says; the start is kept from the run before.

    Raises
    ------
    SystemExit
        No table was given.
    """
    if side.table is None:
        raise SystemExit("country: give its districts by --table FILE (wijk_2017.csv of Statistics Netherlands)")
    shutil.rmtree(side.scratch / "out", ignore_errors=True)
    region = ("region=netherlands", f"region.table={side.table}", "people=false")
    side.thuis("run", *region, f"years={years}", "out=out", *side.alone)
    found = json.loads((side.scratch / "out" / "summary.json").read_text(encoding="utf-8"))
    return {"seconds": found["seconds_by_part"]["months"], "GiB": found["peak_memory_bytes"] / 2**30}


def sweep(side: Side) -> dict[str, float]:
    """Milliseconds a run of the sweeps of `benchmarks.sweep_rate`, everything included; everyone lives alone."""
    return {f"{name}, ms": milliseconds_of_sweep(side, name, side.alone) for name in SWEEPS}


def sweep_default(side: Side) -> dict[str, float]:
    """As `sweep`, of every version as it comes: this one with households, which is more work."""
    return {f"{name}, ms": milliseconds_of_sweep(side, name, []) for name in SWEEPS}


def milliseconds_of_sweep(side: Side, name: str, words: list[str]) -> float:
    """Milliseconds a run of one design."""
    shutil.rmtree(side.scratch / "out", ignore_errors=True)
    began = time.perf_counter()
    side.thuis("sweep", *words_of_sweep(name, SWEEP_RUNS), "out=out", *words)
    return 1000 * (time.perf_counter() - began) / SWEEP_RUNS


def compare(side: Side) -> dict[str, float]:
    """Seconds of Rotterdam compared under three policies, two starts, two years; everyone lives alone.

    No effect is taken apart, which earlier versions do not do, and no start is read from the cache.
    """
    shutil.rmtree(side.scratch / "out", ignore_errors=True)
    whole = ["roads=0", "elements=0"] if (side.code / "experiments" / "compare" / "roads.py").exists() else []
    began = time.perf_counter()
    side.thuis("compare", *COMPARE, "out=out", *whole, *side.alone, THUIS_STARTS_GB="0")
    return {"seconds": time.perf_counter() - began}


MEASUREMENTS: dict[str, Callable[[Side], dict[str, float]]] = {
    "first": first_run,
    "warm": warm_run,
    "engine": engine,
    "phases": phases,
    "memory": memory,
    "sweep": sweep,
    "sweep_default": sweep_default,
    "compare": compare,
    "country": country,
}


def share_of_others(work: Callable[[], dict[str, float]]) -> tuple[dict[str, float], float]:
    """What a measurement gives, and the share of all processors that other programs used meanwhile."""
    began, busy, own = time.perf_counter(), busy_seconds(), own_seconds()
    found = work()
    passed = (time.perf_counter() - began) * (os.cpu_count() or 1)
    return found, max(busy_seconds() - busy - (own_seconds() - own), 0.0) / passed


def busy_seconds() -> float:
    """Processor seconds that all programs have used since this machine was started."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)


def own_seconds() -> float:
    """Processor seconds that this program and the commands it has ended have used."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def ratios_of(name: str, sides: tuple[Side, Side], rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Pairs of numbers (this, earlier) by what was measured, as many as asked for.

    Raises
    ------
    BusyMachine
        Too few pairs were undisturbed.
    """
    pairs: dict[str, list[tuple[float, float]]] = {}
    counted = 0
    for attempt in range(TRIES * rounds):
        order = sides if attempt % 2 else sides[::-1]
        found = {side.name: share_of_others(lambda side=side: MEASUREMENTS[name](side)) for side in order}
        others = max(share for _, share in found.values())
        if others > MOST_OF_OTHERS:
            print(f"{name}: a pair does not count, other programs used {others:.0%}", file=sys.stderr)
            continue
        this, earlier = (found[side.name][0] for side in sides)
        for what in (what for what in this if what in earlier):  # a phase may be new
            pairs.setdefault(what, []).append((this[what], earlier[what]))
        counted += 1
        if counted == rounds:
            return pairs
    raise BusyMachine(f"{name}: other programs used more than {MOST_OF_OTHERS:.0%} of this machine; no judgement")


def table_of(name: str, pairs: dict[str, list[tuple[float, float]]]) -> list[str]:
    """A line per number: both medians, the median ratio and its spread."""
    lines = []
    for what, values in pairs.items():
        ratios = sorted(this / earlier for this, earlier in values)
        this, earlier = (statistics.median(side) for side in zip(*values, strict=True))
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
        lines.append(
            f"{name + ': ' + what:<36}{this:>10.2f}{earlier:>10.2f}{statistics.median(ratios):>8.2f}  {spread}"
        )
    return lines


def main() -> int:
    """Measure and print; 1 where the machine was too busy for part of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commit", help="the earlier commit")
    parser.add_argument("what", nargs="*", default=["first", "warm", "engine"], help=", ".join(MEASUREMENTS))
    parser.add_argument("--rounds", type=int, default=3, help="pairs that count (a first run is measured once)")
    parser.add_argument("--table", type=Path, help="table of the districts of the country, for `country`")
    options = parser.parse_args()
    table = options.table and options.table.resolve()
    unknown = set(options.what) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))} (allowed: {', '.join(MEASUREMENTS)})")
    busy = False
    with tempfile.TemporaryDirectory(prefix="thuis-against-") as folder:
        then = Path(folder) / "then"
        sides = Side("this", HERE, Path(folder) / "this", table), Side("earlier", Path(folder) / "code", then, table)
        for side in sides:
            side.scratch.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(HERE), str(sides[1].code)], check=True)
        subprocess.run(["git", "-C", str(sides[1].code), "checkout", "--quiet", options.commit], check=True)
        print(f"{'in turn with ' + options.commit:<36}{'this':>10}{'earlier':>10}{'ratio':>8}  spread")
        for name in options.what:
            if name != "first":
                for side in sides:  # what it needs is compiled, and its start settled
                    country(side, 1) if name == "country" else MEASUREMENTS[name](side)
            try:
                print("\n".join(table_of(name, ratios_of(name, sides, 1 if name == "first" else options.rounds))))
            except BusyMachine as error:
                busy = True
                print(error)
    return int(busy)


if __name__ == "__main__":
    sys.exit(main())
