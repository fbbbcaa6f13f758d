"""The stages of a fit to one's own survey: simulate the national draws, move them, simulate some of the moved."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.calibrate.survey.prior import Prior, named_values, prior_of
from experiments.calibrate.survey.simulating import simulate_draws
from experiments.calibrate.survey.survey import Survey, scale_for
from experiments.calibrate.survey.update import (
    Left,
    StandIn,
    Update,
    fit_stand_in,
    left_out,
    moved_draws,
    moved_point,
    update,
)

CHECKED = 24  # moved draws that are simulated, with other random numbers


@dataclass(frozen=True)
class SurveyStudy:
    """What was found.

    Attributes
    ----------
    moved : float64 [S, D]
        The sample given the survey.
    single : float64 [D]
        The shipped values, moved likewise: what a single run takes.
    checked : float64 [M]
        Mean of what was simulated at some of the moved draws, minus what the straight lines say there.
    scale : int
        Residents per agent.
    """

    survey: Survey
    prior: Prior
    stand_in: StandIn
    found: Update
    left: Left
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

    stand_in = fit_stand_in(prior, simulate("national", prior.draws, seed))
    found = update(prior, stand_in, survey)
    moved = moved_draws(prior, stand_in, survey, found)
    chosen = moved[np.linspace(0, len(moved) - 1, min(CHECKED, len(moved))).astype(int)]
    simulated = simulate(check_name(chosen), chosen, seed + len(prior.draws))
    return SurveyStudy(
        survey, prior, stand_in, found, left_out(prior, stand_in, survey), moved,
        moved_point(prior, stand_in, survey, found, prior.shipped()),
        (simulated - stand_in.predict(prior.standard(chosen))).mean(axis=0), scale,
    )  # fmt: skip


def check_name(points: np.ndarray) -> str:
    """Folder of the check: a survey that was corrected moves the draws elsewhere, and they are simulated anew."""
    import hashlib

    return f"check-{hashlib.sha256(np.ascontiguousarray(points).tobytes()).hexdigest()[:8]}"
