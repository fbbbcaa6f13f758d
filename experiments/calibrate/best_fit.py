"""The best fit: the point nearest to all measured values, and each area predicted by the fit without it.

Penalised least squares (scipy) on the emulator: distances of measured values and of bands as in `posterior`, and a weak
pull to the middle of every range (a normal prior as wide as the range) for parameters that the data do not identify.
"""

import numpy as np
from scipy.optimize import least_squares

from experiments.calibrate.emulator import Emulator
from experiments.calibrate.posterior import HIGH, LOW, Likelihood

MIDDLE, WIDTH = (LOW + HIGH) / 2, HIGH - LOW
MOST_CALLS = 200  # of the function with all its derivatives; some thirty are enough


def best_fit(emulator: Emulator, likelihood: Likelihood, kept: np.ndarray | None = None) -> np.ndarray:
    """Parameters and `home_mark`, float64 [D + 1]; the search begins in the middle of every range.

    Parameters
    ----------
    kept : bool [M], optional
        Measured values that count; all of them when not given.
    """
    counted = np.ones(len(likelihood.value), bool) if kept is None else kept

    def distances(point: np.ndarray) -> np.ndarray:
        outputs = emulator.predict(point[None, :-1])
        off = (likelihood.predicted(outputs, point[-1:])[0] - likelihood.value) / likelihood.spread
        return np.concatenate([off[counted], likelihood.beyond(outputs)[0], (point - MIDDLE) / WIDTH])

    return least_squares(distances, MIDDLE, bounds=(LOW, HIGH), x_scale=WIDTH, max_nfev=MOST_CALLS).x


def predicted_without(emulator: Emulator, likelihood: Likelihood) -> np.ndarray:
    """Each measured value predicted by the best fit to all other areas, float64 [M].

    No search begins at a fit to data that include the area.
    """
    area = np.array(likelihood.area)
    found = np.empty(len(area))
    for one in dict.fromkeys(likelihood.area):
        point = best_fit(emulator, likelihood, area != one)
        there = area == one
        found[there] = likelihood.predicted(emulator.predict(point[None, :-1]), point[-1:])[0][there]
    return found
