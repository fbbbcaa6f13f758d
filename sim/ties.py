"""Personal ties: rows of partners with a mark of their serial, kept in the first places of a person's row."""

import numpy as np

from sim.arithmetic import rule
from sim.draws import EXTRA_PROBES, LOW_WORD, TIE_KEPT, TIE_PARTNER, WORD, draw, pick, uniform
from sim.population import MOST_TIES, NOBODY

MARK = np.uint64(0x9E3779B97F4A7C15)
PROBES = 12
ADULT_MONTHS = 180


@rule
def mark_of(serial):
    """32 bits that tell one serial from another (multiplicative hash, never the same for two people in practice)."""
    return (serial * MARK) >> WORD


@rule
def tie_to(row, serial):
    """A tie to the person with this serial who lives in this row."""
    return (np.uint64(row) << WORD) | mark_of(serial)


@rule
def tie_row(tie):
    """The row a tie points at."""
    return np.int64(tie >> WORD)


@rule
def still_there(tie, population):
    """Whether the row still bears the partner's serial."""
    serial = population.serial[tie_row(tie)]
    return serial != NOBODY and mark_of(serial) == tie & LOW_WORD


@rule
def keeps_tie(seed, serial, month, slot, kept):
    """Whether a tie outlives a move (keyed by person, month and slot)."""
    return uniform(draw(seed, serial, month, TIE_KEPT + (slot << 8))[0]) < kept


@rule
def check_ties(row, population, seed, month, kept):
    """Drop ties to those who have gone; follow a partner who moved with probability kappa_T.

    A place left by a mover shows for one month where they went. Returns nothing: counts and slots are updated.
    """
    count = np.int64(population.tie_count[row])
    group = population.origin[row]
    remaining, own = 0, 0
    for slot in range(count):
        tie = population.ties[row, slot]
        if not still_there(tie, population):
            partner = tie_row(tie)
            onward = population.ties[partner, 0] if population.serial[partner] == NOBODY else NOBODY
            if onward == NOBODY or (onward ^ tie) & LOW_WORD != NOBODY:
                continue
            if not keeps_tie(seed, population.serial[row], month, slot, kept):
                continue
            tie = onward
        population.ties[row, remaining] = tie
        own += population.origin[tie_row(tie)] == group
        remaining += 1
    for slot in range(remaining, count):
        population.ties[row, slot] = NOBODY
    population.tie_count[row] = remaining
    population.tie_own[row] = own


@rule
def end_tie(row, slot, population):
    """Remove one tie."""
    last = np.int64(population.tie_count[row]) - 1
    partner = tie_row(population.ties[row, slot])
    population.tie_own[row] -= np.uint8(population.origin[partner] == population.origin[row])
    population.ties[row, slot] = population.ties[row, last]
    population.ties[row, last] = NOBODY
    population.tie_count[row] = last


@rule
def suits(candidate, row, own_group, population, month):
    """Whether someone lives there, of the wanted pool (own group or others) and of the same generation."""
    if candidate == row or population.serial[candidate] == NOBODY:
        return False
    same = population.origin[candidate] == population.origin[row]
    adult = month - population.born[row] >= ADULT_MONTHS
    return same == own_group and (month - population.born[candidate] >= ADULT_MONTHS) == adult


@rule
def find_partner(row, first, opened, own_share, population, seed, month):
    """A partner among the neighbourhood's rows, or -1: up to twelve places are looked at, the first that suits is it.

    `own_share` is the chance that the search is among one's own group.
    """
    serial = population.serial[row]
    own_group = uniform(draw(seed, serial, month, TIE_PARTNER)[0]) < own_share
    for block in range(PROBES // 4):
        words = draw(seed, serial, month, EXTRA_PROBES + block)
        for word in words:
            candidate = first + pick(word, opened)
            if suits(candidate, row, own_group, population, month):
                return candidate
    return np.int64(-1)


@rule
def form_tie(row, first, opened, own_share, population, seed, month):
    """Make one tie if a partner is found who is not yet one, and there is room."""
    count = np.int64(population.tie_count[row])
    if count >= MOST_TIES:
        return
    partner = find_partner(row, first, opened, own_share, population, seed, month)
    if partner < 0:
        return
    tie = tie_to(partner, population.serial[partner])
    for slot in range(count):
        if population.ties[row, slot] == tie:
            return
    population.ties[row, count] = tie
    population.tie_count[row] = count + 1
    population.tie_own[row] += np.uint8(population.origin[partner] == population.origin[row])
