"""The chances of a month's events of those who live in households, by their role."""

from sim.households import has_other, has_partner, is_mixed, leads, next_member, shares
from sim.machine.arithmetic import ZERO, rule
from sim.population import CHILD, PARTNER
from sim.rules.households import (
    ADULT_AGE,
    leaving_as_role,
    moving_as_role,
    pairing_chance,
    separation_chance,
)


@rule
def moving_in_role(chance, row, age, s):
    """This month's chance to move house, for those who decide on it; a partner's is that of parting."""
    p = s.population
    if p.role[row] == PARTNER:
        return separation_chance(age, s.c)
    leading = leads(row, s)
    return moving_as_role(chance, leading, p.role[row] == CHILD, leading and has_other(row, CHILD, s), age, s.c)


@rule
def leaving_in_role(chance, row, s):
    """This month's chance to leave the country, for those who decide on it."""
    with_family = leads(row, s) and next_member(row, s) != row
    return leaving_as_role(chance, with_family, s.c)


@rule
def may_depart(row, age, s):
    """Whether someone decides on leaving the country: minors follow the head, and partners but in a mixed couple."""
    return age >= ADULT_AGE and (s.population.role[row] != PARTNER or is_mixed(row, s))


@rule
def birth_in_role(row, j, age, s):
    """This month's chance of a child in neighbourhood j: more with a partner, none in a shared dwelling."""
    if shares(row, s):
        return ZERO
    return (s.ages.birth_paired[age] if has_partner(row, s) else s.ages.birth_alone[age]) * s.rates.fertility[j]


@rule
def pairing_in_role(row, age, s):
    """This month's chance to look for a partner: of those who have none."""
    if has_partner(row, s):
        return ZERO
    return pairing_chance(age, s.c)
