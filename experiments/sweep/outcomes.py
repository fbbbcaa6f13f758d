"""Outcomes of a run in an observed month: a row of numbers from integer sums over its neighbourhoods."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.sweep.findings import Findings
from sim.measures import ESTABLISHED, MEASURE_BY_NAME, NEWCOMERS, RESIDENTS, measure_of, ratio, spread_of_belonging

OUTCOMES = {
    "residents": "people (agents times scale)",
    "belonging": "mean feeling of being at home of adults, 0 to 1",
    "belonging_sd": "its standard deviation",
    "at_home": "share of adults who feel at home",
    "cohesion": "mean score on the cohesion scale, 0 to 10",
    "withdrawn": "share of adults withdrawn into their own circle",
    "belonging_established": "mean belonging of those who are no newcomers",
    "belonging_newcomers": "mean belonging of newcomers (less than five years in the country)",
    "gap": "belonging of established less that of newcomers",
    "newcomers": "share of residents who are newcomers",
    "faces": "familiar faces per adult",
    "ties": "ties per adult",
    "ties_own": "share of ties with the own origin group",
    "contact": "quality of contact between groups",
    "language": "command of Dutch, 0 to 1",
    "employed": "share of those of 18 to 66 who work",
    "members": "share of adults in an association",
    "diversity": "D: chance that two neighbours differ in origin",
    "turnover": "V: share who left the neighbourhood in a year",
    "dissimilarity": "share who would have to move for an even spread of people with a background",
    "load": "arrivals over incorporation capacity",
    "spent": "euro spent by the policy so far",
}


def neighbourhood_outcomes(findings: Findings, at: int) -> tuple[float, float, float]:
    """Diversity, turnover and dissimilarity of one observed month."""
    people = findings.people[at].astype(float)
    here = people.sum(axis=1)
    everyone = here.sum()
    same = (people**2).sum(axis=1) / np.maximum(here, 1)
    without = people[:, 0]
    background = here - without
    apart = np.nan
    if without.sum() and background.sum():
        apart = np.abs(without / without.sum() - background / background.sum()).sum() / 2
    return 1 - same.sum() / everyone, findings.leavers[at].sum() / everyone, apart


def outcome_columns(
    sums: np.ndarray, neighbourhoods: np.ndarray, load: np.ndarray, spent: np.ndarray, scale: np.ndarray
) -> dict[str, np.ndarray]:
    """Columns of `OUTCOMES` for N observed months.

    Parameters
    ----------
    sums : int64 [N, 4, 24]
        `sim.measures.COUNTS` by class, over all neighbourhoods.
    neighbourhoods : float64 [N, 3]
        Diversity, turnover, dissimilarity.
    load, spent : float64 [N]
    scale : int64 [N]
        Residents per agent.
    """
    everyone = sums.sum(axis=1)
    old, new = sums[:, ESTABLISHED].sum(axis=1), sums[:, NEWCOMERS].sum(axis=1)
    established, newcomers = measure_of(old, "belonging"), measure_of(new, "belonging")
    found = {name: measure_of(everyone, name) for name in OUTCOMES if name in MEASURE_BY_NAME}
    found |= {
        "residents": found["residents"] * scale,
        "belonging_sd": spread_of_belonging(everyone),
        "belonging_established": established,
        "belonging_newcomers": newcomers,
        "gap": established - newcomers,
        "newcomers": ratio(new[:, RESIDENTS], everyone[:, RESIDENTS]),
        "diversity": neighbourhoods[:, 0],
        "turnover": neighbourhoods[:, 1],
        "dissimilarity": neighbourhoods[:, 2],
        "load": load,
        "spent": spent,
    }
    return {name: found[name] for name in OUTCOMES}


@dataclass(frozen=True)
class Observed:
    """What is said of an observed month besides the findings: the digest stands with the last one of a run."""

    month: int
    spent: float
    scale: int
    digest: str = ""
    own: dict[str, float | None] = field(default_factory=dict)


class Gathered:
    """Rows of a chunk while they come in; made into columns at once at its end, so that a run costs little."""

    def __init__(self) -> None:
        self.keys: list[tuple[int, int, int, str]] = []
        self.scale: list[int] = []
        self.own: list[dict[str, float | None]] = []
        self.sums: list[np.ndarray] = []
        self.neighbourhoods: list[tuple[float, float, float]] = []
        self.load: list[float] = []
        self.spent: list[float] = []

    def add(self, run: int, observed: Observed, findings: Findings, at: int) -> None:
        """Add one observed month."""
        self.keys.append((run, -(-observed.month // 12), observed.month, observed.digest))
        self.scale.append(observed.scale)
        self.own.append(observed.own)
        self.sums.append(findings.sums[at].sum(axis=0))
        self.neighbourhoods.append(neighbourhood_outcomes(findings, at))
        self.load.append(float(findings.load[at].max()))
        self.spent.append(observed.spent)

    def columns(self) -> dict[str, Any]:
        """run, year, month, digest, the outcomes, and those of the user's own."""
        columns = zip(*self.keys, strict=True) if self.keys else ((), (), (), ())
        found: dict[str, Any] = dict(zip(("run", "year", "month", "digest"), map(list, columns), strict=True))
        if self.keys:
            found |= outcome_columns(
                np.array(self.sums),
                np.array(self.neighbourhoods),
                np.array(self.load),
                np.array(self.spent),
                np.array(self.scale),
            )
        names = dict.fromkeys(name for values in self.own for name in values)
        return found | {name: [values.get(name) for values in self.own] for name in names}
