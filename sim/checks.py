"""Nobody is lost: integer identities checked every month."""

import numpy as np

from sim.world import World


class ConservationError(RuntimeError):
    """Residents do not add up with arrivals and leavers: a fault of the program, never of the input."""


def check_conservation(world: World, before: np.ndarray, renewing: bool = False) -> None:
    """Residents + vacant = places; arrivals - leavers = change, per neighbourhood; moves out = moves in.

    Parameters
    ----------
    before : int64 [J]
        Residents at the end of the month before.
    """
    flows, stocks = world.flows, world.stocks
    after = stocks.people.sum(axis=1)
    if not np.array_equal(after + stocks.vacant, stocks.opened):
        raise ConservationError(f"month {world.month}: residents and vacant places do not make up the places")
    change = (
        flows.births + flows.immigrated + flows.domestic + flows.moved_in
        - flows.deaths - flows.emigrated - flows.moved_away - flows.moved_out
    )  # fmt: skip
    wrong = np.flatnonzero(after - before != change)
    if len(wrong):
        j = int(wrong[0])
        raise ConservationError(
            f"month {world.month}, neighbourhood {j}: {before[j]} residents became {after[j]}, flows say {change[j]:+d}"
        )
    if flows.moved_out.sum() != flows.moved_in.sum():
        raise ConservationError(f"month {world.month}: {flows.moved_out.sum()} moved out, {flows.moved_in.sum()} in")
