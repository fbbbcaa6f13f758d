"""Households: who leaves home, parts, finds a partner, has children."""

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, exponential, logarithm, rule

ADULT_AGE = 18  # completed years: nobody younger moves, arrives or leaves alone
TWELFTH = np.float32(1.0 / 12.0)  # of a year: a month
DWELLING_KINDS = 3  # of dwellings, by the household that they suit: see `dwelling_kind`
LEAST_FIT = np.float32(0.02)  # share of dwellings that suit, at least, so that its logarithm exists
MOST_PAIRING = 30  # an age at which the chance to look for a partner is highest
AGE_APART = 120  # months between partners at most
MOST_IN_SHARED = 5  # people who share a dwelling
SHARING_FROM, SHARING_UNTIL = 216, 480  # months of age of those who share a dwelling


@rule
def separation_chance(age, c):
    """Monthly chance that a couple parts: `separation` / 12 x 1.3 to 49, 0.6 to 64, 0.1 after that, by one's age."""
    share = np.float32(1.3) if age < 50 else np.float32(0.6) if age < 65 else np.float32(0.1)
    return c.separation * TWELFTH * share


@rule
def pairing_chance(age, c):
    """Monthly chance that someone without a partner looks for one: `partnering` / 12 x a share by age.

    0.3 to 22, 1 to 34, 0.7 to 49, 0.3 to 64, 0.06 after that.
    """
    young = np.float32(0.3) if age < 23 else ONE
    older = np.float32(0.7) if age < 50 else np.float32(0.3) if age < 65 else np.float32(0.06)
    return c.partnering * TWELFTH * (young if age < 35 else older) if age >= ADULT_AGE else ZERO


@rule
def dwelling_kind(size, with_children):
    """What a household looks for: 0 for one person, 2 for a family with children, 1 for others."""
    return 2 if with_children else 0 if size == 1 else 1


@rule
def dwelling_fit(dwellings, households, c):
    """Added to the utility of a neighbourhood: c_k log d + c_f log (d / h).

    d is the share of its dwellings that suit the kind of household, h the share of its households of that kind. The
    stock of dwellings stands behind who lives where: one that housed families will again, the more so where fewer
    families live than it suits. Below 1/50 is 1/50.
    """
    suits = logarithm(max(dwellings, LEAST_FIT))
    return c.choice_dwelling * suits + c.choice_dwelling_free * (suits - logarithm(max(households, LEAST_FIT)))


@rule
def answer_to_fit(relative, dwellings, households, c):
    """Factor on going to a municipality: (d / mean d of all)^c_k x (d / h)^c_f, see `dwelling_fit`."""
    free = logarithm(max(dwellings, LEAST_FIT)) - logarithm(max(households, LEAST_FIT))
    return exponential(c.choice_dwelling * logarithm(max(relative, LEAST_FIT)) + c.choice_dwelling_free * free)


@rule
def leaving_municipality(answer, c):
    """Share of movers who leave their municipality: m / (m + (1 - m) A).

    m is `moving_between`, A `answer_to_fit` of their own municipality: who finds no dwelling of their kind there looks
    elsewhere more often.
    """
    return c.moving_between / (c.moving_between + (ONE - c.moving_between) * answer)


@rule
def local_births(children, c):
    """Births of a neighbourhood over those by age and partner: r^f.

    r are the children under fifteen of its municipality at the start, over those whom such births would have brought.
    """
    return exponential(c.fertility_local * logarithm(children))


@rule
def leaving_as_role(chance, with_family, c):
    """Monthly chance to leave the country of those who decide on it: heads with family less often."""
    return chance * c.departure_family if with_family else chance


@rule
def moving_as_role(chance, leads, is_child, with_children, age, c):
    """Monthly chance to move house of those who decide on it, from that of their age.

    Heads decide for all who move with them, less often with children (`moving_family`); children who are of age leave
    home by their own chance x `leaving_home`; others do not decide.
    """
    if age < ADULT_AGE:
        return ZERO
    if is_child:
        return chance * c.leaving_home
    return chance * c.moving_family if leads and with_children else chance
