"""Learning Dutch."""

import numpy as np

from sim.machine.arithmetic import HALF, ONE, rule

TEN_HOURS = np.float32(0.1)  # course hours are counted in tens


@rule
def next_language(language, contact, course_hours, coefficients):
    """L <- L + (l0 + l_course hours/10)(1 - L)(0.5 + C); a native's L = 1 stays 1."""
    c = coefficients
    speed = c.language_learning + c.language_course * course_hours * TEN_HOURS
    return min(language + speed * (ONE - language) * (HALF + contact), ONE)
