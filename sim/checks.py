"""Conservation of people: integer identities that are checked every month (`sim.phases.check`)."""

from sim.world import World

ALL_WELL, ROWS_DIFFER, FLOWS_DIFFER, MOVES_DIFFER, HOMES_LACK = range(5)


class ConservationError(RuntimeError):
    """The residents do not equal those of last month plus arrivals less leavers: a program fault."""


def raise_fault(world: World, month: int) -> None:
    """Raise an error if the check of a month found one.

    Raises
    ------
    ConservationError
        Residents do not add up.
    """
    if world.fault[0] == ALL_WELL:
        return
    fault, j = (int(value) for value in world.fault)
    flows, stocks = world.flows, world.stocks
    if fault == ROWS_DIFFER:
        raise ConservationError(
            f"month {month}: residents and vacant rows do not make up the rows of neighbourhood {j}"
        )
    if fault == HOMES_LACK:
        raise ConservationError(f"month {month}: more households than dwellings in neighbourhood {j}")
    if fault == FLOWS_DIFFER:
        change = (
            flows.births[j]
            + flows.immigrated[j]
            + flows.domestic[j]
            + flows.moved_in[j]
            - flows.deaths[j]
            - flows.emigrated[j]
            - flows.moved_away[j]
            - flows.moved_out[j]
        )
        before, after = world.before[j], stocks.people[j].sum()
        raise ConservationError(
            f"month {month}, neighbourhood {j}: {before} residents became {after}, flows say {change:+d}"
        )
    if fault == MOVES_DIFFER:
        raise ConservationError(f"month {month}: {flows.moved_out.sum()} moved out, {flows.moved_in.sum()} in")
