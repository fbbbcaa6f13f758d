"""What a place means for its residents, and what is counted of them, recomputed in plain NumPy from the table."""

import numpy as np
import pytest

from sim.facilities import FACILITIES
from sim.machine.threads import ThreadPool
from sim.measures import COUNT_NAMES
from sim.motives import MOTIVES, NO_MOTIVE
from sim.phases.month import Clock, observe_world, set_rates_now
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER
from sim.world import World
from tests.tools.worlds import BARE, pass_months, small_world

RELATIVE = 2e-5
SCHOOL = FACILITIES.index("school")


@pytest.fixture(scope="module")
def world() -> World:
    """Two years on, with every lever that the rates read set to a value of its own; the rates are those of month 24."""
    world = pass_months(small_world(seed=4, parameters=BARE), 24)
    random = np.random.default_rng(1)
    world.neighbourhoods.host_language[:] = [1.0, 0.0, 0.6]  # no group of this scheme but the first speaks it: make one
    c = world.conditions
    c.funding[:] = random.uniform(0.5, 2, c.funding.shape)
    c.mixing[:] = random.uniform(0, 1, c.mixing.shape)
    c.positivity[:] = random.uniform(0, 1, c.positivity.shape)
    c.coverage[:] = random.uniform(0, 1, c.coverage.shape)
    c.one_stop[:] = random.uniform(0, 1, c.one_stop.shape)
    c.course_hours[:] = random.uniform(0, 40, c.course_hours.shape)
    c.permit[:] = [1.0, 0.4]
    c.reception_places[:] = [0.3, 3.0]
    c.arrivals[:] = random.uniform(0.5, 1.5, c.arrivals.shape)
    world.neighbourhoods.residents[:2] += 60  # two places with room in their facilities, two crowded
    world.neighbourhoods.residents[3:] -= 20
    world.stocks.inflow[:] += 4  # a load above one in both towns
    set_rates_now(world, ThreadPool(1))
    return world


def supply(world: World) -> np.ndarray:
    """Facilities after funding, and crowding where more people live than they were made for."""
    people = world.stocks.people.sum(axis=1)
    crowd = np.maximum(people / world.neighbourhoods.residents, 1)
    return (
        world.neighbourhoods.facilities
        * world.conditions.funding
        * crowd[:, None] ** -float(world.coefficients.crowding)
    )


def test_facilities_and_encounters(world: World) -> None:
    c, stocks, rates, conditions = world.coefficients, world.stocks, world.rates, world.conditions
    people, size = stocks.people, stocks.people.sum(axis=1)[:, None]
    np.testing.assert_allclose(rates.supply, supply(world), rtol=RELATIVE)
    assert (size[:, 0] > world.neighbourhoods.residents).any() and (size[:, 0] < world.neighbourhoods.residents).any()
    used = np.ones_like(rates.supply, float)
    used[:, SCHOOL] = world.neighbourhoods.with_children
    shares = np.array([getattr(c, f"share_{kind}") for kind in FACILITIES], float)
    at = float(c.facility_encounters) * shares * supply(world) * used
    alone = float(c.street_encounters) + at.sum(axis=1)
    aversion = float(c.homophily_facility) * (1 - conditions.mixing)
    mixed = float(c.street_encounters) * np.exp(-float(c.homophily_street)) + (at * np.exp(-aversion)).sum(axis=1)
    active, spoken = stocks.activity / 65536, stocks.language / 65536
    np.testing.assert_allclose(rates.own, active / size * alone[:, None], rtol=RELATIVE)
    others = active.sum(axis=1, keepdims=True) - active
    speaks = world.neighbourhoods.host_language
    ease = float(c.shared_language) * np.outer(speaks, speaks) * (1 - np.eye(len(speaks)))
    assert ease.sum() > 0
    other = others / size * mixed[:, None] + active / size @ ease * (alone - mixed)[:, None]
    np.testing.assert_allclose(rates.other, other, rtol=RELATIVE)
    pool = (spoken.sum(axis=1, keepdims=True) - spoken) / (size - people)
    np.testing.assert_allclose(rates.other_language, pool, rtol=RELATIVE)
    negative = float(c.negative_contact) * (1 - conditions.positivity)
    np.testing.assert_allclose(rates.negative, negative, rtol=RELATIVE)
    apart = 1 - people / size - people / size @ ease
    met = 1 - apart * (1 - mixed / alone)[:, None]
    np.testing.assert_allclose(rates.trouble, 1 - met * (1 - negative)[:, None], rtol=RELATIVE)


def test_diversity_turnover_and_what_all_residents_share(world: World) -> None:
    c, stocks, rates, neighbourhoods = world.coefficients, world.stocks, world.rates, world.neighbourhoods
    people, size = stocks.people, stocks.people.sum(axis=1)
    share, speaks = people / size[:, None], world.neighbourhoods.host_language
    alike = np.outer(speaks, speaks) * (1 - np.eye(len(speaks)))
    felt = 1 - (share**2).sum(axis=1) - float(c.felt_language) * ((share @ alike) * share).sum(axis=1)
    np.testing.assert_allclose(rates.felt_diversity, felt, rtol=RELATIVE)
    turnover = stocks.leavers.sum(axis=1) / size
    np.testing.assert_allclose(rates.turnover, turnover, rtol=RELATIVE)
    assert stocks.gone.sum() > 5
    np.testing.assert_allclose(rates.gone_own, stocks.gone / people, rtol=RELATIVE)
    others = stocks.gone.sum(axis=1, keepdims=True) - stocks.gone
    np.testing.assert_allclose(rates.gone_other, others / (size[:, None] - people), rtol=RELATIVE)
    lively = [kind not in ("park", "school") for kind in FACILITIES]
    character = neighbourhoods.facilities[:, lively].mean(axis=1)
    added = float(c.amenities_funded) * (supply(world)[:, lively].mean(axis=1) - character)
    shared = (
        float(c.effect_place_position) * neighbourhoods.status
        + float(c.effect_municipality_position) * neighbourhoods.municipality_status
        + float(c.effect_amenities) * (character + added - 1)
        - float(c.effect_turnover) * turnover
        - float(c.effect_anonymity) * neighbourhoods.anonymity
    )
    np.testing.assert_allclose(rates.neighbourhood_term, shared, atol=1e-6)


def test_load_reception_and_expected_arrivals(world: World) -> None:
    """The least of reception places, school seats, facilities and homes is what a town can take in."""
    c, stocks, rates, conditions, municipalities = (
        world.coefficients,
        world.stocks,
        world.rates,
        world.conditions,
        world.municipalities,
    )
    for k in range(2):
        here = world.neighbourhoods.municipality == k
        capacity = min(
            municipalities.capacity[k, 0] * conditions.reception_places[k],
            municipalities.capacity[k, 1] * conditions.funding[here, SCHOOL].mean(),
            municipalities.capacity[k, 2] * conditions.funding[here].mean(),
            (stocks.vacant + stocks.leavers.sum(axis=1))[here].sum(),
        )
        load = stocks.inflow[k].sum() / capacity
        assert load > 1 and rates.load[k] == pytest.approx(load, rel=RELATIVE)
        coverage = conditions.coverage[here]
        reached = coverage + (1 - coverage) * conditions.one_stop[here, None]
        effective = reached * load ** -float(c.congestion)
        np.testing.assert_allclose(rates.reception[here], effective, rtol=RELATIVE)
        np.testing.assert_allclose(rates.course[here], effective * conditions.course_hours[here], rtol=RELATIVE)
        expected = municipalities.arrivals[k] * conditions.arrivals[k]
        expected[MOTIVES.index("knowledge")] *= load ** -float(conditions.permit[k])
        np.testing.assert_allclose(rates.expected[k], expected, rtol=RELATIVE)
        built, spare = (
            world.neighbourhoods.built[here].sum(),
            (world.neighbourhoods.built - world.neighbourhoods.occupied)[here].sum(),
        )
        vacancy = stocks.vacant[here].sum() / stocks.homes[here].sum() / (max(spare, 1) / built)
        domestic = municipalities.domestic[k] * np.clip(1 + c.vacancy_response * (vacancy - 1), 0, 2)
        assert rates.domestic[k] == pytest.approx(domestic, rel=RELATIVE)


def class_of_residents(world: World, row: np.ndarray) -> np.ndarray:
    p = world.population
    newcomer = (p.motive[row] != NO_MOTIVE) & (world.month - p.arrived[row].astype(int) < 60)
    return 2 * newcomer + (p.origin[row] > 0)


def test_observations_are_sums_over_the_people_of_a_place_and_class(world: World) -> None:
    """All measures that are plain counts exactly, means to the unit in which they are summed."""
    seen = observe_world(world, ThreadPool(2), Clock())
    p = world.population
    row = np.flatnonzero(p.serial)
    area = np.searchsorted(world.neighbourhoods.first, row, side="right") - 1
    group = class_of_residents(world, row)
    age = world.month - p.born[row].astype(int)
    here = np.minimum(world.month - p.moved_in[row].astype(int), 360)
    adult, working, pupil = age >= 180, (age >= 216) & (age < 804), (age >= 48) & (age < 216)
    faces = p.faces_own[row] + p.faces_other[row]
    expected = {
        "residents": np.ones(len(row)),
        "adults": adult,
        "belonging": adult * p.belonging[row] * 65536.0,
        "belonging_squared": adult * p.belonging[row].astype(float) ** 2 * 65536,
        "at_home": adult & (p.belonging[row] >= world.coefficients.home_threshold),
        "withdrawn": adult & (p.withdrawal[row] >= np.float32(0.3)),
        "withdrawal": adult * p.withdrawal[row] * 65536.0,
        "faces": adult * faces * 256.0,
        "faces_own": adult * p.faces_own[row] * 256.0,
        "ties": adult * p.tie_count[row],
        "ties_own": adult * p.tie_own[row],
        "contact": adult * p.contact[row] * 65536.0,
        "language": adult * p.language[row] * 65536.0,
        "position": adult * p.status[row] * 65536.0,
        "working_age": working,
        "employed": working & (p.flags[row] & EMPLOYED > 0),
        "members": adult & (p.flags[row] & MEMBER > 0),
        "pupils": pupil,
        "pupils_new": pupil & (here < 12),
        "months_here": adult * here,
        "belonging_months_here": adult * here * p.belonging[row] * 65536.0,
        "months_here_squared": adult * here**2,
        "first_generation": adult & (p.flags[row] & BORN_ABROAD > 0),
    }
    assert set(COUNT_NAMES) - set(expected) == {"cohesion"}
    for name, values in expected.items():
        sums = np.zeros(seen.sums.shape[:2])
        np.add.at(sums, (area, group), values)
        found = seen.sums[:, :, COUNT_NAMES.index(name)]
        if np.asarray(values).dtype.kind in "bi":
            assert np.array_equal(found, sums), name
        else:
            np.testing.assert_allclose(found, sums, atol=500, rtol=2e-5, err_msg=name)  # a unit a person at most
    units = np.floor(p.belonging[row][adult].astype(float) * 65536 + 0.5).astype(int)
    bins = np.minimum(units * 50 >> 16, 49)
    histogram = np.zeros(seen.histogram.shape, int)
    np.add.at(histogram, (area[adult], group[adult], bins), 1)
    assert np.array_equal(seen.histogram, histogram)


def test_cohesion_counted_is_the_mean_of_the_four_statements(world: World) -> None:
    seen = observe_world(world, ThreadPool(1), Clock())
    p, c = world.population, world.coefficients
    row = np.flatnonzero(p.serial)
    row = row[world.month - p.born[row].astype(int) >= 180]
    area = np.searchsorted(world.neighbourhoods.first, row, side="right") - 1
    ties = p.tie_count[row]
    know = 1 - np.exp(-(p.faces_own[row] + p.faces_other[row]).astype(float) / c.cohesion_faces)
    pleasant = 1 - c.cohesion_harmony * world.rates.trouble[area, p.origin[row]]
    score = (know + pleasant + ties / (ties + c.cohesion_ties) + p.belonging[row]) / 4
    found = seen.sums[:, :, COUNT_NAMES.index("cohesion")].sum(axis=1) / 65536
    np.testing.assert_allclose(found, np.bincount(area, score), rtol=1e-4)
