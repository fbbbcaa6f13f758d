"""What a survey changes: the national sample, moved as far as the survey and its errors give reason to.

Over the width of the national sample what the model says of an area is nearly a straight line in the parameters. So
with y measured, m and B the prediction at the mean of the sample and its slopes, C the covariance of the sample, and R
that of the errors, predictions have the covariance V = B C B' + R, the mean of the sample moves by C B' V^-1 (y - m),
and its covariance becomes C - C B' V^-1 B C: a Bayesian linear model (Lindley & Smith 1972). The draws follow by the
symmetric root of what is left (an ensemble square root filter: Tippett et al. 2003): they come closer together in the
directions of which the survey tells something, and keep their place in all others, as the national fit left them.

R has three parts: the survey's sampling error; what the model leaves out of an area, and of the municipality as a whole
with the survey's own level, both by default as large as in the national calibration. One factor on the last two is
found from the survey itself (most probable value; before the survey its logarithm is normal about 0).
"""

from dataclasses import dataclass

import numpy as np

from experiments.calibrate.emulator import fit_ridge
from experiments.calibrate.survey.prior import Prior
from experiments.calibrate.survey.survey import Survey

FACTORS = np.geomspace(0.25, 4, 25)
FACTOR_SPREAD = 0.5  # of the logarithm of the factor before the survey [E]


@dataclass(frozen=True)
class StandIn:
    """Straight lines in place of the simulator.

    Attributes
    ----------
    middle, error, explained : float64 [M]
        Prediction at the mean of the sample; standard deviation of what is off at draws not fitted to; share explained.
    slopes : float64 [M, D]
        Per standard deviation of each parameter.
    """

    middle: np.ndarray
    slopes: np.ndarray
    error: np.ndarray
    explained: np.ndarray

    def predict(self, standard: np.ndarray) -> np.ndarray:
        """Predictions at standardised points [N, D], float64 [N, M]."""
        return self.middle + standard @ self.slopes.T


@dataclass(frozen=True)
class Left:
    """Each value predicted from the other areas, float64 [M]: mean and standard deviation of what the survey finds."""

    mean: np.ndarray
    spread: np.ndarray


@dataclass(frozen=True)
class Update:
    """What the survey changes.

    Attributes
    ----------
    factor : float
        On what the model leaves out.
    gain : float64 [D, M]
        By how many standard deviations a parameter moves per unit that a value is off.
    covariance : float64 [M, M]
        Of the errors.
    settled : float
        How many numbers the survey settles, in all: the trace of B C B' V^-1.
    kept : float64 [D]
        Share of each parameter's standard deviation that is left.
    fitted : float64 [M]
        What is said of each value, its own included.
    """

    factor: float
    gain: np.ndarray
    covariance: np.ndarray
    settled: float
    kept: np.ndarray
    fitted: np.ndarray


def fit_stand_in(prior: Prior, outputs: np.ndarray) -> StandIn:
    """Fit straight lines to what was simulated at the draws of the sample, float64 [S, M]."""
    standard = prior.standard(prior.draws)
    ridge, error, explained = fit_ridge(standard, outputs)
    return StandIn(ridge.intercept_, ridge.coef_, error, explained)


def errors_of(survey: Survey, stand_in: StandIn, factor: float) -> np.ndarray:
    """Covariance of the errors for one factor, float64 [M, M]."""
    of_area, of_whole = survey.discrepancy
    alike = survey.construct[:, None] == survey.construct
    common = np.where(alike, np.outer(of_whole, of_whole), 0.0)
    return np.diag(survey.error**2 + stand_in.error**2) + factor**2 * (np.diag(of_area**2) + common)


def update(prior: Prior, stand_in: StandIn, survey: Survey) -> Update:
    """Fit the sample to the survey."""
    systematic = stand_in.slopes @ prior.together @ stand_in.slopes.T
    chances = [_log_chance(survey, stand_in, systematic, factor) for factor in FACTORS]
    factor = float(FACTORS[int(np.argmax(chances))])
    errors = errors_of(survey, stand_in, factor)
    off = survey.value - stand_in.middle
    backward = np.linalg.inv(systematic + errors)
    gain = prior.together @ stand_in.slopes.T @ backward
    left = np.diag(prior.together) - (gain * (prior.together @ stand_in.slopes.T)).sum(axis=1)
    kept = np.sqrt(np.maximum(left, 0) / np.diag(prior.together))
    shared = systematic + errors - np.diag(np.diag(errors)) + np.diag(_of_whole(survey, factor))
    return Update(factor, gain, errors, float(np.trace(systematic @ backward)), kept,
                  stand_in.middle + shared @ backward @ off)  # fmt: skip


def _of_whole(survey: Survey, factor: float) -> np.ndarray:
    """Variance of what is common to all areas, float64 [M]."""
    return (factor * survey.discrepancy[1]) ** 2


def _log_chance(survey: Survey, stand_in: StandIn, systematic: np.ndarray, factor: float) -> float:
    """Logarithm of the chance of the survey for one factor, times that of the factor before it; up to a constant."""
    total = systematic + errors_of(survey, stand_in, factor)
    off = survey.value - stand_in.middle
    _, size = np.linalg.slogdet(total)
    return float(-0.5 * (off @ np.linalg.solve(total, off) + size) + _before(factor))


def _before(factor: float) -> float:
    return -0.5 * (np.log(factor) / FACTOR_SPREAD) ** 2


def left_out(prior: Prior, stand_in: StandIn, survey: Survey) -> Left:
    """Predict each area from the others, the factor found anew without it.

    Exact, from one inverse per factor: with Q that of all, the values of an area given the others have the covariance
    S = (Q of the area)^-1 and lie S (Q (y - m) of the area) below what was measured (Rasmussen & Williams 2006, 5.12).
    """
    systematic = stand_in.slopes @ prior.together @ stand_in.slopes.T
    off, mean, spread = survey.value - stand_in.middle, np.empty(len(survey.value)), np.empty(len(survey.value))
    precisions = [np.linalg.inv(systematic + errors_of(survey, stand_in, factor)) for factor in FACTORS]
    chances = [_log_chance(survey, stand_in, systematic, factor) for factor in FACTORS]
    area = np.array(survey.area)
    for one in dict.fromkeys(survey.area):
        at, best = np.flatnonzero(area == one), -np.inf
        for precision, chance in zip(precisions, chances, strict=True):
            within = np.linalg.inv(precision[np.ix_(at, at)])
            apart = within @ (precision @ off)[at]
            without = chance + 0.5 * (apart @ np.linalg.solve(within, apart) + np.linalg.slogdet(within)[1])
            if without > best:
                best, mean[at], spread[at] = without, survey.value[at] - apart, np.sqrt(np.diag(within))
    return Left(mean, spread)


def moved_draws(prior: Prior, stand_in: StandIn, survey: Survey, found: Update) -> np.ndarray:
    """The draws of the sample given the survey, float64 [S, D]."""
    size, axes = np.linalg.eigh(prior.together)
    size = np.maximum(size, 0)
    half = axes * np.sqrt(size) @ axes.T
    back = axes * np.where(size > 1e-10, 1 / np.sqrt(np.maximum(size, 1e-10)), 0.0) @ axes.T
    told, directions = np.linalg.eigh(back @ found.gain @ stand_in.slopes @ half)
    left = directions * np.sqrt(np.clip(1 - told, 0, 1)) @ directions.T
    shift = found.gain @ (survey.value - stand_in.middle)
    return prior.plain(shift + prior.standard(prior.draws) @ back @ left @ half, reflected=True)


def moved_point(prior: Prior, stand_in: StandIn, survey: Survey, found: Update, point: np.ndarray) -> np.ndarray:
    """One point moved as the survey gives reason to, float64 [D]: the values that a single run takes."""
    standard = prior.standard(point)[None]
    return prior.plain(standard + (survey.value - stand_in.predict(standard)) @ found.gain.T)[0]
