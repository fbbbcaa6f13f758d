"""Response surface: an outcome as a second-degree polynomial of the factors, with its fit."""

import itertools
from dataclasses import dataclass

import numpy as np

from experiments.sweep.table import Sweep
from scenarios.errors import InputError


@dataclass
class Surface:
    """A fitted surface.

    Attributes
    ----------
    factors : list of str
    low, high : float64 [F]
        Ends of the ranges, which become -1 and 1.
    terms : list of str
    coefficients : float64 [terms]
        In units of the outcome, factors from -1 to 1.
    explained : float
        Share of variance explained in points that were left out (five parts in turn).
    """

    factors: list[str]
    low: np.ndarray
    high: np.ndarray
    terms: list[str]
    coefficients: np.ndarray
    explained: float

    def strongest(self) -> tuple[int, int]:
        """Indices of the two factors with the largest effects: largest sums of absolute coefficients."""
        weight = [
            sum(abs(c) for term, c in zip(self.terms, self.coefficients, strict=True) if name in term.split(" x "))
            for name in self.factors
        ]
        first, second = np.argsort(weight)[::-1][:2]
        return int(first), int(second)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """The outcome at factor values [N, F]."""
        return features((values - self.low) / (self.high - self.low) * 2 - 1)[0] @ self.coefficients


def features(x: np.ndarray) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """Constant, linear terms, squares and products."""
    count = x.shape[1]
    powers = [(), *((i,) for i in range(count)), *itertools.combinations_with_replacement(range(count), 2)]
    return np.stack([np.prod(x[:, list(p)], axis=1) for p in powers], axis=1), powers


def response_surface(sweep: Sweep, outcome: str) -> Surface:
    """Fit the surface by least squares to all completed runs.

    Raises
    ------
    InputError
        No numeric factors, or fewer runs than terms.
    """
    frame = sweep.frame_for(outcome)
    frame = frame.filter(frame[outcome].is_not_nan())
    names = [f for f in sweep.factors if frame[f].dtype.is_numeric() and frame[f].n_unique() > 2]
    if not names:
        raise InputError("a response surface needs a factor with three different numbers or more")
    values, y = frame.select(names).to_numpy().astype(float), frame[outcome].to_numpy()
    low, high = values.min(axis=0), values.max(axis=0)
    x, powers = features((values - low) / (high - low) * 2 - 1)
    if len(y) < 2 * x.shape[1]:
        raise InputError(f"{len(y)} runs are too few for a surface of {x.shape[1]} terms")
    coefficients = np.linalg.lstsq(x, y, rcond=None)[0]
    terms = [" x ".join(names[i] for i in p) or "constant" for p in powers]
    return Surface(names, low, high, terms, coefficients, left_out_share(x, y))


def left_out_share(x: np.ndarray, y: np.ndarray, parts: int = 5) -> float:
    """Variance explained in parts that were left out of the fit."""
    part = np.arange(len(y)) % parts
    predicted = np.empty_like(y)
    for k in range(parts):
        predicted[part == k] = x[part == k] @ np.linalg.lstsq(x[part != k], y[part != k], rcond=None)[0]
    spread = ((y - y.mean()) ** 2).sum()
    return float(1 - ((y - predicted) ** 2).sum() / spread) if spread else float("nan")
