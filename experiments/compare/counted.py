"""What is counted of every policy in every replicate."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.compare.design import Replicate

COUNTED = ("region", "neighbourhoods", "both", "both_neighbourhoods", "roads", "elements")  # arrays of Followed


@dataclass
class Followed:
    """The results of one policy in one replicate.

    Attributes
    ----------
    region : int64 [months + 1, 2, 4, 24]
        Sums of `sim.measures.COUNTS` over poorer and better-off neighbourhoods, by class of resident.
    neighbourhoods : int64 [years + 1, J, 24]
        The same per neighbourhood, everyone together, at the start and after every year.
    both : int64 [years + 1, 2, 4, 5]
        Sums of `sim.phases.both_futures.BOTH` over adults who live there in this future and in the first policy's,
        by where they live in that one and their class there.
    both_neighbourhoods : int64 [J, 5]
        The same per neighbourhood at the end, everyone together.
    roads : int64 [S, 4, 5]
        The same at the end over all neighbourhoods, with the first 1, 2, 3 pathways off; S is 0 without decomposition.
    elements : int64 [E, years + 1, 4, 5]
        The same after every year for each element of the package alone; E is 0 where they were not run.
    costs : dict of list of float
        Euro per month, by lever.
    digest : str
        Fingerprint of the last world.
    notes : dict
        Where a budget bound, nl and en.
    """

    region: np.ndarray
    neighbourhoods: np.ndarray
    both: np.ndarray
    both_neighbourhoods: np.ndarray
    roads: np.ndarray
    elements: np.ndarray
    costs: dict[str, list[float]]
    digest: str
    notes: dict[str, list[str]]


@dataclass
class Finished:
    """All policies of one replicate."""

    replicate: Replicate
    followed: list[Followed]


@dataclass
class Gathered:
    """The results of all replicates; those that failed are named with the reason."""

    finished: list[Finished]
    failed: list[dict[str, Any]] = field(default_factory=list)
