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
    """

    names: list[str]
    model: RidgeCV
    error: np.ndarray
    explained: np.ndarray

    def predict(self, points: np.ndarray) -> np.ndarray:
        """Outputs at points, float64 [N, O]."""
        return self.model.predict(features(points))


def unit(points: np.ndarray) -> np.ndarray:
    """Points of the space as numbers from -1 to 1."""
    return 2 * (points - BOUNDS[:, 0]) / (BOUNDS[:, 1] - BOUNDS[:, 0]) - 1


def features(points: np.ndarray) -> np.ndarray:
    """Columns of the regression at points of the space."""
    return quadratic_terms(unit(points))


def fit_emulator(points: np.ndarray, names: list[str], outputs: np.ndarray) -> Emulator:
    """Fit to a design: float64 [N, D] and [N, O]."""
    ridge, error, explained = fit_ridge(features(points), outputs)
    return Emulator(names, ridge, error, explained)
