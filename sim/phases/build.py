"""Building: new dwellings open, and rows for those who may come to live in a neighbourhood."""

import numpy as np

from sim.households import are_kept
from sim.machine.arithmetic import ZERO, rule
from sim.machine.compile_cache import phase
from sim.machine.draws import RESIDENCE, draw, uniform
from sim.phases.home_offers import note_offer, people_in

ROWS_PER_TWO_HOMES = 5  # vacant ones: for households of more than the mean
SPARE_ROWS = 6  # so that a large household finds room where one dwelling is vacant


@rule
def rows_for(people, vacant):
    """Rows for the people of a neighbourhood and for the households that its vacant dwellings can take."""
    return people + ROWS_PER_TWO_HOMES * vacant // 2 + SPARE_ROWS


@rule
def most_rows(places, homes, years):
    """The most rows that may open in a neighbourhood of so many at the start, in so many years.

    For `homes` built since, and for households that grow: a fiftieth at once, a twentieth in ten years, and in a small
    neighbourhood two standard deviations of a count. So many are reserved, so that no result depends on how far ahead.
    """
    grown = places * (20 + 5 * years) // 1000 + 2 * np.int64(np.sqrt(np.float64(places)))
    return places + ROWS_PER_TWO_HOMES * homes // 2 + grown


@rule
def rows_allowed(j, s):
    """The most rows that may be open in neighbourhood j this month, where people live in households."""
    homes = max(s.stocks.homes[j] - s.neighbourhoods.built[j], 0)
    most = most_rows(s.neighbourhoods.places[j], homes, s.run.month[0] // 12 + 1)
    return min(most, s.neighbourhoods.first[j + 1] - s.neighbourhoods.first[j])


@rule
def rooms_let(j, more, s):
    """Rooms let in existing dwellings of neighbourhood j, or given up (below 0), in a month in which `more` are built.

    Where under half the usual number are vacant, as many are let as are missing to that half, up to the share
    `room_sharing` of all dwellings. Where more than the usual number are vacant, new dwellings take the place of rooms.
    """
    homes = s.stocks.homes[j] + more - s.stocks.shared[j]
    spare = np.float32(s.neighbourhoods.built[j] - s.neighbourhoods.occupied[j])
    usual = np.int64(spare / np.float32(max(s.neighbourhoods.built[j], 1)) * np.float32(homes))
    vacant = s.stocks.vacant[j] + more
    left = np.int64(s.c.room_sharing * np.float32(homes)) - s.stocks.shared[j]
    given_up = min(min(more, s.stocks.shared[j]), vacant - usual)
    return max(min(usual // 2 - vacant, left), 0) - max(given_up, 0)


@phase
def build(worker, low, high, s):
    """Add the month's new dwellings in neighbourhoods low to high - 1, as far as there are rows reserved for them.

    What they offer those who look for a home is noted.
    """
    twelfth, month = np.float32(1.0 / 12.0), s.run.month[0]
    for j in range(low, high):
        expected = np.float32(s.neighbourhoods.built[j]) * s.c.building * s.conditions.building[j] * twelfth
        whole = np.int64(expected)
        u = uniform(draw(s.run.key, s.neighbourhoods.key[j], month, RESIDENCE)[0])
        more = whole + (1 if u < expected - np.float32(whole) else 0)
        if s.c.room_sharing > ZERO:
            let = rooms_let(j, more, s)
            more += let
            s.stocks.shared[j] += let
        opened = s.stocks.opened[j]
        if not are_kept(s):
            more = min(more, s.neighbourhoods.first[j + 1] - s.neighbourhoods.first[j] - opened)
            s.stocks.opened[j] += more
        s.stocks.homes[j] += more
        s.stocks.vacant[j] += more
        if are_kept(s):
            wanted = rows_for(people_in(j, s), s.stocks.vacant[j])
            s.stocks.opened[j] = max(opened, min(wanted, rows_allowed(j, s)))
        s.stocks.empty[j] += s.stocks.opened[j] - opened
        note_offer(j, s)
