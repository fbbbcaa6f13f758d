"""The counts of a month, and their arrays: `sim.phases.observe` counts."""

from typing import NamedTuple

import numpy as np

from sim.machine.struct import WholeCube
from sim.measures import CLASSES, COUNTS, QUANTILE_BINS


class Observations(NamedTuple):
    """The counts of one month.

    Attributes
    ----------
    sums : int64 [J, 4, 24]
        `sim.measures.COUNTS` by neighbourhood and class of resident. All but residents, pupils and labour are of
        adults (15+), whom surveys ask.
    histogram : int64 [J, 4, 50]
        Adults by belonging in bins of 0.02, for quantiles.
    """

    sums: WholeCube
    histogram: WholeCube


def empty_observations(areas: int) -> Observations:
    """Nothing counted yet."""
    return Observations(
        np.zeros((areas, len(CLASSES), len(COUNTS)), np.int64),
        np.zeros((areas, len(CLASSES), QUANTILE_BINS), np.int64),
    )
