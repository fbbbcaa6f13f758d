"""Many months in one compiled call, on one thread: for sweeps of small worlds, where Python between phases costs most.

The phases are those of a table of `sim.phases.month`, called by their address, so that nothing is compiled twice and
a run gives the same digest. The call does not hold Python's lock, so that threads can each run a world of their own.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sim.checks import raise_fault
from sim.machine.calls import call_phase
from sim.machine.compile_cache import argument_types, phase
from sim.machine.struct import State, Whole, declared_fields, lay_out
from sim.phases.month import (
    BEGIN,
    CHECK,
    PHASES,
    SETTLING_PHASES,
    Phase,
    Step,
    at_once,
    by_block,
    by_municipality,
    by_neighbourhood,
)
from sim.workspace import BLOCK
from sim.world import World

NEIGHBOURHOODS, BLOCKS, MUNICIPALITIES, ONCE = range(4)
UNITS: dict[Any, int] = {
    by_neighbourhood: NEIGHBOURHOODS,
    by_block: BLOCKS,
    by_municipality: MUNICIPALITIES,
    at_once: ONCE,
}


class Program(NamedTuple):
    """The phases of a month, as compiled code takes them.

    Attributes
    ----------
    address : int64 [phases]
        Of the machine code of each.
    unit : int64 [phases]
        How its work is divided: one of `UNITS`.
    """

    address: Whole
    unit: Whole


PROGRAM = lay_out({"phases": declared_fields(Program)})
argument_types["program"] = PROGRAM


@phase
def pass_many(months, program, s):
    """Simulate a number of months; the phases are given by address and by the unit in which their work is divided.

    Stops after a month in which the residents do not add up; `s.run.fault` says so.
    """
    areas, units = len(s.neighbourhoods.key), program.phases.unit
    for _ in range(months):
        for at in range(len(units)):
            high = areas
            if units[at] == MUNICIPALITIES:
                high = len(s.municipalities.key)
            elif units[at] == ONCE:
                high = 1
            elif units[at] == BLOCKS:
                high = 0
                for j in range(areas):
                    high += (s.stocks.opened[j] + BLOCK - 1) // BLOCK
            call_phase(program.phases.address[at], 0, 0, high, s)
        if s.run.fault[0] != 0:
            return
        s.run.month[0] += 1


@cache
def program_of(names: tuple[str, ...], count: Phase | None) -> State:
    """The phases of a month, from its beginning to its check."""
    before = [count, BEGIN] if count else [BEGIN]
    steps = [*before, *((PHASES | SETTLING_PHASES)[name] for name in names), CHECK]
    phases = [step for step in steps if isinstance(step, Phase)]
    addresses = np.array([step.function.address for step in phases], np.int64)
    program = State(PROGRAM)
    program.put("phases", Program(addresses, np.array([UNITS[step.units] for step in phases], np.int64)))
    return program


def pass_months(world: World, months: int, phases: dict[str, Step] = PHASES, count: Phase | None = None) -> None:
    """Simulate months of a world in one call, with the levers that are in force.

    Parameters
    ----------
    count : Phase, optional
        Counts the people whom a policy serves at the beginning of each month (`World.served`): `COUNT`, or
        `COUNT_RESIDENTS` where it is paid by the number of residents alone.

    Raises
    ------
    ConservationError
        Residents do not add up with arrivals and leavers.
    """
    program, state = program_of(tuple(phases), count), world.state()
    pass_many(months, program, state)
    world.month = int(world._month[0])
    raise_fault(world, world.month)
