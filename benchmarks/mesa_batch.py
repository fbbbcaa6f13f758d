"""Runs of `benchmarks.sweep_rate` by Mesa's own batch runner and the `agents` driver: arguments RUNS WORKERS."""

import sys

from mesa.batchrunner import batch_run

from agents import CohesionModel


def main() -> None:
    """Run."""
    runs, workers = (int(word) for word in sys.argv[1:3])
    model = {"world": "vaals", "driver": "agents", "scale": 5, "years": 5}
    found = batch_run(
        CohesionModel, model, number_processes=workers, rng=range(1, runs + 1), max_steps=60, display_progress=False
    )
    print(len(found), "runs")


if __name__ == "__main__":
    main()
