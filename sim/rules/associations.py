"""Joining an association."""

import numpy as np

from sim.machine.arithmetic import HALF, ONE, ZERO, clip, exponential, logarithm, rule

JOINING_FROM = 6  # years of age
MOST_JOINING = np.float32(0.4)  # chance to join per month, at most
# Members against those at the start, within which what an association offers follows its size.
LEAST_SIZE, MOST_SIZE = np.float32(0.01), np.float32(2.0)


@rule
def joining_chance(supply, belonging, coefficients):
    """q supply (0.5 + b), per month, at most 0.4: chance to join."""
    return min(coefficients.joining * supply * (HALF + belonging), MOST_JOINING)


@rule
def association_size(members, at_start, exponent):
    """(members / members at the start)^nu, the ratio from 0.01 to 2: associations shrink with the members they lose.

    Both are shares of the residents. At the start nothing is lost: what associations are then is in their supply. More
    members make them larger, so that chance in a small neighbourhood does not only ever lower them.
    """
    if at_start <= ZERO:
        return ONE
    return exponential(exponent * logarithm(clip(members / at_start, LEAST_SIZE, MOST_SIZE)))
