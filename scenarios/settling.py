"""Settling: months before the start in which ties, faces, residence and belonging reach a steady state."""

import numpy as np

from sim.machine.threads import ThreadPool
from sim.phases.month import CENSUS, SETTLING_PHASES, Clock, pass_month
from sim.world import World


def begin_settling(world: World, pool: ThreadPool) -> None:
    """Count the first residents, and assume that as many lived here and arrived in every month of the year before."""
    CENSUS(world, pool)
    world.stocks.former[:] = world.stocks.people
    world.stocks.year[:] = world.stocks.people.sum(axis=1, keepdims=True)
    monthly = world.municipalities.arrivals.sum(axis=1, keepdims=True)
    if world.parameters.load_expected > 0:  # whole agents whose sum over the year is right
        world.stocks.inflow[:] = np.diff(np.floor(monthly * np.arange(13) + 0.5), axis=1).astype(int)
    else:
        world.stocks.inflow[:] = monthly.round().astype(int)


def settle(world: World, pool: ThreadPool, clock: Clock | None = None, on_month=None) -> World:
    """Simulate the months before month 0: meeting and belonging as in the model, with renewal instead of moving.

    Parameters
    ----------
    world : World
        As `build_world` made it; its month is minus the number of months of settling.
    on_month : callable, optional
        Called with the world after every month.
    """
    clock = clock or Clock()
    begin_settling(world, pool)
    while world.month < 0:
        pass_month(world, pool, clock, SETTLING_PHASES)
        if on_month is not None:
            on_month(world)
    return world
