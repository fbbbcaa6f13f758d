"""How a world is made from a table: seed, scale, horizon."""

from dataclasses import dataclass, replace

import numpy as np

from scenarios.areas import AreaTable


@dataclass(frozen=True)
class BuildOptions:
    """How a world is made from a table.

    Attributes
    ----------
    seed : int
    scale : int
        One agent per this many residents.
    years : int
        Horizon, for which rows are reserved for new dwellings.
    building : float
        The largest multiple of the baseline's building that a policy will request.
    homes : float or float64 [J]
        The most homes added in any year over those at the start, where that is known.
    settling_months : int
        Months of settling before the start, in which the first residents form ties and belonging.
    first_year : int, optional
        The year in which the run begins, where arrivals of the years before it are to count.
    """

    seed: int = 1
    scale: int = 1
    years: int = 10
    building: float = 1.0
    homes: float | np.ndarray = 0.0
    settling_months: int = 60
    first_year: int | None = None


def with_homes(options: BuildOptions, table: AreaTable) -> BuildOptions:
    """The same, with room for the homes that the table says are built."""
    homes = table.homes_known()
    if homes is None:
        return options
    return replace(options, homes=np.maximum(options.homes, np.nan_to_num(homes).max(axis=0)))
