"""What neighbourhoods offer those who look for a home: what is equal for all who compare them, once a month."""

import numpy as np

from sim.households import are_kept
from sim.machine.arithmetic import compiled, rule
from sim.rules.households import DWELLING_KINDS
from sim.rules.housing import own_group_term, vacancy_term
from sim.workspace import ATTRACTION, OWN_GROUP, STATUS, VACANCIES, X, Y


@rule
def people_in(j, s):
    """Residents of neighbourhood j at the start of the month: rows that are open and not vacant."""
    return s.stocks.opened[j] - s.stocks.empty[j]


@compiled
def note_offer(j, s):
    """Note what neighbourhood j offers, from the stocks and levers of now."""
    offer, people = s.moves.offer[j], np.float32(max(people_in(j, s), 1))
    offer[STATUS] = s.neighbourhoods.status[j]
    offer[X], offer[Y] = s.neighbourhoods.x[j], s.neighbourhoods.y[j]
    offer[VACANCIES] = vacancy_term(np.float32(s.stocks.vacant[j]), s.c)
    for kind in range(DWELLING_KINDS):
        offer[ATTRACTION + kind] = s.conditions.attraction[j]
        if are_kept(s):
            offer[ATTRACTION + kind] += s.rates.dwelling_fit[j, kind]
    for group in range(s.stocks.people.shape[1]):
        offer[OWN_GROUP + group] = own_group_term(np.float32(s.stocks.people[j, group]) / people, s.c)
