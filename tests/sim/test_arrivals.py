"""Arrivals: where homes are short some find none, and threads share what one municipality has without a difference."""

import numpy as np
import pytest

from sim.digest import state_digest
from sim.machine.arithmetic import compiled
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.arrive import find_roomy, house_in_turn
from sim.phases.home_offers import note_offer
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
def house_one_by_one(s):
    """House the households that arrive one after another; return in how many neighbourhoods there is room for all."""
    roomy = 0
    for k in range(len(s.municipalities.key)):
        find_roomy(k, s)
        for member in range(s.municipalities.member_first[k], s.municipalities.member_first[k + 1]):
            j = s.municipalities.member[member]
            roomy += s.moves.roomy[j]
            s.moves.roomy[j] = 0
            note_offer(j, s)
        house_in_turn(k, 0, s)
    return roomy


@pytest.mark.parametrize("parameters", [Parameters(), Parameters(vacancy=0.02, building=0.0), FULL])
def test_it_makes_no_difference_whether_households_with_room_are_housed_one_after_another(parameters) -> None:
    """Neither where some neighbourhoods fill up and people go on to those with room."""
    assert parameters.households >= 0.5
    worlds, pool = [small_world(6, parameters=parameters), small_world(6, parameters=parameters)], ThreadPool(1)
    roomy: list[int] = []
    one_by_one = PHASES | {"allot": lambda world, pool: roomy.append(house_one_by_one(world.state()))}
    for _ in range(18):
        pass_month(worlds[0], pool, Clock())
        pass_month(worlds[1], pool, Clock(), one_by_one)
        assert all(np.array_equal(*flows) for flows in zip(worlds[0].flows, worlds[1].flows, strict=True))
    assert sum(roomy) > 20, "hardly anywhere was there room"
    assert state_digest(worlds[0]) == state_digest(worlds[1])


def test_threads_take_every_part_once() -> None:
    taken: list[tuple[int, int]] = []
    ThreadPool(3).share(lambda worker, low, high: taken.append((low, high)), [0, 2, 2, 5, 6, 9, 14])
    assert sorted(taken) == [(0, 2), (2, 5), (5, 6), (6, 9), (9, 14)]


def test_parts_weigh_the_same() -> None:
    assert ThreadPool(4).by_weight(np.ones(64)) == [0, 16, 32, 48, 64]
