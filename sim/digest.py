"""A fingerprint of a world's state: equal runs have equal digests, whatever their threads, driver or layout."""

import hashlib

import numpy as np

from sim.population import COLUMNS
from sim.ties import ROW_SHIFT
from sim.world import World

WITHOUT_ROW = np.uint64((1 << int(ROW_SHIFT)) - 1)


def state_digest(world: World) -> str:
    """Return the SHA-256 of month, stocks and every column of all dwellings, in the order of the areas' keys.

    Ties enter by the partner's mark, not by row, so that rows reserved for later building do not matter.
    """
    found = hashlib.sha256(f"thuis state 1, month {world.month}\n".encode())
    p, neighbourhoods = world.population, world.neighbourhoods
    for j in np.argsort(neighbourhoods.key, kind="stable"):
        rows = slice(int(neighbourhoods.first[j]), int(neighbourhoods.first[j] + world.stocks.opened[j]))
        for name, dtype in COLUMNS.items():
            column = np.ascontiguousarray(getattr(p, name)[rows], dtype)
            found.update(column.astype(np.dtype(dtype).newbyteorder("<"), copy=False).tobytes())
        found.update((p.ties[rows] & WITHOUT_ROW).astype("<u8").tobytes())
        for stock in (world.stocks.people, world.stocks.gone, world.stocks.leavers):
            found.update(stock[j].astype("<i8").tobytes())
    for k in np.argsort(world.municipalities.key, kind="stable"):
        found.update(world.stocks.inflow[k].astype("<i8").tobytes())
    return found.hexdigest()
