"""Personal ties: mutual, each held by both partners in the first slots of their rows.

A tie is one number: the partner's row (26 bits), a mark of their serial (26 bits) and the month in which it ends
(12 bits). The duration of a tie is drawn when it is made: a geometric time with chance `tie_decay` per month is the
same as a draw every month, and both partners know the end. A person who leaves or moves sets a flag in the rows of
their partners, who check in the next month: the row that a mover left points to the new one, and the pair keeps the tie
with probability kappa_T, by a draw keyed by both.
"""

import numpy as np

from sim.joint_draws import draw_jointly, key_draws, word_at
from sim.machine.arithmetic import ONE, ZERO, logarithm, rule
from sim.machine.draws import EXTRA_PROBES, TIE_CHOSEN, TIE_KEPT, TIE_PARTNER, draw, pick, uniform
from sim.machine.prefetch import prefetch_to_write
from sim.population import MOST_TIES, NEVER, NOBODY
from sim.rules.allocation import drawing_range
from sim.rules.meeting import chosen_share, own_tie_share
from sim.rules.people import ADULT_MONTHS
from sim.workspace import DRAWS, WORDS

# Bits of a tie: from which it holds the partner's row and mark; those of a mark and of the month in which it ends.
ROW_SHIFT, MARK_SHIFT = np.uint64(38), np.uint64(12)
MARK_BITS, END_BITS = np.uint64((1 << 26) - 1), np.uint64((1 << 12) - 1)
IDENTITY = np.uint64(((1 << 26) - 1) << 12)  # the bits of a tie that hold the partner's mark
SURELY_KEPT = np.uint64(1 << 11)  # in a forwarding note: moved within the neighbourhood
HASH, HASH_SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(38)
END_FROM, LAST_END = 1024, 4095  # ends are counted from month -1024; a later end is held to the last


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
def note_of(row, serial, same_neighbourhood):
    """The note in a mover's old row: the new row, and whether it is in the same neighbourhood."""
    note = (np.uint64(row) << ROW_SHIFT) | (mark_of(serial) << MARK_SHIFT)
    return note | SURELY_KEPT if same_neighbourhood else note


@rule
def keeps_tie(serial, tie, month, kept, s):
    """Whether a pair keeps its tie when one of them moves: the same result for both partners."""
    pair = mark_of(serial) ^ ((tie & IDENTITY) >> MARK_SHIFT)
    return uniform(draw(s.run.key, pair, month, TIE_KEPT)[0]) < kept


@rule
def count_ties(row, s):
    """Bring the number of own-group ties and the first end up to date."""
    own, first_end = 0, np.int64(NEVER)
    for slot in range(s.population.tie_count[row]):
        tie = s.population.ties[row, slot]
        own += s.population.origin[tie_row(tie)] == s.population.origin[row]
        first_end = min(first_end, tie_ends(tie))
    s.population.tie_own[row] = own
    s.population.tie_end[row] = first_end


@rule
def follow_partner(tie, row, s):
    """The tie as it stands after the partner's move last month; 0 where it has gone."""
    partner = tie_row(tie)
    serial = s.population.serial[partner]
    if serial != NOBODY:
        return tie if (mark_of(serial) << MARK_SHIFT) == tie & IDENTITY else NOBODY
    note = s.population.ties[partner, 0]
    if note == NOBODY or (note ^ tie) & IDENTITY != NOBODY:
        return NOBODY
    if note & SURELY_KEPT == NOBODY:
        last_month = s.run.month[0] - 1
        if not keeps_tie(s.population.serial[row], tie, last_month, s.c.tie_kept_moving, s):
            return NOBODY
    return (note & ~END_BITS) | (tie & END_BITS)


@rule
def end_ties(row, s):
    """Remove the ties that end, where no partner has left or moved: of the others nothing is looked up."""
    p, count = s.population, np.int64(s.population.tie_count[row])
    remaining, own, first_end = 0, np.int64(p.tie_own[row]), np.int64(NEVER)
    for slot in range(count):
        tie = p.ties[row, slot]
        if tie_ends(tie) > s.run.month[0]:
            p.ties[row, remaining] = tie
            remaining += 1
            first_end = min(first_end, tie_ends(tie))
        else:
            own -= p.origin[tie_row(tie)] == p.origin[row]
    for slot in range(remaining, count):
        p.ties[row, slot] = NOBODY
    p.tie_count[row], p.tie_own[row], p.tie_end[row] = remaining, own, first_end


@rule
def follow_ties(row, s):
    """Remove ties that end or whose partner has gone, and follow partners who moved."""
    count = np.int64(s.population.tie_count[row])
    remaining = 0
    for slot in range(count):
        tie = s.population.ties[row, slot]
        if tie_ends(tie) > s.run.month[0]:
            tie = follow_partner(tie, row, s)
            if tie != NOBODY:
                s.population.ties[row, remaining] = tie
                remaining += 1
    for slot in range(remaining, count):
        s.population.ties[row, slot] = NOBODY
    s.population.tie_count[row] = remaining
    s.population.tie_news[row] = 0
    count_ties(row, s)


@rule
def update_ties(row, s):
    """Update someone's ties where one ends or a partner has left or moved; changes the own row only."""
    if s.population.tie_news[row]:
        follow_ties(row, s)
    else:
        end_ties(row, s)


@rule
def tell_partners(row, s):
    """Set the news flag in the rows of all partners; the result does not depend on order."""
    for slot in range(s.population.tie_count[row]):
        s.population.tie_news[tie_row(s.population.ties[row, slot])] = 1


@rule
def suits(candidate, row, own_group, month, s):
    """Whether the row holds someone of the wanted pool (own group or others) and of the same generation."""
    p = s.population
    # The narrowest columns first, which are all in the cache; of a vacant row they say nothing.
    if (p.origin[candidate] == p.origin[row]) != own_group:
        return False
    if (month - p.born[candidate] >= ADULT_MONTHS) != (month - p.born[row] >= ADULT_MONTHS):
        return False
    return candidate != row and p.serial[candidate] != NOBODY


@rule
def is_chosen(candidate, serial, month, s):
    """Whether someone who suits becomes the partner: less often the further they withdraw (`tie_withdrawn`)."""
    if s.c.tie_withdrawn == ZERO:
        return True
    u = uniform(draw(s.run.key, serial ^ mark_of(s.population.serial[candidate]), month, TIE_CHOSEN)[0])
    return u < chosen_share(s.population.withdrawal[candidate], s.c.tie_withdrawn)


@rule
def find_partner(row, j, own_share, searcher, s):
    """Find a partner among the rows of neighbourhood j, or -1: the first suitable of up to 32 rows.

    With fewer a small group would find its own members too seldom. `own_share` is the chance that the search is among
    one's own group, `searcher` (number among the eight whose rows were drawn, month of the draws, worker).
    """
    number, month, worker = searcher
    serial, first, opened = s.population.serial[row], s.neighbourhoods.first[j], s.stocks.opened[j]
    span = drawing_range(opened)
    own_group = uniform(draw(s.run.key, serial, month, TIE_PARTNER)[0]) < own_share
    for block in range(DRAWS):
        for word in range(WORDS):
            offset = pick(np.uint64(s.work.joint_words[worker, word_at(block, word, number)]), span)
            found = first + offset
            if offset < opened and suits(found, row, own_group, month, s) and is_chosen(found, serial, month, s):
                return found
    return np.int64(-1)


@rule
def lifetime(serial, month, s):
    """Months until a tie ends: geometric with chance `tie_decay` per month, by inversion."""
    u = uniform(draw(s.run.key, serial, month, TIE_PARTNER)[1]) + np.float32(2.0**-25)
    return np.int64(logarithm(u) / logarithm(ONE - s.c.tie_decay)) + 1


@rule
def add_tie(row, partner, end, s):
    """Write one side of a tie."""
    count = s.population.tie_count[row]
    s.population.ties[row, count] = tie_to(partner, s.population.serial[partner], end)
    s.population.tie_count[row] = count + 1
    s.population.tie_own[row] += np.uint8(s.population.origin[partner] == s.population.origin[row])
    s.population.tie_end[row] = min(np.int64(s.population.tie_end[row]), min(end, LAST_END - END_FROM))


@rule
def have_tie(row, partner, s):
    """Whether the row holds a tie to the partner's row."""
    for slot in range(s.population.tie_count[row]):
        if tie_row(s.population.ties[row, slot]) == partner:
            return True
    return False


@rule
def draw_rows(worker, s):
    """Draw the rows in which eight people look for a partner, whose serials and months are noted (`key_draws`)."""
    draw_jointly(EXTRA_PROBES, 1, worker, s)


@rule
def form_tie_alone(row, j, month, s):
    """Make one tie for someone, as `form_tie`, who searches alone."""
    key_draws(0, s.population.serial[row], month, 0, s)
    draw_rows(0, s)
    form_tie(row, j, month, (0, month, 0), s)


@rule
def form_tie(row, j, begins, searcher, s):
    """Make one tie if a partner is found who is not one yet and both have a free slot; write both rows.

    The tie begins in `begins`: the month of the draws, but for the ties of the start; `searcher`: see `find_partner`.
    """
    if s.population.tie_count[row] >= MOST_TIES:
        return
    own, other = s.population.faces_own[row], s.population.faces_other[row]
    own_share = own_tie_share(own, other, s.c.tie_out_group, s.c.tie_own_settings)
    partner = find_partner(row, j, own_share, searcher, s)
    if partner < 0 or s.population.tie_count[partner] >= MOST_TIES or have_tie(row, partner, s):
        return
    end = begins + lifetime(s.population.serial[row], searcher[1], s)
    add_tie(row, partner, end, s)
    add_tie(partner, row, end, s)


@rule
def forget_tie(partner, row, s):
    """Remove the tie to `row` from a partner's ties."""
    remaining = 0
    for slot in range(s.population.tie_count[partner]):
        if tie_row(s.population.ties[partner, slot]) != row:
            s.population.ties[partner, remaining] = s.population.ties[partner, slot]
            remaining += 1
    for slot in range(remaining, s.population.tie_count[partner]):
        s.population.ties[partner, slot] = NOBODY
    s.population.tie_count[partner] = remaining
    count_ties(partner, s)


@rule
def break_ties(row, kept, s):
    """End ties of someone who stays in the table, at both sides (while settling, when all partners live here).

    Each is kept with probability `kept`, as when they move; with 0 all end.
    """
    remaining = 0
    count = np.int64(s.population.tie_count[row])
    for slot in range(count):
        tie = s.population.ties[row, slot]
        if keeps_tie(s.population.serial[row], tie, s.run.month[0], kept, s):
            s.population.ties[row, remaining] = tie
            remaining += 1
        else:
            forget_tie(tie_row(tie), row, s)
    for slot in range(remaining, count):
        s.population.ties[row, slot] = NOBODY
    s.population.tie_count[row] = remaining
    count_ties(row, s)


@rule
def prefetch_ties(row, s):
    """Prefetch a row's ties."""
    prefetch_to_write(s.population.ties, row * MOST_TIES)


@rule
def prefetch_news(row, s):
    """Prefetch the news flags of a resident's partners."""
    for slot in range(s.population.tie_count[row]):
        prefetch_to_write(s.population.tie_news, tie_row(s.population.ties[row, slot]))
