"""A month of living: meet, belong, settle in, and decide what to do; the compiled pass over blocks of residents.

A block of 512 rows fits in the processor's nearest cache. Each loop below reads and writes cached columns and has no
branch and no table look-up, so that the compiler works on many residents at once; the few residents to whom something
rare may happen are picked out and looked at one by one (`sim.events`). Each person reads the state that the last phase
left and writes only their own row.
"""

from typing import NamedTuple

import numpy as np

from sim.arithmetic import ONE, ZERO, compiled, exponential, rule
from sim.draws import MONTHLY, bell, draw, uniform
from sim.events import BIRTH_FROM, LEAVE_FROM, MEMBER_FROM, MOVE_FROM, TIE_FROM, bounds_of, happen
from sim.population import EMPLOYED, NEWCOMER_MONTHS, NO_MOTIVE, NOBODY, NOTHING
from sim.rules.belonging import belonging_target, diversity_burden, next_belonging
from sim.rules.language import next_language
from sim.rules.meeting import common_language, encounters, next_contact, next_faces, tie_chance
from sim.rules.withdrawal import next_withdrawal
from sim.ties import check_ties

BLOCK = 512
HOME_LEVEL = np.float32(0.6)


class Block(NamedTuple):
    """The columns of one block that its loops use: stretches of the population table."""

    serial: np.ndarray
    origin: np.ndarray
    motive: np.ndarray
    flags: np.ndarray
    intention: np.ndarray
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
    own: np.ndarray
    other: np.ndarray
    pool: np.ndarray
    gone_own: np.ndarray
    gone_other: np.ndarray
    reception: np.ndarray
    hours: np.ndarray


@compiled
def workspace():
    """Scratch columns for one thread."""
    return Workspace(
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint8),
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
    return np.float32(max(np.int32(month) - np.int32(then), np.int32(0)))


@compiled
def draw_block(serials, seed, month, noise, event, second, job):
    """The four words that a month costs each person."""
    for n in range(len(serials)):
        a, b, c, d = draw(seed, serials[n], month, MONTHLY)
        noise[n] = np.uint32(a)
        event[n] = np.uint32(b)
        second[n] = np.uint32(c)
        job[n] = np.uint32(d)


@compiled
def put_where(out, group, wanted, value):
    """out = value where group is the wanted one."""
    for n in range(len(group)):
        out[n] = value if group[n] == wanted else out[n]


@compiled
def spread_over_block(table, groups_here, origin, out):
    """out = table[origin] for a block: one pass per group that lives here, because look-ups cannot be vectorised."""
    for g in range(len(table)):
        if groups_here[g] > 0 or g == 0:  # 0 is the origin of a vacant place too: it must not read scratch
            put_where(out, origin, np.uint8(g), table[g])


@compiled
def group_rates(j, origin, rates, groups_here, work):
    """The neighbourhood's rates for each person's group."""
    spread_over_block(rates.own[j], groups_here, origin, work.own)
    spread_over_block(rates.other[j], groups_here, origin, work.other)
    spread_over_block(rates.other_language[j], groups_here, origin, work.pool)
    spread_over_block(rates.gone_own[j], groups_here, origin, work.gone_own)
    spread_over_block(rates.gone_other[j], groups_here, origin, work.gone_other)


@compiled
def meet_block(block, negative, c, work):
    """Encounters, familiar faces and contact."""
    for n in range(len(block.serial)):
        alive = ONE if block.serial[n] != NOBODY else ZERO
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
def tie_block(block, start, population, seed, month, c, work):
    """Look after the ties of those with news or with a tie that ends."""
    for n in range(len(block.serial)):
        work.flag[n] = (block.tie_news[n] != 0) | (block.tie_end[n] <= month)
    for n in range(len(block.serial)):
        if work.flag[n] and block.serial[n] != NOBODY:
            check_ties(start + n, population, seed, month, c.tie_kept_moving)


@compiled
def reception_block(block, k, rates, month, work):
    """Reception and course hours: newcomers only, the few of a block."""
    for n in range(len(block.serial)):
        work.reception[n] = ZERO
        work.hours[n] = ZERO
    for n in range(len(block.serial)):
        motive = block.motive[n]
        if motive != NO_MOTIVE and np.int32(month) - np.int32(block.arrived[n]) < NEWCOMER_MONTHS:
            work.reception[n] = rates.reception[k, motive]
            work.hours[n] = rates.course[k, motive]


@compiled
def belong_block(block, diversity, place, month, c, work):
    """Belonging, withdrawal and language."""
    for n in range(len(block.serial)):
        alive = ONE if block.serial[n] != NOBODY else ZERO
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
        block.belonging[n] = belonging * alive
        block.withdrawal[n] = next_withdrawal(block.withdrawal[n], belonging, c) * alive
        block.language[n] = next_language(block.language[n], block.contact[n], work.hours[n], c) * alive


@compiled
def flag_block(block, bounds, c, work):
    """Mark those to whom something may happen: their draws lie below bounds that hold for everyone in the block."""
    for n in range(len(block.serial)):
        u, v, s = share_out(work.event[n]), share_out(work.job[n]), share_out(work.second[n])
        move = bounds.move * exponential(-c.moving_belonging * (block.belonging[n] - HOME_LEVEL))
        tie = tie_chance(block.faces_own[n], block.faces_other[n], c.tie_formation, c.tie_out_group, c.local_circle)
        event = (
            (u < bounds.death)
            | ((u >= BIRTH_FROM) & (u - BIRTH_FROM < bounds.birth))
            | ((u >= MOVE_FROM) & (u - MOVE_FROM < move))
            | ((u >= LEAVE_FROM) & (u - LEAVE_FROM < bounds.leave))
            | (v < bounds.job)
            | ((v >= MEMBER_FROM) & (v - MEMBER_FROM < bounds.member))
            | ((s >= TIE_FROM) & (s - TIE_FROM < tie))
        )
        block.intention[n] = NOTHING
        work.flag[n] = event & (block.serial[n] != NOBODY)


@compiled
def event_block(start, stop, j, k, population, places, municipalities, rates, conditions, tables, weights, month, c,
                work):  # fmt: skip
    """What happens to those marked, one by one."""
    for n in range(stop - start):
        if work.flag[n]:
            happen(start + n, j, k, share_out(work.event[n]), share_out(work.second[n]),
                   share_out(work.job[n]), work.reception[n], population, places, municipalities, rates,
                   conditions, tables, weights, month, c)  # fmt: skip


@compiled
def live_rows(start, stop, j, bounds, population, places, municipalities, stocks, rates, conditions, tables, weights,
              seed, month, c, work):  # fmt: skip
    """One block of rows of neighbourhood j through the month."""
    k = j
    block = block_of(population, start, stop)
    draw_block(block.serial, seed, month, work.noise, work.event, work.second, work.job)
    group_rates(j, block.origin, rates, stocks.people[j], work)
    meet_block(block, rates.negative[j], c, work)
    tie_block(block, start, population, seed, month, c, work)
    reception_block(block, k, rates, month, work)
    belong_block(block, rates.diversity[j], rates.place[j], month, c, work)
    flag_block(block, bounds, c, work)
    event_block(
        start, stop, j, k, population, places, municipalities, rates, conditions, tables, weights, month, c, work
    )


@compiled
def live(low, high, population, places, municipalities, stocks, rates, conditions, tables, weights, seed, month, c):
    """A month of living for blocks low to high - 1, counted over all neighbourhoods.

    A block never straddles two neighbourhoods, so the division of work over threads cannot change a result.
    """
    work = workspace()
    block = 0
    for j in range(len(places.key)):
        opened = stocks.opened[j]
        blocks = (opened + BLOCK - 1) // BLOCK
        if block + blocks > low:
            bounds = bounds_of(j, j, places, rates, conditions, tables, weights, c)
            for b in range(max(low - block, 0), min(high - block, blocks)):
                start = places.first[j] + b * BLOCK
                stop = min(start + BLOCK, places.first[j] + opened)
                live_rows(start, stop, j, bounds, population, places, municipalities, stocks, rates, conditions, tables,
                          weights, seed, month, c, work)  # fmt: skip
        block += blocks
        if block >= high:
            return
