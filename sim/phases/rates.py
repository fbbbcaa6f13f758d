"""What a place means for its residents this month, from last month's stocks: the mean field of encounters.

All residents of one origin group in one neighbourhood share these numbers, so they are computed once.
"""

from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, compiled, exponential, logarithm, rule
from sim.rules.housing import answer_to_vacancy
from sim.rules.reception import effective_reception, permitted_share, reach

UNITS = np.float32(1.0 / 65536.0)
KINDS = 7
MOTIVE_COUNT = 6
KNOWLEDGE = 1
# Amenities are the five other kinds, which central places have most of; green and schools go with family suburbs.
PARK, SCHOOL = 2, 5
AMENITY_WEIGHT = np.float32(1.0 / 5.0)


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
    felt_diversity, turnover, place, negative : [J]
        D less pairs who share a language; V per year; the common part of b*; share of encounters across groups that
        go badly.
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

    own: np.ndarray
    other: np.ndarray
    other_language: np.ndarray
    gone_own: np.ndarray
    gone_other: np.ndarray
    trouble: np.ndarray
    felt_diversity: np.ndarray
    turnover: np.ndarray
    place: np.ndarray
    negative: np.ndarray
    supply: np.ndarray
    reception: np.ndarray
    course: np.ndarray
    expected: np.ndarray
    domestic: np.ndarray
    load: np.ndarray


def empty_rates(areas: int, groups: int, towns: int) -> Rates:
    """Arrays for the rates of one month."""
    shapes = {"supply": (areas, KINDS), "load": (towns,), "domestic": (towns,)}
    shapes |= dict.fromkeys(("own", "other", "other_language", "gone_own", "gone_other", "trouble"), (areas, groups))
    shapes |= dict.fromkeys(("felt_diversity", "turnover", "place", "negative"), (areas,))
    shapes |= dict.fromkeys(("reception", "course"), (areas, MOTIVE_COUNT)) | {"expected": (towns, MOTIVE_COUNT)}
    return Rates(**{name: np.zeros(shapes[name], np.float32) for name in Rates._fields})


@compiled
def facility_shares(coefficients):
    """How encounters at facilities divide over the seven kinds (shares need not add up to one: more kinds, more)."""
    c = coefficients
    return (
        c.share_shops, c.share_library, c.share_park, c.share_sports, c.share_community_centre, c.share_school,
        c.share_association,
    )  # fmt: skip


@compiled
def supply_of(j, kind, places, stocks, conditions, total, coefficients):
    """Facility supply after funding, shared by more people than it was made for: Q funding (N0/N)^crowding at most."""
    supply = places.facilities[j, kind] * conditions.funding[j, kind]
    crowd = np.float32(total) / np.float32(max(places.residents[j], 1))
    if crowd > ONE:
        supply *= exponential(-coefficients.crowding * logarithm(crowd))
    return supply


@compiled
def meeting_places(j, places, conditions, rates, coefficients):
    """Encounters per month at average activity (own, other), and the share lost between groups.

    Returns
    -------
    potential, other : float32
        v0 + sum v_f Q_f, and the same with each term times e^(-eta).
    """
    shares = facility_shares(coefficients)
    own = coefficients.street_encounters
    other = coefficients.street_encounters * exponential(-coefficients.homophily_street)
    for kind in range(KINDS):
        use = places.with_children[j] if kind == 5 else ONE
        v = coefficients.facility_encounters * shares[kind] * rates.supply[j, kind] * use
        own += v
        other += v * exponential(-coefficients.homophily_facility * (ONE - conditions.mixing[j, kind]))
    return own, other


@rule
def receive(j, load, conditions, rates, coefficients):
    """Reception by motive of those who live in neighbourhood j; the load is the municipality's."""
    for m in range(MOTIVE_COUNT):
        reached = reach(conditions.coverage[j, m], conditions.one_stop[j])
        rates.reception[j, m] = effective_reception(reached, load, coefficients.congestion)
        rates.course[j, m] = rates.reception[j, m] * conditions.course_hours[j, m]


@compiled
def prepare_places(low, high, places, stocks, conditions, rates, coefficients):
    """Fill the rates of neighbourhoods low to high - 1 from the stocks and, in `rates`, the load of their municipality.

    Between two groups that both speak the country's language at home part of the aversion e^(-eta) falls away
    (`shared_language`), in encounters and in `trouble`: Dutch people and people from Suriname, say. And as far as
    `felt_language` says, two who share it are not counted as different in the diversity that residents feel.
    """
    groups = stocks.people.shape[1]
    c = coefficients
    for j in range(low, high):
        receive(j, rates.load[places.municipality[j]], conditions, rates, c)
        total, active, left = 0, 0, 0
        for g in range(groups):
            total += stocks.people[j, g]
            active += stocks.activity[j, g]
            left += stocks.gone[j, g]
        amenity = ZERO
        for kind in range(KINDS):
            rates.supply[j, kind] = supply_of(j, kind, places, stocks, conditions, total, c)
            if kind != PARK and kind != SCHOOL:
                amenity += rates.supply[j, kind] * AMENITY_WEIGHT
        potential, mixed = meeting_places(j, places, conditions, rates, c)
        negative = c.negative_contact * (ONE - conditions.positivity[j])
        size = np.float32(max(total, 1))
        same = ZERO
        alike_pairs = ZERO
        language = 0
        for g in range(groups):
            share = np.float32(stocks.people[j, g]) / size
            same += share * share
            language += stocks.language[j, g]
        for g in range(groups):
            people = stocks.people[j, g]
            others = np.float32(max(total - people, 1))
            easy_activity, alike_share = ZERO, ZERO
            for h in range(groups):
                if h != g:
                    alike = places.host_language[g] * places.host_language[h]
                    easy_activity += c.shared_language * alike * np.float32(stocks.activity[j, h]) * UNITS / size
                    alike_share += alike * np.float32(stocks.people[j, h]) / size
            active_others = np.float32(active - stocks.activity[j, g]) * UNITS / size
            rates.own[j, g] = np.float32(stocks.activity[j, g]) * UNITS / size * potential
            rates.other[j, g] = active_others * mixed + easy_activity * (potential - mixed)
            rates.other_language[j, g] = np.float32(language - stocks.language[j, g]) * UNITS / others
            rates.gone_own[j, g] = min(np.float32(stocks.gone[j, g]) / np.float32(max(people, 1)), ONE)
            rates.gone_other[j, g] = min(np.float32(left - stocks.gone[j, g]) / others, ONE)
            alike_pairs += np.float32(people) / size * alike_share
            apart = np.float32(total - people) / size - c.shared_language * alike_share
            rates.trouble[j, g] = ONE - (ONE - negative) * (ONE - apart * (ONE - mixed / potential))
        moved = 0
        for month in range(12):
            moved += stocks.leavers[j, month]
        rates.felt_diversity[j] = max(ONE - same - c.felt_language * alike_pairs, ZERO)
        rates.turnover[j] = np.float32(moved) / size
        rates.negative[j] = negative
        rates.place[j] = (
            c.effect_place_position * places.position[j]
            + c.effect_amenities * (amenity - ONE)
            - c.effect_turnover * rates.turnover[j]
            - c.effect_anonymity * places.anonymity[j]
        )


@compiled
def incorporation_capacity(k, municipalities, stocks, conditions):
    """A, people a year: the least of reception places, school seats, facilities, and homes that fall vacant."""
    homes, schools, facilities = 0, ZERO, ZERO
    low, high = municipalities.member_first[k], municipalities.member_first[k + 1]
    for member in range(low, high):
        j = municipalities.member[member]
        homes += stocks.vacant[j]
        for month in range(12):
            homes += stocks.leavers[j, month]
        schools += conditions.funding[j, 5]
        for kind in range(KINDS):
            facilities += conditions.funding[j, kind] / np.float32(KINDS)
    count = np.float32(high - low)
    reception = municipalities.capacity[k, 0] * conditions.reception_places[k]
    others = min(municipalities.capacity[k, 1] * schools / count, municipalities.capacity[k, 2] * facilities / count)
    return max(min(min(reception, np.float32(homes)), others), np.float32(1e-3))


@compiled
def domestic_arrivals(k, places, municipalities, stocks, c):
    """People per month from elsewhere in the country, who answer the homes that stand empty."""
    vacant, opened, spare, built = 0, 0, 0, 0
    for member in range(municipalities.member_first[k], municipalities.member_first[k + 1]):
        j = municipalities.member[member]
        vacant += stocks.vacant[j]
        opened += stocks.opened[j]
        spare += places.built[j] - places.residents[j]
        built += places.built[j]
    vacancy = np.float32(vacant) / np.float32(max(opened, 1))
    natural = np.float32(max(spare, 1)) / np.float32(max(built, 1))
    return municipalities.domestic[k] * answer_to_vacancy(vacancy, natural, c.vacancy_response)


@compiled
def prepare_towns(places, municipalities, stocks, conditions, rates, coefficients):
    """Fill load and expected arrivals of every municipality."""
    for k in range(len(municipalities.key)):
        inflow = 0
        for month in range(12):
            inflow += stocks.inflow[k, month]
        load = np.float32(inflow) / incorporation_capacity(k, municipalities, stocks, conditions)
        rates.load[k] = load
        for m in range(MOTIVE_COUNT):
            expected = municipalities.arrivals[k, m] * conditions.arrivals[k, m] * coefficients.arrivals_scale
            if m == KNOWLEDGE:
                expected *= permitted_share(load, conditions.permit[k])
            rates.expected[k, m] = expected
        rates.domestic[k] = domestic_arrivals(k, places, municipalities, stocks, coefficients)
