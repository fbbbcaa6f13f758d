"""Runs a minute: a sweep, Hydra's basic launcher, and Mesa's batch runner with the `agents` driver, of the same model.

A run is about 2,000 agents (Vaals, one per five residents) and 60 months. Every figure is by the clock and has all
overhead in it: starting Python, loading compiled code, settling, writing results. Compile first (run it twice).

    python -m benchmarks.sweep_rate                 the sweep with 20,000 runs: some minutes
    python -m benchmarks.sweep_rate --runs 2000     sooner
    python -m benchmarks.sweep_rate --only parameters
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

MODEL = ["region=vaals", "scale=5", "years=5"]
PARAMETERS = ["factors.parameters.base=[0.45,0.6]", "factors.parameters.effect_diversity=[0.03,0.16]"]
SEEDS = 20  # of the design of policies: runs of one seed branch from one settled start
DESIGNS = {
    "policies": ["policy=libraries", "factors.policy.libraries.funding=[0.5,2]", f"replicates={SEEDS}"],
    "parameters": PARAMETERS,
    "parameters, start=shared": [*PARAMETERS, "start=shared"],
}


def timed(words: list[str]) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def words_of_sweep(name: str, runs: int) -> list[str]:
    """The words of `thuis sweep` for so many runs of a design."""
    points = runs // SEEDS if name == "policies" else runs
    return [*MODEL, *DESIGNS[name], "design=latin_hypercube", f"runs={points}", "progress=none"]


def sweep(name: str, runs: int, workers: int) -> float:
    """Seconds per run of `thuis sweep`."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["experiments", "sweep", *words_of_sweep(name, runs), f"workers={workers}", f"out={folder}/sweep"]
        return timed(words) / runs


def hydra(runs: int) -> float:
    """Seconds per run of `thuis run -m`: Hydra's basic launcher, with a page and figures for every run."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["experiments", "run", "-m", *MODEL, f"seed=range(1,{runs + 1})", "progress=none", f"out={folder}/runs"]
        return timed(words) / runs


def mesa(runs: int, workers: int) -> float:
    """Seconds per run of Mesa's batch runner, every agent stepped by Python."""
    return timed(["benchmarks.mesa_batch", str(runs), str(workers)]) / runs


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20_000, help="runs of each sweep")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="*", help=f"some of: {', '.join([*DESIGNS, 'hydra', 'mesa'])}")
    options = parser.parse_args()
    measures: dict[str, Callable[[], float]] = {
        name: lambda name=name: sweep(name, options.runs, options.workers) for name in DESIGNS
    }
    measures |= {"hydra": lambda: hydra(10), "mesa": lambda: mesa(2 * options.workers, options.workers)}
    found = {name: measure() for name, measure in measures.items() if not options.only or name in options.only}
    fastest = min(found.values())
    print(f"{'':<28}{'seconds a run':>14}{'runs a minute':>15}{'times the fastest':>19}")
    for name, seconds in found.items():
        print(f"{name:<28}{seconds:>14.4f}{60 / seconds:>15,.0f}{seconds / fastest:>19.1f}")


if __name__ == "__main__":
    main()
