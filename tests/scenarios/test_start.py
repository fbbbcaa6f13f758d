"""The first residents: exact counts by origin, and ages, motives and years in the country as the table implies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.ages import ages_by_group
from scenarios.build_options import BuildOptions
from scenarios.building import apportion, build_world, keys_of, make_composition, make_neighbourhoods
from scenarios.errors import InputError
from scenarios.gravity import distances
from scenarios.known_years import arrivals_before
from scenarios.origins import MOTIVES
from scenarios.rows import room_needed
from sim.machine.threads import ThreadPool
from sim.motives import NO_MOTIVE
from sim.parameters import Parameters
from sim.population import BORN_ABROAD, NEVER, NOBODY, STAYER
from sim.rates_by_age import rate_tables
from sim.world import World
from tests.tools.worlds import small_table

CLASS_LIMITS = np.array([15, 25, 45, 65]) * 12


@st.composite
def totals_and_shares(draw) -> tuple[np.ndarray, np.ndarray]:
    areas, groups = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    whole = st.lists(st.integers(0, 1000), min_size=groups, max_size=groups).filter(any)
    weights = np.array(draw(st.lists(whole, min_size=areas, max_size=areas)), float)
    total = np.array(draw(st.lists(st.integers(1, 10**6), min_size=areas, max_size=areas)))
    return total, weights / weights.sum(axis=1, keepdims=True)


@given(totals_and_shares())
def test_apportioned_counts_add_up_and_are_the_nearest(case) -> None:
    total, shares = case
    counts = apportion(total, shares)
    assert np.array_equal(counts.sum(axis=1), total)
    assert (np.abs(counts - total[:, None] * shares) < 1).all() and not counts[shares == 0].any()


def test_apportionment_by_hand() -> None:
    """Largest remainders, the first group first where they are equal."""
    shares = np.array([[0.5, 0.3, 0.2], [1 / 3, 1 / 3, 1 / 3], [0.49, 0.49, 0.02]])
    assert apportion(np.array([10, 10, 5]), shares).tolist() == [[5, 3, 2], [4, 3, 3], [3, 2, 0]]


def test_keys_are_distinct_and_do_not_depend_on_the_order() -> None:
    codes = [f"WK{n:06d}" for n in range(20_000)]
    keys = keys_of(codes)
    assert len(np.unique(keys)) == len(codes) and keys.min() > 0 and keys.max() < 2**31
    assert np.array_equal(keys_of(codes[::-1])[::-1], keys)


@pytest.fixture(scope="module")
def world() -> World:
    """First residents of three areas of one town, at month 0 without settling."""
    table = small_table((9000, 8000, 7000), municipalities=1)
    return build_world(table, options=BuildOptions(seed=5, settling_months=0), pool=ThreadPool(2))


def near(share: float, count: float):
    """Four standard errors of a share, and a little for rounding."""
    return pytest.approx(share, abs=4 * np.sqrt(max(share * (1 - share), 0) / max(count, 1)) + 1e-3)


def groups_of(world: World) -> tuple[np.ndarray, ...]:
    """Rows lived in, months since arrival (-1 for others), and newcomers among them."""
    p = world.population
    row = np.flatnonzero(p.serial)
    since = np.where(p.arrived[row] == NEVER, -1, -p.arrived[row].astype(int))
    return row, since, (since >= 0) & (since < 60)


def test_counts_by_origin_are_exact_and_serials_unique(world: World) -> None:
    table, p = small_table((9000, 8000, 7000), municipalities=1), world.population
    expected = apportion(table.residents, table.origin)
    for j, first in enumerate(world.neighbourhoods.first[:-1]):
        rows = slice(first, first + world.neighbourhoods.places[j])
        assert np.array_equal(np.bincount(p.origin[rows][p.serial[rows] != NOBODY], minlength=3), expected[j])
    row, _, _ = groups_of(world)
    assert len(row) == 24_000 == len(np.unique(p.serial[row]))


def test_ages_of_those_who_did_not_just_come_are_those_of_the_table(world: World) -> None:
    row, _, newcomer = groups_of(world)
    ages = -world.population.born[row][~newcomer].astype(int)
    found = np.bincount(np.searchsorted(CLASS_LIMITS, ages, side="right"), minlength=5) / len(ages)
    for share, expected in zip(found, (0.16, 0.12, 0.26, 0.28, 0.18), strict=True):
        assert share == near(expected, len(ages))
    assert ages.min() >= 0 and ages.max() <= 110 * 12


def test_newcomers_by_motive_are_as_many_as_arrivals_and_departures_imply(world: World) -> None:
    """Five years of arrivals, less those who left: pi + (1 - pi) e^(-lambda t), summed over months."""
    parameters = Parameters()
    row, since, newcomer = groups_of(world)
    p, residents = world.population, len(row)
    months = np.arange(60) + 0.5
    for m, motive in enumerate(MOTIVES):
        stay, hazard = getattr(parameters, f"stay_{motive}"), getattr(parameters, f"leave_{motive}")
        survival = stay + (1 - stay) * np.exp(-hazard * months / 12)
        expected = world.municipalities.arrivals[0, m] * survival.sum()
        mine = newcomer & (p.motive[row] == m)
        assert mine.sum() == pytest.approx(expected, abs=4 * np.sqrt(expected)), motive
        stayers = (p.flags[row][mine] & STAYER > 0).mean()
        assert stayers == near((stay / survival * survival / survival.sum()).sum(), mine.sum()), motive
        recent = (since[mine] < 12).mean()
        assert recent == near(survival[:12].sum() / survival.sum(), mine.sum()), motive
    assert newcomer.sum() / residents == pytest.approx(0.11, abs=0.02)
    assert (p.flags[row][newcomer] & BORN_ABROAD > 0).all() and p.origin[row][newcomer].min() > 0


def test_the_share_born_abroad_of_each_group_is_that_of_the_scheme(world: World) -> None:
    """Of those older than six: children of the group were mostly born here."""
    row, _, _ = groups_of(world)
    p = world.population
    first_generation = world.municipalities.first_generation
    for group in range(3):
        grown = (p.origin[row] == group) & (p.born[row] < -72)
        abroad = (p.motive[row][grown] != NO_MOTIVE).mean()
        assert abroad == pytest.approx(first_generation[group], abs=0.05), group


def test_newcomers_never_exceed_what_a_group_can_hold() -> None:
    """Arrivals of a small group cannot make up more than six tenths of it."""
    table = small_table((400, 300), municipalities=1, arrival_rate=np.full((1, 6), 0.5))
    world = build_world(table, options=BuildOptions(settling_months=0))
    counts = apportion(table.residents, table.origin)
    chances = make_composition(table, world.municipalities, counts, Parameters()).newcomer
    assert (np.diff(chances, axis=2) >= 0).all() and chances.max() <= 0.6001 and not chances[:, 0].any()


def test_rates_by_age_are_what_their_sources_say() -> None:
    """CBS: 9.7 % move in a year; 0.35 % die at 50 or so; 1.62 children per woman, half of the residents."""
    tables = rate_tables()
    assert tables.birth.sum() * 12 == pytest.approx(1.62 / 2, rel=1e-3)
    assert tables.death[50] * 12 == pytest.approx(0.0029, rel=1e-3) and tables.death.max() <= 0.19
    assert tables.move[25] * 12 == pytest.approx(0.273, rel=1e-4) and tables.move.argmax() == 25
    for name in ("arrival_age", "mover_age"):
        distribution = np.atleast_2d(getattr(tables, name))
        assert (np.diff(distribution, axis=1) >= 0).all() and (distribution[:, -1] == 1).all()
    assert rate_tables(mortality=1.2).death[50] == pytest.approx(1.2 * tables.death[50], rel=1e-5)


def test_more_people_than_memory_or_the_ties_of_the_model_hold_are_refused_at_once() -> None:
    with pytest.raises(InputError, match="scale"):
        build_world(small_table((50_000_000,) * 400, municipalities=1))
    with pytest.raises(InputError, match="scale"):
        build_world(small_table((40_000_000, 40_000_000), municipalities=1))


def test_vacancies_lie_evenly_between_the_first_residents(world: World) -> None:
    """In any run of neighbouring rows as many stand empty as the vacancy rate says, give or take one."""
    neighbourhoods = world.neighbourhoods
    for j in range(len(neighbourhoods.key)):
        first = neighbourhoods.first[j]
        empty = world.population.serial[first : first + neighbourhoods.places[j]] == NOBODY
        expected = (neighbourhoods.places[j] - neighbourhoods.residents[j]) / neighbourhoods.places[j]
        assert empty.sum() == neighbourhoods.places[j] - neighbourhoods.residents[j] > 10
        counted = np.cumsum(empty)
        assert np.abs(counted - expected * np.arange(1, len(empty) + 1)).max() < 2


@pytest.mark.parametrize("built", [3, 100, 6000])
def test_room_for_new_places_is_never_wanting(built: int) -> None:
    """Ten years of building by chance, a thousand times, need fewer rows than are kept."""
    parameters, options = Parameters(building=0.02, room_sharing=0.0), BuildOptions(years=10, building=1.5)
    room = room_needed(np.array([built]), options, parameters)[0]
    expected = built * 0.02 * 1.5 / 12
    more = np.random.default_rng(1).random((1000, 120)) < expected % 1
    most = built + (int(expected) + more).sum(axis=1).max()
    assert most <= room < built * 1.3 + 6 * np.sqrt(built * 0.3) + 6


def test_an_area_of_unknown_position_lies_where_its_municipality_does():
    table = small_table()
    x = np.array(table.x)
    x[[0, 1, 3]] = np.nan  # one of three areas of the first municipality, all of the second
    neighbourhoods, _ = make_neighbourhoods(small_table(x=x), BuildOptions(), Parameters())
    weight = table.residents[[2, 4]]
    assert neighbourhoods.x[0] == pytest.approx(np.average(table.x[[2, 4]], weights=weight), rel=1e-5)
    assert neighbourhoods.y[0] == pytest.approx(np.average(table.y[[2, 4]], weights=weight), rel=1e-5)
    np.testing.assert_allclose(neighbourhoods.x[[2, 4]], table.x[[2, 4]], rtol=1e-5)
    assert (neighbourhoods.x[[1, 3]] == 0).all()


def test_a_place_of_unknown_position_is_as_far_as_others_in_the_median():
    found = distances(np.array([0.0, 3.0, np.nan, 9.0]), np.array([0.0, 4.0, np.nan, 12.0]))
    np.testing.assert_allclose(found[[0, 1], [1, 3]], [5, 10])
    assert (found[2] == 10).all() and (found[:, 2] == 10).all()
    assert (distances(np.full(3, np.nan), np.zeros(3)) == 0).all()


def test_groups_differ_in_age_as_in_the_country_and_together_have_the_ages_of_the_area():
    table = small_table()
    found = ages_by_group(table, 1.0)
    np.testing.assert_allclose(found.sum(axis=2), 1)
    together = np.einsum("jg,jga->ja", table.origin, found)
    np.testing.assert_allclose(together, table.age, atol=1e-6)
    assert (found[:, 2, 4] < found[:, 0, 4]).all() and (found[:, 2, 0] > found[:, 0, 0]).all()
    odds = found[:, 2, 4] * found[:, 0, 2] / (found[:, 2, 2] * found[:, 0, 4])
    country = table.scheme.age
    assert odds == pytest.approx(country[2, 4] * country[0, 2] / (country[2, 2] * country[0, 4]), rel=1e-3)
    alone = small_table(origin=np.tile([1.0, 0, 0], (5, 1)))
    np.testing.assert_allclose(ages_by_group(alone, 1.0)[:, 0], alone.age, atol=1e-9)
    np.testing.assert_array_equal(ages_by_group(table, 0.0)[:, 0], table.age)


def test_newcomers_at_the_start_are_those_of_the_years_before():
    world = build_world(table := small_table(), options=BuildOptions())
    _, counts = make_neighbourhoods(table, BuildOptions(), Parameters())
    usual = make_composition(table, world.municipalities, counts, Parameters())
    fewer = make_composition(table, world.municipalities, counts, Parameters(), first_year=2017)
    before = arrivals_before(2017)
    assert (np.diff(before) < 0).all() and before[0] < 1  # arrivals rose in the years up to 2016
    assert (fewer.newcomer[:, 2, 5] < usual.newcomer[:, 2, 5]).all()
    assert (fewer.months_since[:, 11] > usual.months_since[:, 11]).all()
    np.testing.assert_array_equal(fewer.stayer, usual.stayer)
    assert arrivals_before(2040) == pytest.approx(np.full(5, arrivals_before(2040)[0]))
