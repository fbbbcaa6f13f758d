"""Moving house: how often, and where to."""

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, exponential, logarithm, rule
from sim.rules.safety import feels_unsafe

HOME_LEVEL = np.float32(0.6)  # belonging at which it neither raises nor lowers the chance to move
MOST = np.float32(0.35)  # chance to move per month, at most
LEAST_STAY = np.float32(0.6)  # of the chance to move, for those who have long lived at their address
LEAST_SHARE = np.float32(0.005)  # of the own group, at least, so that its logarithm exists
MOST_ANSWER = np.float32(2.0)  # times as many domestic arrivals as usual, at most, where more homes are vacant


@rule
def moving_chance(by_age, months_here, belonging, mobility, coefficients):
    """Monthly rate by age x (0.6 + r e^(-tau/24)) x e^(-theta_m (b - 0.6)) x mobility x (1 + theta_u unsafe), <= 0.35.

    Rates by age are those of CBS (2020); recent movers move more often, and so do people who feel less at home, and,
    with `moving_unsafe`, those who feel unsafe.
    """
    c = coefficients
    recent = LEAST_STAY + c.moving_recent * exponential(-months_here / c.moving_recent_scale)
    rate = by_age * c.moving_scale * recent * exponential(-c.moving_belonging * (belonging - HOME_LEVEL)) * mobility
    if c.moving_unsafe > ZERO:
        rate *= ONE + c.moving_unsafe * feels_unsafe(belonging, c)
    return min(rate, MOST)


@rule
def own_group_term(own_share, c):
    """c_g log own-group share: shares below 1/200 count as 1/200.

    With the logarithm and a weight of one a group spreads as it is distributed already (housing and networks keep it
    there), and more evenly with a lower weight.
    """
    return c.choice_own_group * logarithm(max(own_share, LEAST_SHARE))


@rule
def vacancy_term(vacancies, c):
    """c_v log vacancies: homes are chosen in proportion to their number where c_v is 1."""
    return c.choice_vacancies * logarithm(max(vacancies, ONE))


@rule
def home_utility(own_group, apart, vacancies, distance, attraction, c):
    """U = c_g log own-group share - c_S |S - S_j| + c_v log vacancies - c_d km + attraction (Zuccotti et al. 2023).

    Similarity in socio-economic status weighs at least as much as origin; no tipping point is built in.

    Parameters
    ----------
    own_group, vacancies : results of `own_group_term` and `vacancy_term`
    apart : |S - S_j|, between one's own status and the neighbourhood's
    """
    return own_group - c.choice_position * apart + vacancies - c.choice_distance * distance + attraction


@rule
def sampling_correction(others, drawn):
    """ln(R/m): added to the utility of each of m alternatives drawn from R, without replacement (McFadden 1978).

    Each drawn one stands for R/m that were not drawn; alternatives that are always compared stand for themselves.
    """
    return logarithm(np.float32(others) / np.float32(drawn))


@rule
def answer_to_vacancy(vacancy, natural, response):
    """Domestic arrivals over those at the natural vacancy rate: 1 + r (v/v_0 - 1), from 0 to 2 (Wheaton 1990).

    Vacancies attract people, so that a municipality neither empties nor fills up; the natural rate is that at the
    start.
    """
    return min(max(ONE + response * (vacancy / natural - ONE), ZERO), MOST_ANSWER)
