"""An emulator of the simulator: quadratic ridge regression on the trials of a design."""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.preprocessing import PolynomialFeatures

from experiments.calibrate.space import BOUNDS

PENALTIES = np.geomspace(1e-2, 1e3, 11)
LINEAR = 30.0  # a column so much larger is hardly shrunk: linear terms are kept, quadratic ones need evidence


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
    """Columns of the regression: the parameters, their squares and their products."""
    all_terms = PolynomialFeatures(2, include_bias=False).fit_transform(unit(points))
    all_terms[:, : points.shape[1]] *= LINEAR
    return all_terms


def fit_emulator(points: np.ndarray, names: list[str], outputs: np.ndarray) -> Emulator:
    """Fit to a design: float64 [N, D] and [N, O]."""
    ridge, error, explained = fit_ridge(features(points), outputs)
    return Emulator(names, ridge, error, explained)


def fit_ridge(columns: np.ndarray, outputs: np.ndarray) -> tuple[RidgeCV, np.ndarray, np.ndarray]:
    """Ridge regression of each output, float64 [N, O], with the penalty of the least leave-one-out error.

    Returns
    -------
    RidgeCV, float64 [O], float64 [O]
        Standard deviation of what is off and share explained, each row predicted from the others.
    """
    ridge = RidgeCV(PENALTIES, alpha_per_target=True, store_cv_results=True)
    ridge.fit(columns, outputs)
    squared = ridge.cv_results_.mean(axis=0).min(axis=-1)
    return ridge, np.sqrt(squared), 1 - squared / outputs.var(axis=0)
