"""Does the cost of a month grow in proportion to the residents?

Passes months over a part of the country, a larger part, and all of it, every resident an agent; or over the same
places with one agent for many residents, for fewer, and for each. Prints seconds a month and the exponent of time
against agents (least squares of the logarithms; 1 is in proportion).

    python benchmarks/sizes.py --table wijk_2017.csv --residents 1e5 4e5 1.6e6 6e6 2e7
    python benchmarks/sizes.py --table wijk_2017.csv --scales 170 40 10 4 1
"""

import argparse
import hashlib
import math
import resource
import statistics
import time

from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.regions.region import load_region
from scenarios.start_cache import settled_start
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.month import Clock, pass_month


def seconds_a_month(table: AreaTable, scale: int, months: int, pool: ThreadPool) -> tuple[int, float]:
    """Agents, and the median of seconds a month after one that is not timed."""
    world = settled_start(table, Parameters(), BuildOptions(scale=scale, years=1 + months // 12), pool)
    seconds = []
    for _ in range(months + 1):
        begin = time.perf_counter()
        pass_month(world, pool, Clock())
        seconds.append(time.perf_counter() - begin)
    return world.residents, statistics.median(seconds[1:])


def part_of(table: AreaTable, residents: float) -> AreaTable:
    """Municipalities spread over the table, as many as make up so many residents."""
    of_municipality = dict.fromkeys(table.municipality_code, 0)
    for municipality, count in zip(table.municipality, table.residents, strict=True):
        of_municipality[table.municipality_code[municipality]] += int(count)
    codes = sorted(of_municipality, key=lambda code: hashlib.sha256(code.encode()).digest())
    chosen, total = [], 0
    for code in codes:
        if total + of_municipality[code] <= residents * 1.05:
            chosen.append(code)
            total += of_municipality[code]
    return table.select(chosen)


def exponent(agents: list[int], seconds: list[float]) -> float:
    """Slope of log seconds on log agents."""
    x, y = [math.log(n) for n in agents], [math.log(s) for s in seconds]
    middle = statistics.fmean(x)
    return sum((a - middle) * b for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)


def main() -> None:
    """Measure each size, the smallest first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", help="CBS table for the whole country; without it one municipality of the typology")
    parser.add_argument(
        "--region", default="the_hague", help="municipality when there is no table (default: the_hague)"
    )
    parser.add_argument("--scales", type=int, nargs="+", default=[50, 10, 4, 1], help="residents per agent")
    parser.add_argument("--residents", type=float, nargs="+", help="parts of the country instead, one agent a resident")
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    table = load_region("netherlands", table=options.table) if options.table else load_region(options.region)
    pool, agents, seconds = ThreadPool(options.threads), [], []
    sizes = [(part_of(table, most), 1) for most in sorted(options.residents or [])]
    for part, scale in sizes or [(table, scale) for scale in sorted(options.scales, reverse=True)]:
        count, took = seconds_a_month(part, scale, options.months, pool)
        agents.append(count)
        seconds.append(took)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        speed = f"{1e3 * took:9.1f} ms a month, {count / took / 1e6:5.1f} million agents per second"
        print(f"{count:>12,} agents: {speed}, peak memory {peak:.2f} GiB", flush=True)
    if len(agents) > 1:
        print(f"exponent of time against agents: {exponent(agents, seconds):.3f}")


if __name__ == "__main__":
    main()
