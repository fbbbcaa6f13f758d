"""Numbers that several threads change at once: what one of them writes, all others see in the same order."""

from sim.machine.on_demand import Intrinsic, arrays, types

ORDERING, BYTES = "seq_cst", 8
UNORDERED = "monotonic"  # every write counts, in whatever order others see them


def element(context, builder, signature, arguments):
    """A pointer to a number of an array."""
    data = arrays.make_array(signature.args[0])(context, builder, arguments[0]).data
    return builder.gep(data, [arguments[1]])


@Intrinsic
def atomic_read(typing_context, numbers, at):
    """The number at a place."""

    def generate(context, builder, signature, arguments):
        return builder.load_atomic(element(context, builder, signature, arguments), ORDERING, BYTES)

    return types.int64(numbers, types.int64), generate


@Intrinsic
def atomic_write(typing_context, numbers, at, number):
    """Write a number."""

    def generate(context, builder, signature, arguments):
        place = element(context, builder, signature, arguments)
        builder.store_atomic(arguments[2], place, ORDERING, BYTES)
        return context.get_dummy_value()

    return types.void(numbers, types.int64, types.int64), generate


def changing(operation: str) -> Intrinsic:
    """Make an intrinsic that changes a number; it returns what it was before."""

    @Intrinsic
    def change(typing_context, numbers, at, number):
        def generate(context, builder, signature, arguments):
            place = element(context, builder, signature, arguments)
            return builder.atomic_rmw(operation, place, arguments[2], ORDERING)

        return types.int64(numbers, types.int64, types.int64), generate

    return change


atomic_add, atomic_exchange = changing("add"), changing("xchg")


@Intrinsic
def atomic_mark(typing_context, marks, at, bits):
    """Set bits of a byte, whoever else sets others."""

    def generate(context, builder, signature, arguments):
        place = element(context, builder, signature, arguments)
        builder.atomic_rmw("or", place, arguments[2], UNORDERED)
        return context.get_dummy_value()

    return types.void(marks, types.int64, types.uint8), generate
