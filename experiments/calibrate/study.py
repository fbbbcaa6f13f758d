"""The stages of a calibration: a wide design, a second one near the first posterior, the posterior, and a sample."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.calibrate.design import read_design, run_design, sobol_points
from experiments.calibrate.emulator import Emulator, fit_emulator
from experiments.calibrate.posterior import Likelihood, likelihood_of, sample_posterior
from experiments.calibrate.space import BOUNDS
from experiments.calibrate.targets import Targets

DRAWS = 4000
WIDER = 1.25  # spread of the second design over that of the first posterior, since the first emulator is not exact


@dataclass(frozen=True)
class Study:
    """Results of a calibration.

    Attributes
    ----------
    emulator : Emulator
        Fitted to both designs.
    likelihood : Likelihood
        Widened by the error of the emulator.
    draws : float64 [S, D + 1]
        Draws of the posterior, `home_mark` last.
    outputs : float64 [S, O]
        Outputs there, of the emulator.
    sample, simulated : float64 [T, D + 1], [T, O]
        Some of the draws, and outputs that were simulated there with other random numbers.
    trials : int
        Trials simulated in all.
    """

    emulator: Emulator
    likelihood: Likelihood
    draws: np.ndarray
    outputs: np.ndarray
    sample: np.ndarray
    simulated: np.ndarray
    trials: int


def run_study(folder: Path, targets: Targets, options: dict, report: Callable) -> Study:
    """Run all stages; trials in the folder are not simulated again."""
    data, seed, workers = Path(options["data"]), options["seed"], options["workers"]

    def simulate(name: str, points: np.ndarray, with_seed: int) -> tuple[np.ndarray, list[str], np.ndarray]:
        run_design(folder / name, data, points, with_seed, workers, report(name, len(points)))
        return read_design(folder / name)

    points, names, outputs = simulate("first", sobol_points(options["first"], seed), seed)
    emulator, likelihood, draws = _posterior(points, names, outputs, targets, seed)
    middle = draws[: options["second"], :-1].mean(axis=0)
    around = np.clip(middle + WIDER * (draws[: options["second"], :-1] - middle), *BOUNDS.T)
    more, _, more_outputs = simulate("second", _kept(folder / "second.npy", around), seed)
    points, outputs = np.vstack([points, more]), np.vstack([outputs, more_outputs])
    emulator, likelihood, draws = _posterior(points, names, outputs, targets, seed + 1)
    sample = _kept(folder / "sample.npy", draws[: options["sample"]])
    _, _, simulated = simulate("sample", sample[:, :-1], seed + 1)
    trials = len(points) + len(sample)
    return Study(emulator, likelihood, draws, emulator.predict(draws[:, :-1]), sample, simulated, trials)


def _posterior(points: np.ndarray, names: list[str], outputs: np.ndarray, targets: Targets, seed: int
               ) -> tuple[Emulator, Likelihood, np.ndarray]:  # fmt: skip
    emulator = fit_emulator(points, names, outputs)
    likelihood = likelihood_of(targets, names, emulator.error)
    return emulator, likelihood, sample_posterior(emulator.predict, likelihood, DRAWS, seed)


def _kept(path: Path, points: np.ndarray) -> np.ndarray:
    """Points as they were chosen first: another version of a library must not change a design half-way."""
    if not path.is_file():
        np.save(path, points)
    return np.load(path)
