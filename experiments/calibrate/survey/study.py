"""The stages of a fit to a local survey: simulate the national draws, update them, simulate some updated draws."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.calibrate.survey.prior import Prior, named_values, prior_of
from experiments.calibrate.survey.simulating import simulate_draws
from experiments.calibrate.survey.survey import Survey, scale_for
from experiments.calibrate.survey.update import (
    LeaveOneOut,
    LinearEmulator,
    Update,
    fit_linear_emulator,
    left_out,
    moved_draws,
    moved_point,
    update,
)

CHECKED = 24  # moved draws that are simulated, with other random numbers


@dataclass(frozen=True)
class SurveyStudy:
    """The result of a fit.

    Attributes
    ----------
    moved : float64 [S, D]
        The sample given the survey.
    single : float64 [D]
        The shipped values, moved likewise: what a single run takes.
    checked : float64 [M]
        Mean error of the emulator at some of the moved draws, which are simulated with other random numbers.
    scale : int
        Residents per agent.
    """

    survey: Survey
    prior: Prior
    emulator: LinearEmulator
    found: Update
    left: LeaveOneOut
    moved: np.ndarray
    single: np.ndarray
    checked: np.ndarray
    scale: int


def run_survey_study(folder: Path, survey: Survey, options: dict, report: Callable) -> SurveyStudy:
    """All stages; what the folder holds of them is not simulated again."""
    prior, scale = prior_of(options["prior"], options["draws"]), scale_for(survey, options["scale"])
    seed, workers = options["seed"], options["workers"]

    def simulate(name: str, points: np.ndarray, first_seed: int) -> np.ndarray:
        draws = [named_values(prior, point) for point in points]
        return simulate_draws(folder / name, survey, scale, draws, first_seed, workers, report(name, len(points)))

    emulator = fit_linear_emulator(prior, simulate("national", prior.draws, seed))
    found = update(prior, emulator, survey)
    moved = moved_draws(prior, emulator, survey, found)
    chosen = moved[np.linspace(0, len(moved) - 1, min(CHECKED, len(moved))).astype(int)]
    simulated = simulate(check_name(chosen), chosen, seed + len(prior.draws))
    return SurveyStudy(
        survey,
        prior,
        emulator,
        found,
        left_out(prior, emulator, survey),
        moved,
        moved_point(prior, emulator, survey, found, prior.shipped()),
        (simulated - emulator.predict(prior.standard(chosen))).mean(axis=0),
        scale,
    )


def check_name(points: np.ndarray) -> str:
    """Folder of the check: a survey that was corrected moves the draws elsewhere, and they are simulated anew."""
    import hashlib

    return f"check-{hashlib.sha256(np.ascontiguousarray(points).tobytes()).hexdigest()[:8]}"
