"""Vacancy allocation: which of a neighbourhood's vacant rows a person gets.

Everyone has a preferred row in every neighbourhood, and gets the first vacant row from there on, cyclically.
So the arrival or departure of one person changes the dwelling of few others, and two policies that share
their draws house almost everybody in the same dwelling.
"""

import numpy as np

from sim.machine.arithmetic import compiled, rule
from sim.machine.bitmask import zero_rows
from sim.machine.draws import VACANCY_START, draw, pick
from sim.machine.prefetch import prefetch_to_write
from sim.population import NOBODY
from sim.rules.allocation import drawing_range


@compiled
def list_vacancies(j, s):
    """List the rows of neighbourhood j that are vacant and were so before this month."""
    month = s.run.month[0]
    at, start = s.moves.vacant_first[j], s.neighbourhoods.first[j]
    end = start + s.stocks.opened[j]
    for row in zero_rows(s.population.role, start, end):
        if s.population.moved_in[row] < month and at < s.moves.vacant_first[j + 1]:
            s.moves.vacant[at] = row
            at += 1


@rule
def first_from(wanted, rows):
    """How many of some rows, in ascending order, lie before the wanted one: by halving, without branches to guess."""
    begin, left = 0, len(rows)
    while left > 1:
        half = left // 2
        begin = begin + half if rows[begin + half - 1] < wanted else begin
        left -= half
    return begin + 1 if left == 1 and rows[begin] < wanted else begin


@rule
def begin_search(serial, j, s):
    """Where in the list of vacant rows of neighbourhood j a person begins to search: the first from a drawn row on.

    That depends on the person and the neighbourhood alone.
    """
    low, high = s.moves.vacant_first[j], s.moves.vacant_first[j + 1]
    words = draw(s.run.key, serial, np.int64(s.neighbourhoods.key[j]), VACANCY_START)
    preferred = s.neighbourhoods.first[j] + pick(words[0], drawing_range(s.stocks.opened[j]))
    return first_from(preferred, s.moves.vacant[low:high])


@rule
def begin_soon(serial, j, s):
    """The same, where the row will be looked for soon: what tells whether the first is vacant is prefetched."""
    at, low = begin_search(serial, j, s), s.moves.vacant_first[j]
    if low + at < s.moves.vacant_first[j + 1]:
        prefetch_to_write(s.population.serial, s.moves.vacant[low + at])
    return at


@rule
def allocate_row(serial, j, s):
    """The row a person gets in neighbourhood j, -1 where all its vacancies have been taken."""
    return find_vacant(begin_search(serial, j, s), j, s)


@rule
def find_vacant(at, j, s):
    """The first row of the vacant ones of neighbourhood j, from the at-th on, that nobody has got; -1 for none."""
    low, high = s.moves.vacant_first[j], s.moves.vacant_first[j + 1]
    count = high - low
    for step in range(count):
        row = s.moves.vacant[low + (at + step) % count]
        if s.population.serial[row] == NOBODY:
            return row
    return np.int64(-1)
