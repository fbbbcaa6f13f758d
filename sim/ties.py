"""Personal ties: mutual, each held by both partners in the first places of their rows.

A tie is one number: the partner's row (26 bits), a mark of their serial (26 bits) and the month in which it ends
(12 bits). How long a tie lasts is drawn when it is made: a geometric time with chance `tie_decay` per month is the same
as a draw every month, and both partners know the end without telling each other. A person who leaves or moves puts news
in the rows of their partners, who look in the next month: a place left by a mover shows where they went, and the pair
keeps the tie with probability kappa_T by a draw of the two together.
"""

import numpy as np

from sim.machine.arithmetic import ONE, logarithm, rule
from sim.machine.draws import EXTRA_PROBES, TIE_KEPT, TIE_PARTNER, draw, pick, uniform
from sim.phases.vacancy_allocation import span_of
from sim.population import MOST_TIES, NEVER, NOBODY
from sim.rules.meeting import own_tie_share

ROW_SHIFT, MARK_SHIFT = np.uint64(38), np.uint64(12)
MARK_BITS, END_BITS = np.uint64((1 << 26) - 1), np.uint64((1 << 12) - 1)
IDENTITY = np.uint64(((1 << 26) - 1) << 12)
SURELY_KEPT = np.uint64(1 << 11)  # in a forwarding note: moved within the neighbourhood
HASH, HASH_SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(38)
END_FROM, LAST_END = 1024, 4095  # ends are counted from month -1024; a later end is held to the last
PROBES = 32  # few of these searches happen in a month; with fewer, a small group finds its own too seldom
ADULT_MONTHS = 180


@rule
def mark_of(serial):
    """26 bits that tell one serial from another."""
    return (serial * HASH) >> HASH_SHIFT


@rule
def tie_to(row, serial, end):
    """A tie to the person with this serial in this row until the month `end`."""
    coded = np.uint64(min(max(end + END_FROM, 0), LAST_END))
    return (np.uint64(row) << ROW_SHIFT) | (mark_of(serial) << MARK_SHIFT) | coded


@rule
def tie_row(tie):
    """The row a tie points at."""
    return np.int64(tie >> ROW_SHIFT)


@rule
def tie_ends(tie):
    """The month in which it ends."""
    return np.int64(tie & END_BITS) - END_FROM


@rule
def note_of(row, serial, same_place):
    """What a mover leaves in their old place: where they went, and whether that is in the same neighbourhood."""
    note = (np.uint64(row) << ROW_SHIFT) | (mark_of(serial) << MARK_SHIFT)
    return note | SURELY_KEPT if same_place else note


@rule
def keeps_tie(serial, tie, seed, month, kept):
    """Whether a pair keeps its tie when one of them moves: both partners find the same answer."""
    pair = mark_of(serial) ^ ((tie & IDENTITY) >> MARK_SHIFT)
    return uniform(draw(seed, pair, month, TIE_KEPT)[0]) < kept


@rule
def count_ties(row, population):
    """Bring the number of own-group ties and the first end up to date."""
    own, first_end = 0, np.int64(NEVER)
    for slot in range(population.tie_count[row]):
        tie = population.ties[row, slot]
        own += population.origin[tie_row(tie)] == population.origin[row]
        first_end = min(first_end, tie_ends(tie))
    population.tie_own[row] = own
    population.tie_end[row] = first_end


@rule
def followed(tie, row, population, seed, month, kept):
    """The tie as it stands after the partner's move last month; 0 where it has gone."""
    partner = tie_row(tie)
    serial = population.serial[partner]
    if serial != NOBODY:
        return tie if (mark_of(serial) << MARK_SHIFT) == tie & IDENTITY else NOBODY
    note = population.ties[partner, 0]
    if note == NOBODY or (note ^ tie) & IDENTITY != NOBODY:
        return NOBODY
    if note & SURELY_KEPT == NOBODY and not keeps_tie(population.serial[row], tie, seed, month - 1, kept):
        return NOBODY
    return (note & ~END_BITS) | (tie & END_BITS)


@rule
def check_ties(row, population, seed, month, kept):
    """Drop ties that end or whose partner has gone, follow partners who moved; own row only."""
    count = np.int64(population.tie_count[row])
    remaining = 0
    for slot in range(count):
        tie = population.ties[row, slot]
        if tie_ends(tie) > month:
            tie = followed(tie, row, population, seed, month, kept)
            if tie != NOBODY:
                population.ties[row, remaining] = tie
                remaining += 1
    for slot in range(remaining, count):
        population.ties[row, slot] = NOBODY
    population.tie_count[row] = remaining
    population.tie_news[row] = 0
    count_ties(row, population)


@rule
def tell_partners(row, population):
    """Put news in the rows of all partners: whoever does so in whatever order, it is the same news."""
    for slot in range(population.tie_count[row]):
        population.tie_news[tie_row(population.ties[row, slot])] = 1


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
    """A partner among the neighbourhood's rows, or -1: up to 32 places are looked at, the first that suits is it.

    `own_share` is the chance that the search is among one's own group.
    """
    serial, span = population.serial[row], span_of(opened)
    own_group = uniform(draw(seed, serial, month, TIE_PARTNER)[0]) < own_share
    for block in range(PROBES // 4):
        words = draw(seed, serial, month, EXTRA_PROBES + block)
        for word in words:
            place = pick(word, span)
            if place < opened and suits(first + place, row, own_group, population, month):
                return first + place
    return np.int64(-1)


@rule
def lifetime(serial, seed, month, decay):
    """Months until a tie ends: geometric with chance `decay` per month, by inversion."""
    u = uniform(draw(seed, serial, month, TIE_PARTNER)[1]) + np.float32(2.0**-25)
    return np.int64(logarithm(u) / logarithm(ONE - decay)) + 1


@rule
def add_tie(row, partner, end, population):
    """Write one side of a tie."""
    count = population.tie_count[row]
    population.ties[row, count] = tie_to(partner, population.serial[partner], end)
    population.tie_count[row] = count + 1
    population.tie_own[row] += np.uint8(population.origin[partner] == population.origin[row])
    population.tie_end[row] = min(np.int64(population.tie_end[row]), min(end, LAST_END - END_FROM))


@rule
def have_tie(row, partner, population):
    """Whether the row holds a tie to the partner's row."""
    for slot in range(population.tie_count[row]):
        if tie_row(population.ties[row, slot]) == partner:
            return True
    return False


@rule
def form_tie(row, first, opened, population, seed, month, begins, c):
    """Make one tie if a partner is found who is not one yet, and both have room; writes both rows.

    `month` keys the draws, the tie begins in `begins` (the same month, but for the ties of the start).
    """
    if population.tie_count[row] >= MOST_TIES:
        return
    own, other = population.faces_own[row], population.faces_other[row]
    own_share = own_tie_share(own, other, c.tie_out_group, c.tie_own_settings)
    partner = find_partner(row, first, opened, own_share, population, seed, month)
    if partner < 0 or population.tie_count[partner] >= MOST_TIES or have_tie(row, partner, population):
        return
    end = begins + lifetime(population.serial[row], seed, month, c.tie_decay)
    add_tie(row, partner, end, population)
    add_tie(partner, row, end, population)


@rule
def forget_tie(partner, row, population):
    """Take the tie to `row` from a partner's ties."""
    remaining = 0
    for slot in range(population.tie_count[partner]):
        if tie_row(population.ties[partner, slot]) != row:
            population.ties[partner, remaining] = population.ties[partner, slot]
            remaining += 1
    for slot in range(remaining, population.tie_count[partner]):
        population.ties[partner, slot] = NOBODY
    population.tie_count[partner] = remaining
    count_ties(partner, population)


@rule
def break_ties(row, population, seed, month, kept):
    """End ties of someone who stays in the table, at both sides (while settling, when all partners live here).

    Each is kept with probability `kept`, as when they move; with 0 all end.
    """
    remaining = 0
    count = np.int64(population.tie_count[row])
    for slot in range(count):
        tie = population.ties[row, slot]
        if keeps_tie(population.serial[row], tie, seed, month, kept):
            population.ties[row, remaining] = tie
            remaining += 1
        else:
            forget_tie(tie_row(tie), row, population)
    for slot in range(remaining, count):
        population.ties[row, slot] = NOBODY
    population.tie_count[row] = remaining
    count_ties(row, population)
