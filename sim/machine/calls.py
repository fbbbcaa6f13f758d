"""Calling a phase by the address of its machine code, from compiled code."""

from sim.machine.on_demand import Intrinsic, cgutils, ir, types


@Intrinsic
def call_phase(typing_context, address, worker, low, high, state):
    """Call the phase at an address for low to high - 1; returns an error's number, 0 for none.

    The state is given as such, or as the address of its table.
    """

    def generate(context, builder, signature, arguments):
        where, *numbers, table = arguments
        unused = [cgutils.alloca_once(builder, cgutils.voidptr_t) for _ in range(2)]  # what it returns, and its error
        pointer = ir.IntType(64).as_pointer()
        given = [*unused, *numbers, table if table.type == pointer else builder.inttoptr(table, pointer)]
        kind = ir.FunctionType(ir.IntType(32), [value.type for value in given])
        return builder.call(builder.inttoptr(where, kind.as_pointer()), given)

    return types.int32(types.int64, types.int64, types.int64, types.int64, state), generate
