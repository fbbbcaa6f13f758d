"""Settling: composition stays that of the data while belonging, faces and ties come to rest."""

import numpy as np
import pytest

from scenarios.build_options import BuildOptions
from scenarios.building import apportion, build_world
from scenarios.settling import settle
from sim.machine.threads import ThreadPool
from sim.measures import ADULTS, AT_HOME, BELONGING, EMPLOYED_COUNT, FACES, MONTHS_HERE, TIES, WITHDRAWAL, WORKING_AGE
from sim.phases.month import Clock, observe_world
from sim.world import World
from tests.tools.worlds import pass_months, small_table

# How far a mean may move in the last year of settling, of 60 months, in a place of 2,100 residents: trend and chance.
DRIFT = {"belonging": 0.005, "at_home": 0.03, "faces": 1.0, "ties": 0.16, "withdrawal": 0.012, "months_here": 4.0}
# And how far in the first year of the run proper, in which fewer move than would: not all find a home.
START = {"belonging": 0.012, "at_home": 0.03, "faces": 2.0, "ties": 0.25, "withdrawal": 0.012, "months_here": 6.0}


def means(world: World) -> dict[str, float]:
    """Means over all adults."""
    sums = observe_world(world, ThreadPool(1), Clock()).sums.sum(axis=(0, 1)).astype(float)
    adults = sums[ADULTS]
    return {
        "belonging": sums[BELONGING] / adults / 65536,
        "at_home": sums[AT_HOME] / adults,
        "faces": sums[FACES] / adults / 256,
        "ties": sums[TIES] / adults,
        "withdrawal": sums[WITHDRAWAL] / adults / 65536,
        "months_here": sums[MONTHS_HERE] / adults,
        "employed": sums[EMPLOYED_COUNT] / sums[WORKING_AGE],
    }


@pytest.fixture(scope="module")
def settled() -> tuple[World, list[dict[str, float]]]:
    """A world at month 0 and its means in every month of settling."""
    seen: list[dict[str, float]] = []
    world = build_world(small_table(), options=BuildOptions(seed=1))
    settle(world, ThreadPool(1), on_month=lambda w: seen.append(means(w)))
    return world, seen


def test_it_has_settled(settled) -> None:
    """In the last year of settling nothing moves far, and never farther than in the first."""
    _, seen = settled
    assert len(seen) == 60
    for name, most in DRIFT.items():
        assert abs(seen[-1][name] - seen[-13][name]) < most, name
    for name in ("belonging", "withdrawal", "at_home"):
        assert abs(seen[-1][name] - seen[-13][name]) < abs(seen[12][name] - seen[0][name]) / 2, name


def test_a_settled_state_is_one_that_people_live_in(settled) -> None:
    """Wide bounds of the evidence: the small place is more diverse and mobile than the country."""
    last = settled[1][-1]
    bounds = {
        "belonging": (0.5, 0.75),
        "faces": (10, 35),
        "ties": (0.8, 4),
        "employed": (0.7, 0.9),
        "months_here": (90, 200),
    }
    for name, (low, high) in bounds.items():
        assert low < last[name] < high, name


def test_settling_longer_makes_little_difference(settled) -> None:
    longer = settle(build_world(small_table(), options=BuildOptions(seed=1, settling_months=120)), ThreadPool(1))
    assert means(longer)["belonging"] == pytest.approx(settled[1][-1]["belonging"], abs=0.01)
    assert means(longer)["faces"] == pytest.approx(settled[1][-1]["faces"], abs=1.5)


def test_composition_at_the_start_is_that_of_the_table(settled) -> None:
    world, _ = settled
    table = small_table()
    assert np.array_equal(world.stocks.people, apportion(table.residents, table.origin))
    assert np.array_equal(world.stocks.homes, world.neighbourhoods.built)
    assert (world.stocks.inflow > 0).all()


def test_the_run_goes_on_where_settling_ended(settled) -> None:
    world, seen = settled
    after = means(pass_months(world, 12))
    for name, most in START.items():
        assert abs(after[name] - seen[-1][name]) < most, name
