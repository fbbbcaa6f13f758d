"""Counts of a run of a sweep: its observed months, and the people whom its policy serves."""

from typing import NamedTuple

import numpy as np

from sim.measures import CLASSES, COUNTS, QUANTILE_BINS
from sim.motives import MOTIVES
from sim.phases.month import COUNT, Phase
from sim.world import World


class Findings(NamedTuple):
    """N observed months of J neighbourhoods and G groups, and S stages of a policy.

    Attributes
    ----------
    sums, histogram : int64 [N, J, 4, 24] and [N, J, 4, 50]
        See `sim.observations.Observations`.
    people : int64 [N, J, G]
    leavers : int64 [N, J]
        Who left alive in the last twelve months.
    load : float32 [N, K]
    residents, newcomers, labour : int64 [S, J], [S, J, 6], [S, J, 3]
        Whom the policy pays for, at the beginning of each month and summed over the months of each stage.
    """

    sums: np.ndarray
    histogram: np.ndarray
    people: np.ndarray
    leavers: np.ndarray
    load: np.ndarray
    residents: np.ndarray
    newcomers: np.ndarray
    labour: np.ndarray


def empty_findings(world: World, observed: int, stages: int) -> Findings:
    """Nothing found yet."""
    areas, groups = world.stocks.people.shape
    whole = np.int64
    return Findings(
        np.zeros((observed, areas, len(CLASSES), len(COUNTS)), whole),
        np.zeros((observed, areas, len(CLASSES), QUANTILE_BINS), whole),
        np.zeros((observed, areas, groups), whole),
        np.zeros((observed, areas), whole),
        np.zeros((observed, len(world.municipalities.key)), np.float32),
        np.zeros((stages, areas), whole),
        np.zeros((stages, areas, len(MOTIVES)), whole),
        np.zeros((stages, areas, 3), whole),
    )


def note_month(findings: Findings, at: int, world: World) -> None:
    """Write the observations of the world at index `at` of the findings."""
    findings.sums[at], findings.histogram[at] = world.observed.sums, world.observed.histogram
    findings.people[at], findings.load[at] = world.stocks.people, world.rates.load
    findings.leavers[at] = world.stocks.leavers.sum(axis=1)


def note_served(findings: Findings, stage: int, world: World, count: Phase) -> None:
    """Add the people whom a policy served to its stage, as they were counted, and reset the counts."""
    served = world.served
    counts = [(findings.residents, served.resident_months)]
    if count is COUNT:
        counts += [(findings.newcomers, served.newcomer_months), (findings.labour, served.labour_months)]
    for found, counted in counts:
        found[stage] += counted
        counted[:] = 0
