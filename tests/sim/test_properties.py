"""Random worlds: what must hold of any of them; `tests/tools/campaign.py` tries thousands."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from sim.machine.threads import ThreadPool
from tests.tools.random_worlds import Case, begin, cases, check_case


@settings(max_examples=25)
@given(cases())
def test_any_world_is_conserved_bounded_and_the_same_however_it_is_run(case: Case) -> None:
    check_case(case)


@settings(max_examples=15)
@given(cases())
def test_limits_are_reached_monotonically(case: Case) -> None:
    """With the same draws: more arrivals asked for are more arrivals, none asked for are none."""
    wanted = []
    for scale in (0.0, 0.5, 1.5, 3.0):
        changed = Case(**(vars(case) | {"changed": case.changed | {"arrivals_scale": scale}}))
        running = begin(changed, ThreadPool(1))
        running.month()
        wanted.append(running.world.stocks.inflow[:, 0].copy())
    assert not wanted[0].any(), "somebody came though nobody was expected"
    assert (np.diff(np.array(wanted), axis=0) >= 0).all(), "more were expected and fewer came"


@settings(max_examples=15)
@given(cases())
def test_nobody_moves_where_the_rate_is_nought(case: Case) -> None:
    """Nobody moves where the moving rate is nought and no couple parts, whatever else happens."""
    running = begin(replace(case, changed=case.changed | {"separation": 0.0}), ThreadPool(1))
    world = running.world
    world.neighbourhoods = world.neighbourhoods._replace(mobility=np.zeros_like(world.neighbourhoods.mobility))
    for _ in range(case.months):
        running.month()
        for name in ("moved_out", "moved_within", "moved_away"):
            assert not getattr(world.flows, name).any(), name
