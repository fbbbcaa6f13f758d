"""Upper bounds on the chances of events of anyone in a neighbourhood, whatever their motive, group and age.

The rules of `sim.phases.life_events` with the highest value of each look-up: no event follows from a draw above, so
that most residents need no look-up at all.
"""

from typing import NamedTuple

import numpy as np

from sim.households import are_kept
from sim.machine.arithmetic import HALF, ONE, ZERO, compiled, exponential, rule
from sim.phases.life_events import BIRTH_FROM, LEAVE_FROM, MEMBER_FROM, MOVE_FROM, RETIRE
from sim.phases.rates import associations_in
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER, STAYER
from sim.rates_by_age import BAND_FROM
from sim.rules.associations import joining_chance
from sim.rules.households import ADULT_AGE, MOST_PAIRING, pairing_chance, separation_chance
from sim.rules.housing import HOME_LEVEL, LEAST_STAY
from sim.rules.leaving import TWELFTH, departure_chance
from sim.rules.people import has_flag, is_of_working_age
from sim.rules.work import job_chance

SLACK = np.float32(1.001)
TWO = np.float32(2.0)


class Bounds(NamedTuple):
    """What bounds the chances of everyone in a neighbourhood.

    `fading`, `faded` and `away` are chords of the two exponentials of `moving_chance`, see `most_moving`; `parting` and
    `pairing` are those of couples, 0 where everyone lives alone.
    """

    deaths: tuple
    births: tuple
    moves: tuple
    mobility: float
    fading: float
    faded: float
    away: tuple
    parting: float
    pairing: float
    leave: float
    stays: float
    find: float
    support: float
    lose: float
    supply: float


@compiled
def bounds_of(j, s):
    """Bounds for neighbourhood j: the rules with the most extreme value of each look-up, and a little more."""
    c, highest, finding = s.c, ZERO, s.c.job_finding
    for motive in range(len(s.motives.leave)):
        highest = max(highest, s.motives.leave[motive])
    for year in range(len(s.ages.asylum_finding)):
        finding = max(finding, s.ages.asylum_finding[year])
    natives = c.emigration_natives * TWELFTH
    leaving_home, parting, pairing = ONE, ZERO, ZERO
    if are_kept(s):
        leaving_home = max(c.leaving_home, c.moving_family, ONE)
        parting, pairing = separation_chance(ADULT_AGE, c) * SLACK, pairing_chance(MOST_PAIRING, c) * SLACK
    return Bounds(
        deaths=five(s.ages.highest_death),
        births=times(five(s.ages.highest_birth), s.rates.fertility[j] * SLACK),
        moves=five(s.ages.highest_move),
        mobility=s.neighbourhoods.mobility[j] * (ONE + c.moving_unsafe) * leaving_home * SLACK,
        fading=(ONE - exponential(-TWO)) / (TWO * c.moving_recent_scale),
        faded=exponential(-TWO),
        away=chords(c.moving_belonging),
        parting=parting,
        pairing=pairing,
        leave=max(departure_chance(highest, ZERO, ZERO, ZERO, ZERO, c), natives) * SLACK,
        stays=natives * SLACK,
        find=finding * SLACK,
        support=s.conditions.job_support[j] * c.job_support_effect,
        lose=c.job_loss * (ONE - s.conditions.retention[j]),
        supply=associations_in(j, s) * SLACK,
    )


@rule
def five(table):
    """The values of a table of the five age bands."""
    return table[0], table[1], table[2], table[3], table[4]


@rule
def times(values, factor):
    """Five values, each times a factor."""
    return values[0] * factor, values[1] * factor, values[2] * factor, values[3] * factor, values[4] * factor


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
    return max(by_age * c.moving_scale * recent * away * bounds.mobility, bounds.parting)


@rule
def by_band(months, values):
    """The value of the age band in which someone of so many months is."""
    found = values[1] if months >= BAND_FROM[1] else values[0]
    found = values[2] if months >= BAND_FROM[2] else found
    found = values[3] if months >= BAND_FROM[3] else found
    return values[4] if months >= BAND_FROM[4] else found


@rule
def may_have_event(u, who, bounds, c):
    """Whether a draw can bring a death, a birth, a move or a departure to someone.

    `who` is (age in months, months at the address, belonging, flags).
    """
    age, stay, belonging, flags = who
    move = most_moving(by_band(age, bounds.moves), stay, belonging, bounds, c)
    leave = bounds.leave if (flags & (BORN_ABROAD | STAYER)) == BORN_ABROAD else bounds.stays
    return (
        (u < by_band(age, bounds.deaths))
        | ((u >= BIRTH_FROM) & (u - BIRTH_FROM < by_band(age, bounds.births)))
        | ((u >= MOVE_FROM) & (u - MOVE_FROM < move))
        | ((u >= LEAVE_FROM) & (u - LEAVE_FROM < leave))
    )


@rule
def may_change(u, who, bounds, c):
    """Whether a draw can bring work, end it, or bring membership of an association or its end.

    `who` is (age in months, language, belonging, flags).
    """
    age, language, belonging, flags = who
    of_age = is_of_working_age(age)
    find = job_chance(bounds.find, language, ONE, ZERO, bounds.support, c) if of_age else ZERO
    lose = bounds.lose if of_age else RETIRE
    work = lose if has_flag(flags, EMPLOYED) else find
    member = c.quitting if has_flag(flags, MEMBER) else joining_chance(bounds.supply, belonging, c)
    return (u < work) | ((u >= MEMBER_FROM) & (u - MEMBER_FROM < member))
