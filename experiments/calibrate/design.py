"""Designs of trials whose outputs are stored, a file per trial: a design can be stopped, resumed and distributed."""

import json
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy.stats import qmc

from experiments.calibrate.space import BOUNDS, NAMES, named, parameters_of
from experiments.calibrate.targets import Targets, load_targets
from experiments.calibrate.trial import outputs_of
from experiments.results.folders import write_json
from scenarios.errors import InputError


def sobol_points(count: int, seed: int) -> np.ndarray:
    """Scrambled Sobol points over the whole space, float64 [count, D]."""
    points = qmc.Sobol(len(NAMES), seed=seed).random(1 << (count - 1).bit_length())[:count]
    return qmc.scale(points, BOUNDS[:, 0], BOUNDS[:, 1])


def run_design(folder: Path, data: Path, points: np.ndarray, seed: int, workers: int = 1,
               report: Callable[[int], None] = lambda done: None) -> None:  # fmt: skip
    """Simulate what is not in the folder yet.

    Parameters
    ----------
    points : float64 [N, D]
        A trial's file holds its point; a folder with other points is refused.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(len(points)) if not _kept(folder, n, points[n])]
    tasks = [(folder, data, points[n], n, seed) for n in missing]
    pool = get_context("spawn").Pool(workers) if workers > 1 and len(tasks) > 1 else None
    try:
        for done, _ in enumerate(pool.imap_unordered(_simulate, tasks) if pool else map(_simulate, tasks), 1):
            report(len(points) - len(missing) + done)
    finally:
        if pool is not None:
            pool.terminate()


@cache
def _targets(data: Path) -> Targets:
    """Read once per process."""
    return load_targets(data)


def _simulate(task: tuple[Path, Path, np.ndarray, int, int]) -> None:
    folder, data, point, number, seed = task
    values = {"parameters": named(point), "seed": seed}
    values |= {"outputs": outputs_of(parameters_of(named(point)), _targets(data), seed)}
    hidden = folder / f".{number:05d}.part"
    write_json(hidden, values)
    hidden.replace(_file(folder, number))


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:05d}.json"


def _kept(folder: Path, number: int, point: np.ndarray) -> bool:
    path = _file(folder, number)
    if not path.is_file():
        return False
    kept = json.loads(path.read_text(encoding="utf-8"))["parameters"]
    if kept != named(point):
        raise InputError(f"{path} is a trial of another design; give another folder")
    return True


def read_design(folder: Path) -> tuple[np.ndarray, list[str], np.ndarray]:
    """All trials of a folder.

    Returns
    -------
    float64 [N, D], list of str, float64 [N, O]
        Points, names of the outputs, outputs.
    """
    trials = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    names = list(trials[0]["outputs"])
    points = np.array([[trial["parameters"][name] for name in NAMES] for trial in trials])
    return points, names, np.array([[trial["outputs"][name] for name in names] for trial in trials])
