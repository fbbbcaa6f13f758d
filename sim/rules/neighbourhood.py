"""What a neighbourhood means to its residents: diversity, turnover, supply of facilities, and its term in b*."""

from collections import namedtuple
from typing import Any

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, exponential, logarithm, rule

NeighbourhoodTerms: Any = namedtuple("NeighbourhoodTerms", "neighbourhood_status amenities turnover anonymity")


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
def facility_supply(quantity, funding, crowd, coefficients):
    """Q funding (N0/N)^crowding: supply when more people share it than it was made for; never more than Q funding.

    `crowd` is N/N0, residents over those at the start.
    """
    supply = quantity * funding
    if crowd > ONE:
        supply *= exponential(-coefficients.crowding * logarithm(crowd))
    return supply


@rule
def neighbourhood_terms(status, amenity, turnover_rate, anonymity, coefficients):
    """What all residents of a neighbourhood share of b*: beta_N S_j, beta_Q (Q - 1), -beta_V V and -beta_A A."""
    c = coefficients
    return NeighbourhoodTerms(
        c.effect_place_position * status,
        c.effect_amenities * (amenity - ONE),
        -(c.effect_turnover * turnover_rate),
        -(c.effect_anonymity * anonymity),
    )


@rule
def neighbourhood_term(terms):
    """The sum of `neighbourhood_terms`."""
    return terms.neighbourhood_status + terms.amenities + terms.turnover + terms.anonymity
