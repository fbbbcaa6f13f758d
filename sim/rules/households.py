"""Households: who leaves home, parts, finds a partner, has children."""

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, exponential, logarithm, rule

ADULT_AGE = 18  # completed years: nobody younger moves, arrives or leaves alone
TWELFTH = np.float32(1.0 / 12.0)
LEAST_FIT = np.float32(0.02)
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
def dwelling_fit(share, c):
    """Added to the utility of a neighbourhood: `choice_dwelling` x log of the share of its dwellings of the kind.

    The stock of dwellings stands behind who lives where: one that housed families will again. Below 1/50 is 1/50.
    """
    return c.choice_dwelling * logarithm(max(share, LEAST_FIT))


@rule
def answer_to_fit(relative, c):
    """Factor on going to a municipality: its share of dwellings of the kind over the mean, to the same power."""
    return exponential(c.choice_dwelling * logarithm(max(relative, LEAST_FIT)))


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
