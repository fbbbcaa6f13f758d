"""What a neighbourhood means to its residents: diversity, turnover, supply of facilities, and its term in b*."""

from collections import namedtuple
from typing import Any

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, exponential, logarithm, rule

NeighbourhoodTerms: Any = namedtuple("NeighbourhoodTerms", "neighbourhood_status amenities turnover anonymity crowding")


@rule
def diversity(same):
    """D = 1 - sum of p_g^2: the chance that two residents are of different groups; `same` is the sum."""
    return ONE - same


@rule
def felt_diversity(same, alike_pairs, coefficients):
    """D less lambda x the pairs of two groups that both speak the country's language at home, never below zero.

    Parameters
    ----------
    same : sum of p_g^2
    alike_pairs : sum over g and g' != g of p_g p_g' h_g h_g', h the share that speaks the language at home
    """
    return max(diversity(same) - coefficients.felt_language * alike_pairs, ZERO)


@rule
def turnover(leavers, residents):
    """V: who left the neighbourhood alive in the last twelve months, over its residents."""
    return np.float32(leavers) / residents


@rule
def exposed(now, before, coefficients):
    """N + x (N_before - N): over whom leavers are divided, those here now or, with x = 1, those here before."""
    present = np.float32(max(now, 1))
    return present + coefficients.former_residents * (np.float32(max(before, 1)) - present)


@rule
def facility_supply(quantity, funding, crowd, coefficients):
    """Q funding (N0/N)^crowding: supply when more people share it than it was made for; never more than Q funding.

    `crowd` is N/N0, residents over those at the start.
    """
    supply = quantity * funding
    if crowd > ONE:
        supply *= exponential(-coefficients.crowding * logarithm(crowd))
    return supply


@rule
def funding_in_use(funding, coefficients):
    """f - (1 - epsilon)(f - 1): funding as far as people use what is funded; all of it with epsilon = 1."""
    return funding - (ONE - coefficients.funding_used) * (funding - ONE)


@rule
def felt_amenities(now, at_start, coefficients):
    """Q - (1 - a)(Q - Q0): the character of a neighbourhood Q0, and of what was added since the share a."""
    return now - (ONE - coefficients.amenities_funded) * (now - at_start)


@rule
def school_stability(new_pupils, coefficients):
    """1 - t P: what is left of meeting at school, and of competence, where a share P of pupils is new this year."""
    return ONE - coefficients.school_turnover * new_pupils


@rule
def status_term(status, of_municipality, coefficients):
    """beta_N S_j + beta_M S_m: the socio-economic status of the neighbourhood, and of its municipality as a whole."""
    c = coefficients
    return c.effect_place_position * status + c.effect_municipality_position * of_municipality


@rule
def neighbourhood_terms(status, amenity, turnover_rate, anonymity, crowding, coefficients):
    """What all of a neighbourhood share of b*: status, beta_Q (Q - 1), -beta_V V, -beta_A A and -beta_C C.

    `status` is the result of `status_term`.
    """
    c = coefficients
    return NeighbourhoodTerms(
        status,
        c.effect_amenities * (amenity - ONE),
        -(c.effect_turnover * turnover_rate),
        -(c.effect_anonymity * anonymity),
        -(c.effect_crowding * crowding),
    )


@rule
def neighbourhood_term(terms):
    """The sum of `neighbourhood_terms`."""
    return terms.neighbourhood_status + terms.amenities + terms.turnover + terms.anonymity + terms.crowding
