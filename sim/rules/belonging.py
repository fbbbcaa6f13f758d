"""Belonging, the central equation of the model."""

from collections import namedtuple
from typing import Any

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, clip, exponential, rule

REFERENCE_CONTACT = np.float32(0.3)
BelongingTerms: Any = namedtuple(
    "BelongingTerms",
    "base disposition familiarity ties residence employment status language reception diversity",
)


@rule
def diversity_burden(diversity, contact, weight, buffer):
    """D m_g (1 - gamma C) / (1 - 0.3 gamma): felt diversity softened by contact; D m_g at C = 0.3."""
    return diversity * weight * (ONE - buffer * contact) / (ONE - REFERENCE_CONTACT * buffer)


@rule
def belonging_terms(person, faces, ties, months_here, employed, status, language, reception, burden, coefficients):
    """The personal terms of b*: u, beta_phi (1 - e^(-F/F0)), beta_K k/(k+K0), beta_tau (1 - e^(-tau/tau0)), beta_E E,
    beta_S S, beta_L L, beta_R R and -beta_D burden.

    Parameters
    ----------
    person : disposition u
    faces, ties, months_here : familiar faces F, ties k, months at the address tau
    employed, position, language, reception : E (0 or 1), S in standard deviations, L and R in [0, 1]
    burden : result of `diversity_burden`
    coefficients : sim.parameters.Coefficients
    """
    c = coefficients
    return BelongingTerms(
        c.base,
        person,
        c.effect_familiarity * (ONE - exponential(-faces / c.faces_scale)),
        c.effect_ties * ties / (ties + c.tie_saturation),
        c.effect_residence * (ONE - exponential(-months_here / c.residence_scale)),
        c.effect_employment * employed,
        c.effect_position * status,
        c.effect_language * language,
        c.effect_reception * reception,
        -(c.effect_diversity * burden),
    )


@rule
def belonging_target(terms, neighbourhood_term):
    """b*: the sum of the personal terms and the neighbourhood's (`sim.rules.neighbourhood.neighbourhood_term`)."""
    return (
        terms.base
        + terms.disposition
        + terms.familiarity
        + terms.ties
        + terms.residence
        + terms.employment
        + terms.status
        + terms.language
        + terms.reception
        + terms.diversity
        + neighbourhood_term
    )


@rule
def next_belonging(belonging, target, noise, adjustment, spread):
    """b <- clip(b + kappa (b* - b) + sigma epsilon, 0, 1)."""
    return clip(belonging + adjustment * (target - belonging) + spread * noise, ZERO, ONE)
