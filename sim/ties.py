"""Personal ties: mutual, each held by both partners in the first slots of their rows.

A tie is one number: the partner's row (26 bits), a mark of their serial (26 bits) and the month in which it ends
(12 bits). The duration of a tie is drawn when it is made: a geometric time with chance `tie_decay` per month is the
same as a draw every month, and both partners know the end. A person who leaves or moves marks the tie in the rows of
their partners, who check in the next month: the row that a mover left points to the new one, and the pair keeps the tie
with probability kappa_T, by a draw keyed by both.
"""

import numpy as np

from sim.machine.arithmetic import compiled, rule
from sim.machine.atomic import atomic_mark
from sim.machine.bitmask import count_bits, set_bits
from sim.machine.draws import TIE_KEPT, draw, uniform
from sim.machine.prefetch import prefetch_to_read, prefetch_to_write
from sim.machine.slots import move_slots, slots_alike, slots_up_to
from sim.population import MOST_TIES, NEVER, NOBODY

# Bits of a tie: from which it holds the partner's row and mark; those of a mark and of the month in which it ends.
ROW_SHIFT, MARK_SHIFT = np.uint64(38), np.uint64(12)
MARK_BITS, END_BITS = np.uint64((1 << 26) - 1), np.uint64((1 << 12) - 1)
IDENTITY = np.uint64(((1 << 26) - 1) << 12)  # the bits of a tie that hold the partner's mark
ROW_BITS = np.uint64(((1 << 26) - 1) << 38)  # and the partner's row
SURELY_KEPT = np.uint64(1 << 11)  # in a forwarding note: moved within the neighbourhood
# 2^64 over the golden ratio (Knuth 1973), by which serials that are near lie far apart.
HASH, HASH_SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(38)
END_FROM, LAST_END = 1024, 4095  # ends are counted from month -1024; a later end is held to the last
ALL_TIES = np.int64((1 << MOST_TIES) - 1)  # all slots of a row, as a bitmask


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


@compiled
def ties_kept(row, kept, s):
    """The slots whose ties a resident keeps who moves (see `keeps_tie`), drawn at once, as a bitmask."""
    serial, ties, month, found = s.population.serial[row], s.population.ties[row], s.run.month[0], np.int64(0)
    for slot in range(MOST_TIES):
        found |= np.int64(keeps_tie(serial, ties[slot], month, kept, s)) << slot
    return found & held_ties(row, s)


@rule
def copy_ties(source, target, kept, s):
    """Copy the ties of one row that a bitmask names to another."""
    move_slots(s.population.ties, source, target, kept, END_BITS)
    s.population.tie_count[target] = count_bits(kept)


@rule
def count_own(row, s):
    """Bring the number of ties with the own group up to date."""
    own = 0
    for slot in range(s.population.tie_count[row]):
        own += s.population.origin[tie_row(s.population.ties[row, slot])] == s.population.origin[row]
    s.population.tie_own[row] = own


@rule
def keep_ties(row, kept, s):
    """Keep of a row the ties that a bitmask names; the number of those with the own group is left as it was."""
    p = s.population
    lowest = move_slots(p.ties, row, row, kept, END_BITS)
    count = count_bits(kept & held_ties(row, s))
    p.tie_count[row] = count
    p.tie_end[row] = np.int64(lowest) - END_FROM if count > 0 else np.int64(NEVER)


@rule
def held_ties(row, s):
    """The slots in which a row holds a tie, as a bitmask."""
    return (np.int64(1) << np.int64(s.population.tie_count[row])) - 1


@rule
def ended_ties(row, s):
    """The slots whose tie ends this month, or should have ended before."""
    return slots_up_to(s.population.ties, row, END_BITS, np.uint64(max(s.run.month[0] + END_FROM, 0)))


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
def concerned_ties(row, s):
    """The slots whose tie ends or whose partner left or moved."""
    return ended_ties(row, s) | (np.int64(s.population.tie_news[row]) & held_ties(row, s))


@rule
def keep_up_ties(row, s):
    """Remove a resident's ties that end or whose partner has gone, and follow partners who moved; the own row only.

    Returns whether ties with the own group must be counted again (`count_own`): a partner has gone, of whom nothing
    is known any more, or the row is new.
    """
    p, gone, news = s.population, ended_ties(row, s), np.int64(s.population.tie_news[row])
    lost = gone & news
    for slot in set_bits(gone):
        p.tie_own[row] -= np.uint8(p.origin[tie_row(p.ties[row, slot])] == p.origin[row])
    for slot in set_bits(news & held_ties(row, s) & ~gone):
        p.ties[row, slot] = follow_partner(p.ties[row, slot], row, s)
        lost |= np.int64(p.ties[row, slot] == NOBODY) << slot
    p.tie_news[row] = 0
    keep_ties(row, ALL_TIES & ~(gone | lost), s)
    return lost != 0 or (news != 0 and np.int64(p.moved_in[row]) == s.run.month[0] - 1)


@rule
def update_ties(row, s):
    """Update an agent's ties where one ends or a partner has left or moved; changes the own row only.

    Ties with the own group are counted again whatever became of them: a behaviour of one's own may skip months.
    """
    keep_up_ties(row, s)
    count_own(row, s)


@rule
def tell_partners(row, s):
    """Mark the ties with this resident in the rows of all partners; the result does not depend on order.

    A partner who moves in the same month may have left the row, where nobody looks any more: then all are marked, so
    that it makes no difference who is first.
    """
    mine = mark_of(s.population.serial[row]) << MARK_SHIFT
    for slot in range(s.population.tie_count[row]):
        partner = tie_row(s.population.ties[row, slot])
        found = slots_alike(s.population.ties, partner, IDENTITY, mine)
        atomic_mark(s.population.tie_news, partner, np.uint8(found if found != 0 else ALL_TIES))


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
def tie_together(row, partner, end, s):
    """Make a tie if somebody was found who is no partner yet and both have a free slot; write both rows."""
    count = s.population.tie_count
    if partner < 0 or count[row] >= MOST_TIES or count[partner] >= MOST_TIES or have_tie(row, partner, s):
        return
    add_tie(row, partner, end, s)
    add_tie(partner, row, end, s)


@rule
def prefetch_tying(row, s):
    """Prefetch what a new tie writes in a row."""
    p = s.population
    prefetch_to_write(p.tie_count, row)
    prefetch_to_write(p.tie_own, row)
    prefetch_to_write(p.tie_end, row)
    prefetch_ties(row, s)


@rule
def forget_tie(partner, row, s):
    """Remove the tie to `row` from a partner's ties."""
    keep_ties(partner, ALL_TIES & ~slots_alike(s.population.ties, partner, ROW_BITS, np.uint64(row) << ROW_SHIFT), s)
    count_own(partner, s)


@rule
def break_ties(row, kept, s):
    """End ties of someone who stays in the table, at both sides (while settling, when all partners live here).

    Each is kept with probability `kept`, as when they move; with 0 all end.
    """
    left = ties_kept(row, kept, s)
    for slot in set_bits(held_ties(row, s) & ~left):
        forget_tie(tie_row(s.population.ties[row, slot]), row, s)
    keep_ties(row, left, s)
    count_own(row, s)


@rule
def prefetch_ties(row, s):
    """Prefetch a row's ties."""
    prefetch_to_write(s.population.ties, row * MOST_TIES)


@rule
def prefetch_news(row, s):
    """Prefetch what is read and written of a resident's partners when they are told that the resident left."""
    for slot in range(s.population.tie_count[row]):
        partner = tie_row(s.population.ties[row, slot])
        prefetch_to_write(s.population.tie_news, partner)
        prefetch_to_read(s.population.ties, partner * MOST_TIES)
