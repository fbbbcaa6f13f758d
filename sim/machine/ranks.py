"""Drawing without replacement for eight people at once: ranks among what is not taken yet become positions.

To find the n-th thing that nobody has taken, one passes over those taken before it: a branch a step, which the
processor guesses wrong every other time. Here eight people pass over theirs together, without a branch.
"""

from sim.machine.on_demand import Intrinsic, arrays, ir, types

DRAWN, AT_ONCE = 16, 8  # things drawn by a person, and people
INT32 = 32


@Intrinsic
def positions_of_ranks(typing_context, ranks):
    """Replace ranks by positions: `ranks` is int32 [16 * 8], the n-th things of eight people side by side.

    The n-th rank of a person counts from 0 among all that the n - 1 before did not take.
    """

    def generate(context, builder, signature, arguments):
        lanes = ir.VectorType(ir.IntType(INT32), AT_ONCE)
        data = arrays.make_array(signature.args[0])(context, builder, arguments[0]).data
        one = ir.Constant(lanes, [1] * AT_ONCE)
        taken = []  # what was not taken before each that is: ascending
        for n in range(DRAWN):
            at = builder.gep(data, [ir.Constant(ir.IntType(64), n * AT_ONCE)])
            place = builder.bitcast(at, lanes.as_pointer())
            position = carried = builder.load(place, align=4)
            after = []
            for before in taken:
                passed = builder.icmp_signed("<=", before, carried)
                position = builder.sub(position, builder.sext(passed, lanes))
                after.append(builder.select(passed, before, carried))
                carried = builder.select(passed, carried, builder.sub(before, one))
            taken = [*after, carried]
            builder.store(position, place, align=4)
        return context.get_dummy_value()

    return types.void(ranks), generate
