"""One outcome as a function of the factors: a quadratic regression, and a Gaussian process for what that leaves.

In a sweep of levers and of other factors the process is a sum of two: what the other factors do by themselves, most of
it, and what all do together (Duvenaud, Nickisch & Rasmussen 2011). So what bends in a parameter does not hide levers.

Chance is part of it: the variance between runs of a point is a function of the factors too (the logarithm of the
variance between replicates, by the same regression); where there are no replicates it is one number. How much of it is
left in the mean of a point is estimated from the points themselves, so that common random numbers count for what they
are worth. Rasmussen & Williams 2006, sections 2.7 and 5.4; noise by replicates: Ankenman, Nelson & Staum 2010.
"""

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import digamma
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

from experiments.emulate.quadratic import fit_ridge, quadratic_terms

SMOOTHNESS = 2.5  # of the Matérn kernel: twice differentiable
LENGTHS = (0.1, 1000.0)  # of the process, in halves of a factor's range
FLAT = 1e6  # a length with which a factor has no effect
HEIGHTS = (1e-6, 1e4)  # of the variance of a process, that of what the regression leaves being 1
FEWEST_REPLICATES = 3  # from which the variance between runs is taken as a function of the factors
LEAST = 1e-6  # share of the variance that counts as noise where there is none, so that matrices can be inverted


@dataclass(frozen=True)
class Points:
    """What is known of one outcome.

    Attributes
    ----------
    unit : float64 [N, D]
        Factors from -1 to 1.
    mean : float64 [N]
        Of the runs of each point.
    variance : float64 [N]
        Between the runs of each point; nan where there is one.
    runs : float64 [N]
        How many there are.
    """

    unit: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    runs: np.ndarray

    def part(self, chosen: np.ndarray) -> "Points":
        """Some of the points, by a mask or their rows."""
        return Points(self.unit[chosen], self.mean[chosen], self.variance[chosen], self.runs[chosen])


@dataclass(frozen=True)
class Learned:
    """What is optimised, and kept in a file: from it and the points the process is made again.

    Attributes
    ----------
    heights : tuple of float
        Variance of each part of the process.
    lengths : tuple of tuple of float
        Its length in each factor.
    noise : float
        Variance of the mean of a point by chance, at average noise.
    """

    heights: tuple[float, ...]
    lengths: tuple[tuple[float, ...], ...]
    noise: float

    def times(self, variance: float) -> "Learned":
        """The same with all variances multiplied."""
        return Learned(tuple(height * variance for height in self.heights), self.lengths, self.noise * variance)

    def kernel(self) -> Any:
        """The kernel of the process, without noise."""
        parts = zip(self.heights, self.lengths, strict=True)
        return added([ConstantKernel(height) * Matern(np.array(lengths), nu=SMOOTHNESS) for height, lengths in parts])


def added(kernels: list[Any]) -> Any:
    """The sum of kernels."""
    return reduce(add, kernels)


@dataclass(frozen=True)
class Predicted:
    """Predictions at N points, each float64 [N].

    Attributes
    ----------
    mean : expected outcome
    of_mean : standard deviation of the emulator's own error
    of_point : with the chance that is left in the mean of a point of the sweep
    of_run : with the chance of a single run
    """

    mean: np.ndarray
    of_mean: np.ndarray
    of_point: np.ndarray
    of_run: np.ndarray


class Process:
    """The regression, the process and the noise of one outcome.

    Parameters
    ----------
    points : Points
    learned : Learned, optional
        Found from the points when left out, by the largest marginal likelihood.
    levers : bool [D], optional
        Which factors are levers; for finding what is learned only.
    """

    def __init__(self, points: Points, learned: Learned | None = None, levers: np.ndarray | None = None) -> None:
        self.centre = quadratic_terms(points.unit).mean(axis=0)
        columns = self.columns(points.unit)
        ridge = fit_ridge(columns[:, 1:], points.mean[:, None])[0]
        left = points.mean - ridge.predict(columns[:, 1:]).ravel()
        self.scale = float(left.std()) or 1.0
        self.noise_of_run = noise_model(points)
        shape = self.shape_of_noise(points.unit)
        self.penalty = float(np.ravel(ridge.alpha_)[0])
        self.learned = learned or learn(points.unit, left / self.scale, levers)
        self.fit(points, columns, left, shape)
        if learned is None:
            self.learned = self.learned.times(self.excess(points, columns))
            self.fit(points, columns, left, shape)

    def fit(self, points: Points, columns: np.ndarray, left: np.ndarray, shape: np.ndarray) -> None:
        """The process and the regression for what is learned."""
        noise = self.learned.noise * shape + LEAST
        self.process = GaussianProcessRegressor(self.learned.kernel(), alpha=noise, optimizer=None)
        self.process.fit(points.unit, left / self.scale)
        self.fit_trend(columns, points.mean)
        self.process.fit(points.unit, (points.mean - columns @ self.weights) / self.scale)

    def excess(self, points: Points, columns: np.ndarray) -> float:
        """Variance beside that of what is learned, for which the regression took its part of the freedom (REML)."""
        left = (points.mean - columns @ self.weights) / self.scale
        taken = float(np.trace(cho_solve(self.sure, self.white.T @ self.white)))
        return float(left @ self.process.alpha_) / max(len(left) - taken, 0.1 * len(left))

    def fit_trend(self, columns: np.ndarray, mean: np.ndarray) -> None:
        """The regression again with the process as its error, and how sure it is (universal kriging)."""
        penalties = np.full(columns.shape[1], self.penalty)
        penalties[0] = 0  # the constant
        white = solve_triangular(self.process.L_, columns, lower=True)
        self.sure = cho_factor(white.T @ white + np.diag(penalties))
        self.white = white
        self.weights = cho_solve(self.sure, white.T @ solve_triangular(self.process.L_, mean, lower=True))

    def columns(self, unit: np.ndarray) -> np.ndarray:
        """A constant, and the terms of the regression less their mean."""
        terms = quadratic_terms(unit) - self.centre
        return np.column_stack([np.ones(len(terms)), terms])

    def shape_of_noise(self, unit: np.ndarray) -> np.ndarray:
        """Variance between runs as a multiple of its mean over the sweep, float64 [N]."""
        noise = self.noise_of_run
        return noise.variance(unit) / noise.usual if noise.usual else np.ones(len(unit))

    def mean(self, unit: np.ndarray) -> np.ndarray:
        """The expected outcome alone, which is fast, float64 [N]."""
        return self.columns(unit) @ self.weights + self.scale * self.process.predict(unit)

    def predict(self, unit: np.ndarray) -> Predicted:
        """The expected outcome and its errors."""
        columns = self.columns(unit)
        between = self.process.kernel_(self.process.X_train_, unit)
        seen = solve_triangular(self.process.L_, between, lower=True)
        unsure = columns.T - self.white.T @ seen
        variance = (
            sum(self.learned.heights) - (seen**2).sum(axis=0) + (unsure * cho_solve(self.sure, unsure)).sum(axis=0)
        )
        own = self.scale**2 * np.maximum(variance, 0)
        chance = self.scale**2 * self.learned.noise * self.shape_of_noise(unit)
        single = np.maximum(self.noise_of_run.variance(unit), chance)
        mean = columns @ self.weights + self.scale * between.T @ self.process.alpha_
        return Predicted(mean, np.sqrt(own), np.sqrt(own + chance), np.sqrt(own + single))


def learn(unit: np.ndarray, scaled: np.ndarray, levers: np.ndarray | None = None) -> Learned:
    """Variance, lengths and noise with the largest marginal likelihood, for values of variance 1."""
    every = np.ones(unit.shape[1], bool)
    others = every if levers is None else ~levers
    if others.all() or not others.any():
        begun = [part_of_process(0.5, 2.0, every)]
    else:
        begun = [part_of_process(0.5, 2.0, others), part_of_process(0.05, 3.0, every)]
    kernel = added(begun) + WhiteKernel(0.5 if len(begun) == 1 else 0.05, (LEAST, 2))
    found = quietly_fitted(GaussianProcessRegressor(kernel, alpha=LEAST), unit, scaled).kernel_
    parts = [found.k1] if len(begun) == 1 else [found.k1.k1, found.k1.k2]
    return Learned(
        tuple(float(part.k1.constant_value) for part in parts),
        tuple(tuple(np.atleast_1d(part.k2.length_scale).tolist()) for part in parts),
        float(found.k2.noise_level),
    )


def part_of_process(height: float, length: float, used: np.ndarray) -> Any:
    """A part to begin the search with, in which only some factors have an effect."""
    bounds = np.where(used[:, None], LENGTHS, (FLAT, FLAT))
    return ConstantKernel(height, HEIGHTS) * Matern(np.where(used, length, FLAT), bounds, SMOOTHNESS)


def quietly_fitted(process: GaussianProcessRegressor, unit: np.ndarray, scaled: np.ndarray) -> GaussianProcessRegressor:
    """Fit without the warnings about a length at its bound, which says that a factor has no effect."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(unit, scaled)


@dataclass(frozen=True)
class NoiseModel:
    """Variance between runs as a function of the factors; `usual` is its mean over the points of the sweep."""

    ridge: Any
    least: float
    usual: float

    def variance(self, unit: np.ndarray) -> np.ndarray:
        """Float64 [N]."""
        if self.ridge is None:
            return np.full(len(unit), self.usual)
        return np.maximum(np.exp(self.ridge.predict(quadratic_terms(unit)).ravel()), self.least)


def noise_model(points: Points) -> NoiseModel:
    """Regression of the logarithm of the variance between replicates, which is free of the bias of a logarithm."""
    known = points.runs >= FEWEST_REPLICATES
    least = LEAST * float(points.mean.var())
    if known.sum() < len(points.runs) or not (points.variance > least).all():
        usual = float(np.nanmean(points.variance)) if np.isfinite(points.variance).any() else 0.0
        return NoiseModel(None, least, usual)
    half = (points.runs - 1) / 2
    logs = np.log(points.variance) - digamma(half) + np.log(half)
    ridge = fit_ridge(quadratic_terms(points.unit), logs[:, None])[0]
    model = NoiseModel(ridge, least, 0.0)
    return NoiseModel(ridge, least, float(model.variance(points.unit).mean()))
