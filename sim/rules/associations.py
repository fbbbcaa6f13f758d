"""Joining an association."""

import numpy as np

from sim.machine.arithmetic import HALF, ONE, exponential, logarithm, rule

JOINING_FROM = 6  # years of age
MOST_JOINING = np.float32(0.4)
USUAL_BELONGING = np.float32(0.64)  # national mean
LEAST_SIZE = np.float32(0.01)


@rule
def joining_chance(supply, belonging, coefficients):
    """q supply (0.5 + b), per month, at most 0.4: chance to join."""
    return min(coefficients.joining * supply * (HALF + belonging), MOST_JOINING)


@rule
def usual_members(supply, coefficients):
    """j / (j + q), j = joining x supply x (0.5 + 0.64): the share of members that joining and quitting lead to."""
    joining = coefficients.joining * supply * (HALF + USUAL_BELONGING)
    return joining / max(joining + coefficients.quitting, LEAST_SIZE * LEAST_SIZE)


@rule
def association_size(members, usual, exponent):
    """min(1, members/usual)^nu: what is left of the associations of a neighbourhood that has fewer members."""
    ratio = max(members, LEAST_SIZE * usual) / max(usual, LEAST_SIZE * LEAST_SIZE)
    return exponential(exponent * logarithm(min(max(ratio, LEAST_SIZE), ONE)))
