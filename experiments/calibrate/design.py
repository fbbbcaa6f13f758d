"""Designs of trials whose outputs are kept, a file per trial: a design can be stopped, resumed and shared out."""

import json
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy.stats import qmc

from experiments.calibrate.space import BOUNDS, NAMES, named, parameters_of
from experiments.calibrate.targets import load_targets
from experiments.calibrate.trial import outputs_of
from experiments.results import write_json
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
    if workers == 1 or len(missing) < 2:
        _simulate(folder, data, points, missing, seed, report)
        return
    shares = [missing[w::workers] for w in range(workers)]
    with get_context("spawn").Pool(workers) as pool:
        pool.starmap(_simulate, [(folder, data, points, share, seed) for share in shares])


def _simulate(folder: Path, data: Path, points: np.ndarray, which: list[int], seed: int,
              report: Callable[[int], None] = lambda done: None) -> None:  # fmt: skip
    targets = load_targets(data)
    for done, n in enumerate(which, 1):
        outputs = outputs_of(parameters_of(named(points[n])), targets, seed)
        hidden = folder / f".{n:05d}.part"
        write_json(hidden, {"parameters": named(points[n]), "seed": seed, "outputs": outputs})
        hidden.replace(_file(folder, n))
        report(done)


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
