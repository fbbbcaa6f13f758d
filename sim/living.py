"""A month of living: meet, belong, settle in, and decide what to do; the compiled pass over blocks of residents.

Blocks of 512 rows fit in the processor's nearest cache, so each short loop below reads and writes cached columns and is
vectorised; the rare events (ties that form or end) are done one by one in between. Each person reads the state that the
last phase left and writes only their own row.
"""

from typing import NamedTuple

import numba as nb
import numpy as np

from sim.arithmetic import HALF, ONE, ZERO, rule
from sim.draws import MONTHLY, bell, draw, uniform
from sim.population import (
    ASYLUM,
    BORN_ABROAD,
    DIE,
    EMIGRATE,
    EMPLOYED,
    GIVE_BIRTH,
    MEMBER,
    MOVE_NEAR,
    NEWCOMER_MONTHS,
    NO_MOTIVE,
    NOBODY,
    NOTHING,
    STAYER,
)
from sim.rules.belonging import belonging_target, diversity_burden, next_belonging
from sim.rules.housing import moving_chance
from sim.rules.language import next_language
from sim.rules.leaving import departure_chance
from sim.rules.meeting import common_language, encounters, next_contact, next_faces, tie_chance
from sim.rules.withdrawal import next_withdrawal
from sim.rules.work import job_chance
from sim.ties import check_ties, end_tie, form_tie

BLOCK = 512
OLDEST = 110
WORK_FROM, WORK_UNTIL = 18, 67
JOIN_FROM = 6
TWELFTH = np.float32(1.0 / 12.0)
# One uniform decides at most one life event; each event has its own stretch of [0, 1), so that a lever which changes
# one chance moves no other event.
BIRTH_FROM, MOVE_FROM, LEAVE_FROM = np.float32(0.2), np.float32(0.4), np.float32(0.8)
END_TIE_FROM, MEMBER_FROM = HALF, HALF


class Workspace(NamedTuple):
    """Scratch columns of one block."""

    noise: np.ndarray
    event: np.ndarray
    tie_event: np.ndarray
    job_event: np.ndarray
    met_own: np.ndarray
    met_other: np.ndarray
    form: np.ndarray


@nb.njit(cache=True, nogil=True)
def workspace():
    """Scratch columns for one thread."""
    return Workspace(
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
    )


@rule
def share_out(word):
    """A uniform number from one 32-bit word."""
    return uniform(np.uint64(word))


@rule
def months_since(month, then):
    """Whole months since then, 0 at least, as a single-precision number."""
    return np.float32(max(np.int32(month) - np.int32(then), np.int32(0)))


@rule
def age_of(month, born):
    """Age in completed years, 0 to 110."""
    return min(max(np.int32(month) - np.int32(born), np.int32(0)) // np.int32(12), np.int32(OLDEST))


@nb.njit(cache=True, error_model="numpy", nogil=True)
def draw_block(start, stop, population, seed, month, work):
    """The four words that a month costs each person."""
    for i in range(start, stop):
        a, b, c, d = draw(seed, population.serial[i], month, MONTHLY)
        work.noise[i - start] = np.uint32(a)
        work.event[i - start] = np.uint32(b)
        work.tie_event[i - start] = np.uint32(c)
        work.job_event[i - start] = np.uint32(d)


@nb.njit(cache=True, error_model="numpy", nogil=True)
def meet_block(start, stop, j, population, rates, c, work):
    """Encounters, familiar faces, contact, and the chance to form a tie."""
    own, other, pool = rates.own[j], rates.other[j], rates.other_language[j]
    gone_own, gone_other, negative = rates.gone_own[j], rates.gone_other[j], rates.negative[j]
    for i in range(start, stop):
        g = population.origin[i]
        alive = ONE if population.serial[i] != NOBODY else ZERO
        spoken = common_language(population.language[i], pool[g], c.language_floor)
        met_own = encounters(population.withdrawal[i], own[g], ONE)
        met_other = encounters(population.withdrawal[i], other[g], spoken)
        faces_own = next_faces(population.faces_own[i], met_own, gone_own[g], c.forgetting, c.recognition, c.local_circle)
        faces_other = next_faces(
            population.faces_other[i], met_other, gone_other[g], c.forgetting, c.recognition, c.local_circle
        )
        population.faces_own[i] = faces_own * alive
        population.faces_other[i] = faces_other * alive
        population.contact[i] = next_contact(population.contact[i], met_own, met_other, negative, c.contact_speed) * alive
        work.form[i - start] = tie_chance(faces_own, faces_other, c.tie_formation, c.tie_out_group, c.local_circle) * alive


@nb.njit(cache=True, error_model="numpy", nogil=True)
def tie_block(start, stop, first, opened, population, seed, month, c, work):
    """Ties that were lost, end, or form: at most one of the last two per person and month."""
    for i in range(start, stop):
        count = population.tie_count[i]
        if count > 0:
            check_ties(i, population, seed, month, c.tie_kept_moving)
            count = population.tie_count[i]
        u = share_out(work.tie_event[i - start])
        if u < work.form[i - start]:
            own, other = population.faces_own[i], population.faces_other[i]
            weight = own * own
            share = weight / max(weight + c.tie_out_group * other * other, np.float32(1e-6))
            form_tie(i, first, opened, share, population, seed, month)
        elif u >= END_TIE_FROM and count > 0:
            slot = np.int64((u - END_TIE_FROM) / c.tie_decay)
            if slot < count:
                end_tie(i, slot, population)


@nb.njit(cache=True, error_model="numpy", nogil=True)
def belong_block(start, stop, j, k, population, rates, month, c, diversity_weight, work):
    """Belonging, withdrawal and language."""
    diversity, place = rates.diversity[j], rates.place[j]
    reception, course = rates.reception[k], rates.course[k]
    for i in range(start, stop):
        g = population.origin[i]
        alive = ONE if population.serial[i] != NOBODY else ZERO
        motive = population.motive[i]
        recent = motive != NO_MOTIVE and np.int32(month) - np.int32(population.arrived[i]) < NEWCOMER_MONTHS
        m = motive if motive != NO_MOTIVE else np.uint8(0)
        received = reception[m] if recent else ZERO
        hours = course[m] if recent else ZERO
        burden = diversity_burden(diversity, population.contact[i], diversity_weight[g], c.contact_buffer)
        target = belonging_target(
            population.disposition[i],
            population.faces_own[i] + population.faces_other[i],
            np.float32(population.tie_count[i]),
            months_since(month, population.moved_in[i]),
            ONE if population.flags[i] & EMPLOYED else ZERO,
            population.position[i],
            population.language[i],
            received,
            place,
            burden,
            c,
        )
        belonging = next_belonging(
            population.belonging[i], target, bell(np.uint64(work.noise[i - start])), c.adjustment, c.noise
        )
        population.belonging[i] = belonging * alive
        population.withdrawal[i] = next_withdrawal(population.withdrawal[i], belonging, c) * alive
        population.language[i] = next_language(population.language[i], population.contact[i], hours, c) * alive


@nb.njit(cache=True, error_model="numpy", nogil=True)
def settle_block(start, stop, j, k, population, rates, conditions, discrimination, tables, month, c, work):
    """Finding and losing work, joining and leaving associations."""
    support, enforcement = conditions.job_support[k], conditions.enforcement[k]
    kept = ONE - conditions.retention[k]
    supply = rates.supply[j, 6]
    for i in range(start, stop):
        motive = population.motive[i]
        here = np.int32(month) - np.int32(population.arrived[i])
        recent = motive != NO_MOTIVE and here < NEWCOMER_MONTHS
        year = min(max(here, np.int32(0)) // np.int32(12), np.int32(10))
        finding = tables.asylum_finding[year] if motive == ASYLUM and here < 132 else c.job_finding
        helped = support * c.job_support_effect if recent else ZERO
        language = population.language[i]
        age = age_of(month, population.born[i])
        flags = population.flags[i]
        employed = flags & EMPLOYED != 0
        of_age = age >= WORK_FROM and age < WORK_UNTIL
        find = job_chance(finding, language, discrimination[population.origin[i]], enforcement, helped, c)
        chance = (c.job_loss * kept if of_age else ONE) if employed else (find if of_age else ZERO)
        u = share_out(work.job_event[i - start])
        changes = u < min(chance, HALF) and population.serial[i] != NOBODY
        step = ZERO
        if changes:
            flags ^= EMPLOYED
            step = -c.job_position if employed else c.job_position
        member = flags & MEMBER != 0
        joining = c.joining * supply * (HALF + population.belonging[i])
        chance = c.quitting if member else (min(joining, np.float32(0.4)) if age >= JOIN_FROM else ZERO)
        if u >= MEMBER_FROM and u - MEMBER_FROM < chance and population.serial[i] != NOBODY:
            flags ^= MEMBER
        population.flags[i] = flags
        population.position[i] += step


@nb.njit(cache=True, error_model="numpy", nogil=True)
def decide_block(start, stop, j, k, places, population, rates, leave_by_motive, tables, month, c, work):
    """What each person does at the end of the month: nothing, die, give birth, move house, leave the country."""
    mobility = places.mobility[j]
    reception = rates.reception[k]
    for i in range(start, stop):
        age = age_of(month, population.born[i])
        motive = population.motive[i]
        m = motive if motive != NO_MOTIVE else np.uint8(0)
        flags = population.flags[i]
        recent = motive != NO_MOTIVE and np.int32(month) - np.int32(population.arrived[i]) < NEWCOMER_MONTHS
        received = reception[m] if recent else ZERO
        belonging = population.belonging[i]
        employed = ONE if flags & EMPLOYED else ZERO
        abroad = flags & BORN_ABROAD != 0 and motive != NO_MOTIVE
        leave = departure_chance(leave_by_motive[m], population.language[i], employed, belonging, received, c)
        leave = (ZERO if flags & STAYER else leave) if abroad else c.emigration_natives * TWELFTH
        stay = months_since(month, population.moved_in[i])
        move = moving_chance(tables.move[age], stay, belonging, mobility, c)
        u = share_out(work.event[i - start])
        event = NOTHING
        if u < tables.death[age]:
            event = DIE
        if u >= BIRTH_FROM and u - BIRTH_FROM < tables.birth[age]:
            event = GIVE_BIRTH
        if u >= MOVE_FROM and u - MOVE_FROM < move:
            event = MOVE_NEAR
        if u >= LEAVE_FROM and u - LEAVE_FROM < leave:
            event = EMIGRATE
        population.intention[i] = event if population.serial[i] != NOBODY else NOTHING


@nb.njit(cache=True, error_model="numpy", nogil=True)
def live_rows(start, stop, j, population, places, municipalities, stocks, rates, conditions, tables, weights, seed,
              month, c, work):  # fmt: skip
    """One block of rows of neighbourhood j through the month."""
    k = places.municipality[j]
    draw_block(start, stop, population, seed, month, work)
    meet_block(start, stop, j, population, rates, c, work)
    tie_block(start, stop, places.first[j], stocks.opened[j], population, seed, month, c, work)
    belong_block(start, stop, j, k, population, rates, month, c, weights.diversity, work)
    settle_block(start, stop, j, k, population, rates, conditions, municipalities.discrimination, tables, month, c, work)
    decide_block(start, stop, j, k, places, population, rates, weights.leave, tables, month, c, work)


@nb.njit(cache=True, error_model="numpy", nogil=True)
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
            for b in range(max(low - block, 0), min(high - block, blocks)):
                start = places.first[j] + b * BLOCK
                stop = min(start + BLOCK, places.first[j] + opened)
                live_rows(start, stop, j, population, places, municipalities, stocks, rates, conditions, tables,
                          weights, seed, month, c, work)  # fmt: skip
        block += blocks
        if block >= high:
            return


class Weights(NamedTuple):
    """Parameters by group or motive: what m_g weighs (1 for group 0, mu for others), and lambda by motive."""

    diversity: np.ndarray
    leave: np.ndarray


@nb.njit(cache=True, nogil=True)
def weights_of(groups, c):
    """The weights of G origin groups."""
    diversity = np.full(groups, c.diversity_migrants)
    diversity[0] = ONE
    leave = np.array(
        [c.leave_labour_eu, c.leave_knowledge, c.leave_study, c.leave_family, c.leave_asylum, c.leave_other_eu]
    )
    return Weights(diversity, leave)
