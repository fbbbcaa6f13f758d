"""Neighbourhoods for a municipality of which only the totals are known.

The composition of the municipality is reproduced exactly, in whole people. Three targets are solved for: the
dissimilarity of host and migration background over the neighbourhoods, the standard deviation of their diversity, and,
as a regularisation, the degree to which groups are concentrated. The result depends only on the figures and a fixed
key.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

KEY = 0x54687569
"""Key of the Philox stream behind every synthesised map: the map is part of the data, not of a run."""

ODDS_RANGE = (-2.0, 4.0)
"""Logarithm of how far the odds of a migration background may lie from the municipality's: no district of the big
cities of 2017 lies below this range."""


@dataclass(frozen=True)
class Targets:
    """Targets for the neighbourhoods together.

    Attributes
    ----------
    residents : int64[J]
        Residents per neighbourhood.
    groups : int64[G]
        Residents per origin group, adding up to the same.
    dissimilarity : float
        Of host against migration background, 0 to 1.
    spread : float
        Standard deviation of diversity over neighbourhoods, unweighted.
    """

    residents: np.ndarray
    groups: np.ndarray
    dissimilarity: float
    spread: float


def normal_quantile(part: np.ndarray) -> np.ndarray:
    """Return the standard normal quantiles of numbers in (0, 1): Python's own, since SciPy takes long to import."""
    return np.array([NormalDist().inv_cdf(p) for p in part.tolist()])


def uniforms(name: str, count: int) -> np.ndarray:
    """Return ``count`` numbers in (0, 1) that depend on the name alone, from Philox' raw bits."""
    counter = int.from_bytes(name.encode()[:24].ljust(24, b"\0"), "little")
    raw = np.random.Philox(key=KEY, counter=counter << 64).random_raw(count)
    return ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def whole_parts(weights: np.ndarray, total: int, least: int = 0) -> np.ndarray:
    """Divide ``total`` into whole numbers in proportion to the weights, by largest remainder, int64[N]."""
    exact = weights / weights.sum() * (total - least * len(weights))
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(np.round(parts - exact, 9), kind="stable")
    parts[order[: total - least * len(weights) - int(parts.sum())]] += 1
    return parts + least


def diversity(shares: np.ndarray) -> np.ndarray:
    """Return 1 - sum of squared shares along the last axis: the chance that two residents differ in origin."""
    return 1.0 - (shares**2).sum(axis=-1)


def dissimilarity(counts: np.ndarray) -> float:
    """Return the index of dissimilarity of the first group against all others, from counts [J, G]."""
    host, others = counts[:, 0], counts[:, 1:].sum(axis=1)
    return float(0.5 * np.abs(host / host.sum() - others / others.sum()).sum())


def spread(counts: np.ndarray) -> float:
    """Return the standard deviation over neighbourhoods of diversity, from counts [J, G]."""
    return float(diversity(counts / counts.sum(axis=1, keepdims=True)).std())


def raked(start: np.ndarray, rows: np.ndarray, columns: np.ndarray, rounds: int = 80) -> np.ndarray:
    """Scale a positive matrix to given row and column sums (iterative proportional fitting)."""
    table = start * columns
    for _ in range(rounds):
        table = table * (columns / np.maximum(table.sum(axis=0), 1e-300))
        table = table * (rows / np.maximum(table.sum(axis=1), 1e-300))[:, None]
    return table


Parameters = tuple[float, float, float, float]
"""Strength, skew and tail of the gradient, and the degree to which groups are concentrated."""


def solve(targets: Targets, gradient: np.ndarray, preference: np.ndarray) -> Parameters:
    """Find the parameters, rounded to 3 decimals, whose neighbourhoods come nearest to the targets.

    Parameters
    ----------
    targets : Targets
    gradient : float64[J]
        Standard normal scores: where people with a migration background are many (high) or few.
    preference : float64[J, G]
        Standard normal scores: which groups are many where, among those with a migration background.
    """
    from scipy.optimize import least_squares  # only where no solution is stored

    def misfit(parameters: np.ndarray) -> np.ndarray:
        counts = _expected(parameters, targets, gradient, preference)
        # Among equally good fits: little skew and tail, and some niches.
        regular = np.array([0.002 * parameters[1], 0.005 * parameters[2], 0.005 * (parameters[3] - 0.4)])
        off = [dissimilarity(counts) - targets.dissimilarity, spread(counts) - targets.spread]
        return np.concatenate([off, regular])

    begin = np.array([max(2.0 * targets.dissimilarity, 0.02), 0.0, 0.0, 0.4])
    # Two starts: the second one reaches wide spreads that need a few neighbourhoods far from the others.
    starts = (begin, begin * [0.7, 1.0, 1.0, 1.0] + [0.001, -0.5, 0.3, 0.0])
    bounds = ([0.001, -1.0, 0.0, 0.2], [5.0, 1.0, 0.5, 1.5])
    fits = [least_squares(misfit, s, bounds=bounds, max_nfev=60) for s in starts]
    best = min(fits, key=lambda fit: round(fit.cost, 10)).x
    strength, skew, tail, niche = (round(float(p), 3) + 0.0 for p in best)
    return strength, skew, tail, niche


def synthesise(
    targets: Targets, gradient: np.ndarray, preference: np.ndarray, known: Parameters | None = None
) -> np.ndarray:
    """Return residents per neighbourhood and group, int64[J, G], that meet the targets.

    ``known`` are parameters found before; they are used while they still meet the targets, so that the same people
    result on every machine, whatever the rounding of its maths library. The other parameters are those of `solve`.
    """
    if known is not None:
        counts = with_parameters(known, targets, gradient, preference)
        if meets(counts, targets):
            return counts
    return with_parameters(solve(targets, gradient, preference), targets, gradient, preference)


def with_parameters(
    parameters: Parameters, targets: Targets, gradient: np.ndarray, preference: np.ndarray
) -> np.ndarray:
    """Return residents per neighbourhood and group, int64[J, G], that these parameters give."""
    return _whole(_expected(np.array(parameters), targets, gradient, preference), targets)


def meets(counts: np.ndarray, targets: Targets) -> bool:
    """Tell whether dissimilarity is within 0.02 and the spread of diversity within 0.03 of the targets."""
    off = abs(dissimilarity(counts) - targets.dissimilarity), abs(spread(counts) - targets.spread)
    return off[0] <= 0.02 and off[1] <= 0.03


def _expected(parameters: np.ndarray, targets: Targets, gradient: np.ndarray, preference: np.ndarray) -> np.ndarray:
    """Return expected residents per neighbourhood and group, float64[J, G]."""
    strength, skew, tail, niche = parameters
    bent = np.expm1(skew * gradient) / skew if abs(skew) > 1e-6 else gradient
    score = np.clip(strength * bent * np.exp(tail * gradient**2 / 2), *ODDS_RANGE)
    start = np.exp(score[:, None] + niche * preference)
    start[:, 0] = 1.0
    return raked(start, targets.residents.astype(float), targets.groups.astype(float))


def _whole(expected: np.ndarray, targets: Targets) -> np.ndarray:
    """Round expected counts to whole people, keeping the sums of rows and of columns exactly."""
    expected = np.round(expected, 6)
    counts = np.stack(
        [whole_parts(np.maximum(row, 1e-12), int(n)) for row, n in zip(expected, targets.residents, strict=True)]
    )
    while True:
        surplus = counts.sum(axis=0) - targets.groups
        if not surplus.any():
            return counts
        giver, taker = int(surplus.argmax()), int(surplus.argmin())
        # Move one person where that costs least: rounded up for the one group, rounded down for the other.
        gain = np.where(counts[:, giver] > 0, (counts - expected)[:, giver] - (counts - expected)[:, taker], -np.inf)
        row = int(np.round(gain, 6).argmax())
        counts[row, giver] -= 1
        counts[row, taker] += 1


def hexagons(count: int, spacing: float) -> tuple[np.ndarray, list[tuple[int, int, float]]]:
    """Return the centres (km, float64[J, 2]) of ``count`` hexagons around the middle, and which of them touch.

    ``spacing`` is the distance between two centres in km; a shared border is spacing / sqrt(3) long.
    """
    reach = int(np.ceil(np.sqrt(count))) + 2
    cells = [(q, r) for q in range(-reach, reach + 1) for r in range(-reach, reach + 1)]
    cells.sort(key=lambda c: (c[0] ** 2 + c[1] ** 2 + c[0] * c[1], c))
    cells = cells[:count]
    at = {cell: row for row, cell in enumerate(cells)}
    centres = np.array([((q + r / 2) * spacing, r * np.sqrt(0.75) * spacing) for q, r in cells])
    border = round(spacing / np.sqrt(3.0), 6)
    steps = ((1, 0), (0, 1), (-1, 1))
    pairs = [(at[c], at[n]) for c in cells for n in ((c[0] + dq, c[1] + dr) for dq, dr in steps) if n in at]
    return np.round(centres, 6), sorted((min(p), max(p), float(border)) for p in pairs)


def normal_ranks(values: np.ndarray) -> np.ndarray:
    """Return standard normal scores of the ranks of the values, float64[J]."""
    ranks = np.argsort(np.argsort(np.round(values, 9), kind="stable"), kind="stable")
    return normal_quantile((ranks + 0.5) / len(values))
