"""What happens to a person in a month besides meeting and belonging: work, associations, ties, and life events.

One uniform number decides at most one event of a kind, and each event has its own stretch of [0, 1): a lever that
changes one chance moves no other event. Bounds say which draws can bring nothing, for anyone in a neighbourhood.
"""

from typing import NamedTuple

import numpy as np

from sim.arithmetic import HALF, ONE, ZERO, compiled, rule
from sim.population import (
    ASYLUM,
    BORN_ABROAD,
    DIE,
    EMIGRATE,
    EMPLOYED,
    GIVE_BIRTH,
    MEMBER,
    MOVE,
    NEWCOMER_MONTHS,
    NO_MOTIVE,
    NOTHING,
    SEEKS_TIE,
    STAYER,
)
from sim.rules.housing import moving_chance
from sim.rules.leaving import departure_chance
from sim.rules.meeting import tie_chance
from sim.rules.work import job_chance

OLDEST = 110
WORK_FROM, WORK_UNTIL = 18, 67
JOIN_FROM = 6
ASYLUM_MONTHS = 132
RETIRE = np.float32(0.1)
MOST_JOINING = np.float32(0.4)
MOST_LIFE_EVENT = np.float32(0.2)
BIRTH_FROM, MOVE_FROM, LEAVE_FROM = np.float32(0.2), np.float32(0.4), np.float32(0.8)
MEMBER_FROM, TIE_FROM = HALF, ZERO
SLACK = np.float32(1.001)


class Weights(NamedTuple):
    """Parameters by motive: lambda, the yearly hazard to leave the country."""

    leave: np.ndarray


class Bounds(NamedTuple):
    """Highest chances of a neighbourhood's residents; `move` at b = 0.6."""

    death: float
    birth: float
    move: float
    leave: float
    job: float
    member: float


@compiled
def weights_of(groups, c):
    """Lambda by motive."""
    return Weights(
        np.array(
            [c.leave_labour_eu, c.leave_knowledge, c.leave_study, c.leave_family, c.leave_asylum, c.leave_other_eu]
        )
    )


@compiled
def bounds_of(j, k, places, rates, conditions, tables, weights, c):
    """Bounds for neighbourhood j: the rules at their most extreme arguments, and a little more."""
    recent = np.float32(0.6) + c.moving_recent
    highest = max(c.job_finding, tables.asylum_finding.max())
    find = job_chance(highest, ONE, ONE, ZERO, conditions.job_support[k] * c.job_support_effect, c)
    leave = departure_chance(weights.leave.max(), ZERO, ZERO, ZERO, ZERO, c)
    return Bounds(
        death=tables.death.max() * SLACK,
        birth=tables.birth.max() * SLACK,
        move=tables.move.max() * c.moving_scale * recent * places.mobility[j] * SLACK,
        leave=max(leave, c.emigration_natives) * SLACK,
        job=max(max(find, c.job_loss * max(ONE, ONE - conditions.retention[k])), RETIRE) * SLACK,
        member=max(c.quitting, min(c.joining * rates.supply[j, 6] * np.float32(1.5), MOST_JOINING)) * SLACK,
    )


@rule
def age_of(month, born):
    """Age in completed years, 0 to 110."""
    return min(max(np.int64(month) - np.int64(born), 0) // 12, OLDEST)


@rule
def is_newcomer(motive, arrived, month):
    """Came from abroad less than five years ago."""
    return motive != NO_MOTIVE and np.int64(month) - np.int64(arrived) < NEWCOMER_MONTHS


@rule
def work_chance(row, k, age, population, municipalities, conditions, tables, month, c):
    """Chance that this month brings work, or ends it."""
    motive = population.motive[row]
    here = np.int64(month) - np.int64(population.arrived[row])
    of_age = age >= WORK_FROM and age < WORK_UNTIL
    if population.flags[row] & EMPLOYED:
        return c.job_loss * (ONE - conditions.retention[k]) if of_age else RETIRE
    if not of_age:
        return ZERO
    finding = c.job_finding
    if motive == ASYLUM and here < ASYLUM_MONTHS:
        finding = tables.asylum_finding[max(here, 0) // 12]
    newcomer = is_newcomer(motive, population.arrived[row], month)
    support = conditions.job_support[k] * c.job_support_effect if newcomer else ZERO
    discrimination = municipalities.discrimination[population.origin[row]]
    return job_chance(finding, population.language[row], discrimination, conditions.enforcement[k], support, c)


@rule
def member_chance(row, age, supply, population, c):
    """Chance to join an association, q supply (0.5 + b), or to leave it."""
    if population.flags[row] & MEMBER:
        return c.quitting
    if age < JOIN_FROM:
        return ZERO
    return min(c.joining * supply * (HALF + population.belonging[row]), MOST_JOINING)


@rule
def leave_chance(row, received, population, weights, c):
    """Chance to leave the country: the mover's hazard of the motive; for people born here a small constant."""
    flags, motive = population.flags[row], population.motive[row]
    if not flags & BORN_ABROAD or motive == NO_MOTIVE:
        return c.emigration_natives * np.float32(1.0 / 12.0)
    if flags & STAYER:
        return ZERO
    employed = ONE if flags & EMPLOYED else ZERO
    return departure_chance(
        weights.leave[motive], population.language[row], employed, population.belonging[row], received, c
    )


@rule
def life_event(row, age, u, received, mobility, population, tables, weights, month, c):
    """Nothing, or one of: die, give birth, move house, leave the country."""
    if u < tables.death[age]:
        return DIE
    if u < MOVE_FROM:
        return GIVE_BIRTH if u >= BIRTH_FROM and u - BIRTH_FROM < tables.birth[age] else NOTHING
    if u < LEAVE_FROM:
        stay = np.float32(max(np.int64(month) - np.int64(population.moved_in[row]), 0))
        move = moving_chance(tables.move[age], stay, population.belonging[row], mobility, c)
        return MOVE if u - MOVE_FROM < move else NOTHING
    return EMIGRATE if u - LEAVE_FROM < leave_chance(row, received, population, weights, c) else NOTHING


@rule
def happen(row, j, k, event, second, job, received, population, places, municipalities, rates, conditions, tables,
           weights, month, c):  # fmt: skip
    """Work, association, wish for a tie and life event of one person, from three uniform numbers."""
    age = age_of(month, population.born[row])
    intention = life_event(row, age, event, received, places.mobility[j], population, tables, weights, month, c)
    if job < MEMBER_FROM:
        if job < work_chance(row, k, age, population, municipalities, conditions, tables, month, c):
            step = -c.job_position if population.flags[row] & EMPLOYED else c.job_position
            population.flags[row] ^= EMPLOYED
            population.position[row] += step
    elif job - MEMBER_FROM < member_chance(row, age, rates.supply[j, 6], population, c):
        population.flags[row] ^= MEMBER
    own, other = population.faces_own[row], population.faces_other[row]
    if second >= TIE_FROM and second - TIE_FROM < HALF * tie_chance(
        own, other, c.tie_formation, c.tie_out_group, c.local_circle
    ):
        intention |= SEEKS_TIE
    population.intention[row] = intention
