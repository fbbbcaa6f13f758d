"""What a municipality can take in: from its own arrivals, or from what exists; and the load that chance alone makes."""

import numpy as np
import pytest

from scenarios.capacity import capacity_of
from sim.machine.threads import ThreadPool
from sim.motives import DECLARED
from sim.parameters import Parameters
from sim.phases.month import set_rates_now
from sim.world import World
from tests.tools.worlds import BARE, pass_months, small_table, small_world

MANY, FEW = np.full(6, 0.006), np.full(6, 0.001)


def test_capacity_from_own_arrivals_is_never_exceeded_and_from_what_exists_it_is() -> None:
    table = small_table(arrival_rate=np.stack([MANY, FEW]))
    agents = np.bincount(table.municipality, table.residents)
    yearly = table.arrival_rate * agents[:, None]
    before = capacity_of(table, agents, yearly, BARE)
    assert before[:, 0] == pytest.approx(1.1 * yearly.sum(axis=1)) and (before.min(axis=1) > yearly.sum(axis=1)).all()
    exists = Parameters(capacity_reception=12.2, capacity_schools=0.05)
    found = capacity_of(table, agents, yearly, exists)
    assert found[:, 0] == pytest.approx(0.0122 * agents)
    assert found[:, 2] == pytest.approx(0.04 * agents)
    assert yearly[0].sum() > found[0].min() and yearly[1].sum() < found[1].min()
    children = [
        (table.residents * table.age[:, 0] * table.facilities[:, 5])[table.municipality == k].sum() for k in range(2)
    ]
    among = np.mean([motive.arrival_age[0] for motive in DECLARED])
    assert found[:, 1] == pytest.approx(0.05 * np.array(children) / among, rel=1e-5)


def loads(parameters: Parameters) -> np.ndarray:
    """Load of two small municipalities in each month of four years."""
    world, found = small_world(parameters=parameters), []
    for _ in range(48):
        pass_months(world, 1)
        set_rates_now(world, ThreadPool(1))
        found.append(world.rates.load.copy())
    return np.array(found)


def test_expected_arrivals_take_chance_out_of_the_load() -> None:
    drawn, expected = (loads(BARE.changed(load_expected=x)) for x in (0.0, 1.0))
    assert drawn.std(axis=0).min() > 0.08 and drawn.max() > 1.05
    np.testing.assert_allclose(expected, 1 / 1.1, rtol=1e-4)


def in_year_of_start(scale_of_arrivals: float) -> World:
    rate = np.full((2, 6), scale_of_arrivals)
    return small_world(
        table=small_table(arrival_rate=rate), parameters=Parameters(load_expected=1.0), settling_months=1
    )


def test_a_year_of_few_arrivals_is_counted_in_whole_agents_without_loss() -> None:
    world = in_year_of_start(0.0006)  # four a year in the larger municipality: 0.3 a month
    before = np.floor(12 * world.municipalities.arrivals.sum(axis=1) + 0.5)
    assert (before >= 3).all() and world.stocks.inflow.sum(axis=1).tolist() == before.tolist()


def test_homes_that_newcomers_can_get_and_the_permit_rule() -> None:
    each_alone = BARE.changed(load_expected=1.0, households=0.0)  # so that each needs a dwelling
    open_to_all, to_few = (small_world(parameters=each_alone.changed(capacity_homes=homes)) for homes in (1.0, 0.02))
    for world in (open_to_all, to_few):
        world.conditions.permit[:] = 1.0
        set_rates_now(world, ThreadPool(1))
    k = 0
    here = to_few.neighbourhoods.municipality == k
    homes = (to_few.stocks.vacant + to_few.stocks.leavers.sum(axis=1))[here].sum()
    wanted = 12 * to_few.municipalities.arrivals[k].sum()
    share = 0.02 * homes / wanted  # of those who want to come, the permit rule lets in as many as there are homes for
    assert share < 1
    knowledge = to_few.rates.expected[k, 1] / to_few.municipalities.arrivals[k, 1]
    assert knowledge == pytest.approx(share, rel=1e-4)
    assert to_few.rates.load[k] == pytest.approx(12 * to_few.rates.expected[k].sum() / (0.02 * homes), rel=1e-4)
    assert open_to_all.rates.load[k] < to_few.rates.load[k]
