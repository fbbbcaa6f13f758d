"""The monthly update of residents (meeting, belonging, language, events): a compiled pass over blocks of rows.

A block of 2,048 rows and its scratch columns take a fifth of the processor's second cache, and are enough to keep
memory busy: the rows of partners are prefetched many at a time. Each loop below reads and writes cached columns and
has no branch and no table look-up, so that the compiler works on many residents at once; the few residents to whom
an event may happen are selected and treated one by one (`sim.phases.life_events`). Each person reads the
state after the previous phase and writes only their own row.
"""

import numpy as np

from sim.coefficients import coefficients_of
from sim.machine.arithmetic import ONE, ZERO, compiled, rule
from sim.machine.atomic import atomic_add
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.draws import MONTHLY, bell, draw, uniform
from sim.machine.table_lookup import look_up
from sim.motives import NO_MOTIVE
from sim.phases.event_bounds import bounds_of, may_change, may_have_event
from sim.phases.life_events import change_work_or_member, event_of, seeks_tie
from sim.phases.tie_formation import form_ties_in
from sim.phases.tie_upkeep import keep_up_listed, list_tied, prefetch_partners
from sim.population import EMPLOYED, EMPTY, MEMBER, NOTHING, SEEKS_TIE
from sim.rules.belonging import PersonState, belonging_target, belonging_terms, diversity_burden, next_belonging
from sim.rules.language import next_language
from sim.rules.meeting import common_language, encounters, next_contact, next_faces
from sim.rules.people import has_flag, is_newcomer
from sim.rules.safety import feels_unsafe, withdraw_unsafe
from sim.rules.withdrawal import next_withdrawal
from sim.workspace import BLOCK


@rule
def uniform_of(word):
    """A uniform number in [0, 1) from one 32-bit word."""
    return uniform(np.uint64(word))


@rule
def months_since(month, then):
    """Whole months since then, 0 at least, as a single-precision number."""
    return np.float32(max(np.int32(np.int32(month) - np.int32(then)), np.int32(0)))


@compiled
def flag_inhabited(start, stop, worker, s):
    """1 where somebody lives, 0 for a vacant row."""
    role, alive = s.population.role[start:stop], s.work.alive[worker]
    for n in range(len(role)):
        alive[n] = ONE if role[n] != EMPTY else ZERO


@compiled
def draw_block(start, stop, worker, s):
    """The four words that a month costs each person."""
    serial, key, month = s.population.serial[start:stop], s.run.key, s.run.month[0]
    noise, event, second, job = s.work.noise[worker], s.work.event[worker], s.work.second[worker], s.work.job[worker]
    for n in range(len(serial)):
        a, b, c, d = draw(key, serial[n], month, MONTHLY)
        noise[n] = np.uint32(a)
        event[n] = np.uint32(b)
        second[n] = np.uint32(c)
        job[n] = np.uint32(d)


@compiled
def spread_rates(start, stop, j, worker, s):
    """The neighbourhood's rates for each person's group."""
    rates, work = s.rates, s.work
    tables = rates.own[j], rates.other[j], rates.other_language[j], rates.gone_own[j], rates.gone_other[j]
    found = work.own[worker], work.other[worker], work.pool[worker], work.gone_own[worker], work.gone_other[worker]
    look_up(tables, s.population.origin[start:stop], work.entries[worker], found)


@compiled
def meet(start, stop, j, worker, s):
    """Encounters, familiar faces and contact."""
    p, work, c = s.population, s.work, s.c
    withdrawal, language, contact = p.withdrawal[start:stop], p.language[start:stop], p.contact[start:stop]
    faces_own, faces_other = p.faces_own[start:stop], p.faces_other[start:stop]
    rate_own, rate_other, pool = work.own[worker], work.other[worker], work.pool[worker]
    gone_own, gone_other, inhabited = work.gone_own[worker], work.gone_other[worker], work.alive[worker]
    negative = s.rates.negative[j]
    for n in range(len(contact)):
        alive = inhabited[n]
        spoken = common_language(language[n], pool[n], c.language_floor)
        met_own = encounters(withdrawal[n], rate_own[n], ONE)
        met_other = encounters(withdrawal[n], rate_other[n], spoken)
        own = next_faces(faces_own[n], met_own, gone_own[n], c.forgetting, c.recognition, c.local_circle)
        other = next_faces(faces_other[n], met_other, gone_other[n], c.forgetting, c.recognition, c.local_circle)
        faces_own[n] = own * alive
        faces_other[n] = other * alive
        contact[n] = next_contact(contact[n], met_own, met_other, negative, c.contact_speed) * alive


@compiled
def receive_newcomers(start, stop, j, worker, s):
    """Reception and course hours: for newcomers only."""
    motive, arrived, month = s.population.motive[start:stop], s.population.arrived[start:stop], s.run.month[0]
    why, entries = s.work.why[worker], s.work.entries[worker]
    reception, hours = s.work.reception[worker], s.work.hours[worker]
    for n in range(len(motive)):
        why[n] = motive[n] if is_newcomer(motive[n], arrived[n], month) else NO_MOTIVE
    look_up((s.rates.reception[j], s.rates.course[j]), why[: len(motive)], entries, (reception, hours))


@compiled
def belong(start, stop, j, worker, s):
    """Belonging."""
    p, c, month = s.population, coefficients_of(s.c), s.run.month[0]
    origin, moved_in, flags, tie_count = (
        p.origin[start:stop],
        p.moved_in[start:stop],
        p.flags[start:stop],
        p.tie_count[start:stop],
    )
    belonging, disposition, contact = p.belonging[start:stop], p.disposition[start:stop], p.contact[start:stop]
    faces_own, faces_other = p.faces_own[start:stop], p.faces_other[start:stop]
    status, language = p.status[start:stop], p.language[start:stop]
    reception, noise, inhabited = s.work.reception[worker], s.work.noise[worker], s.work.alive[worker]
    diversity, neighbourhood_term = s.rates.felt_diversity[j], s.rates.neighbourhood_term[j]
    for n in range(len(belonging)):
        weight = ONE if origin[n] == 0 else c.diversity_migrants
        person = PersonState(
            disposition[n],
            faces_own[n] + faces_other[n],
            np.float32(tie_count[n]),
            months_since(month, moved_in[n]),
            ONE if has_flag(flags[n], EMPLOYED) else ZERO,
            status[n],
            language[n],
            reception[n],
        )
        burden = diversity_burden(diversity, contact[n], weight, c.contact_buffer)
        target = belonging_target(belonging_terms(person, burden, c), neighbourhood_term)
        after = next_belonging(belonging[n], target, bell(np.uint64(noise[n])), c.adjustment, c.noise)
        belonging[n] = after * inhabited[n]


@compiled
def settle_in(start, stop, worker, s):
    """Withdrawal and language."""
    p, c = s.population, s.c
    belonging, contact = p.belonging[start:stop], p.contact[start:stop]
    withdrawal, language = p.withdrawal[start:stop], p.language[start:stop]
    hours, inhabited = s.work.hours[worker], s.work.alive[worker]
    for n in range(len(belonging)):
        withdrawal[n] = next_withdrawal(withdrawal[n], belonging[n], c) * inhabited[n]
        language[n] = next_language(language[n], contact[n], hours[n], c) * inhabited[n]
    if c.withdrawal_unsafe > ZERO:
        for n in range(len(belonging)):
            unsafe = feels_unsafe(belonging[n], c)
            withdrawal[n] = withdraw_unsafe(withdrawal[n], unsafe, c) * inhabited[n]


@compiled
def flag_events(start, stop, bounds, worker, s):
    """Flag those to whom an event may happen, or a change of work or membership; decide who seeks a tie."""
    p, c, month = s.population, coefficients_of(s.c), s.run.month[0]
    born, moved_in, flags, intention = (
        p.born[start:stop],
        p.moved_in[start:stop],
        p.flags[start:stop],
        p.intention[start:stop],
    )
    belonging, language = p.belonging[start:stop], p.language[start:stop]
    faces_own, faces_other = p.faces_own[start:stop], p.faces_other[start:stop]
    event, second, job = s.work.event[worker], s.work.second[worker], s.work.job[worker]
    inhabited, flag, change = s.work.alive[worker], s.work.flag[worker], s.work.change[worker]
    for n in range(len(belonging)):
        age = np.int32(np.int32(month) - np.int32(born[n]))
        stay = months_since(month, moved_in[n])
        alive = inhabited[n] > ZERO
        pairs = ONE - uniform_of(second[n]) < bounds.pairing
        may_happen = may_have_event(uniform_of(event[n]), (age, stay, belonging[n], flags[n]), bounds, c)
        flag[n] = alive & (may_happen | pairs)
        change[n] = alive & may_change(uniform_of(job[n]), (age, language[n], belonging[n], flags[n]), bounds, c)
        seeks = seeks_tie(uniform_of(second[n]), (faces_own[n], faces_other[n]), has_flag(flags[n], MEMBER), c)
        intention[n] = SEEKS_TIE if alive & seeks else NOTHING


@compiled
def apply_flagged_events(start, stop, j, worker, s):
    """Draw the life events of those flagged, one by one."""
    size, flag, reception, intention = (
        stop - start,
        s.work.flag[worker],
        s.work.reception[worker],
        s.population.intention,
    )
    for n in nonzero_rows(flag, 0, size):
        uniforms = uniform_of(s.work.event[worker, n]), uniform_of(s.work.second[worker, n])
        intention[start + n] |= event_of(start + n, j, uniforms, reception[n], s)


@compiled
def apply_flagged_changes(start, stop, j, worker, s):
    """Draw the changes of work and membership of those flagged, after their events."""
    size, change = stop - start, s.work.change[worker]
    job, second = s.work.job[worker], s.work.second[worker]
    for n in nonzero_rows(change, 0, size):
        change_work_or_member(start + n, j, (uniform_of(job[n]), uniform_of(second[n])), s)


@compiled
def update_block(start, stop, j, bounds, worker, s):
    """One block of rows of neighbourhood j through the month."""
    flag_inhabited(start, stop, worker, s)
    tied = list_tied(start, stop, worker, s)
    draw_block(start, stop, worker, s)
    prefetch_partners(tied, worker, s)
    spread_rates(start, stop, j, worker, s)
    meet(start, stop, j, worker, s)
    receive_newcomers(start, stop, j, worker, s)
    keep_up_listed(tied, worker, s)
    belong(start, stop, j, worker, s)
    settle_in(start, stop, worker, s)
    flag_events(start, stop, bounds, worker, s)
    apply_flagged_events(start, stop, j, worker, s)
    apply_flagged_changes(start, stop, j, worker, s)


@phase
def update_residents(worker, low, high, s):
    """Update the residents of blocks low to high - 1, counted over all neighbourhoods.

    A block never straddles two neighbourhoods, so the division of work over threads cannot change a result. Where the
    state says so, whoever updates the last block of a neighbourhood forms its ties at once, while it is in the cache:
    nothing in this phase reads another's ties.
    """
    block, opened, first, updated = 0, s.stocks.opened, s.neighbourhoods.first, s.run.updated
    for j in range(len(opened)):
        blocks = (opened[j] + BLOCK - 1) // BLOCK
        if block + blocks > low:
            bounds, begin, end = bounds_of(j, s), max(low - block, 0), min(high - block, blocks)
            for b in range(begin, end):
                start = first[j] + b * BLOCK
                update_block(start, min(start + BLOCK, first[j] + opened[j]), j, bounds, worker, s)
            before = atomic_add(updated, j, end - begin)
            if s.run.ties_at_once and before + end - begin == blocks:
                form_ties_in(j, worker, s)
        block += blocks
        if block >= high:
            return
