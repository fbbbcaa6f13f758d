"""Belonging, the central equation of the model."""

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, clip, exponential, rule


class PersonState(NamedTuple):
    """What of a person counts in b*: numbers in single precision.

    Attributes
    ----------
    disposition : u
    faces, ties, months_here : familiar faces F, ties k, months at the address tau
    employed, status, language, reception : E (0 or 1), S in standard deviations, L and R in [0, 1]
    """

    disposition: float
    faces: float
    ties: float
    months_here: float
    employed: float
    status: float
    language: float
    reception: float


def person_state(*values: Any) -> PersonState:
    """The same from Python's numbers, in single precision."""
    single: Any = map(np.float32, values)
    return PersonState(*single)


REFERENCE_CONTACT = np.float32(0.3)  # contact at which the buffer leaves the effect of diversity as it is
BelongingTerms: Any = namedtuple(
    "BelongingTerms",
    "base disposition familiarity ties residence employment status language reception diversity",
)


@rule
def diversity_burden(diversity, contact, weight, buffer):
    """D m_g (1 - gamma C) / (1 - 0.3 gamma): felt diversity softened by contact; D m_g at C = 0.3."""
    return diversity * weight * (ONE - buffer * contact) / (ONE - REFERENCE_CONTACT * buffer)


@rule
def belonging_terms(person, burden, coefficients):
    """The personal terms of b*: u, beta_phi (1 - e^(-F/F0)), beta_K k/(k+K0), beta_tau (1 - e^(-tau/tau0)), beta_E E,
    beta_S S, beta_L L, beta_R R and -beta_D burden.

    Parameters
    ----------
    person : PersonState
    burden : result of `diversity_burden`
    coefficients : sim.parameters.Coefficients
    """
    c = coefficients
    return BelongingTerms(
        c.base,
        person.disposition,
        c.effect_familiarity * (ONE - exponential(-person.faces / c.faces_scale)),
        c.effect_ties * person.ties / (person.ties + c.tie_saturation),
        c.effect_residence * (ONE - exponential(-person.months_here / c.residence_scale)),
        c.effect_employment * person.employed,
        c.effect_position * person.status,
        c.effect_language * person.language,
        c.effect_reception * person.reception,
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
