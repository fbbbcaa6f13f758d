"""Finding work."""

import numpy as np

from sim.machine.arithmetic import ONE, rule

LANGUAGE_SLOPE = np.float32(0.6)  # what full command of Dutch adds to the chance of work
MOST = np.float32(0.45)  # chance to find work per month, at most


@rule
def job_chance(finding, language, discrimination, enforcement, support, coefficients):
    """h (0.7 + 0.6 L)(1 + support) / (1 + (disc - 1)(1 - e_d)), per month, at most 0.45.

    `discrimination` is the hiring ratio of the statistics (1, 1.2, 1.4: Thijssen et al. 2019); enforcement e_d
    brings it to one.
    """
    ratio = ONE + (discrimination - ONE) * (ONE - enforcement)
    return min(finding * (coefficients.job_language_floor + LANGUAGE_SLOPE * language) * (ONE + support) / ratio, MOST)
