"""What changed, counted and simulated: means, spread, correlation, slopes and errors over places, with intervals.

Places count once each, as in a regression over municipalities; means are of residents. Intervals are those of a
bootstrap over municipalities (Efron & Tibshirani 1993, percentile intervals): districts of one municipality are drawn
together, for they share what happened there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenarios.counts import Counts

DRAWS, LEVEL = 1000, 95.0
FEWEST = 3
CITY, CITY_DISTRICTS, CITY_COVERED = 50_000, 5, 0.8
"""A city of which the dissimilarity is compared: residents, districts, and the share of residents in matched ones."""


@dataclass(frozen=True)
class MatchedAreas:
    """M places that are the same in both tables, in one order everywhere.

    Attributes
    ----------
    before, after : Counts
        As counted in the earlier and the later table.
    start, end : Counts
        As simulated at the beginning and at the end.
    """

    before: Counts
    after: Counts
    start: Counts
    end: Counts

    def __len__(self) -> int:
        return len(self.before)

    def rows(self, index: np.ndarray) -> "MatchedAreas":
        """The places at these rows."""
        return MatchedAreas(*(one.rows(index) for one in (self.before, self.after, self.start, self.end)))


def parity(code: str) -> int | None:
    """The last digit's parity of a municipality's code, None where the code has no digit."""
    digits = [c for c in code if c.isdigit()]
    return int(digits[-1]) % 2 if digits else None


def diversity(shares: np.ndarray) -> np.ndarray:
    """The chance that two residents are of different groups, float64 [N]."""
    return 1 - (shares**2).sum(axis=1)


def same_groups(areas: MatchedAreas) -> bool:
    """Whether tables and simulation tell the same origin groups, so that diversity among all of them is comparable."""
    return areas.before.groups == areas.after.groups == areas.start.groups


def levels(counts: Counts, all_groups: bool) -> dict[str, np.ndarray]:
    """What is compared of each place but its growth, float64 [N] each."""
    background = counts.background
    shares = counts.origin if all_groups else np.stack([1 - background, background], axis=1)
    return {
        "background": background,
        "age_0_14": counts.age[:, 0],
        "age_65_plus": counts.age[:, 4],
        "diversity": diversity(shares),
    }


def changes(first: Counts, last: Counts, all_groups: bool) -> dict[str, np.ndarray]:
    """Growth as a share of the residents at first, and the change of every level, float64 [N] each."""
    before, after = levels(first, all_groups), levels(last, all_groups)
    return {"growth": last.residents / first.residents - 1} | {name: after[name] - before[name] for name in before}


def moments(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variances of x and y and their covariance under weights [..., M]."""
    total = weight.sum(axis=-1)
    mean_x, mean_y = weight @ x / total, weight @ y / total
    return (
        weight @ x**2 / total - mean_x**2,
        weight @ y**2 / total - mean_y**2,
        weight @ (x * y) / total - mean_x * mean_y,
    )


def correlation(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Pearson's r under weights [..., M]; nan where one of them does not vary."""
    var_x, var_y, together = moments(x, y, weight)
    spread = np.sqrt(np.maximum(var_x, 0) * np.maximum(var_y, 0))
    return np.divide(together, spread, out=np.full(np.shape(spread), np.nan), where=spread > 1e-14)


def slope(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Least-squares slope of y on x under weights [..., M]; nan where x does not vary."""
    var_x, _, together = moments(x, y, weight)
    return np.divide(together, var_x, out=np.full(np.shape(var_x), np.nan), where=var_x > 1e-14)


def bootstrap_weights(municipality: list[str], seed: int) -> np.ndarray:
    """How often each place is drawn when municipalities are drawn with replacement, int64 [DRAWS, M]."""
    _, index = np.unique(municipality, return_inverse=True)
    municipalities = int(index.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(
        municipalities, np.full(municipalities, 1 / municipalities), size=DRAWS
    )
    return drawn[:, index]


def with_interval(
    statistic: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    x: np.ndarray,
    y: np.ndarray,
    drawn: np.ndarray,
) -> dict[str, float]:
    """A statistic of x and y with the ends of its interval; nan with fewer than three places."""
    if len(x) < FEWEST:
        return dict.fromkeys(("value", "low", "high"), float("nan"))
    found = statistic(x, y, drawn.astype(float))
    known = found[np.isfinite(found)]
    low, high = np.percentile(known, [(100 - LEVEL) / 2, (100 + LEVEL) / 2]) if len(known) else (np.nan, np.nan)
    return {"value": float(statistic(x, y, np.ones(len(x)))), "low": float(low), "high": float(high)}


def described(values: np.ndarray, residents: np.ndarray) -> dict[str, float]:
    """Mean over residents, and the spread over places."""
    return {"mean": float(np.average(values, weights=residents)), "sd": float(values.std(ddof=1))}


def error(difference: np.ndarray) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(difference**2)))


def compared(
    counted: np.ndarray, simulated: np.ndarray, at_first: np.ndarray, residents: np.ndarray, drawn: np.ndarray
) -> dict[str, Any]:
    """One quantity over places.

    Parameters
    ----------
    counted, simulated : float64 [M]
        Changes.
    at_first : float64 [M]
        What the slopes are on: the level at first, or the log of size for growth.
    residents : float64 [M]
        Residents at first.
    drawn : int64 [DRAWS, M]
        See `bootstrap_weights`.

    Returns
    -------
    dict
        n, counted and simulated (mean, sd), r; slope and r on `at_first` of both; rmse, and that of two benchmarks:
        nothing changes, and every place changes as the country did.
    """
    trend = float(np.average(counted, weights=residents))
    found: dict[str, Any] = {
        "n": len(counted),
        "counted": described(counted, residents),
        "simulated": described(simulated, residents),
        "r": with_interval(correlation, simulated, counted, drawn),
        "rmse": error(simulated - counted),
        "rmse_nothing_changes": error(counted),
        "rmse_trend_of_the_country": error(counted - trend),
    }
    for name, values in (("counted", counted), ("simulated", simulated)):
        found[name] |= {
            "slope_on_start": with_interval(slope, at_first, values, drawn),
            "r_with_start": with_interval(correlation, at_first, values, drawn),
        }
    return found


def agreement(areas: MatchedAreas, seed: int) -> dict[str, Any]:
    """Every quantity over places, see `compared`; of growth the slopes and correlations are with log size."""
    all_groups = same_groups(areas)
    counted, simulated = (changes(areas.before, areas.after, all_groups), changes(areas.start, areas.end, all_groups))
    at_first = levels(areas.before, all_groups) | {"growth": np.log(areas.before.residents)}
    residents, drawn = areas.before.residents, bootstrap_weights(areas.before.municipality, seed)
    found = {}
    for name in counted:
        known = np.isfinite(counted[name]) & np.isfinite(simulated[name])
        if known.sum() >= FEWEST:
            found[name] = compared(
                counted[name][known], simulated[name][known], at_first[name][known], residents[known], drawn[:, known]
            )
    return found


def dissimilarity(counts: Counts) -> float:
    """The share of those with a background who would have to move for an even spread over districts (Duncan 1955)."""
    others = counts.residents * counts.background
    host = counts.residents - others
    return float(np.abs(others / others.sum() - host / host.sum()).sum() / 2)


def cities(districts: MatchedAreas, residents: dict[str, float]) -> list[dict[str, Any]]:
    """Dissimilarity within cities at both moments, over the districts that are in both tables.

    Parameters
    ----------
    residents : dict of str to float
        Residents of municipalities at first, districts without a match included.
    """
    municipality = np.array(districts.before.municipality)
    known = np.isfinite(districts.before.background) & np.isfinite(districts.after.background)
    rows = []
    for code in np.unique(municipality):
        index = np.flatnonzero((municipality == code) & known)
        total = residents.get(str(code), 0.0)
        covered = districts.before.residents[index].sum() / max(total, 1.0)
        if total < CITY or len(index) < CITY_DISTRICTS or covered < CITY_COVERED:
            continue
        here = districts.rows(index)
        values = {name: dissimilarity(getattr(here, name)) for name in ("before", "after", "start", "end")}
        rows.append({"code": str(code), "districts": len(index), "covered": round(float(covered), 3)} | values)
    return rows


def spread_of_cities(rows: list[dict[str, Any]], seed: int) -> dict[str, Any] | None:
    """How the change of dissimilarity, simulated, goes with the one counted; None with too few cities."""
    if len(rows) < FEWEST:
        return None
    column = {name: np.array([row[name] for row in rows]) for name in ("before", "after", "start", "end")}
    drawn = bootstrap_weights([row["code"] for row in rows], seed)
    return compared(
        column["after"] - column["before"], column["end"] - column["start"], column["before"], np.ones(len(rows)), drawn
    )
