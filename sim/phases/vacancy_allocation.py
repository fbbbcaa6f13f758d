"""Vacancy allocation: which of a neighbourhood's vacant rows a person gets.

Everyone has a preferred row in every neighbourhood, and gets the first vacant row from there on, cyclically.
So the arrival or departure of one person changes the dwelling of few others, and two policies that share
their draws house almost everybody in the same dwelling.
"""

import numpy as np

from sim.machine.arithmetic import compiled, from_start, rule
from sim.machine.bitmask import (
    ALL_BITS,
    AT_ONCE,
    NO_BITS,
    ONE_BIT,
    bits_below,
    clear_lowest_bit,
    lowest_bit,
    zero_bits,
)
from sim.machine.draws import VACANCY_START, draw, pick
from sim.rules.allocation import drawing_range


@rule
def first_word(j, s):
    """Where the bitmasks of the rows of neighbourhood j begin in `moves.vacant`, 64 rows in each."""
    return s.neighbourhoods.first[j] // AT_ONCE + j


@compiled
def list_vacancies(j, s):
    """List the rows of neighbourhood j that are vacant and were so before this month, as bitmasks."""
    start, word, moved_in, month = s.neighbourhoods.first[j], first_word(j, s), s.population.moved_in, s.run.month[0]
    end, words = start + s.stocks.opened[j], 0
    for base in range(start, end, AT_ONCE):
        vacant = zero_bits(s.population.role, base, end)
        s.moves.vacant[word + words] = vacant & bits_below(moved_in, base, end, np.int16(month))
        words += 1
    s.moves.vacant_words[j] = words


@rule
def preferred_place(serial, j, s):
    """Which of the rows of neighbourhood j someone prefers, counted from its first; it depends on no other person."""
    words = draw(s.run.key, serial, np.int64(s.neighbourhoods.key[j]), VACANCY_START)
    return pick(words[0], drawing_range(s.stocks.opened[j]))


@compiled
def prefer_places(serials, j, places, s):
    """The same of several people, drawn together."""
    key, place, span = s.run.key, np.int64(s.neighbourhoods.key[j]), drawing_range(s.stocks.opened[j])
    for n in range(len(serials)):
        places[n] = pick(draw(key, serials[n], place, VACANCY_START)[0], span)


@rule
def take_row(preferred, j, s):
    """Take the first vacant row of neighbourhood j from the preferred place on, cyclically; -1 where there is none."""
    vacant, begin, words = s.moves.vacant, first_word(j, s), s.moves.vacant_words[j]
    word, beyond = preferred // AT_ONCE, ALL_BITS << np.uint64(preferred % AT_ONCE)
    if word >= words:
        word, beyond = 0, ALL_BITS
    for _ in range(words + 1):
        at = from_start(begin + word)
        found = vacant[at] & beyond
        if found != NO_BITS:
            vacant[at] &= ~(found ^ clear_lowest_bit(found))
            return s.neighbourhoods.first[j] + word * AT_ONCE + lowest_bit(found)
        word, beyond = word + 1 if word + 1 < words else 0, ALL_BITS
    return np.int64(-1)


@rule
def give_row_back(row, j, s):
    """Let a row that was taken be vacant again."""
    place = row - s.neighbourhoods.first[j]
    s.moves.vacant[first_word(j, s) + place // AT_ONCE] |= ONE_BIT << np.uint64(place % AT_ONCE)


@rule
def allocate_row(serial, j, s):
    """Take the row that a person gets in neighbourhood j, -1 where all its vacancies have been taken."""
    return take_row(preferred_place(serial, j, s), j, s)
