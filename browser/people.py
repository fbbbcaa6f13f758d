"""Residents as they are at the end of a month: a sample of a neighbourhood, with their ties."""

from typing import Any

import numpy as np

from browser.movers import mixed, newcomers
from sim.rules.people import ADULT_MONTHS
from sim.world import World

SEEDS, NETWORK, ON_MAP = 26, 80, 320  # people to begin with, with their ties, and as dots on the map


def is_newcomer(world: World, rows: np.ndarray, month: int) -> np.ndarray:
    """Whether people came from abroad less than five years ago."""
    p = world.population
    return newcomers(p.motive[rows], p.arrived[rows], month)


def grown_up(world: World, rows: np.ndarray) -> np.ndarray:
    """Whether people are of an age at which their feeling at home is counted."""
    return world.month - world.population.born[rows].astype(np.int64) >= ADULT_MONTHS


def shown_rows(world: World, area: int, person: int | None) -> tuple[np.ndarray, int]:
    """Rows of a sample of adult residents of a neighbourhood, chosen by a hash of their serial.

    Returns
    -------
    rows : int64 [n]
        First a few people and those with whom they have ties (the network), then others, at most `ON_MAP`.
    network : int
        How many of them are the network.
    """
    from agents.ties import ties_of

    p, first = world.population, int(world.neighbourhoods.first[area])
    rows = first + np.flatnonzero(p.serial[first : first + int(world.stocks.opened[area])])
    adults = rows[grown_up(world, rows)]
    by_chance = adults[np.argsort(mixed(p.serial[adults]), kind="stable")[:ON_MAP]]
    chosen = by_chance[:SEEDS]
    if person is not None:
        chosen = np.concatenate([rows[p.serial[rows] == np.uint64(person)], chosen])
    if not len(chosen):
        return chosen, 0
    partners = ties_of(p, chosen)[1]
    here = partners[(partners >= first) & (partners <= rows[-1])]
    here = here[grown_up(world, here)]
    network = distinct(np.concatenate([chosen, here]))[:NETWORK]
    return distinct(np.concatenate([network, by_chance]))[:ON_MAP], len(network)


def distinct(rows: np.ndarray) -> np.ndarray:
    """Each row once, in the order of first appearance."""
    return rows[np.sort(np.unique(rows, return_index=True)[1])]


def sample(world: World, area: int, person: int | None) -> dict[str, Any]:
    """Residents of a neighbourhood as columns, and the ties between them as pairs of positions."""
    from agents.ties import ties_of

    p, month = world.population, world.month
    rows, network = shown_rows(world, area, person)
    holder, partner = ties_of(p, rows) if len(rows) else (rows, rows)
    at = {int(row): n for n, row in enumerate(rows)}
    pairs = sorted(
        {(at[a], at[b]) for a, b in zip(holder.tolist(), partner.tolist(), strict=True) if b in at and at[a] < at[b]}
    )
    return {
        "id": [str(serial) for serial in p.serial[rows].tolist()],
        "origin": p.origin[rows].tolist(),
        "newcomer": is_newcomer(world, rows, month).tolist(),
        "belonging": p.belonging[rows].astype(float).round(4).tolist(),
        "faces": (p.faces_own[rows] + p.faces_other[rows]).astype(float).round(1).tolist(),
        "ties": p.tie_count[rows].tolist(),
        "age": (np.maximum(month - p.born[rows].astype(np.int64), 0) // 12).tolist(),
        "months_here": np.maximum(month - p.moved_in[rows].astype(np.int64), 0).tolist(),
        "pairs": pairs,
        "network": network,
    }
