"""Adults who live in the region in two futures that began alike: belonging in both, counted by neighbourhood and class.

People are matched by serial number. Most still live in the same row in both; the others are looked up by where this
future has them (a table in which a serial's place is followed by the next ones until it is found).
"""

from typing import Annotated, NamedTuple

import numpy as np

from sim.households import NO_ROW
from sim.machine.arithmetic import rule
from sim.machine.compile_cache import argument_types, phase
from sim.machine.struct import Floats, Keys, Short, State, WholeCube, declared_fields, lay_out
from sim.measures import CLASSES
from sim.phases.observe import FINE_UNITS, whole
from sim.population import NOBODY
from sim.rules.people import ADULT_MONTHS, is_newcomer
from sim.ties import mark_of

# Columns of sums over people in both futures.
BOTH = ("people", "belonging_first", "belonging_here", "home_first", "home_here")
PEOPLE, BELONGING_FIRST, BELONGING_HERE, HOME_FIRST, HOME_HERE = range(5)
NO_ADULT = np.uint8(len(CLASSES))  # in place of a class


class TwoFutures(NamedTuple):
    """The first future's people in a month, and what is counted of those who live in this one too.

    Attributes
    ----------
    serial : uint64 [rows]
    belonging : float32 [rows]
    kind : uint8 [rows]
        Class of resident (`sim.measures.CLASSES`); 4 for a vacant row, or who is no adult (15+).
    place : int32 [a power of two, at least twice the adults who live elsewhere in this future]
        Rows of these, about where their serial says; -1 where nobody stands.
    sums : int64 [J, 4, 5]
        Of `BOTH`, by neighbourhood and class in the first future; belonging in units of 1/65536.
    """

    serial: Keys
    belonging: Floats
    kind: Annotated[np.ndarray, "uint8", 1]
    place: Short
    sums: WholeCube


LAYOUT = lay_out({"futures": declared_fields(TwoFutures)})
argument_types["both"] = LAYOUT


def state_of(futures: TwoFutures) -> State:
    """Two futures as compiled code takes them."""
    state = State(LAYOUT)
    state.put("futures", futures)
    return state


@rule
def is_adult(row, p, month):
    """Whether somebody of 15 or older lives in a row."""
    return (p.serial[row] != NOBODY) & (p.born[row] <= month - ADULT_MONTHS)


@rule
def place_of(serial, last):
    """Where the search for a serial begins; `last` is the last place."""
    return np.int64(mark_of(serial) & np.uint64(last))


@rule
def row_of(serial, p, place):
    """The row of an adult who lives elsewhere in this future; -1 for who does not live here."""
    last = len(place) - 1
    at = place_of(serial, last)
    while place[at] != NO_ROW and p.serial[place[at]] != serial:
        at = (at + 1) & last
    return np.int64(place[at])


@phase
def classify_adults(worker, low, high, s, both):
    """Class of each row of neighbourhoods low to high - 1."""
    p, month, kind = s.population, s.run.month[0], both.futures.kind
    for row in range(s.neighbourhoods.first[low], s.neighbourhoods.first[high]):
        code = np.uint8(2 * is_newcomer(p.motive[row], p.arrived[row], month) + (p.origin[row] > 0))
        kind[row] = code if is_adult(row, p, month) else NO_ADULT


@phase
def place_others(worker, low, high, s, both):
    """Note where adults live who do not live in the same row in both futures; by one thread."""
    p, month, place = s.population, s.run.month[0], both.futures.place
    last = len(place) - 1
    for row in range(s.neighbourhoods.first[low], s.neighbourhoods.first[high]):
        if p.serial[row] != both.futures.serial[row] and is_adult(row, p, month):
            at = place_of(p.serial[row], last)
            while place[at] != NO_ROW:
                at = (at + 1) & last
            place[at] = row


@phase
def count_in_both(worker, low, high, s, both):
    """Sum belonging in both futures over adults who lived in neighbourhoods low to high - 1 in the first."""
    p, first, month, threshold = s.population, both.futures, s.run.month[0], s.c.home_threshold
    for j in range(low, high):
        sums = first.sums[j]
        for kind in range(len(CLASSES)):
            for column in range(len(BOTH)):
                sums[kind, column] = 0
        for row in range(s.neighbourhoods.first[j], s.neighbourhoods.first[j + 1]):
            if first.kind[row] == NO_ADULT:
                continue
            serial, here = first.serial[row], np.int64(row)
            if p.serial[row] != serial:
                here = row_of(serial, p, first.place)
            if here >= 0 and is_adult(here, p, month):
                kind, then, now = first.kind[row], first.belonging[row], p.belonging[here]
                sums[kind, PEOPLE] += 1
                sums[kind, BELONGING_FIRST] += np.int64(whole(then, FINE_UNITS))
                sums[kind, BELONGING_HERE] += np.int64(whole(now, FINE_UNITS))
                sums[kind, HOME_FIRST] += then >= threshold
                sums[kind, HOME_HERE] += now >= threshold
