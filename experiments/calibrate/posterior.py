"""The posterior of the parameters given measured areas and national patterns, and leave-one-out predictions.

Likelihood: every measured value is normal about what the simulator says, with the standard deviation of `DISCREPANCY`
(model error, sampling of the survey and of the simulation); a pattern outside its band counts by its
distance to it. The prior is uniform over `space.SPACE` and over the range of `home_mark`.

An area is left out by re-weighting: draws of the full posterior with weights 1 / likelihood of that area (importance
sampling leave-one-out; Gelfand, Dey & Chang 1992), weights held to sqrt(S) times their mean (Ionides 2008).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from experiments.calibrate.space import BOUNDS, NAMES
from experiments.calibrate.targets import BANDS, Targets
from sim.parameters import Parameters
from sim.parameters.declaration import describe

# On [0, 1]. Amsterdam's three years say about the same of the same area, so that one of them counts a third: the
# standard deviations of a year are those of an area (.012, .010) times the square root of three.
DISCREPANCY = {("towns", "cohesion"): 0.0105, ("amsterdam", "home"): 0.021, ("amsterdam", "cohesion"): 0.017}
MARK = describe(Parameters)["home_mark"]
ALL_NAMES = [*NAMES, "home_mark"]
LOW, HIGH = np.append(BOUNDS[:, 0], MARK.low), np.append(BOUNDS[:, 1], MARK.high)


@dataclass(frozen=True)
class Likelihood:
    """Measured values and bands in the order of the outputs they are compared with.

    Attributes
    ----------
    at, value, spread : int, float64, float64 [M]
        Column of the outputs, measured value over ten, standard deviation.
    area : list of str [M]
        Unit that is left out together: a municipality, or an area with all its years and constructs.
    home : bool [M]
        Feeling at home, to which the leniency of marks is added.
    """

    at: np.ndarray
    value: np.ndarray
    spread: np.ndarray
    area: list[str]
    home: np.ndarray
    names: list[str]
    band_at: np.ndarray
    bands: np.ndarray

    def predicted(self, outputs: np.ndarray, mark: np.ndarray) -> np.ndarray:
        """Prediction of each measured value, float64 [N, M]."""
        return outputs[:, self.at] + self.home * mark[:, None]

    def of_values(self, outputs: np.ndarray, mark: np.ndarray) -> np.ndarray:
        """Log likelihood of each measured value, float64 [N, M]."""
        off = (self.predicted(outputs, mark) - self.value) / self.spread
        return -0.5 * off**2 - np.log(self.spread)

    def beyond(self, outputs: np.ndarray) -> np.ndarray:
        """How many standard deviations each pattern lies beyond its band, 0 inside, float64 [N, B]."""
        return beyond_bands(outputs[:, self.band_at], self.bands)

    def of_bands(self, outputs: np.ndarray) -> np.ndarray:
        """Log likelihood of each pattern, 0 inside its band, float64 [N, B]."""
        return -0.5 * self.beyond(outputs) ** 2

    def total(self, outputs: np.ndarray, mark: np.ndarray) -> np.ndarray:
        """Log likelihood, float64 [N]."""
        return self.of_values(outputs, mark).sum(axis=1) + self.of_bands(outputs).sum(axis=1)


def beyond_bands(found: np.ndarray, bands: np.ndarray) -> np.ndarray:
    """How many standard deviations outputs [N, B] lie beyond bands float64 [B, 3], 0 inside, float64 [N, B]."""
    low, high, unit = bands.T
    return np.maximum(np.maximum(low - found, found - high), 0) / unit


def likelihood_of(targets: Targets, names: list[str], error: np.ndarray | None = None) -> Likelihood:
    """The likelihood for outputs of these names; the `error` of an emulator widens it."""
    rows = targets.measured()
    at = np.array([names.index(row[0]) for row in rows])
    kind = ["towns" if "_towns_" in row[0] else "amsterdam" for row in rows]
    spread = np.array([DISCREPANCY[k, row[2]] for k, row in zip(kind, rows, strict=True)])
    if error is not None:
        spread = np.sqrt(spread**2 + error[at] ** 2)
    return Likelihood(
        at,
        np.array([row[3] for row in rows]),
        spread,
        [row[1] for row in rows],
        np.array([float(row[2] == "home") for row in rows]),
        [row[0] for row in rows],
        np.array([names.index(name) for name in BANDS]),
        np.array(list(BANDS.values())),
    )


def sample_posterior(predict, likelihood: Likelihood, draws: int, seed: int, steps: int = 4000) -> np.ndarray:
    """Draws of parameters and `home_mark`, float64 [draws, D + 1], by the ensemble sampler emcee.

    Parameters
    ----------
    predict : callable
        Outputs [N, O] at points [N, D].
    """

    def total(points: np.ndarray) -> np.ndarray:
        return likelihood.total(predict(points[:, :-1]), points[:, -1])

    return sample_within(total, np.stack([LOW, HIGH], axis=1), draws, seed, steps)


def sample_within(
    log_likelihood: Callable[[np.ndarray], np.ndarray], bounds: np.ndarray, draws: int, seed: int, steps: int
) -> np.ndarray:
    """Draws from a likelihood with a uniform prior within bounds float64 [D, 2], float64 [draws, D], by emcee."""
    import emcee

    low, high = bounds.T

    def log_probability(points: np.ndarray) -> np.ndarray:
        inside = ((points >= low) & (points <= high)).all(axis=1)
        found = np.full(len(points), -np.inf)
        if inside.any():
            found[inside] = log_likelihood(points[inside])
        return found

    generator = np.random.default_rng(seed)
    walkers = 4 * len(low)
    cloud = low + (high - low) * generator.random((20_000, len(low)))
    best = np.argsort(-log_probability(cloud), kind="stable")[:walkers]
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)]
    sampler = emcee.EnsembleSampler(walkers, len(low), log_probability, vectorize=True, moves=moves)
    state = emcee.State(cloud[best], random_state=np.random.RandomState(seed).get_state())
    sampler.run_mcmc(state, steps)
    chain = sampler.get_chain(discard=steps // 2, flat=True)
    return chain[generator.choice(len(chain), draws, replace=False)]


def left_out(
    likelihood: Likelihood, outputs: np.ndarray, mark: np.ndarray, weight: np.ndarray | None = None
) -> tuple[np.ndarray, dict[str, float]]:
    """Each measured value predicted by the posterior without its area.

    Parameters
    ----------
    outputs, mark : float64 [S, O], [S]
        At draws of the posterior.
    weight : float64 [S], optional
        Weights of the draws, where they are not alike.

    Returns
    -------
    float64 [M], dict
        Predictions, and by area the effective share of the draws.
    """
    of_values, predicted = likelihood.of_values(outputs, mark), likelihood.predicted(outputs, mark)
    found, worth = np.empty(len(likelihood.at)), {}
    for area in dict.fromkeys(likelihood.area):
        chosen = np.array([p == area for p in likelihood.area])
        log_weight = -of_values[:, chosen].sum(axis=1)
        weights = np.exp(log_weight - log_weight.max())
        weights = np.minimum(weights, weights.mean() * np.sqrt(len(weights)))
        if weight is not None:
            weights = weights * weight
        weights = weights / weights.sum()
        found[chosen] = weights @ predicted[:, chosen]
        worth[area] = float(1 / (weights**2).sum() / len(weights))
    return found, worth
