"""Arrivals expected in each municipality this month, the load on its capacity, and the answer to vacant dwellings."""

import numpy as np

from sim.facilities import FACILITY_COUNT, SCHOOL
from sim.households import are_kept
from sim.machine.arithmetic import ZERO, compiled, rule
from sim.machine.compile_cache import phase
from sim.motives import KNOWLEDGE, MOTIVE_COUNT
from sim.phases.dwelling_kinds import answer_dwellings
from sim.rules.housing import answer_to_vacancy
from sim.rules.reception import arrivals_that_count, permitted_share

LEAST_CAPACITY = np.float32(1e-3)  # people a year that any municipality can receive, so that none divides by 0


@rule
def people_for_vacancies(j, s):
    """People whom the vacant dwellings of neighbourhood j can house, at the mean size of its households."""
    vacant, people = s.stocks.vacant[j], s.stocks.opened[j] - s.stocks.empty[j]
    return vacant * people // max(s.stocks.homes[j] - vacant, 1) if are_kept(s) else vacant


@compiled
def incorporation_capacity(k, s):
    """A, people a year: the least of reception places, school seats, facilities, and homes that fall vacant.

    Of those homes newcomers from abroad can get the share `capacity_homes`.
    """
    homes, schools, facilities = 0, ZERO, ZERO
    low, high = s.municipalities.member_first[k], s.municipalities.member_first[k + 1]
    for member in range(low, high):
        j = s.municipalities.member[member]
        homes += people_for_vacancies(j, s)
        for month in range(12):
            homes += s.stocks.leavers[j, month]
        schools += s.conditions.funding[j, SCHOOL]
        for kind in range(FACILITY_COUNT):
            facilities += s.conditions.funding[j, kind] / np.float32(FACILITY_COUNT)
    count = np.float32(high - low)
    capacity = s.municipalities.capacity
    reception = capacity[k, 0] * s.conditions.reception_places[k]
    others = min(capacity[k, 1] * schools / count, capacity[k, 2] * facilities / count)
    return max(min(min(reception, np.float32(homes) * s.c.capacity_homes), others), LEAST_CAPACITY)


@compiled
def response_of_municipality(k, response, s):
    """How the number of people from elsewhere in the country responds to vacant dwellings in a municipality."""
    vacant, homes, spare, built = 0, 0, 0, 0
    for member in range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1]):
        j = s.municipalities.member[member]
        vacant += s.stocks.vacant[j]
        homes += s.stocks.homes[j]
        spare += s.neighbourhoods.built[j] - s.neighbourhoods.occupied[j]
        built += s.neighbourhoods.built[j]
    vacancy = np.float32(vacant) / np.float32(max(homes, 1))
    natural = np.float32(max(spare, 1)) / np.float32(max(built, 1))
    return answer_to_vacancy(vacancy, natural, response)


@phase
def expect_arrivals(worker, low, high, s):
    """Load and expected arrivals of municipalities low to high - 1.

    The permit rule looks at those who want to come, the load at those who are let in; both at last year's arrivals
    as far as `load_expected` says so (entirely where it is 0).
    """
    for k in range(low, high):
        inflow, wanted, allowed = 0, ZERO, ZERO
        for month in range(12):
            inflow += s.stocks.inflow[k, month]
        for m in range(MOTIVE_COUNT):
            s.rates.expected[k, m] = s.municipalities.arrivals[k, m] * s.conditions.arrivals[k, m] * s.c.arrivals_scale
            wanted += s.rates.expected[k, m]
        capacity = incorporation_capacity(k, s)
        load = arrivals_that_count(np.float32(inflow), wanted, s.c) / capacity
        s.rates.expected[k, KNOWLEDGE] *= permitted_share(load, s.conditions.permit[k])
        for m in range(MOTIVE_COUNT):
            allowed += s.rates.expected[k, m]
        s.rates.load[k] = arrivals_that_count(np.float32(inflow), allowed, s.c) / capacity
        answer = response_of_municipality(k, s.c.vacancy_response, s)
        s.rates.domestic[k] = s.municipalities.domestic[k] * answer
        if are_kept(s):
            answer_dwellings(k, s)
