"""Designs of the national study: points of the space, and the trials at them."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
from scipy.stats import qmc

from experiments.calibrate.space import BOUNDS, NAMES, named, parameters_of
from experiments.calibrate.targets import Targets, load_targets
from experiments.calibrate.trial import outputs_of
from experiments.calibrate.trials import read_trials, run_trials


def sobol_points(count: int, seed: int, bounds: np.ndarray = BOUNDS) -> np.ndarray:
    """Scrambled Sobol points over a whole space with bounds float64 [D, 2], float64 [count, D]."""
    points = qmc.Sobol(len(bounds), seed=seed).random(1 << (count - 1).bit_length())[:count]
    return qmc.scale(points, bounds[:, 0], bounds[:, 1])


def run_design(
    folder: Path,
    data: Path,
    points: np.ndarray,
    seed: int,
    workers: int = 1,
    report: Callable[[int], None] = lambda done: None,
) -> None:
    """Simulate what is not in the folder yet.

    Parameters
    ----------
    points : float64 [N, D]
        A trial's file holds its point; a folder with other points is refused.
    """
    values = [named(point) for point in points]
    run_trials(folder, partial(_simulate, data), values, [seed] * len(values), workers=workers, report=report)


@cache
def _targets(data: Path) -> Targets:
    """Read once per process."""
    return load_targets(data)


def _simulate(data: Path, values: dict[str, float], seed: int) -> dict[str, float]:
    return outputs_of(parameters_of(values), _targets(data), seed)


def read_design(folder: Path) -> tuple[np.ndarray, list[str], np.ndarray]:
    """All trials of a folder.

    Returns
    -------
    float64 [N, D], list of str, float64 [N, O]
        Points, names of the outputs, outputs.
    """
    values, names, outputs = read_trials(folder)
    return np.array([[each[name] for name in NAMES] for each in values]), names, outputs
