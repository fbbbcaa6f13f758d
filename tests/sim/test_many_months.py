"""A whole run in one compiled call is the run of separate months, to the bit."""

import numpy as np

from scenarios.build_options import BuildOptions
from scenarios.building import build_world
from scenarios.settling import begin_settling, settle
from sim.conditions import Conditions
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.many_months import pass_months
from sim.phases.month import COUNT, COUNT_RESIDENTS, OBSERVE, SETTLING_PHASES, Clock, observe_world, pass_month
from sim.world import World
from tests.tools.worlds import small_table, small_world

CHANGED = Parameters(effect_diversity=0.2, moving_scale=1.4)


def two_stages(world: World) -> tuple[Conditions, Conditions]:
    later = Conditions(*(array.copy() for array in world.conditions))
    later.one_stop[:] = 0.7
    later.funding[1] *= 2
    later.building[:] = 1.5
    return world.conditions, later


def test_whole_run_equals_separate_months() -> None:
    months, change = 30, 7
    slow, fast = small_world(seed=5, parameters=CHANGED), small_world(seed=5, parameters=CHANGED)
    now, later = two_stages(slow)
    seen, pool, clock = [], ThreadPool(2), Clock()
    residents = []
    for month in range(months):
        slow.conditions = now if month < change else later
        residents += [slow.residents] if month >= change else []
        pass_month(slow, pool, clock)
        if (month + 1) % 10 == 0:
            found = observe_world(slow, pool, clock)
            seen.append((found.sums.copy(), found.histogram.copy(), slow.stocks.people.copy(), slow.rates.load.copy()))
    pool, counts = ThreadPool(1), {10: COUNT, 20: COUNT_RESIDENTS, months: COUNT}
    for begin, end, conditions in ((0, change, now), (change, 10, later), (10, 20, later), (20, months, later)):
        fast.conditions = conditions
        pass_months(fast, end - begin, count=counts[end] if conditions is later else None)
        if end % 10 == 0:
            OBSERVE(fast, pool)
            sums, histogram, people, load = seen[end // 10 - 1]
            assert np.array_equal(fast.observed.sums, sums) and np.array_equal(fast.observed.histogram, histogram)
            assert np.array_equal(fast.stocks.people, people) and np.array_equal(fast.rates.load, load)
    assert fast.month == months and state_digest(fast) == state_digest(slow)
    assert fast.served.resident_months.sum() == sum(residents)


def test_settling_in_one_call_equals_settling_by_month() -> None:
    options, pool = BuildOptions(seed=3, settling_months=12), ThreadPool(1)
    slow = settle(build_world(small_table(), CHANGED, options, pool), pool)
    w = build_world(small_table(), CHANGED, options, pool)
    begin_settling(w, pool)
    pass_months(w, 12, SETTLING_PHASES)
    assert w.month == 0
    assert state_digest(w) == state_digest(slow)
