"""How near is a phase of the month to what this machine can do, in memory and in arithmetic?

    python -m benchmarks.limits                  The Hague, everyone an agent, one and two threads
    python -m benchmarks.limits region=vaals     options as for `thuis bench`

Bytes are those of the columns that a phase passes over, read and written once, by their widths; what is read of single
residents anywhere in memory comes on top. Vector instructions were counted in the compiled loops for AVX2 (eight
residents at once, or four where numbers have 64 bits), without what is done for single residents. Both are set beside
what the machine can do: McCalpin's triad, and independent multiplications and additions of eight numbers.
"""

import sys
import time
from typing import NamedTuple

import numba as nb
import numpy as np

from experiments.cli.bench import COMMAND, BenchOptions, measure
from experiments.options.declaration import options_from
from experiments.options.words import read_words
from sim.machine.threads import ThreadPool
from sim.population import COLUMNS

NUMBERS, PASSES, AT_ONCE = 2048, 4000, 8
OPERATIONS = 40  # multiplications and additions of a number in `multiply_and_add`
FEELINGS = "belonging withdrawal contact language status faces_own faces_other"
CHANGED = "belonging withdrawal contact language faces_own faces_other intention"


class Passes(NamedTuple):
    """What a phase does for every place.

    Attributes
    ----------
    columns : str
        Columns that are read, and once more where they are written.
    instructions : float, optional
        Vector instructions a place, where they were counted.
    """

    columns: str
    instructions: float | None = None


WORK = {
    "rates": Passes("born flags born moved_in", 2),
    "live": Passes(
        "serial role origin motive flags born moved_in arrived disposition tie_count tie_news tie_end "
        f"{FEELINGS} {CHANGED}",
        94,
    ),
    "leave": Passes("intention", 0.2),
    "settle": Passes("role moved_in", 1),
    "census": Passes("serial origin role withdrawal language", 17),
    "observe": Passes(f"role origin motive flags born moved_in arrived tie_count tie_own {FEELINGS}"),
}


def bytes_of(columns: str) -> int:
    """Bytes that a place has in some columns, counted as often as they are named."""
    return sum(COLUMNS[name].itemsize for name in columns.split())


@nb.njit(nogil=True)
def multiply_and_add(worker, low, high, numbers):
    """Four polynomials of the fourth degree of each number, again and again."""
    own = numbers[worker]
    one, small = np.float32(1.0), np.float32(0.25)
    for _ in range(low, high):
        for n in range(len(own)):
            x = own[n]
            a, b, c, d = x + one, x - one, x * small, x + small
            for _ in range(4):
                a, b, c, d = a * x + one, b * x + small, c * x - one, d * x - small
            own[n] = (a + b) * small * small + (c + d) * small * small * small


def arithmetic_peak(pool: ThreadPool) -> float:
    """Vector instructions a second, of multiplications and additions that do not wait for each other."""
    numbers = np.full((pool.threads, NUMBERS), 0.5, np.float32)
    pool.share(multiply_and_add, pool.evenly(2 * pool.threads), numbers)
    began = time.perf_counter()
    pool.share(multiply_and_add, pool.evenly(PASSES * pool.threads), numbers)
    return PASSES * pool.threads * NUMBERS * OPERATIONS / AT_ONCE / (time.perf_counter() - began)


def line_of(name: str, threads: int, took: float, triad: float, peak: float) -> str:
    """A phase on so many threads: nanoseconds a place, and the shares of what the machine can do."""
    columns, instructions = WORK[name]
    size = bytes_of(columns)
    told = f"{name:<10}{threads:>8}{took:>10.2f}{size:>8}", f"{size / took * 1e9 / triad:>10.0%}"
    if instructions is None:
        return f"{told[0]}{'':>14}{told[1]}"
    return f"{told[0]}{instructions:>14.1f}{told[1]}{instructions / took * 1e9 / peak:>12.0%}"


def main() -> int:
    """Measure and print."""
    options = options_from(BenchOptions, read_words(COMMAND, sys.argv[1:]).values, COMMAND.name)
    found = measure(options)
    triads, peaks = {t: speed["best"] for t, speed in found["triad_bytes_per_second"].items()}, {}
    for threads, triad in triads.items():
        pool = ThreadPool(threads)
        peaks[threads] = max(arithmetic_peak(pool) for _ in range(5))
        print(f"{threads} threads: {triad / 1e9:.1f} GB/s, {peaks[threads] / 1e9:.1f} vector instructions a nanosecond")
    print(f"\n{'phase':<10}{'threads':>8}{'ns':>10}{'bytes':>8}{'instructions':>14}{'memory':>10}{'arithmetic':>12}")
    for name in WORK:
        for threads, triad in triads.items():
            report, by_phase = found["report_nanoseconds"][threads], found["nanoseconds_by_phase"][threads]
            took = report if name == "observe" else by_phase[name]
            print(line_of(name, threads, took, triad, peaks[threads]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
