"""Many months in one compiled call, on one thread: for sweeps of small worlds, where Python between phases costs most.

The phases are those of a table of `sim.month`, called by their address, so that nothing is compiled twice and a run
gives the same digest. The call does not hold Python's lock, so that threads can each run a world of their own.
"""

from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from sim.checks import raise_fault
from sim.machine.compile_cache import phase
from sim.machine.struct import WORD
from sim.month import (
    BEGIN,
    CHECK,
    COUNT,
    PHASES,
    SETTLING_PHASES,
    Phase,
    Step,
    at_once,
    by_block,
    by_municipality,
    by_neighbourhood,
)
from sim.state import STATE
from sim.workspace import BLOCK
from sim.world import World

NEIGHBOURHOODS, BLOCKS, MUNICIPALITIES, ONCE = range(4)
UNITS: dict[Any, int] = {
    by_neighbourhood: NEIGHBOURHOODS,
    by_block: BLOCKS,
    by_municipality: MUNICIPALITIES,
    at_once: ONCE,
}
SIGNATURE = types.void(types.int64, types.int64, types.int64, STATE)


@intrinsic
def call_at(typing_context, address, high, state):
    """Call the phase at an address for everything up to `high`, as the first worker."""

    def generate(context, builder, signature, arguments):
        where, stop, pointer = arguments
        kind = ir.FunctionType(ir.IntType(8).as_pointer(), [WORD, WORD, WORD, WORD.as_pointer()])
        zero = ir.Constant(WORD, 0)
        builder.call(builder.inttoptr(where, kind.as_pointer()), [zero, zero, stop, pointer])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, state), generate


call: Any = call_at  # to a type checker an intrinsic still wants its first argument


@phase
def pass_many(months, addresses, units, s):
    """Simulate a number of months; the phases are given by address and by the unit in which their work is divided.

    Stops after a month in which the residents do not add up; `s.run.fault` says so.
    """
    areas = len(s.neighbourhoods.key)
    for _ in range(months):
        for at in range(len(addresses)):
            high = areas
            if units[at] == MUNICIPALITIES:
                high = len(s.municipalities.key)
            elif units[at] == ONCE:
                high = 1
            elif units[at] == BLOCKS:
                high = 0
                for j in range(areas):
                    high += (s.stocks.opened[j] + BLOCK - 1) // BLOCK
            call(addresses[at], high, s)
        if s.run.fault[0] != 0:
            return
        s.run.month[0] += 1


@cache
def address_of(function: Any) -> int:
    """The address of a phase's compiled code, which is compiled or loaded if needed."""
    function.compile(SIGNATURE)
    found = function.overloads[SIGNATURE.args]
    return found.library.get_pointer_to_function(found.fndesc.llvm_cfunc_wrapper_name)


@cache
def program_of(names: tuple[str, ...], count: bool) -> tuple[np.ndarray, np.ndarray]:
    """Addresses and units of the phases of a month, from its beginning to its check."""
    before = [COUNT, BEGIN] if count else [BEGIN]
    steps = [*before, *((PHASES | SETTLING_PHASES)[name] for name in names), CHECK]
    phases = [step for step in steps if isinstance(step, Phase)]
    addresses = np.array([address_of(step.function) for step in phases], np.int64)
    return addresses, np.array([UNITS[step.share] for step in phases], np.int64)


def pass_months(world: World, months: int, phases: dict[str, Step] = PHASES, count: bool = False) -> None:
    """Simulate months of a world in one call, with the levers that are in force.

    Parameters
    ----------
    count : bool
        Whether the people whom a policy serves are counted at the beginning of each month (`World.served`).

    Raises
    ------
    ConservationError
        Residents do not add up with arrivals and leavers.
    """
    addresses, units = program_of(tuple(phases), count)
    state = world.state()
    pass_many(months, addresses, units, state)
    world.month = int(world._month[0])
    raise_fault(world, world.month)
