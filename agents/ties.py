"""Personal ties read from the table, many at once."""

import numpy as np

from sim.population import MOST_TIES, NOBODY, Population
from sim.ties import IDENTITY, MARK_SHIFT, ROW_SHIFT, mark_of


def ties_of(table: Population, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ties of the people in these rows.

    A partner who moved this month is left out, because next month decides whether the tie is kept.

    Parameters
    ----------
    rows : int64 [n]
        Rows in which someone lives.

    Returns
    -------
    holder : int64 [ties]
        Row of the person who holds the tie.
    partner : int64 [ties]
        Row of the other.
    """
    held = np.arange(MOST_TIES)[None, :] < table.tie_count[rows][:, None]
    ties = table.ties[rows][held]
    holder = np.broadcast_to(rows[:, None], held.shape)[held]
    partner = (ties >> ROW_SHIFT).astype(np.int64)
    serial = table.serial[partner]
    present = (serial != NOBODY) & (mark_of.py_func(serial) << MARK_SHIFT == ties & IDENTITY)
    return holder[present], partner[present]
