"""Settling: months before the start in which ties, faces, residence and belonging reach a steady state."""

from sim.machine.threads import ThreadPool
from sim.month import CENSUS, SETTLING_PHASES, Clock, pass_month
from sim.world import World


def begin_settling(world: World, pool: ThreadPool) -> None:
    """Count the first residents, and assume that as many arrived in every month of the year before."""
    CENSUS(world, pool)
    world.stocks.inflow[:] = (world.municipalities.arrivals.sum(axis=1, keepdims=True)).round().astype(int)


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
