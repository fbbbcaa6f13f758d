"""Which dwellings suit which households: those of each kind counted each January, and how they answer the dwellings."""

import numpy as np

from sim.households import are_kept, leads, looks_for
from sim.machine.arithmetic import ONE, ZERO, compiled
from sim.machine.compile_cache import phase
from sim.population import HEAD
from sim.rules.households import DWELLING_KINDS, answer_to_fit, dwelling_fit

JANUARY, SHARED_DWELLING = 0, 1  # who share a dwelling count as others without children


@compiled
def count_kinds(j, s):
    """Count the households of neighbourhood j by the kind of dwelling that suits them."""
    kinds, first = s.stocks.kinds[j], s.neighbourhoods.first[j]
    kinds[:] = 0
    for row in range(first, first + s.stocks.opened[j]):
        if s.population.role[row] == HEAD:
            kinds[looks_for(row, s) if leads(row, s) else SHARED_DWELLING] += 1


@phase
def count_dwelling_kinds(worker, low, high, s):
    """Count the households of neighbourhoods low to high - 1 by the dwelling that suits them, each January."""
    if are_kept(s) and s.run.month[0] % 12 == JANUARY:
        for j in range(low, high):
            count_kinds(j, s)


@compiled
def answer_dwellings(k, s):
    """How each kind of household answers the dwellings of municipality k: those that suit it, and those free for it."""
    members = range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1])
    for kind in range(DWELLING_KINDS):
        homes, suited, households, own = ZERO, ZERO, 0, 0
        for member in members:
            j = s.municipalities.member[member]
            homes += np.float32(s.stocks.homes[j])
            suited += np.float32(s.stocks.homes[j]) * s.neighbourhoods.dwelling_kinds[j, kind]
            own += s.stocks.kinds[j, kind]
            for other in range(DWELLING_KINDS):
                households += s.stocks.kinds[j, other]
        dwellings, living = suited / max(homes, ONE), np.float32(own) / np.float32(max(households, 1))
        relative = s.municipalities.dwelling_kinds[k, kind]
        s.rates.dwelling_answer[k, kind] = answer_to_fit(relative, dwellings, living, s.c)


@compiled
def fit_dwellings(j, s):
    """What the dwellings of neighbourhood j are to each kind of household."""
    households = 0
    for kind in range(DWELLING_KINDS):
        households += s.stocks.kinds[j, kind]
    for kind in range(DWELLING_KINDS):
        now = np.float32(s.stocks.kinds[j, kind]) / np.float32(max(households, 1))
        s.rates.dwelling_fit[j, kind] = dwelling_fit(s.neighbourhoods.dwelling_kinds[j, kind], now, s.c)
