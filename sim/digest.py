"""A fingerprint of a world's state: equal runs have equal digests, whatever their threads, driver or layout."""

import hashlib

import numpy as np

from sim.population import COLUMNS, EMPTY, NOBODY
from sim.ties import ROW_SHIFT
from sim.world import World

LITTLE_ENDIAN = {name: np.dtype(dtype).newbyteorder("<") for name, dtype in COLUMNS.items()}
HOUSEHOLD_COLUMNS = ("household", "role")
WITHOUT_ROW = np.uint64((1 << int(ROW_SHIFT)) - 1)


def state_digest(world: World) -> str:
    """Return the SHA-256 of month, stocks and every column of all dwellings, in the order of the areas' keys.

    Ties enter by the partner's mark, not by row, so that rows reserved for later building do not matter.
    """
    found = hashlib.sha256(f"thuis state 1, month {world.month}\n".encode())
    p, neighbourhoods = world.population, world.neighbourhoods
    for j in np.argsort(neighbourhoods.key, kind="stable"):
        rows = slice(int(neighbourhoods.first[j]), int(neighbourhoods.first[j] + world.stocks.opened[j]))
        for name, dtype in LITTLE_ENDIAN.items():
            if name in HOUSEHOLD_COLUMNS and world.parameters.households < 0.5:
                continue  # everyone lives alone: they say nothing
            column = getattr(p, name)[rows]
            if name == "tie_news":
                column = column != 0  # which slots are marked depends on who was first, see `sim.ties.tell_partners`
            if name == "role":
                column = column - (column != EMPTY)  # counted from 0 for heads, and 0 in vacant rows
            if name == "household":
                column = np.where(p.serial[rows] != NOBODY, column - np.uint32(rows.start), 0)
            found.update(np.ascontiguousarray(column, dtype))
        found.update(np.ascontiguousarray(p.ties[rows] & WITHOUT_ROW, "<u8"))
        stocks = [world.stocks.people, world.stocks.gone, world.stocks.leavers]
        if world.parameters.households >= 0.5:
            stocks.append(world.stocks.homes)
        for stock in stocks:
            found.update(np.ascontiguousarray(stock[j], "<i8"))
    for k in np.argsort(world.municipalities.key, kind="stable"):
        found.update(np.ascontiguousarray(world.stocks.inflow[k], "<i8"))
    return found.hexdigest()
