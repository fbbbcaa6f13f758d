"""Vacancy allocation: every vacant row once, by lottery, and few others' rows change when somebody comes or goes."""

import numpy as np
import pytest

from sim.machine.arithmetic import compiled
from sim.parameters import Parameters
from sim.phases.destinations import plan_moves
from sim.phases.lottery import order_by_lottery
from sim.phases.vacancy_allocation import allocate_row, give_row_back, list_vacancies, prefer_places, take_row
from sim.population import NOBODY
from sim.rules.allocation import drawing_range
from sim.rules.housing import answer_to_vacancy
from sim.world import World
from tests.tools.worlds import lived_in, pass_months, small_world


@compiled
def allocate_all(serials, j, rows, s):
    """Rows that people with these serials get one after another in neighbourhood j; they live there then."""
    list_vacancies(j, s)
    for n in range(len(serials)):
        rows[n] = allocate_row(serials[n], j, s)
        if rows[n] >= 0:
            s.population.serial[rows[n]] = serials[n]


def allocated_rows(world: World, serials: np.ndarray, j: int = 0) -> np.ndarray:
    """The rows allocated, in a population that is put back afterwards."""
    before, rows, state = world.population.serial.copy(), np.empty(len(serials), np.int64), world.state()
    plan_moves(0, 0, 1, state)
    allocate_all(serials, j, rows, state)
    world.population.serial[:] = before
    return rows


@compiled
def take_places(places, j, rows, s):
    """Rows of people who prefer these places; every third row is given back at once."""
    list_vacancies(j, s)
    for n in range(len(places)):
        rows[n] = take_row(places[n], j, s)
        if n % 3 == 0 and rows[n] >= 0:
            give_row_back(rows[n], j, s)


@compiled
def prefer(serials, j, places, s):
    """The places that people with these serials prefer."""
    prefer_places(serials, j, places, s)


@compiled
def put_in_order(people, lottery, begins, ordered):
    """People in the order of their numbers."""
    order_by_lottery(people, lottery, begins, ordered)


@pytest.fixture(scope="module")
def world() -> World:
    """A world with room: an eighth of its places are vacant."""
    return small_world(parameters=Parameters(vacancy=0.12))


def test_every_vacancy_is_allocated_once_and_then_there_is_none(world: World) -> None:
    vacant = int(world.stocks.empty[0])
    rows = allocated_rows(world, np.arange(1, vacant + 3, dtype=np.uint64) << np.uint64(40))
    empty = np.flatnonzero(world.population.serial[: world.neighbourhoods.first[0] + world.stocks.opened[0]] == NOBODY)
    assert sorted(rows[:vacant].tolist()) == empty.tolist() and rows[vacant:].tolist() == [-1, -1]


def test_the_row_is_the_next_vacant_one_from_the_preferred_place_on(world: World) -> None:
    first, opened = world.neighbourhoods.first[1], world.stocks.opened[1]
    vacant = (np.flatnonzero(world.population.serial[first : first + opened] == NOBODY)).tolist()
    places = np.random.default_rng(2).integers(drawing_range(opened), size=2 * len(vacant))
    rows, state = np.empty(len(places), np.int64), world.state()
    plan_moves(0, 0, 1, state)
    take_places(places, 1, rows, state)
    for n, (place, row) in enumerate(zip(places, rows, strict=True)):
        expected = min(vacant, key=lambda at: (at < place, at), default=None)
        assert row == (-1 if expected is None else first + expected)
        if n % 3 and expected is not None:
            vacant.remove(expected)
    assert not vacant and rows[-1] == -1


def test_places_drawn_together_are_those_drawn_one_by_one(world: World) -> None:
    serials, together = np.arange(1, 14, dtype=np.uint64) << np.uint64(40), np.empty(13, np.int64)
    prefer(serials, 0, together, world.state())
    for serial, place in zip(serials, together, strict=True):
        alone = np.empty(1, np.int64)
        prefer(np.array([serial]), 0, alone, world.state())
        assert alone[0] == place
    assert len(set(together.tolist())) > 6


@pytest.mark.parametrize("count", [0, 1, 2, 57, 1000])
def test_the_lottery_puts_people_in_the_order_of_their_numbers(count: int) -> None:
    random = np.random.default_rng(count)
    for most in (1 << 63, 1000):  # evenly drawn, as they are, and all in one part
        lottery = random.integers(most, size=3 * count + 1, dtype=np.uint64)
        people = random.permutation(3 * count)[:count].astype(np.int64)
        ordered = np.empty(count, np.int64)
        put_in_order(people, lottery, np.empty(count + 1, np.int64), ordered)
        assert (
            sorted(ordered.tolist()) == sorted(people.tolist()) and (np.diff(lottery[ordered].astype(float)) >= 0).all()
        )


def test_the_range_of_a_draw_holds_all_places_and_hardly_ever_changes() -> None:
    spans = np.array([drawing_range(n) for n in range(1, 5000)])
    assert (spans >= np.arange(1, 5000)).all() and (spans <= 1.125 * np.arange(1, 5000) + 1).all()
    assert (np.diff(spans[1000:]) != 0).sum() < 24


def test_empty_homes_draw_people_and_a_full_place_draws_none() -> None:
    found = [float(answer_to_vacancy(np.float32(v), np.float32(0.05), np.float32(1))) for v in (0, 0.025, 0.05, 1)]
    assert found == pytest.approx([0, 0.5, 1, 2])
    assert float(answer_to_vacancy(np.float32(0.01), np.float32(0.05), np.float32(0))) == 1


def test_scarce_homes_go_to_all_kinds_of_arrivals_alike() -> None:
    """Where most are turned away, the share of those housed is the same for domestic arrivals and for each motive."""
    crowded = Parameters(vacancy=0.02, vacancy_response=0.0, arrivals_scale=3.0, building=0.0)
    world = pass_months(small_world(parameters=crowded), 24)
    wanted, housed, turned_away = np.zeros(2), np.zeros(2), 0
    for _ in range(60):
        pass_months(world, 1)
        wanted += world.rates.domestic.sum(), world.rates.expected.sum()
        housed += world.flows.domestic.sum(), world.flows.immigrated.sum()
        turned_away += world.flows.unhoused.sum()
    share = housed / wanted
    assert turned_away > 300 and len(lived_in(world)) > 0
    error = np.sqrt((1 / wanted).sum()) * share.mean() * 2  # Poisson numbers, and a lottery among them
    assert abs(share[0] - share[1]) < 4 * error and share.max() < 0.9
