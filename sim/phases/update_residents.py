"""A month of living: meet, belong, settle in, and decide what to do; the compiled pass over blocks of residents.

A block of 2,048 rows and its scratch columns take a fifth of the processor's second cache, and are enough to keep
memory busy: the rows of partners are asked for many at a time. Each loop below reads and writes cached columns and
has no branch and no table look-up, so that the compiler works on many residents at once; the few residents to whom
something rare may happen are picked out and looked at one by one (`sim.phases.life_events`). Each person
reads the state that the last phase left and writes only their own row.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import HALF, ONE, ZERO, allocating, compiled, rule
from sim.machine.bitmask import AT_ONCE, lowest, marked, without_lowest
from sim.machine.draws import MONTHLY, bell, draw, uniform
from sim.phases.life_events import TIE_FROM, bounds_of, happen, may_change, may_live_through
from sim.phases.tie_formation import acquaint
from sim.phases.tie_upkeep import fetch_partners, keep_ties, mark_ties
from sim.population import EMPLOYED, NEWCOMER_MONTHS, NO_MOTIVE, NOBODY, NOTHING
from sim.rules.belonging import belonging_target, diversity_burden, next_belonging
from sim.rules.language import next_language
from sim.rules.meeting import common_language, encounters, next_contact, next_faces, tie_chance
from sim.rules.withdrawal import next_withdrawal

BLOCK = 2048
FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH = (np.uint8(at) for at in range(8))


class Block(NamedTuple):
    """The columns of one block that its loops use: stretches of the population table."""

    serial: np.ndarray
    origin: np.ndarray
    motive: np.ndarray
    flags: np.ndarray
    intention: np.ndarray
    born: np.ndarray
    moved_in: np.ndarray
    arrived: np.ndarray
    belonging: np.ndarray
    disposition: np.ndarray
    faces_own: np.ndarray
    faces_other: np.ndarray
    contact: np.ndarray
    withdrawal: np.ndarray
    language: np.ndarray
    position: np.ndarray
    tie_count: np.ndarray
    tie_news: np.ndarray
    tie_end: np.ndarray


@compiled
def block_of(population, start, stop):
    """Rows start to stop - 1."""
    p = population
    return Block(
        p.serial[start:stop],
        p.origin[start:stop],
        p.motive[start:stop],
        p.flags[start:stop],
        p.intention[start:stop],
        p.born[start:stop],
        p.moved_in[start:stop],
        p.arrived[start:stop],
        p.belonging[start:stop],
        p.disposition[start:stop],
        p.faces_own[start:stop],
        p.faces_other[start:stop],
        p.contact[start:stop],
        p.withdrawal[start:stop],
        p.language[start:stop],
        p.position[start:stop],
        p.tie_count[start:stop],
        p.tie_news[start:stop],
        p.tie_end[start:stop],
    )


class Workspace(NamedTuple):
    """Scratch columns of one block."""

    noise: np.ndarray
    event: np.ndarray
    second: np.ndarray
    job: np.ndarray
    flag: np.ndarray
    tied: np.ndarray
    alive: np.ndarray
    own: np.ndarray
    other: np.ndarray
    pool: np.ndarray
    gone_own: np.ndarray
    gone_other: np.ndarray
    reception: np.ndarray
    hours: np.ndarray


@allocating
def workspace():
    """Scratch columns for one thread."""
    return Workspace(
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint8),
        np.empty(BLOCK, np.uint8),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
    )


@rule
def share_out(word):
    """A uniform number in [0, 1) from one 32-bit word."""
    return uniform(np.uint64(word))


@rule
def months_since(month, then):
    """Whole months since then, 0 at least, as a single-precision number."""
    return np.float32(max(np.int32(np.int32(month) - np.int32(then)), np.int32(0)))


@compiled
def see_who_lives(serials, alive):
    """1 where somebody lives, 0 for a vacant place: once, as a loop with 64-bit numbers handles half as many rows."""
    for n in range(len(serials)):
        alive[n] = ONE if serials[n] != NOBODY else ZERO


@compiled
def draw_block(serials, seed, month, noise, event, second, job):
    """The four words that a month costs each person."""
    for n in range(len(serials)):
        a, b, c, d = draw(seed, serials[n], month, MONTHLY)
        noise[n] = np.uint32(a)
        event[n] = np.uint32(b)
        second[n] = np.uint32(c)
        job[n] = np.uint32(d)


@rule
def chosen(group, values, otherwise):
    """values[group], of eight, or `otherwise` for another group: by selecting, as look-ups cannot be vectorised."""
    found = values[0] if group == FIRST else otherwise
    found = values[1] if group == SECOND else found
    found = values[2] if group == THIRD else found
    found = values[3] if group == FOURTH else found
    found = values[4] if group == FIFTH else found
    found = values[5] if group == SIXTH else found
    found = values[6] if group == SEVENTH else found
    return values[7] if group == EIGHTH else found


@rule
def eight(table, begin):
    """Eight values of a table from `begin` on; beyond its end the last."""
    last = len(table) - 1
    return (
        table[min(begin, last)], table[min(begin + 1, last)], table[min(begin + 2, last)], table[min(begin + 3, last)],
        table[min(begin + 4, last)], table[min(begin + 5, last)], table[min(begin + 6, last)],
        table[min(begin + 7, last)],
    )  # fmt: skip


@compiled
def spread_over_block(table, origin, out):
    """out = table[origin] for a block."""
    for begin in range(0, len(table), 8):
        values = eight(table, begin)
        for n in range(len(origin)):
            out[n] = chosen(np.uint8(origin[n] - begin), values, out[n])


@compiled
def group_rates(j, origin, rates, work):
    """The neighbourhood's rates for each person's group: table by table, as more would not fit in the registers."""
    spread_over_block(rates.own[j], origin, work.own)
    spread_over_block(rates.other[j], origin, work.other)
    spread_over_block(rates.other_language[j], origin, work.pool)
    spread_over_block(rates.gone_own[j], origin, work.gone_own)
    spread_over_block(rates.gone_other[j], origin, work.gone_other)


@compiled
def meet_block(block, negative, c, work):
    """Encounters, familiar faces and contact."""
    for n in range(len(block.serial)):
        alive = work.alive[n]
        spoken = common_language(block.language[n], work.pool[n], c.language_floor)
        met_own = encounters(block.withdrawal[n], work.own[n], ONE)
        met_other = encounters(block.withdrawal[n], work.other[n], spoken)
        own = next_faces(block.faces_own[n], met_own, work.gone_own[n], c.forgetting, c.recognition, c.local_circle)
        other = next_faces(
            block.faces_other[n], met_other, work.gone_other[n], c.forgetting, c.recognition, c.local_circle
        )
        block.faces_own[n] = own * alive
        block.faces_other[n] = other * alive
        block.contact[n] = next_contact(block.contact[n], met_own, met_other, negative, c.contact_speed) * alive


@compiled
def reception_block(block, j, rates, month, work):
    """Reception and course hours: for newcomers only."""
    reception, hours = eight(rates.reception[j], 0), eight(rates.course[j], 0)
    for n in range(len(block.serial)):
        recent = np.int32(np.int32(month) - np.int32(block.arrived[n])) < np.int32(NEWCOMER_MONTHS)
        motive = block.motive[n] if recent else NO_MOTIVE
        work.reception[n] = chosen(motive, reception, ZERO)
        work.hours[n] = chosen(motive, hours, ZERO)


@compiled
def belong_block(block, diversity, place, month, c, work):
    """Belonging."""
    for n in range(len(block.serial)):
        weight = ONE if block.origin[n] == 0 else c.diversity_migrants
        burden = diversity_burden(diversity, block.contact[n], weight, c.contact_buffer)
        target = belonging_target(
            block.disposition[n],
            block.faces_own[n] + block.faces_other[n],
            np.float32(block.tie_count[n]),
            months_since(month, block.moved_in[n]),
            ONE if block.flags[n] & EMPLOYED else ZERO,
            block.position[n],
            block.language[n],
            work.reception[n],
            place,
            burden,
            c,
        )
        belonging = next_belonging(block.belonging[n], target, bell(np.uint64(work.noise[n])), c.adjustment, c.noise)
        block.belonging[n] = belonging * work.alive[n]


@compiled
def settle_block(block, c, work):
    """Withdrawal and language."""
    for n in range(len(block.serial)):
        block.withdrawal[n] = next_withdrawal(block.withdrawal[n], block.belonging[n], c) * work.alive[n]
        block.language[n] = next_language(block.language[n], block.contact[n], work.hours[n], c) * work.alive[n]


@compiled
def flag_block(block, bounds, month, c, work):
    """Mark those to whom something may happen."""
    for n in range(len(block.serial)):
        age = np.int32(np.int32(month) - np.int32(block.born[n]))
        belonging, flags = block.belonging[n], block.flags[n]
        chance = tie_chance(block.faces_own[n], block.faces_other[n], c.tie_formation, c.tie_out_group, c.local_circle)
        stay = months_since(month, block.moved_in[n])
        event = (
            may_live_through(share_out(work.event[n]), age, stay, belonging, flags, bounds, c)
            | may_change(share_out(work.job[n]), age, block.language[n], belonging, flags, bounds, c)
            | (share_out(work.second[n]) - TIE_FROM < HALF * chance)
        )
        block.intention[n] = NOTHING
        work.flag[n] = event & (work.alive[n] > ZERO)


@compiled
def event_block(start, stop, j, population, places, municipalities, rates, conditions, tables, weights, month, c,
                work):  # fmt: skip
    """What happens to those marked, one by one."""
    size = stop - start
    for base in range(0, size, AT_ONCE):
        bits = marked(work.flag, base, size)
        while bits:
            n = base + lowest(bits)
            bits = without_lowest(bits)
            happen(start + n, j, share_out(work.event[n]), share_out(work.second[n]), share_out(work.job[n]),
                   work.reception[n], population, places, municipalities, rates, conditions, tables, weights, month,
                   c)  # fmt: skip


@compiled
def live_rows(start, stop, j, bounds, population, places, municipalities, rates, conditions, tables, weights, seed,
              month, c, work):  # fmt: skip
    """One block of rows of neighbourhood j through the month."""
    block = block_of(population, start, stop)
    see_who_lives(block.serial, work.alive)
    mark_ties(block, start, population, month, work.alive, work.tied)
    draw_block(block.serial, seed, month, work.noise, work.event, work.second, work.job)
    group_rates(j, block.origin, rates, work)
    fetch_partners(start, stop - start, population, work.tied)
    meet_block(block, rates.negative[j], c, work)
    reception_block(block, j, rates, month, work)
    keep_ties(start, stop - start, population, seed, month, c.tie_kept_moving, work.tied)
    belong_block(block, rates.felt_diversity[j], rates.place[j], month, c, work)
    settle_block(block, c, work)
    flag_block(block, bounds, month, c, work)
    event_block(start, stop, j, population, places, municipalities, rates, conditions, tables, weights, month, c, work)


@compiled
def live_blocks(low, high, with_ties, population, places, municipalities, stocks, rates, conditions, tables, weights,
                seed, month, c, work):  # fmt: skip
    """See `live`; `work` is one thread's own."""
    block = 0
    for j in range(len(places.key)):
        opened = stocks.opened[j]
        blocks = (opened + BLOCK - 1) // BLOCK
        if block + blocks > low:
            bounds = bounds_of(j, places, rates, conditions, tables, weights, c)
            for b in range(max(low - block, 0), min(high - block, blocks)):
                start = places.first[j] + b * BLOCK
                stop = min(start + BLOCK, places.first[j] + opened)
                live_rows(start, stop, j, bounds, population, places, municipalities, rates, conditions, tables,
                          weights, seed, month, c, work)  # fmt: skip
            if with_ties and block >= low and block + blocks <= high:
                acquaint(j, j + 1, population, places, stocks, seed, month, c)
        block += blocks
        if block >= high:
            return


@allocating
def live(low, high, with_ties, population, places, municipalities, stocks, rates, conditions, tables, weights, seed,
         month, c):  # fmt: skip
    """A month of living for blocks low to high - 1, counted over all neighbourhoods.

    A block never straddles two neighbourhoods, so the division of work over threads cannot change a result. With ties:
    a neighbourhood that lies between low and high as a whole makes its new ties at once, while it is in the cache
    (nothing in a month of living reads another's ties); `straddling` says which are left.
    """
    live_blocks(low, high, with_ties, population, places, municipalities, stocks, rates, conditions, tables, weights,
                seed, month, c, workspace())  # fmt: skip


def straddling(bounds: Sequence[int], opened: np.ndarray) -> list[int]:
    """Neighbourhoods whose blocks are divided between two stretches of blocks or more."""
    reached = np.cumsum((opened + BLOCK - 1) // BLOCK)
    found = set()
    for bound in bounds[1:-1]:
        j = int(np.searchsorted(reached, bound, side="right"))
        if j < len(reached) and bound > (reached[j - 1] if j else 0):
            found.add(j)
    return sorted(found)
