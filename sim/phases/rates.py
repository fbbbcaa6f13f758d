"""Rates of each neighbourhood this month, from last month's stocks: the mean field of encounters.

All residents of one origin group in one neighbourhood share these numbers, so they are computed once.
"""

import numpy as np

from sim.facilities import ASSOCIATION, FACILITY_COUNT, IS_AMENITY, OF_FAMILIES
from sim.households import are_kept
from sim.machine.arithmetic import HALF, ONE, ZERO, compiled, rule
from sim.machine.compile_cache import phase
from sim.measures import FINE
from sim.motives import MOTIVE_COUNT
from sim.phases.dwelling_kinds import fit_dwellings
from sim.phases.school_and_members import share_of_members, share_of_new_pupils
from sim.rules.associations import association_size
from sim.rules.households import local_births
from sim.rules.meeting import contact_trouble, mixed_rate, mixed_share
from sim.rules.neighbourhood import (
    exposed,
    facility_supply,
    felt_amenities,
    felt_diversity,
    funding_in_use,
    neighbourhood_term,
    neighbourhood_terms,
    school_stability,
    status_term,
    turnover,
)
from sim.rules.reception import effective_reception, reach

UNITS = np.float32(1.0 / FINE)
AMENITY_WEIGHT = np.float32(1.0 / sum(IS_AMENITY))
TWELFTH = np.float32(1.0 / 12.0)  # of a year: a month


@compiled
def associations_left(j, s):
    """What is left of the associations of neighbourhood j, from their members at month 0, which are noted then."""
    members = share_of_members(j, s)
    if s.run.month[0] <= 0:
        s.stocks.members[j] = np.int64(members / UNITS + HALF)
        return ONE
    return association_size(members, np.float32(s.stocks.members[j]) * UNITS, s.c.association_members)


@compiled
def supply_facilities(j, residents, s):
    """Facilities of neighbourhood j after funding and crowding, and their mean over amenities as it counts."""
    crowd = np.float32(residents) / np.float32(max(s.neighbourhoods.residents[j], 1))
    amenity, at_start = ZERO, ZERO
    for kind in range(FACILITY_COUNT):
        quantity, funding = s.neighbourhoods.facilities[j, kind], s.conditions.funding[j, kind]
        s.rates.supply[j, kind] = facility_supply(quantity, funding_in_use(funding, s.c), crowd, s.c)
        if kind == ASSOCIATION and s.c.association_members > ZERO:
            s.rates.supply[j, kind] *= associations_left(j, s)
        if IS_AMENITY[kind]:
            amenity += s.rates.supply[j, kind] * AMENITY_WEIGHT
            at_start += quantity * AMENITY_WEIGHT
    s.rates.amenity[j] = felt_amenities(amenity, at_start, s.c)
    s.rates.school[j] = ONE
    if s.c.school_turnover > ZERO:
        s.rates.school[j] = school_stability(share_of_new_pupils(j, s), s.c)


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
        use = s.neighbourhoods.with_children[j] * s.rates.school[j] if OF_FAMILIES[kind] else ONE
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
    """Residents of neighbourhood j, their activity, language and last month's leavers, and the residents before these.

    Over all groups.
    """
    people, active, language, left, former = 0, 0, 0, 0, 0
    for g in range(s.stocks.people.shape[1]):
        former += s.stocks.former[j, g]
        people += s.stocks.people[j, g]
        active += s.stocks.activity[j, g]
        language += s.stocks.language[j, g]
        left += s.stocks.gone[j, g]
    return people, active, language, left, former


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
    total, active, language, left, former = everyone
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
        own_before, others_before = stocks.former[j, g], former - stocks.former[j, g]
        rates.gone_own[j, g] = min(np.float32(stocks.gone[j, g]) / exposed(people, own_before, s.c), ONE)
        rates.gone_other[j, g] = min(
            np.float32(left - stocks.gone[j, g]) / exposed(total - people, others_before, s.c), ONE
        )
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
        rates.negative[j] = s.c.negative_contact * (ONE - s.conditions.positivity[j] * rates.school[j])
        size = np.float32(max(everyone[0], 1))
        same, leavers, year = ZERO, 0, 0
        for g in range(s.stocks.people.shape[1]):
            share = np.float32(s.stocks.people[j, g]) / size
            same += share * share
        for month in range(12):
            leavers += s.stocks.leavers[j, month]
            year += s.stocks.year[j, month]
        alike_pairs = mix_groups(j, everyone, potential, mixed, s)
        rates.felt_diversity[j] = felt_diversity(same, alike_pairs, s.c)
        rates.turnover[j] = turnover(leavers, exposed(everyone[0], np.float32(year) * TWELFTH, s.c))
        homes = np.float32(max(s.stocks.homes[j] - s.stocks.shared[j], 1))
        rates.crowding[j] = np.float32(s.stocks.shared[j]) / homes
        terms = neighbourhood_terms(
            status_term(neighbourhoods.status[j], neighbourhoods.municipality_status[j], s.c),
            rates.amenity[j],
            rates.turnover[j],
            neighbourhoods.anonymity[j],
            rates.crowding[j],
            s.c,
        )
        rates.neighbourhood_term[j] = neighbourhood_term(terms)
        rates.fertility[j] = ONE
        if are_kept(s):
            fit_dwellings(j, s)
            rates.fertility[j] = local_births(neighbourhoods.children[j], s.c)


@rule
def associations_in(j, s):
    """Supply of associations in neighbourhood j."""
    return s.rates.supply[j, ASSOCIATION]
