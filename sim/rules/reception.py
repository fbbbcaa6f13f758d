"""Reception and the capacity to incorporate newcomers."""

import numpy as np

from sim.machine.arithmetic import ONE, exponential, logarithm, rule

YEAR = np.float32(12.0)  # months


@rule
def reach(coverage, one_stop):
    """u = u0 + (1 - u0) one_stop: share of a motive's newcomers that reception reaches."""
    return coverage + (ONE - coverage) * one_stop


@rule
def arrivals_that_count(last_year, expected, coefficients):
    """I + x (12 e - I): last year's arrivals and, with weight x, a year of those expected this month.

    In a small place the first go up and down by chance, which can only lower reception (it is concave in the load).
    """
    return last_year + coefficients.load_expected * (YEAR * expected - last_year)


@rule
def effective_reception(reached, load, congestion):
    """R_eff = R min(1, 1/load)^eta_A; load is the year's arrivals over the capacity."""
    return reached * exponential(-congestion * logarithm(max(load, ONE)))


@rule
def permitted_share(load, strength):
    """min(1, load^-psi): share of labour migrants from outside the EU admitted by WRR's rule; psi=0 is law."""
    return exponential(-strength * logarithm(max(load, ONE)))
