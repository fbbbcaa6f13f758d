"""Joining an association."""

import numpy as np

from sim.machine.arithmetic import HALF, rule

JOINING_FROM = 6  # years of age
MOST_JOINING = np.float32(0.4)


@rule
def joining_chance(supply, belonging, coefficients):
    """q supply (0.5 + b), per month, at most 0.4: chance to join."""
    return min(coefficients.joining * supply * (HALF + belonging), MOST_JOINING)
