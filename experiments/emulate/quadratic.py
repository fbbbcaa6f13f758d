"""Quadratic ridge regression: the part of an emulator that calibration and sweeps share."""

import numpy as np
from sklearn.linear_model import RidgeCV

PENALTIES = np.geomspace(1e-2, 1e3, 11)
LINEAR = 30.0  # a column so much larger is hardly shrunk: linear terms are kept, quadratic ones need evidence


def quadratic_terms(unit: np.ndarray) -> np.ndarray:
    """Columns of the regression: the factors, their squares and their products.

    Parameters
    ----------
    unit : float64 [N, D]
        Factors from -1 (lowest) to 1 (highest).
    """
    # As PolynomialFeatures of scikit-learn, whose checks take most of the time where a sampler asks for a few rows.
    one, other = np.triu_indices(unit.shape[1])
    return np.hstack([LINEAR * unit, unit[:, one] * unit[:, other]])


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
