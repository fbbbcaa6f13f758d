"""Arrivals: where homes are short some find none, and threads share what one municipality has without a difference."""

import numpy as np

from sim.digest import state_digest
from sim.machine.arithmetic import compiled
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.arrive import all_fit, house_one_by_one
from sim.phases.month import PHASES, Clock, pass_month
from sim.world import World
from tests.tools.worlds import pass_months, small_table, small_world

FULL = Parameters(vacancy=0.02, arrivals_scale=2.0, building=0.0)


def one_full_municipality(threads: int) -> tuple[World, int]:
    """A municipality to which far more want to come than fit, a year on, and how many found no home."""
    world, unhoused = small_world(table=small_table(municipalities=1), parameters=FULL), 0
    world.municipalities.domestic[:] *= 4
    pool = ThreadPool(threads)
    for _ in range(12):
        pass_months(world, 1, pool)
        unhoused += int(world.flows.unhoused.sum())
    return world, unhoused


def test_a_full_municipality_is_the_same_for_any_number_of_threads() -> None:
    world, unhoused = one_full_municipality(1)
    assert unhoused > 100 and world.flows.domestic.sum() > 0  # choices filled up while others chose
    for threads in (2, 3):
        other, others_unhoused = one_full_municipality(threads)
        assert (state_digest(other), others_unhoused) == (state_digest(world), unhoused)


@compiled
def house_in_turn(s):
    """House the households that arrive one after another, also where all fit; return in how many places all do."""
    fitting = 0
    for k in range(len(s.municipalities.key)):
        fitting += all_fit(k, s)
        house_one_by_one(k, 0, s)
    return fitting


def test_where_all_fit_it_makes_no_difference_whether_households_are_housed_one_after_another() -> None:
    worlds, pool, fitting = [small_world(6), small_world(6)], ThreadPool(1), []
    assert worlds[0].parameters.households >= 0.5
    in_turn = PHASES | {"allot": lambda world, pool: fitting.append(house_in_turn(world.state()))}
    for _ in range(12):
        pass_month(worlds[0], pool, Clock())
        pass_month(worlds[1], pool, Clock(), in_turn)
    assert sum(fitting) > 6, "hardly ever did all fit"
    assert state_digest(worlds[0]) == state_digest(worlds[1])


def test_threads_take_every_part_once() -> None:
    taken: list[tuple[int, int]] = []
    ThreadPool(3).share(lambda worker, low, high: taken.append((low, high)), [0, 2, 2, 5, 6, 9, 14])
    assert sorted(taken) == [(0, 2), (2, 5), (5, 6), (6, 9), (9, 14)]


def test_parts_weigh_the_same() -> None:
    assert ThreadPool(4).by_weight(np.ones(64)) == [0, 16, 32, 48, 64]
