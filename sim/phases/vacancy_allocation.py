"""Letting: which of a neighbourhood's vacant places a person gets.

Everyone has a place of their own liking in every neighbourhood, and gets the first vacant place from there on, round to
the beginning. So whether somebody else comes or goes decides about few places besides their own, and two policies that
share their draws keep almost everybody in the same place.
"""

from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import allocating, compiled, rule
from sim.machine.bitmask import AT_ONCE, lowest, unmarked, without_lowest
from sim.machine.draws import HOUSE_LOTTERY, PLACE_LIKED, WORD, draw, pick
from sim.population import NOBODY


class Vacancies(NamedTuple):
    """Places to let this month: those that were vacant at its beginning.

    Attributes
    ----------
    first : int64 [J + 1]
        Segment of each neighbourhood in `row`.
    row : int64 [V]
        Rows of the population table, in ascending order within a neighbourhood.
    """

    first: np.ndarray
    row: np.ndarray


@allocating
def vacancies_for(vacant):
    """Room to list the vacant places [J] of every neighbourhood; `list_vacancies` fills it."""
    first = np.zeros(len(vacant) + 1, np.int64)
    for j in range(len(vacant)):
        first[j + 1] = first[j] + vacant[j]
    return Vacancies(first, np.zeros(first[-1], np.int64))


@compiled
def list_vacancies(j, vacancies, population, places, stocks, month):
    """Note the rows of neighbourhood j that are vacant and were so before this month."""
    at, end = vacancies.first[j], places.first[j] + stocks.opened[j]
    for base in range(places.first[j], end, AT_ONCE):
        bits = unmarked(population.serial, base, end)
        while bits:
            row = base + lowest(bits)
            bits = without_lowest(bits)
            if population.moved_in[row] < month and at < vacancies.first[j + 1]:
                vacancies.row[at] = row
                at += 1


@rule
def lottery_number(serial, seed, month):
    """64 random bits that decide who goes first where places are short."""
    words = draw(seed, serial, month, HOUSE_LOTTERY)
    return (words[0] << WORD) | words[1]


@rule
def span_of(places):
    """The least of 9, 10, ... 16 times a power of two that is not below a number of places.

    A place is drawn from this range, and what lies beyond the last one counts as vacant: so a draw keeps its meaning
    when a few places are built.
    """
    step = np.int64(1)
    while places > 16 * step:
        step *= 2
    return (places + step - 1) // step * step


@rule
def place_let(serial, j, vacancies, population, places, opened, seed):
    """The row a person gets in neighbourhood j, -1 where all its vacancies have been let.

    Where the search begins depends on the person and the neighbourhood alone.
    """
    low, count = vacancies.first[j], vacancies.first[j + 1] - vacancies.first[j]
    liked = places.first[j] + pick(draw(seed, serial, np.int64(places.key[j]), PLACE_LIKED)[0], span_of(opened))
    at = np.searchsorted(vacancies.row[low : low + count], liked)
    for step in range(count):
        row = vacancies.row[low + (at + step) % count]
        if population.serial[row] == NOBODY:
            return row
    return np.int64(-1)
