"""Reception and the capacity to incorporate newcomers."""

from sim.machine.arithmetic import ONE, exponential, logarithm, rule


@rule
def reach(coverage, one_stop):
    """u = u0 + (1 - u0) one_stop: share of a motive's newcomers that reception reaches."""
    return coverage + (ONE - coverage) * one_stop


@rule
def effective_reception(reached, load, congestion):
    """R_eff = R min(1, 1/load)^eta_A; load is the year's arrivals over the capacity."""
    return reached * exponential(-congestion * logarithm(max(load, ONE)))


@rule
def permitted_share(load, strength):
    """min(1, load^-psi): share of labour migrants from outside the EU admitted by WRR's rule; psi=0 is law."""
    return exponential(-strength * logarithm(max(load, ONE)))
