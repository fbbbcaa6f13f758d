"""An emulator of the simulator: quadratic ridge regression on the trials of a design."""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import RidgeCV

from experiments.calibrate.space import BOUNDS
from experiments.emulate.quadratic import fit_ridge, quadratic_terms


@dataclass(frozen=True)
class Emulator:
    """Predicts every output of a trial from its parameters.

    Attributes
    ----------
    names : list of str
        Outputs.
    error : float64 [O]
        Standard deviation of the error, each trial predicted from the others.
    explained : float64 [O]
        Share of the outputs' variance explained in this way.
    bounds : float64 [D, 2]
        Lowest and highest value of each parameter.
    """

    names: list[str]
    model: RidgeCV
    error: np.ndarray
    explained: np.ndarray
    bounds: np.ndarray

    def predict(self, points: np.ndarray) -> np.ndarray:
        """Outputs at points, float64 [N, O]."""
        return (
            features(points, self.bounds) @ self.model.coef_.T + self.model.intercept_
        )  # `predict` without its checks


def features(points: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Columns of the regression at points of a space, whose bounds are put at -1 and 1."""
    return quadratic_terms(2 * (points - bounds[:, 0]) / (bounds[:, 1] - bounds[:, 0]) - 1)


def fit_emulator(points: np.ndarray, names: list[str], outputs: np.ndarray, bounds: np.ndarray = BOUNDS) -> Emulator:
    """Fit to a design: float64 [N, D] and [N, O], in a space with bounds float64 [D, 2]."""
    ridge, error, explained = fit_ridge(features(points, bounds), outputs)
    return Emulator(names, ridge, error, explained, bounds)
