"""Events of a person in a month besides meeting and belonging: work, associations, ties, and life events.

One uniform number decides at most one event of a kind, and each event has its own stretch of [0, 1): a lever that
changes one chance moves no other event. Before anything is looked up, the same rules with the highest value of each
look-up tell which draws cannot bring an event (`sim.phases.event_bounds`).
"""

import numpy as np

from sim.households import are_kept
from sim.machine.arithmetic import HALF, ONE, ZERO, rule
from sim.motives import ASYLUM, NO_MOTIVE
from sim.phases.household_events import birth_in_role, leaving_in_role, may_depart, moving_in_role, pairing_in_role
from sim.phases.rates import associations_in
from sim.population import (
    BORN_ABROAD,
    DIE,
    EMIGRATE,
    EMPLOYED,
    GIVE_BIRTH,
    MEMBER,
    MOVE,
    NOTHING,
    PAIR,
    PARTNER,
    SEEKS_TIE,
    STAYER,
)
from sim.rules.associations import JOINING_FROM, joining_chance
from sim.rules.households import ADULT_AGE, pairing_chance
from sim.rules.housing import moving_chance
from sim.rules.leaving import TWELFTH, departure_chance
from sim.rules.meeting import tie_chance, tie_formation_of
from sim.rules.people import age_of, has_flag, is_newcomer, is_of_working_age
from sim.rules.work import job_chance

ASYLUM_MONTHS = 132  # after arrival, in which status holders find work by the year since they came
RETIRE = np.float32(0.1)  # chance per month that somebody past working age stops work
# One number from 0 to 1 decides what happens to somebody in a month, at most one thing: each event has a stretch of it.
BIRTH_FROM, MOVE_FROM, LEAVE_FROM = np.float32(0.2), np.float32(0.4), np.float32(0.8)
# In another number: where the chances to join or leave an association, and to look for a tie, begin.
MEMBER_FROM, TIE_FROM = HALF, ZERO


@rule
def work_chance(row, j, s):
    """Chance that this month brings work, or ends it."""
    p, c, month = s.population, s.c, s.run.month[0]
    motive, arrived = p.motive[row], p.arrived[row]
    of_age = is_of_working_age(np.int64(month) - np.int64(p.born[row]))
    if p.flags[row] & EMPLOYED:
        return c.job_loss * (ONE - s.conditions.retention[j]) if of_age else RETIRE
    if not of_age:
        return ZERO
    here = np.int64(month) - np.int64(arrived)
    finding = c.job_finding
    if motive == ASYLUM and here < ASYLUM_MONTHS:
        finding = s.ages.asylum_finding[max(here, 0) // 12]
    support = s.conditions.job_support[j] * c.job_support_effect if is_newcomer(motive, arrived, month) else ZERO
    discrimination = s.municipalities.discrimination[p.origin[row]]
    return job_chance(finding, p.language[row], discrimination, s.conditions.enforcement[j], support, c)


@rule
def member_chance(row, j, age, s):
    """Chance to join an association, or to leave it."""
    if s.population.flags[row] & MEMBER:
        return s.c.quitting
    if age < JOINING_FROM:
        return ZERO
    return joining_chance(associations_in(j, s), s.population.belonging[row], s.c)


@rule
def leave_chance(row, received, s):
    """Chance to leave the country: the mover's hazard of the motive; for people born here a small constant."""
    p, c = s.population, s.c
    flags, motive = p.flags[row], p.motive[row]
    if not flags & BORN_ABROAD or motive == NO_MOTIVE:
        return c.emigration_natives * TWELFTH
    if flags & STAYER:
        return ZERO
    employed = ONE if flags & EMPLOYED else ZERO
    return departure_chance(s.motives.leave[motive], p.language[row], employed, p.belonging[row], received, c)


@rule
def most_births(j, age, s):
    """The highest chance of a child at an age: most whose draw is not below it need no look at their household."""
    if are_kept(s):
        return max(s.ages.birth_paired[age], s.ages.birth_alone[age]) * s.rates.fertility[j]
    return s.ages.birth[age]


@rule
def birth_chance(row, j, age, s):
    """Chance of a child."""
    return birth_in_role(row, j, age, s) if are_kept(s) else s.ages.birth[age]


@rule
def move_chance(row, j, age, s):
    """Chance to move house; of minors and partners it does not depend on what follows from their age."""
    p = s.population
    if are_kept(s) and (age < ADULT_AGE or p.role[row] == PARTNER):
        return moving_in_role(ZERO, row, age, s)
    stay = np.float32(max(np.int64(s.run.month[0]) - np.int64(p.moved_in[row]), 0))
    move = moving_chance(s.ages.move[age], stay, p.belonging[row], s.neighbourhoods.mobility[j], s.c)
    return moving_in_role(move, row, age, s) if are_kept(s) else move


@rule
def life_event(row, j, u, received, s):
    """Draw at most one of: death, giving birth, moving house, leaving the country."""
    p, month = s.population, s.run.month[0]
    age = age_of(month, p.born[row])
    if u < s.ages.death[age]:
        return DIE
    if u < MOVE_FROM:
        if u < BIRTH_FROM or u - BIRTH_FROM >= most_births(j, age, s):
            return NOTHING
        return GIVE_BIRTH if u - BIRTH_FROM < birth_chance(row, j, age, s) else NOTHING
    if u < LEAVE_FROM:
        return MOVE if u - MOVE_FROM < move_chance(row, j, age, s) else NOTHING
    if are_kept(s) and not may_depart(row, age, s):
        return NOTHING
    leaving = leave_chance(row, received, s)
    if are_kept(s):
        leaving = leaving_in_role(leaving, row, s)
    return EMIGRATE if u - LEAVE_FROM < leaving else NOTHING


@rule
def event_of(row, j, uniforms, received, s):
    """The life event of one person, or else whether they look for a partner to live with.

    `uniforms` are two numbers: of the event, and of the partner, of which the end is looked at.
    """
    event, partner = uniforms
    found = life_event(row, j, event, received, s)
    if found != NOTHING or not are_kept(s):
        return found
    age = age_of(s.run.month[0], s.population.born[row])
    if ONE - partner >= pairing_chance(age, s.c):  # most: whom they live with need not be looked up
        return NOTHING
    return PAIR if ONE - partner < pairing_in_role(row, age, s) else NOTHING


@rule
def seeks_tie(u, faces, member, c):
    """Whether a draw brings a search for a tie; `faces` are those of the own group and of others."""
    formation = tie_formation_of(c.tie_formation, c.member_ties, ONE if member else ZERO)
    chance = tie_chance(faces[0], faces[1], formation, c.tie_out_group, c.local_circle)
    return (u >= TIE_FROM) & (u - TIE_FROM < HALF * chance)


@rule
def change_work_or_member(row, j, uniforms, s):
    """Find or lose work, join or leave an association; members seek ties more often, so that is decided anew.

    `uniforms` are two numbers: of work or association, and of the tie.
    """
    p = s.population
    job, tie = uniforms
    if job < MEMBER_FROM:
        if job < work_chance(row, j, s):
            step = -s.c.job_position if p.flags[row] & EMPLOYED else s.c.job_position
            p.flags[row] ^= EMPLOYED
            p.status[row] += step
    elif job - MEMBER_FROM < member_chance(row, j, age_of(s.run.month[0], p.born[row]), s):
        p.flags[row] ^= MEMBER
        seeks = seeks_tie(tie, (p.faces_own[row], p.faces_other[row]), has_flag(p.flags[row], MEMBER), s.c)
        p.intention[row] = (p.intention[row] & ~SEEKS_TIE) | (SEEKS_TIE if seeks else NOTHING)
