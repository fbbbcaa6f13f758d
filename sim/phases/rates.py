"""Rates of each neighbourhood this month, from last month's stocks: the mean field of encounters.

All residents of one origin group in one neighbourhood share these numbers, so they are computed once.
"""

from typing import NamedTuple

import numpy as np

from sim.facilities import ASSOCIATION, FACILITY_COUNT, IS_AMENITY, OF_FAMILIES, SCHOOL
from sim.machine.arithmetic import ONE, ZERO, compiled, rule
from sim.machine.compile_cache import phase
from sim.machine.struct import Floats, FloatTable
from sim.measures import FINE
from sim.motives import KNOWLEDGE, MOTIVE_COUNT
from sim.rules.housing import answer_to_vacancy
from sim.rules.meeting import contact_trouble, mixed_rate, mixed_share
from sim.rules.neighbourhood import facility_supply, felt_diversity, neighbourhood_term, neighbourhood_terms, turnover
from sim.rules.reception import effective_reception, permitted_share, reach

UNITS = np.float32(1.0 / FINE)
AMENITY_WEIGHT = np.float32(1.0 / sum(IS_AMENITY))
LEAST_CAPACITY = np.float32(1e-3)


class Rates(NamedTuple):
    """Rates of this month for J neighbourhoods, G groups, K municipalities; single precision.

    Attributes
    ----------
    own, other : [J, G]
        Encounters per month of someone fully active with own and other groups, before language.
    other_language : [J, G]
        Mean L of the other groups' pool.
    gone_own, gone_other : [J, G]
        Share of each pool that left last month.
    trouble : [J, G]
        Share of possible encounters that do not come about, across groups, or go badly, with anyone.
    felt_diversity, turnover, neighbourhood_term, negative : [J]
        D less pairs who share a language; V per year; the common part of b*; share of encounters across groups that
        go badly.
    amenity : [J]
        Mean supply of amenities, Q.
    supply : [J, 7]
        Facilities after funding and crowding.
    reception : [J, 6]
        R_eff by motive.
    course : [J, 6]
        Hours of Dutch per month, averaged over newcomers of the motive.
    expected : [K, 6]
        Arrivals from abroad expected this month after the permit rule.
    domestic : [K]
        Arrivals from elsewhere in the country expected this month.
    load : [K]
        Last year's arrivals over the incorporation capacity.
    """

    own: FloatTable
    other: FloatTable
    other_language: FloatTable
    gone_own: FloatTable
    gone_other: FloatTable
    trouble: FloatTable
    felt_diversity: Floats
    turnover: Floats
    neighbourhood_term: Floats
    negative: Floats
    amenity: Floats
    supply: FloatTable
    reception: FloatTable
    course: FloatTable
    expected: FloatTable
    domestic: Floats
    load: Floats


BY_MUNICIPALITY = {"load", "domestic", "expected"}
COLUMNS_OF = {"supply": FACILITY_COUNT} | dict.fromkeys(("reception", "course", "expected"), MOTIVE_COUNT)
BY_NEIGHBOURHOOD = {"felt_diversity", "turnover", "neighbourhood_term", "negative", "amenity"}


def empty_rates(areas: int, groups: int, municipalities: int) -> Rates:
    """Arrays for the rates of one month."""

    def shape_of(name: str) -> tuple[int, ...]:
        rows = municipalities if name in BY_MUNICIPALITY else areas
        if name in BY_NEIGHBOURHOOD or (name in BY_MUNICIPALITY and name not in COLUMNS_OF):
            return (rows,)
        return rows, COLUMNS_OF.get(name, groups)

    return Rates(**{name: np.zeros(shape_of(name), np.float32) for name in Rates._fields})


@compiled
def incorporation_capacity(k, s):
    """A, people a year: the least of reception places, school seats, facilities, and homes that fall vacant."""
    homes, schools, facilities = 0, ZERO, ZERO
    low, high = s.municipalities.member_first[k], s.municipalities.member_first[k + 1]
    for member in range(low, high):
        j = s.municipalities.member[member]
        homes += s.stocks.vacant[j]
        for month in range(12):
            homes += s.stocks.leavers[j, month]
        schools += s.conditions.funding[j, SCHOOL]
        for kind in range(FACILITY_COUNT):
            facilities += s.conditions.funding[j, kind] / np.float32(FACILITY_COUNT)
    count = np.float32(high - low)
    capacity = s.municipalities.capacity
    reception = capacity[k, 0] * s.conditions.reception_places[k]
    others = min(capacity[k, 1] * schools / count, capacity[k, 2] * facilities / count)
    return max(min(min(reception, np.float32(homes)), others), LEAST_CAPACITY)


@compiled
def response_of_municipality(k, response, s):
    """How the number of people from elsewhere in the country responds to vacant dwellings in a municipality."""
    vacant, opened, spare, built = 0, 0, 0, 0
    for member in range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1]):
        j = s.municipalities.member[member]
        vacant += s.stocks.vacant[j]
        opened += s.stocks.opened[j]
        spare += s.neighbourhoods.built[j] - s.neighbourhoods.residents[j]
        built += s.neighbourhoods.built[j]
    vacancy = np.float32(vacant) / np.float32(max(opened, 1))
    natural = np.float32(max(spare, 1)) / np.float32(max(built, 1))
    return answer_to_vacancy(vacancy, natural, response)


@phase
def expect_arrivals(worker, low, high, s):
    """Load and expected arrivals of municipalities low to high - 1."""
    for k in range(low, high):
        inflow = 0
        for month in range(12):
            inflow += s.stocks.inflow[k, month]
        load = np.float32(inflow) / incorporation_capacity(k, s)
        s.rates.load[k] = load
        for m in range(MOTIVE_COUNT):
            expected = s.municipalities.arrivals[k, m] * s.conditions.arrivals[k, m] * s.c.arrivals_scale
            if m == KNOWLEDGE:
                expected *= permitted_share(load, s.conditions.permit[k])
            s.rates.expected[k, m] = expected
        answer = response_of_municipality(k, s.c.vacancy_response, s)
        s.rates.domestic[k] = s.municipalities.domestic[k] * answer


@compiled
def supply_facilities(j, residents, s):
    """Facilities of neighbourhood j after funding and crowding, and their mean over amenities."""
    crowd = np.float32(residents) / np.float32(max(s.neighbourhoods.residents[j], 1))
    amenity = ZERO
    for kind in range(FACILITY_COUNT):
        quantity, funding = s.neighbourhoods.facilities[j, kind], s.conditions.funding[j, kind]
        s.rates.supply[j, kind] = facility_supply(quantity, funding, crowd, s.c)
        if IS_AMENITY[kind]:
            amenity += s.rates.supply[j, kind] * AMENITY_WEIGHT
    s.rates.amenity[j] = amenity


@compiled
def meeting_rates(j, s):
    """Encounters per month at average activity: possible ones, and those that remain after aversion.

    Returns
    -------
    potential, mixed : float32
        v0 + sum v_f Q_f, and the same with each term times e^(-eta).
    """
    potential = s.c.street_encounters
    mixed = s.c.street_encounters * mixed_share(s.c.homophily_street, ZERO)
    for kind in range(FACILITY_COUNT):
        use = s.neighbourhoods.with_children[j] if OF_FAMILIES[kind] else ONE
        v = s.c.facility_encounters * s.facilities.share[kind] * s.rates.supply[j, kind] * use
        potential += v
        mixed += v * mixed_share(s.c.homophily_facility, s.conditions.mixing[j, kind])
    return potential, mixed


@rule
def receive(j, s):
    """Reception by motive of those who live in neighbourhood j."""
    load = s.rates.load[s.neighbourhoods.municipality[j]]
    for m in range(MOTIVE_COUNT):
        reached = reach(s.conditions.coverage[j, m], s.conditions.one_stop[j])
        s.rates.reception[j, m] = effective_reception(reached, load, s.c.congestion)
        s.rates.course[j, m] = s.rates.reception[j, m] * s.conditions.course_hours[j, m]


@compiled
def totals(j, s):
    """Residents of neighbourhood j, and their activity, language and last month's leavers, over all groups."""
    people, active, language, left = 0, 0, 0, 0
    for g in range(s.stocks.people.shape[1]):
        people += s.stocks.people[j, g]
        active += s.stocks.activity[j, g]
        language += s.stocks.language[j, g]
        left += s.stocks.gone[j, g]
    return people, active, language, left


@compiled
def alike_to(j, g, size, s):
    """Activity and share of the other groups, as far as they and group g both speak the language at home."""
    easy_activity, alike_share = ZERO, ZERO
    for h in range(s.stocks.people.shape[1]):
        if h != g:
            alike = s.neighbourhoods.host_language[g] * s.neighbourhoods.host_language[h]
            easy_activity += s.c.shared_language * alike * np.float32(s.stocks.activity[j, h]) * UNITS / size
            alike_share += alike * np.float32(s.stocks.people[j, h]) / size
    return easy_activity, alike_share


@compiled
def mix_groups(j, everyone, potential, mixed, s):
    """Encounters, language, leavers and trouble of each group; the share of pairs who share a language at home."""
    total, active, language, left = everyone
    size, stocks, rates = np.float32(max(total, 1)), s.stocks, s.rates
    alike_pairs = ZERO
    for g in range(stocks.people.shape[1]):
        people = stocks.people[j, g]
        others = np.float32(max(total - people, 1))
        easy_activity, alike_share = alike_to(j, g, size, s)
        active_others = np.float32(active - stocks.activity[j, g]) * UNITS / size
        rates.own[j, g] = np.float32(stocks.activity[j, g]) * UNITS / size * potential
        rates.other[j, g] = mixed_rate(active_others, easy_activity, potential, mixed)
        rates.other_language[j, g] = np.float32(language - stocks.language[j, g]) * UNITS / others
        rates.gone_own[j, g] = min(np.float32(stocks.gone[j, g]) / np.float32(max(people, 1)), ONE)
        rates.gone_other[j, g] = min(np.float32(left - stocks.gone[j, g]) / others, ONE)
        alike_pairs += np.float32(people) / size * alike_share
        apart = np.float32(total - people) / size - s.c.shared_language * alike_share
        rates.trouble[j, g] = contact_trouble(rates.negative[j], apart, mixed, potential)
    return alike_pairs


@phase
def set_rates(worker, low, high, s):
    """Rates of neighbourhoods low to high - 1, from last month's stocks and the load of their municipality.

    Between two groups that both speak the country's language at home part of the aversion e^(-eta) falls away
    (`shared_language`), in encounters and in `trouble`: Dutch people and people from Suriname, say. And as far as
    `felt_language` says, two who share it are not counted as different in the diversity that residents feel.
    """
    rates, neighbourhoods = s.rates, s.neighbourhoods
    for j in range(low, high):
        receive(j, s)
        everyone = totals(j, s)
        supply_facilities(j, everyone[0], s)
        potential, mixed = meeting_rates(j, s)
        rates.negative[j] = s.c.negative_contact * (ONE - s.conditions.positivity[j])
        size = np.float32(max(everyone[0], 1))
        same, leavers = ZERO, 0
        for g in range(s.stocks.people.shape[1]):
            share = np.float32(s.stocks.people[j, g]) / size
            same += share * share
        for month in range(12):
            leavers += s.stocks.leavers[j, month]
        alike_pairs = mix_groups(j, everyone, potential, mixed, s)
        rates.felt_diversity[j] = felt_diversity(same, alike_pairs, s.c)
        rates.turnover[j] = turnover(leavers, size)
        terms = neighbourhood_terms(
            neighbourhoods.status[j], rates.amenity[j], rates.turnover[j], neighbourhoods.anonymity[j], s.c
        )
        rates.neighbourhood_term[j] = neighbourhood_term(terms)


@rule
def associations_in(j, s):
    """Supply of associations in neighbourhood j."""
    return s.rates.supply[j, ASSOCIATION]
