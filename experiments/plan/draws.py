"""Draws of the uncertain parameters that a sweep varied, each within the sweep's range."""

import numpy as np

from experiments.compare.draws import draw_parameters
from experiments.sweep.design import numbers_of
from scenarios.errors import InputError
from sim.parameters import Parameters

PREFIX = "parameters."
WIDTH = 100  # percent of the usual, of draws that do not come from a sample
LEAST_WITHIN = 0.5


def drawn(
    names: list[str], ranges: np.ndarray, fixed: Parameters, posterior: str | None, count: int, seed: int, purpose: str
) -> tuple[np.ndarray, float]:
    """Draws within the ranges, and the share of all draws that lay within them.

    Parameters
    ----------
    names : list of str
        Factors, parameters.NAME.
    ranges : float64 [P, 2]
    purpose : str
        Draws of different purposes have nothing in common.

    Returns
    -------
    float64 [count, P], float

    Raises
    ------
    InputError
        More than half of the draws lie beyond the sweep.
    """
    chance = np.random.default_rng(numbers_of(seed, purpose))
    keys = [name.removeprefix(PREFIX) for name in names]
    found: list[list[float]] = []
    tried: list[list[float]] = []
    while len(found) < count:
        values = draw_parameters(fixed, posterior, WIDTH, chance)
        tried.append([float(getattr(values, key)) for key in keys])
        if (ranges[:, 0] <= tried[-1]).all() and (tried[-1] <= ranges[:, 1]).all():
            found.append(tried[-1])
        if len(tried) >= 2 * count and len(found) < LEAST_WITHIN * len(tried):
            raise beyond(names, ranges, np.array(tried))
    return np.array(found), len(found) / len(tried)


def beyond(names: list[str], ranges: np.ndarray, tried: np.ndarray) -> InputError:
    """Names the parameter whose draws are most often beyond the sweep, and the range they need."""
    out = (tried < ranges[:, 0]) | (tried > ranges[:, 1])
    at = int(out.mean(axis=0).argmax())
    low, high = tried[:, at].min(), tried[:, at].max()
    return InputError(
        f"{out.any(axis=1).mean():.0%} of the draws of parameters lie beyond the sweep, most often {names[at]}; sweep "
        f"it over factors.{names[at]}=[{low:.4g},{high:.4g}]"
    )
