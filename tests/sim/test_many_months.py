"""A whole run in one compiled call is the run of separate months, to the bit."""

import numpy as np

from scenarios.building import BuildOptions, build_world
from scenarios.settling import settle
from sim.conditions import Conditions
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.many_months import ALL_WELL, empty_findings, pass_all, settle_all
from sim.month import Clock, census_phase, observe_world, pass_month
from sim.parameters import Parameters
from sim.world import World
from tests.tools.worlds import small_table, small_world

CHANGED = Parameters(effect_diversity=0.2, moving_scale=1.4)


def stacked(*conditions: Conditions) -> Conditions:
    return Conditions(*(np.stack(arrays) for arrays in zip(*conditions, strict=True)))


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
    for month in range(months):
        slow.conditions = now if month < change else later
        pass_month(slow, pool, clock)
        if (month + 1) % 10 == 0:
            found = observe_world(slow, pool, clock)
            seen.append((found.sums.copy(), found.histogram.copy(), slow.stocks.people.copy(), slow.rates.load.copy()))
    findings = empty_findings(fast, 3, 2)
    w, stages = fast, np.array([0] * change + [1] * (months - change))
    lost = pass_all(months, 10, stages, np.array([False, True]), w.population, w.places, w.municipalities, w.stocks,
                    w.flows, w.rates, stacked(now, later), w.tables, w.weights, w.stay, w.key, 0, w.coefficients,
                    findings)  # fmt: skip
    fast.month = months
    assert lost == ALL_WELL and state_digest(fast) == state_digest(slow)
    for at, (sums, histogram, people, load) in enumerate(seen):
        assert np.array_equal(findings.sums[at], sums) and np.array_equal(findings.histogram[at], histogram)
        assert np.array_equal(findings.people[at], people) and np.array_equal(findings.load[at], load)
    assert findings.residents[0].sum() == 0 and findings.residents[1].sum() > 0


def test_settling_in_one_call_equals_settling_by_month() -> None:
    options, pool = BuildOptions(seed=3, settling_months=12), ThreadPool(1)
    slow = settle(build_world(small_table(), CHANGED, options, pool), pool)
    w = build_world(small_table(), CHANGED, options, pool)
    census_phase(w, pool)
    w.stocks.inflow[:] = w.municipalities.arrivals.sum(axis=1, keepdims=True).round().astype(int)
    settle_all(12, w.population, w.places, w.municipalities, w.stocks, w.rates, w.conditions, w.tables, w.weights,
               w.key, w.month, w.coefficients)  # fmt: skip
    w.month = 0
    assert state_digest(w) == state_digest(slow)
