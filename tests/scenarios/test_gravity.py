"""Moves between municipalities: both ends balanced, and people drawn to where others of their group live."""

import numpy as np
import pytest

from scenarios.build_options import BuildOptions
from scenarios.building import build_world
from scenarios.gravity import MunicipalityFigures, destinations
from sim.parameters import Parameters
from sim.phases.destinations import destination_of
from sim.phases.expectations import response_of_municipality
from tests.tools.worlds import small_table

TOWNS = 12


def municipalities(seed: int = 1, **changes) -> MunicipalityFigures:
    """Municipalities in a square of a hundred km, with a group of 5 to 60 % that lives in some more than in others."""
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.05, 0.6, TOWNS)
    values = {
        "residents": rng.uniform(1e4, 3e5, TOWNS),
        "shares": np.stack([1 - share, share], axis=1),
        "mobility": rng.uniform(0.7, 1.5, TOWNS),
        "x": rng.uniform(0, 100, TOWNS),
        "y": rng.uniform(0, 100, TOWNS),
        "key": rng.permutation(TOWNS).astype(np.uint64),
    }
    return MunicipalityFigures(**(values | changes))


def flows(made: MunicipalityFigures, national: float, own_group: float) -> tuple[np.ndarray, np.ndarray]:
    """People who go from one municipality to another by group [K, G, K], and the share that goes outside [K, G]."""
    found = destinations(made, 35.0, national, own_group)
    chance = np.diff(found.chance.astype(float), axis=2, prepend=0.0)
    chance = np.broadcast_to(chance, (TOWNS, 2, TOWNS + 1))
    share = np.zeros((TOWNS, 2, TOWNS))
    share[:, :, found.destination[0, :-1]] = chance[:, :, :-1]
    leaving = (made.residents * made.mobility)[:, None] * made.shares
    return leaving[:, :, None] * share, chance[:, :, -1]


@pytest.mark.parametrize("own_group", [0.0, 0.5, 1.0, 1.5])
def test_as_many_come_as_leave(own_group):
    made = municipalities()
    flow, outside = flows(made, made.residents.sum(), own_group)
    leaving = made.residents * made.mobility
    np.testing.assert_allclose(flow.sum(axis=(0, 1)), leaving, rtol=2e-3)
    np.testing.assert_allclose(flow.sum(axis=(1, 2)), leaving, rtol=1e-4)
    assert outside.max() < 1e-4
    assert (flow[np.arange(TOWNS), :, np.arange(TOWNS)] == 0).all()


def test_own_group_keeps_places_different_and_without_it_moves_make_them_alike():
    made = municipalities()
    leaving = (made.residents * made.mobility)[:, None] * made.shares
    slopes = []
    for own_group in (0.0, 0.5, 1.0):
        flow, _ = flows(made, made.residents.sum(), own_group)
        change = (flow.sum(axis=0).T - leaving)[:, 1] / made.residents
        slopes.append(np.polyfit(made.shares[:, 1], change, 1)[0])
    assert slopes[0] < slopes[1] < slopes[2]
    assert slopes[0] < -0.7 and abs(slopes[2]) < 0.15  # of the moves: all of them mix, none of them


def test_those_from_elsewhere_in_the_country_are_drawn_alike():
    made = municipalities()
    found = destinations(made, 35.0, 3 * made.residents.sum(), 1.0)
    share = found.arriving[:, 1] / found.arriving.sum(axis=1)
    assert np.corrcoef(share, made.shares[:, 1])[0, 1] > 0.99
    assert destinations(made, 35.0, 3 * made.residents.sum()).arriving is None
    assert ((found.outside > 0) & (found.outside < 1)).all()


def test_a_group_that_a_place_lacks_goes_where_the_others_go():
    shares = np.array([[0.9, 0.1, 0.0], [0.5, 0.3, 0.2], [0.8, 0.2, 0.0]])
    made = MunicipalityFigures(
        np.full(3, 1e4), shares, np.ones(3), np.arange(3.0), np.zeros(3), np.arange(3, dtype=np.uint64)
    )
    chance = destinations(made, 35.0, 3e4, 1.0).chance
    assert np.isfinite(chance).all() and (np.diff(chance, axis=2) >= 0).all() and (chance[:, :, -1] == 1).all()


def test_a_mover_goes_in_proportion_to_chance_and_the_answer_to_vacancy():
    table = small_table((400, 300, 200, 500, 250, 350), municipalities=6)
    parameters = Parameters().changed(destination_own_group=1.0, destination_vacancies=1.0)
    world = build_world(table, parameters, BuildOptions(seed=3))
    world.stocks.vacant[:] = [60, 0, 20, 10, 5, 30]
    s = world.state(1)
    answer = [response_of_municipality(k, np.float32(1), s) for k in range(6)]
    chance = np.diff(world.municipalities.destination_chance[0, 1].astype(float), prepend=0.0)
    where = world.municipalities.destination[0]
    weight = chance * np.where(where < 0, 1.0, np.array([*answer, 1.0])[where])
    one, group = np.int64(0), np.uint8(1)
    drawn = np.array([destination_of(one, group, np.uint64(serial), 0, s) for serial in range(1, 20_001)])
    expected = weight / weight.sum()
    found = np.array([(drawn == municipality).mean() for municipality in where])
    np.testing.assert_allclose(found, expected, atol=4 * np.sqrt(0.25 / 20_000))
    assert min(answer) == 0 < max(answer) == 2
