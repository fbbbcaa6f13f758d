"""Rows for new dwellings in a world that was built for fewer years, such as one read from a checkpoint."""

from collections.abc import Callable

import numpy as np

from scenarios.building import BuildOptions, check_memory, rows_needed
from sim.neighbourhoods import Neighbourhoods
from sim.parameters import Parameters


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
