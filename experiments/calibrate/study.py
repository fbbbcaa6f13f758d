"""The stages of a calibration, of the change between two years and of the level at month 0.

The change: a design over the parameters of moves, births and deaths, and the fit to it. The level: a wide design, a
second one near the first posterior, the posterior, and a sample. Then both fits together, simulated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.calibrate import change
from experiments.calibrate.best_fit import best_fit
from experiments.calibrate.design import read_design, run_design, sobol_points
from experiments.calibrate.emulator import Emulator, fit_emulator
from experiments.calibrate.posterior import Likelihood, likelihood_of, sample_posterior
from experiments.calibrate.space import BOUNDS, named, parameters_of
from experiments.calibrate.targets import Targets, load_targets
from experiments.calibrate.trial import outputs_of

DRAWS = 4000
WIDER = 1.25  # spread of the second design over that of the first posterior, since the first emulator is not exact


@dataclass(frozen=True)
class Together:
    """Both best fits in one set of parameters, simulated with other random numbers.

    Attributes
    ----------
    level : dict
        Outputs of a trial of the level, by name.
    fitted, reported : dict
        Outputs of a trial of the change, over the municipalities that were fitted and over those that were not.
    """

    level: dict[str, float]
    fitted: dict[str, float]
    reported: dict[str, float]


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
    best : float64 [D + 1]
        The best fit.
    moved : ChangeStudy or None
        What the change says; None where no trials of it were asked for.
    together : Together or None
    """

    emulator: Emulator
    likelihood: Likelihood
    draws: np.ndarray
    outputs: np.ndarray
    sample: np.ndarray
    simulated: np.ndarray
    trials: int
    best: np.ndarray
    moved: change.ChangeStudy | None
    together: Together | None


def run_study(folder: Path, targets: Targets, options: dict, report: Callable) -> Study:
    """Run all stages; trials in the folder are not simulated again."""
    data, seed, workers = Path(options["data"]), options["seed"], options["workers"]

    def simulate(name: str, points: np.ndarray, with_seed: int) -> tuple[np.ndarray, list[str], np.ndarray]:
        run_design(folder / name, data, points, with_seed, workers, report(name, len(points)))
        return read_design(folder / name)

    moved = fit_change(folder / "change", data, options, report)
    points, names, outputs = simulate("first", sobol_points(options["first"], seed), seed)
    emulator, likelihood, draws = _posterior(points, names, outputs, targets, seed)
    middle = draws[: options["second"], :-1].mean(axis=0)
    around = np.clip(middle + WIDER * (draws[: options["second"], :-1] - middle), *BOUNDS.T)
    more, _, more_outputs = simulate("second", _kept(folder / "second.npy", around), seed)
    points, outputs = np.vstack([points, more]), np.vstack([outputs, more_outputs])
    emulator, likelihood, draws = _posterior(points, names, outputs, targets, seed + 1)
    sample = _kept(folder / "sample.npy", draws[: options["sample"]])
    _, _, simulated = simulate("sample", sample[:, :-1], seed + 1)
    best = best_fit(emulator, likelihood)
    together = None if moved is None else simulate_together(data, best, moved, seed + 1)
    trials = len(points) + len(sample) + (0 if moved is None else moved.trials)
    return Study(
        emulator, likelihood, draws, emulator.predict(draws[:, :-1]), sample, simulated, trials, best, moved, together
    )


def fit_change(folder: Path, data: Path, options: dict, report: Callable) -> change.ChangeStudy | None:
    """Simulate the design of the change and fit to it; None where no trials are asked for."""
    count, seed = options["change"], options["seed"]
    if count == 0:
        return None
    points = sobol_points(count, seed, change.BOUNDS)
    change.run_change(folder, data, points, seed, options["workers"], report("change", count))
    design = change.read_change(folder)
    finer = change.run_finer(folder.with_name("finer"), data, change.study_change(*design, seed), seed)
    return change.study_change(*design, seed, finer)


def simulate_together(data: Path, best: np.ndarray, moved: change.ChangeStudy, seed: int) -> Together:
    """Level and change at both best fits."""
    parameters = parameters_of(named(best[:-1]) | moved.fitted()).changed(home_mark=float(best[-1]))
    known = change.load_change(data, change.FINE)
    seen = change.simulate_change(known, parameters, seed)
    return Together(
        outputs_of(parameters, load_targets(data), seed),
        change.compared_change(known, seen, change.FITTED_ON),
        change.compared_change(known, seen, change.REPORTED_ON),
    )


def _posterior(
    points: np.ndarray, names: list[str], outputs: np.ndarray, targets: Targets, seed: int
) -> tuple[Emulator, Likelihood, np.ndarray]:
    emulator = fit_emulator(points, names, outputs)
    likelihood = likelihood_of(targets, names, emulator.error)
    return emulator, likelihood, sample_posterior(emulator.predict, likelihood, DRAWS, seed)


def _kept(path: Path, points: np.ndarray) -> np.ndarray:
    """Points as they were chosen first: another version of a library must not change a design half-way."""
    if not path.is_file():
        np.save(path, points)
    return np.load(path)
