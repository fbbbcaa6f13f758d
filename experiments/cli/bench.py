"""`thuis bench`: resident-months per second of the full model on this machine, and its memory bandwidth."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np

from experiments.options.declaration import file_path, options_from, whole, words
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, read_words
from experiments.results.version import code_digest, version
from scenarios.build_options import BuildOptions
from scenarios.errors import InputError
from scenarios.regions.region import load_region
from scenarios.start_cache import Starting, settled_start
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.month import Clock, observe_world, pass_month
from sim.population import bytes_per_row
from sim.world import World

TRIAD_NUMBERS = 1 << 23  # 64 MiB an array: far more than any cache holds
TRIAD_BYTES = 24  # two numbers read and one written


@dataclass(frozen=True)
class BenchOptions:
    """Options of `thuis bench`."""

    region: str = words("municipality to measure on", "the_hague")
    months: int = whole(6, 1, 1200, "months in a round")
    rounds: int = whole(5, 1, 1000, "rounds per number of threads")
    agent_months: int = whole(3, 1, 1200, "months of the agents driver on Vaals")
    households: int = whole(1, 0, 1, "0: everyone lives alone, as in versions without households")
    out: str = file_path("file for the numbers", "bench.json")


COMMAND = Command(
    "bench",
    "Measure resident-months per second of the full model on this machine, beside what its memory could carry.",
    BenchOptions,
    examples=("thuis bench region=vaals months=12 rounds=3",),
)


def main(argv: Sequence[str]) -> int:
    """Run `thuis bench` with these words."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    options = options_from(BenchOptions, read_words(COMMAND, argv).values, COMMAND.name)
    out = Path(options.out)
    if not out.absolute().parent.is_dir():
        raise InputError(f"out={out}: its folder does not exist")
    found = measure(options)
    print(report(found))
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {out}")
    return 0


def measure(options: BenchOptions) -> dict[str, Any]:
    """All measurements in one sitting: the compiled driver on one and two threads in turn, the agents, the memory."""
    pools = {1: ThreadPool(1), 2: ThreadPool(2)}
    parameters = Parameters(households=options.households)
    world = settled(options.region, parameters, pools[2])
    world_size = world.residents
    clocks, reports = ({threads: Clock() for threads in pools} for _ in range(2))
    compiled: dict[int, list[float]] = {1: [], 2: []}
    observed: dict[int, list[float]] = {1: [], 2: []}
    for warm in pools.values():
        one_round(world, warm, Clock(), 1, True)
    for _ in range(options.rounds):
        for threads, pool in pools.items():
            compiled[threads].append(one_round(world, pool, clocks[threads], options.months, False))
            observed[threads].append(one_round(world, pool, reports[threads], 2, True))
    triads = {threads: [triad(pool) for _ in range(options.rounds)] for threads, pool in pools.items()}
    agents, agent_count = agents_speed(options.agent_months, parameters)
    return {
        "version": version(),
        "code_digest": code_digest(),
        "machine": machine(),
        "region": options.region,
        "households": options.households,
        "residents": world_size,
        "bytes_per_place": bytes_per_row(),
        "compiled": {t: best_and_median(compiled[t]) for t in pools},
        "compiled_with_report": {t: best_and_median(observed[t]) for t in pools},
        "nanoseconds_by_phase": {t: by_phase(clocks[t], months_of(world_size, options)) for t in pools},
        "report_nanoseconds": {t: by_phase(reports[t], 2 * options.rounds * world_size)["observe"] for t in pools},
        "agents": {"resident_months_per_second": agents, "residents": agent_count, "months": options.agent_months},
        "triad_bytes_per_second": {t: best_and_median(triads[t]) for t in pools},
    }


def months_of(residents: int, options: BenchOptions) -> int:
    """Resident-months of the rounds of one number of threads."""
    return int(residents * options.months * options.rounds)


def by_phase(clock: Clock, resident_months: int) -> dict[str, float]:
    """Nanoseconds per resident-month in each phase."""
    return {name: round(1e9 * seconds / resident_months, 3) for name, seconds in clock.seconds.items()}


def settled(region: str, parameters: Parameters, pool: ThreadPool) -> World:
    """A region of the typology, one agent per resident, in month 0."""
    table = load_region(region)
    return settled_start(table, parameters, BuildOptions(years=10), pool, Starting(cache="none"))


def one_round(world: World, pool: ThreadPool, clock: Clock, months: int, observing: bool) -> float:
    """Resident-months per second over some months, conservation checked, with or without the monthly report."""
    passed, found = 0, None
    begin = time.perf_counter()
    for _ in range(months):
        pass_month(world, pool, clock)
        passed += world.residents
        if observing:
            found = observe_world(world, pool, clock, found)
    return passed / (time.perf_counter() - begin)


def agents_speed(months: int, parameters: Parameters) -> tuple[float, int]:
    """Resident-months per second of the agents driver: Vaals, every resident a Mesa agent."""
    from agents.model import CohesionModel

    world = settled("vaals", parameters, ThreadPool(1))
    model = CohesionModel(world, "agents", model_reporters={})
    model.pass_month()  # agents are made in the first month
    begin, passed = time.perf_counter(), 0
    for _ in range(months):
        model.pass_month()
        passed += world.residents
    return passed / (time.perf_counter() - begin), world.residents


@nb.njit(nogil=True)
def add_scaled(worker, low, high, a, b, c):
    """a = b + 3 c, McCalpin's triad; called as the thread pool calls everything."""
    for i in range(low, high):
        a[i] = b[i] + 3.0 * c[i]


def triad(pool: ThreadPool) -> float:
    """Memory bandwidth in bytes per second, in one pass over three long arrays."""
    a, b, c = (np.full(TRIAD_NUMBERS, value) for value in (0.0, 1.0, 2.0))
    share: Callable[[], None] = lambda: pool.share(add_scaled, pool.evenly(TRIAD_NUMBERS), a, b, c)  # noqa: E731
    share()
    begin = time.perf_counter()
    share()
    return TRIAD_BYTES * TRIAD_NUMBERS / (time.perf_counter() - begin)


def best_and_median(values: list[float]) -> dict[str, float]:
    """The best round (a quiet machine) and the median one."""
    return {"best": round(max(values)), "median": round(statistics.median(values))}


def machine() -> dict[str, Any]:
    """The machine of the measurement, without names."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].partition(":")[2].strip() if lines else model
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "processor": model,
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "numba": nb.__version__,
        "numpy": np.__version__,
        "load_average": load,
    }


def report(found: dict[str, Any]) -> str:
    """The table that is printed."""
    size, agents = found["bytes_per_place"], found["agents"]["resident_months_per_second"]
    lines = [
        f"{found['region']}: {found['residents']:,} residents, {size} bytes per place, "
        f"{found['machine']['processor']} ({found['machine']['processors']} processors, "
        f"load {found['machine']['load_average']:.1f})",
        "",
        f"{'million resident-months per second':<44}{'best':>9}{'median':>9}{'x agents':>10}",
    ]
    for key, text in (("compiled", "compiled"), ("compiled_with_report", "compiled, with monthly report")):
        for threads, speed in found[key].items():
            name = f"{text}, {threads} thread{'s' if threads > 1 else ''}"
            lines.append(
                f"  {name:<42}{speed['best'] / 1e6:9.1f}{speed['median'] / 1e6:9.1f}{speed['best'] / agents:10,.0f}"
            )
    lines.append(f"  {'agents (Vaals, one by one in Python)':<42}{agents / 1e6:9.3f}")
    lines += ["", f"{'memory, GB per second':<44}{'best':>9}{'median':>9}{'used':>10}"]
    for threads, speed in found["triad_bytes_per_second"].items():
        used = found["compiled"][threads]["best"] * size / speed["best"]
        name = f"triad, {threads} thread{'s' if threads > 1 else ''}"
        lines.append(f"  {name:<42}{speed['best'] / 1e9:9.1f}{speed['median'] / 1e9:9.1f}{used:10.0%}")
    lines.append("  (used: once over every place's bytes per month, compared with the triad)")
    lines += ["", *phase_lines(found)]
    return "\n".join(lines)


def phase_lines(found: dict[str, Any]) -> list[str]:
    """Where the time goes: nanoseconds per resident-month of each phase, and of the monthly report."""
    phases = found["nanoseconds_by_phase"]
    head = "".join(f"{f'{threads} thread' + 's' * (threads > 1):>12}" for threads in phases)
    lines = [f"{'nanoseconds per resident-month':<44}{head}"]
    for name in next(iter(phases.values())):
        lines.append(f"  {name:<42}" + "".join(f"{phases[threads][name]:12.2f}" for threads in phases))
    total = "".join(f"{sum(phases[threads].values()):12.2f}" for threads in phases)
    report_time = "".join(f"{found['report_nanoseconds'][threads]:12.2f}" for threads in phases)
    return [*lines, f"  {'all phases':<42}{total}", f"  {'monthly report, where one is made':<42}{report_time}"]
