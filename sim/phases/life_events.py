"""What happens to a person in a month besides meeting and belonging: work, associations, ties, and life events.

One uniform number decides at most one event of a kind, and each event has its own stretch of [0, 1): a lever that
changes one chance moves no other event. Before anything is looked up, the same rules with the highest value of each
look-up say which draws can bring nothing.
"""

from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import HALF, ONE, ZERO, allocating, compiled, exponential, rule
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
from sim.rates_by_age import BAND_FROM
from sim.rules.housing import HOME_LEVEL, LEAST_STAY, moving_chance
from sim.rules.leaving import TWELFTH, departure_chance
from sim.rules.meeting import tie_chance
from sim.rules.work import job_chance

OLDEST = 110
WORK_FROM, WORK_UNTIL = 18, 67
JOIN_FROM = 6
ASYLUM_MONTHS = 132
RETIRE = np.float32(0.1)
MOST_JOINING = np.float32(0.4)
BIRTH_FROM, MOVE_FROM, LEAVE_FROM = np.float32(0.2), np.float32(0.4), np.float32(0.8)
MEMBER_FROM, TIE_FROM = HALF, ZERO
SLACK = np.float32(1.001)
TWO = np.float32(2.0)


class Weights(NamedTuple):
    """Parameters by motive: lambda, the yearly hazard to leave the country."""

    leave: np.ndarray


class Bounds(NamedTuple):
    """What bounds the chances of everyone in a neighbourhood, whatever their motive, group and age.

    `fading`, `faded` and `away` are chords of the two exponentials of `moving_chance`, see `most_moving`.
    """

    deaths: tuple
    births: tuple
    moves: tuple
    mobility: float
    fading: float
    faded: float
    away: tuple
    leave: float
    stays: float
    find: float
    support: float
    lose: float
    supply: float


@allocating
def weights_of(groups, c):
    """Lambda by motive."""
    return Weights(
        np.array(
            [c.leave_labour_eu, c.leave_knowledge, c.leave_study, c.leave_family, c.leave_asylum, c.leave_other_eu]
        )
    )


@compiled
def bounds_of(j, places, rates, conditions, tables, weights, c):
    """Bounds for neighbourhood j: what the rules take from a look-up, at its most extreme, and a little more."""
    highest, finding = ZERO, c.job_finding
    for motive in range(len(weights.leave)):
        highest = max(highest, weights.leave[motive])
    for year in range(len(tables.asylum_finding)):
        finding = max(finding, tables.asylum_finding[year])
    natives = c.emigration_natives * TWELFTH
    return Bounds(
        deaths=five(tables.highest_death),
        births=five(tables.highest_birth),
        moves=five(tables.highest_move),
        mobility=places.mobility[j] * SLACK,
        fading=(ONE - exponential(-TWO)) / (TWO * c.moving_recent_scale),
        faded=exponential(-TWO),
        away=chords(c.moving_belonging),
        leave=max(departure_chance(highest, ZERO, ZERO, ZERO, ZERO, c), natives) * SLACK,
        stays=natives * SLACK,
        find=finding * SLACK,
        support=conditions.job_support[j] * c.job_support_effect,
        lose=c.job_loss * (ONE - conditions.retention[j]),
        supply=rates.supply[j, 6] * SLACK,
    )


@rule
def five(table):
    """The values of a table of the five age bands."""
    return table[0], table[1], table[2], table[3], table[4]


@rule
def chords(steepness):
    """Height at 0 and fall of the chords of e^(-steepness (b - 0.6)) over the lower and the upper half of b."""
    low, middle, high = (
        exponential(steepness * HOME_LEVEL),
        exponential(steepness * (HOME_LEVEL - HALF)),
        exponential(steepness * (HOME_LEVEL - ONE)),
    )
    return low, (low - middle) / HALF, middle + (middle - high), (middle - high) / HALF


@rule
def most_moving(by_age, stay, belonging, bounds, c):
    """Never below `moving_chance`: chords stand for its exponentials, which are convex, at a third of the cost.

    That of the length of stay holds up to twice the scale; what is left there holds beyond.
    """
    recent = LEAST_STAY + c.moving_recent * max(ONE - bounds.fading * stay, bounds.faded)
    away = max(bounds.away[0] - bounds.away[1] * belonging, bounds.away[2] - bounds.away[3] * belonging)
    return by_age * c.moving_scale * recent * away * bounds.mobility


@rule
def by_band(months, values):
    """The value of the age band in which someone of so many months is."""
    found = values[1] if months >= BAND_FROM[1] else values[0]
    found = values[2] if months >= BAND_FROM[2] else found
    found = values[3] if months >= BAND_FROM[3] else found
    return values[4] if months >= BAND_FROM[4] else found


@rule
def may_live_through(u, age, stay, belonging, flags, bounds, c):
    """Whether a draw can bring a death, a birth, a move or a departure to someone of an age in months."""
    move = most_moving(by_band(age, bounds.moves), stay, belonging, bounds, c)
    leave = bounds.leave if (flags & (BORN_ABROAD | STAYER)) == BORN_ABROAD else bounds.stays
    return (
        (u < by_band(age, bounds.deaths))
        | ((u >= BIRTH_FROM) & (u - BIRTH_FROM < by_band(age, bounds.births)))
        | ((u >= MOVE_FROM) & (u - MOVE_FROM < move))
        | ((u >= LEAVE_FROM) & (u - LEAVE_FROM < leave))
    )


@rule
def may_change(u, age, language, belonging, flags, bounds, c):
    """Whether a draw can bring work, end it, or bring membership of an association or its end."""
    of_age = (age >= np.int32(WORK_FROM * 12)) & (age < np.int32(WORK_UNTIL * 12))
    find = job_chance(bounds.find, language, ONE, ZERO, bounds.support, c) if of_age else ZERO
    lose = bounds.lose if of_age else RETIRE
    work = lose if flags & EMPLOYED else find
    member = c.quitting if flags & MEMBER else joining_chance(bounds.supply, belonging, c)
    return (u < work) | ((u >= MEMBER_FROM) & (u - MEMBER_FROM < member))


@rule
def age_of(month, born):
    """Age in completed years, 0 to 110."""
    return min(max(np.int64(month) - np.int64(born), 0) // 12, OLDEST)


@rule
def is_newcomer(motive, arrived, month):
    """Came from abroad less than five years ago."""
    return motive != NO_MOTIVE and np.int64(month) - np.int64(arrived) < NEWCOMER_MONTHS


@rule
def work_chance(row, j, age, population, municipalities, conditions, tables, month, c):
    """Chance that this month brings work, or ends it."""
    motive = population.motive[row]
    here = np.int64(month) - np.int64(population.arrived[row])
    of_age = age >= WORK_FROM and age < WORK_UNTIL
    if population.flags[row] & EMPLOYED:
        return c.job_loss * (ONE - conditions.retention[j]) if of_age else RETIRE
    if not of_age:
        return ZERO
    finding = c.job_finding
    if motive == ASYLUM and here < ASYLUM_MONTHS:
        finding = tables.asylum_finding[max(here, 0) // 12]
    newcomer = is_newcomer(motive, population.arrived[row], month)
    support = conditions.job_support[j] * c.job_support_effect if newcomer else ZERO
    discrimination = municipalities.discrimination[population.origin[row]]
    return job_chance(finding, population.language[row], discrimination, conditions.enforcement[j], support, c)


@rule
def joining_chance(supply, belonging, c):
    """q supply (0.5 + b): chance to join an association."""
    return min(c.joining * supply * (HALF + belonging), MOST_JOINING)


@rule
def member_chance(row, age, supply, population, c):
    """Chance to join an association, or to leave it."""
    if population.flags[row] & MEMBER:
        return c.quitting
    if age < JOIN_FROM:
        return ZERO
    return joining_chance(supply, population.belonging[row], c)


@rule
def leave_chance(row, received, population, weights, c):
    """Chance to leave the country: the mover's hazard of the motive; for people born here a small constant."""
    flags, motive = population.flags[row], population.motive[row]
    if not flags & BORN_ABROAD or motive == NO_MOTIVE:
        return c.emigration_natives * TWELFTH
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
def happen(row, j, event, second, job, received, population, places, municipalities, rates, conditions, tables,
           weights, month, c):  # fmt: skip
    """Work, association, wish for a tie and life event of one person, from three uniform numbers."""
    age = age_of(month, population.born[row])
    intention = life_event(row, age, event, received, places.mobility[j], population, tables, weights, month, c)
    if job < MEMBER_FROM:
        if job < work_chance(row, j, age, population, municipalities, conditions, tables, month, c):
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
