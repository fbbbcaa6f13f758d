"""The prior of a fit to a local survey: a sample of the parameters, its mean and covariance."""

from dataclasses import dataclass

import numpy as np

from experiments.calibrate.space import SPACE, decay_of
from experiments.compare.draws import posterior_rows
from scenarios.errors import InputError
from sim.parameters import Parameters
from sim.parameters.declaration import describe

FOLLOWS = "tie_decay"  # from tie_kept_moving, see `space.decay_of`
FEWEST_DRAWS = 50  # with fewer the slopes on thirty parameters are mostly noise


@dataclass(frozen=True)
class Prior:
    """Draws of D parameters.

    Attributes
    ----------
    draws : float64 [S, D]
    mean, spread, low, high : float64 [D]
        Of the draws, and within what a parameter stays.
    together : float64 [D, D]
        Correlations of the draws as they are: what the national fit knows is largely which values go together.
    """

    names: list[str]
    draws: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    low: np.ndarray
    high: np.ndarray
    together: np.ndarray

    def standard(self, points: np.ndarray) -> np.ndarray:
        """Points in standard deviations from the mean, float64 [N, D]."""
        return (points - self.mean) / self.spread

    def plain(self, standard: np.ndarray, reflected: bool = False) -> np.ndarray:
        """The reverse, held within what the parameters may be; reflected at its ends, draws do not heap up there."""
        points = self.mean + standard * self.spread
        if reflected:
            points = np.where(points < self.low, 2 * self.low - points, points)
            points = np.where(points > self.high, 2 * self.high - points, points)
        return np.clip(points, self.low, self.high)

    def shipped(self) -> np.ndarray:
        """The values that Thuis ships with, float64 [D]."""
        return np.array([getattr(Parameters(), name) for name in self.names])


def prior_of(sample: str, count: int) -> Prior:
    """The first draws of a sample, in its order.

    Parameters
    ----------
    sample : str
        `calibrated`, or a file; see `experiments.compare.draws.posterior_rows`.

    Raises
    ------
    InputError
        It cannot be read, or has too few rows.
    """
    rows = posterior_rows(sample)[:count]
    if len(rows) < FEWEST_DRAWS:
        raise InputError(f"prior={sample} gives {len(rows)} draws (allowed: {FEWEST_DRAWS} or more)")
    names = [name for name in rows[0] if not (name == FOLLOWS and "tie_kept_moving" in rows[0])]
    draws = np.array([[row[name] for name in names] for row in rows])
    varies = draws.std(axis=0) > 0
    names, draws = [name for name, v in zip(names, varies, strict=True) if v], draws[:, varies]
    if not names:
        raise InputError(f"prior={sample}: no parameter differs between its rows")
    ranges = np.array(
        [SPACE.get(name, (describe(Parameters)[name].low, describe(Parameters)[name].high)) for name in names], float
    )
    mean, spread = draws.mean(axis=0), draws.std(axis=0)
    low, high = np.minimum(ranges[:, 0], draws.min(axis=0)), np.maximum(ranges[:, 1], draws.max(axis=0))
    return Prior(names, draws, mean, spread, low, high, np.corrcoef(draws.T).reshape(len(names), len(names)))


def named_values(prior: Prior, point: np.ndarray) -> dict[str, float]:
    """Parameters by name at a point, float64 [D], and what follows from them."""
    values = {name: float(value) for name, value in zip(prior.names, point, strict=True)}
    if "tie_kept_moving" in values:
        values[FOLLOWS] = decay_of(values["tie_kept_moving"])
    return values
