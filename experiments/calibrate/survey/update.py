"""The Bayesian update of the national sample by a local survey.

Over the width of the national sample the simulated score of an area is nearly linear in the parameters, so that a
linear emulator takes the place of the simulator. With y the survey, m and B the prediction at the mean of the sample
and its slopes, C the covariance of the sample, and R that of the errors, predictions have the covariance
V = B C B' + R; the mean of the sample moves by C B' V^-1 (y - m), and its covariance becomes C - C B' V^-1 B C (the
Bayesian linear model; Lindley & Smith 1972). The draws follow by the symmetric root of the remaining covariance (an
ensemble square root filter; Tippett et al. 2003): they contract in the directions about which the survey is
informative, and keep their values in all others.

R has three parts: the sampling error of the survey; model error of an area; and model error of the municipality as a
whole, which includes the level of the survey. The last two are by default those of the national calibration. One
factor on both is estimated from the survey (posterior mode; its logarithm has a normal prior about 0).
"""

from dataclasses import dataclass

import numpy as np

from experiments.calibrate.survey.prior import Prior
from experiments.calibrate.survey.survey import Survey
from experiments.emulate.quadratic import fit_ridge

FACTORS = np.geomspace(0.25, 4, 25)
FACTOR_SPREAD = 0.5  # prior standard deviation of the logarithm of the factor [E]


@dataclass(frozen=True)
class LinearEmulator:
    """A linear approximation of the simulated survey.

    Attributes
    ----------
    middle, error, explained : float64 [M]
        Prediction at the mean of the sample; leave-one-out error (SD); share of the variance explained.
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
class LeaveOneOut:
    """Predictive mean and standard deviation of each value given the other areas, float64 [M]."""

    mean: np.ndarray
    spread: np.ndarray


@dataclass(frozen=True)
class Update:
    """The result of the update.

    Attributes
    ----------
    factor : float
        Of the model error.
    gain : float64 [D, M]
        Shift of each parameter, in standard deviations, per unit of difference of each value.
    covariance : float64 [M, M]
        Of the errors.
    effective : float
        Effective number of parameters that the survey determines: the trace of B C B' V^-1.
    kept : float64 [D]
        Share of each parameter's standard deviation that is left.
    fitted : float64 [M]
        Prediction of each value, its own measurement included.
    """

    factor: float
    gain: np.ndarray
    covariance: np.ndarray
    effective: float
    kept: np.ndarray
    fitted: np.ndarray


def fit_linear_emulator(prior: Prior, outputs: np.ndarray) -> LinearEmulator:
    """Fit the emulator to the outputs simulated at the draws of the sample, float64 [S, M]."""
    standard = prior.standard(prior.draws)
    ridge, error, explained = fit_ridge(standard, outputs)
    return LinearEmulator(ridge.intercept_, ridge.coef_, error, explained)


def errors_of(survey: Survey, emulator: LinearEmulator, factor: float) -> np.ndarray:
    """Covariance of the errors for one factor, float64 [M, M]."""
    of_area, of_whole = survey.discrepancy
    alike = survey.construct[:, None] == survey.construct
    common = np.where(alike, np.outer(of_whole, of_whole), 0.0)
    return np.diag(survey.error**2 + emulator.error**2) + factor**2 * (np.diag(of_area**2) + common)


def update(prior: Prior, emulator: LinearEmulator, survey: Survey) -> Update:
    """Fit the sample to the survey."""
    systematic = emulator.slopes @ prior.together @ emulator.slopes.T
    posteriors = [_log_posterior(survey, emulator, systematic, factor) for factor in FACTORS]
    factor = float(FACTORS[int(np.argmax(posteriors))])
    errors = errors_of(survey, emulator, factor)
    off = survey.value - emulator.middle
    backward = np.linalg.inv(systematic + errors)
    gain = prior.together @ emulator.slopes.T @ backward
    left = np.diag(prior.together) - (gain * (prior.together @ emulator.slopes.T)).sum(axis=1)
    kept = np.sqrt(np.maximum(left, 0) / np.diag(prior.together))
    shared = systematic + errors - np.diag(np.diag(errors)) + np.diag(_of_whole(survey, factor))
    return Update(
        factor, gain, errors, float(np.trace(systematic @ backward)), kept, emulator.middle + shared @ backward @ off
    )


def _of_whole(survey: Survey, factor: float) -> np.ndarray:
    """Variance of the error that all areas share, float64 [M]."""
    return (factor * survey.discrepancy[1]) ** 2


def _log_posterior(survey: Survey, emulator: LinearEmulator, systematic: np.ndarray, factor: float) -> float:
    """Log posterior of one factor, up to a constant."""
    total = systematic + errors_of(survey, emulator, factor)
    off = survey.value - emulator.middle
    _, size = np.linalg.slogdet(total)
    return float(-0.5 * (off @ np.linalg.solve(total, off) + size) + _log_prior(factor))


def _log_prior(factor: float) -> float:
    return -0.5 * (np.log(factor) / FACTOR_SPREAD) ** 2


def left_out(prior: Prior, emulator: LinearEmulator, survey: Survey) -> LeaveOneOut:
    """Leave-one-area-out predictions, with the factor estimated anew without the area.

    Exact, from one inverse per factor: with Q = V^-1, the values of an area given the others have the covariance
    S = (Q of the area)^-1 and lie S (Q (y - m) of the area) below what was measured (Rasmussen & Williams 2006, 5.12).
    """
    systematic = emulator.slopes @ prior.together @ emulator.slopes.T
    off, mean, spread = survey.value - emulator.middle, np.empty(len(survey.value)), np.empty(len(survey.value))
    precisions = [np.linalg.inv(systematic + errors_of(survey, emulator, factor)) for factor in FACTORS]
    posteriors = [_log_posterior(survey, emulator, systematic, factor) for factor in FACTORS]
    area = np.array(survey.area)
    for one in dict.fromkeys(survey.area):
        at, best = np.flatnonzero(area == one), -np.inf
        for precision, chance in zip(precisions, posteriors, strict=True):
            within = np.linalg.inv(precision[np.ix_(at, at)])
            apart = within @ (precision @ off)[at]
            without = chance + 0.5 * (apart @ np.linalg.solve(within, apart) + np.linalg.slogdet(within)[1])
            if without > best:
                best, mean[at], spread[at] = without, survey.value[at] - apart, np.sqrt(np.diag(within))
    return LeaveOneOut(mean, spread)


def moved_draws(prior: Prior, emulator: LinearEmulator, survey: Survey, found: Update) -> np.ndarray:
    """The draws of the sample given the survey, float64 [S, D]."""
    size, axes = np.linalg.eigh(prior.together)
    size = np.maximum(size, 0)
    half = axes * np.sqrt(size) @ axes.T
    back = axes * np.where(size > 1e-10, 1 / np.sqrt(np.maximum(size, 1e-10)), 0.0) @ axes.T
    told, directions = np.linalg.eigh(back @ found.gain @ emulator.slopes @ half)
    left = directions * np.sqrt(np.clip(1 - told, 0, 1)) @ directions.T
    shift = found.gain @ (survey.value - emulator.middle)
    return prior.plain(shift + prior.standard(prior.draws) @ back @ left @ half, reflected=True)


def moved_point(prior: Prior, emulator: LinearEmulator, survey: Survey, found: Update, point: np.ndarray) -> np.ndarray:
    """One point moved likewise, float64 [D]: the values for a single run."""
    standard = prior.standard(point)[None]
    return prior.plain(standard + (survey.value - emulator.predict(standard)) @ found.gain.T)[0]
