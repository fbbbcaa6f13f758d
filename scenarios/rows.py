"""Rows of the population table: those in use at the start, and those reserved for dwellings and households to come."""

from collections.abc import Callable

import numpy as np

from scenarios.build_options import BuildOptions
from scenarios.errors import InputError
from sim.neighbourhoods import Neighbourhoods
from sim.parameters import Parameters
from sim.phases.build import most_rows, rows_for
from sim.population import bytes_per_row

ROWS_LIMIT = 1 << 26  # a tie has 26 bits for its row, see sim.ties


def in_households(parameters: Parameters) -> bool:
    """Whether people live in households, or each in a dwelling of their own."""
    return parameters.households >= 0.5


def room_needed(built: np.ndarray, options: BuildOptions, parameters: Parameters) -> np.ndarray:
    """Rows per neighbourhood for its dwellings and those built over the horizon, int64 [J].

    Each month the expected number is built, its fraction by chance (`sim.phases.build`): the standard deviation of
    the sum is at most its root, and at most half the root of the months. Six standard deviations are enough that rows
    for dwellings never run out, so that a run for more years builds the same in its first ones.
    """
    yearly = np.maximum(parameters.building * options.building, options.homes * options.building)
    expected = built * yearly * options.years
    stray = np.sqrt(np.minimum(expected, 3.0 * options.years))
    let = parameters.room_sharing * (built + expected + 6.0 * stray)  # rooms let in dwellings, `sim.phases.build`
    return built + np.ceil(expected + 6.0 * stray + let).astype(np.int64) + 4


def places_needed(agents: np.ndarray, built: np.ndarray, occupied: np.ndarray) -> np.ndarray:
    """Rows per neighbourhood in use at the start, int64 [J].

    One for each dwelling where as many live as there are households; else one for everyone, and some for each vacant
    dwelling.
    """
    return np.where(agents == occupied, built, rows_for.py_func(agents, built - occupied))


def rows_needed(built: np.ndarray, places: np.ndarray, options: BuildOptions, parameters: Parameters) -> np.ndarray:
    """Rows per neighbourhood for those in use at the start and all that may open over the horizon, int64 [J]."""
    more = room_needed(built, options, parameters) - built
    if not in_households(parameters):
        return places + more
    return most_rows.py_func(places, more, options.years)


def room_for(options: BuildOptions, parameters: Parameters) -> Callable[[Neighbourhoods], np.ndarray]:
    """Make the argument `room` of `sim.checkpoint.load_checkpoint`: rows for present and future dwellings.

    Parameters
    ----------
    options : BuildOptions
        `years` from the start of the run, and the largest multiple of the baseline's building.

    Returns
    -------
    callable
        From neighbourhoods to their first rows, int64 [J + 1]; it raises InputError for more dwellings than fit in
        memory.
    """

    def first_rows(neighbourhoods: Neighbourhoods) -> np.ndarray:
        room = np.maximum(
            np.diff(neighbourhoods.first), rows_needed(neighbourhoods.built, neighbourhoods.places, options, parameters)
        )
        check_memory(int(room.sum()))
        return np.concatenate(([0], np.cumsum(room)))

    return first_rows


def check_memory(rows: int) -> None:
    """Refuse a population that does not fit in memory or in the model's ties, before anything is allocated."""
    import psutil

    if rows > ROWS_LIMIT:
        raise InputError(
            f"{rows:,} places for residents; one world holds {ROWS_LIMIT:,}: choose fewer areas or a larger scale"
        )
    needed, available = rows * (bytes_per_row() + 24), psutil.virtual_memory().available
    if needed > available:
        raise InputError(
            f"{rows:,} places for residents need {needed / 2**30:.1f} GiB of memory and "
            f"{available / 2**30:.1f} GiB is free; "
            "choose fewer areas or a larger scale (scale=20 makes one agent of twenty residents)"
        )
