"""Leaving the country: the monthly chance of a mover (mover-stayer model)."""

import numpy as np

from sim.machine.arithmetic import HALF, ONE, exponential, rule

TWELFTH = np.float32(1.0 / 12.0)  # of a year: a month
HOME_LEVEL = np.float32(0.6)  # belonging at which it neither raises nor lowers the chance to leave
MOST = np.float32(0.19)  # chance to leave per month, at most


@rule
def departure_chance(yearly, language, employed, belonging, reception, coefficients):
    """1 - e^(-h), h = lambda/12 e^(-theta_L (L-0.5) - theta_P (E-0.5) - theta_b (b-0.6)) (1 - rho R), per month."""
    c = coefficients
    logit = (
        -c.departure_language * (language - HALF)
        - c.departure_work * (employed - HALF)
        - c.departure_belonging * (belonging - HOME_LEVEL)
    )
    hazard = yearly * TWELFTH * exponential(logit) * (ONE - c.reception_departure * reception)
    return min(ONE - exponential(-hazard), MOST)
