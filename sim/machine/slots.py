"""Rows of eight 64-bit numbers, a cache line each, of which the processor treats all eight slots at once.

Which slots are meant is said by a bitmask of eight bits, the lowest for the first slot.
"""

from typing import Any

from sim.machine.on_demand import Intrinsic, arrays, cgutils, ir, types

SLOTS = 8
WORD = 64


def lanes(bits: int) -> Any:
    """Eight numbers of so many bits."""
    return ir.VectorType(ir.IntType(bits), SLOTS)


def constant(number: int) -> Any:
    """Eight times the same number."""
    return ir.Constant(lanes(WORD), [number] * SLOTS)


def spread(builder: Any, number: Any) -> Any:
    """Eight times a number known when the code runs."""
    first = builder.insert_element(ir.Constant(lanes(WORD), ir.Undefined), number, ir.IntType(32)(0))
    return builder.shuffle_vector(first, ir.Constant(lanes(WORD), ir.Undefined), ir.Constant(lanes(32), [0] * SLOTS))


def row_pointer(context: Any, builder: Any, table: Any, array: Any, row: Any) -> Any:
    """A pointer to the eight numbers of a row."""
    data = arrays.make_array(table)(context, builder, array).data
    first = builder.gep(data, [builder.mul(row, ir.Constant(row.type, SLOTS))])
    return builder.bitcast(first, lanes(WORD).as_pointer())


def as_mask(builder: Any, found: Any) -> Any:
    """Eight yes-or-no values as a bitmask."""
    return builder.zext(builder.bitcast(found, ir.IntType(SLOTS)), ir.IntType(WORD))


@Intrinsic
def slots_alike(typing_context, table, row, bits, wanted):
    """Which numbers of a row agree with a wanted one in these bits; those that are 0 do not count."""

    def generate(context, builder, signature, arguments):
        array, at, within, number = arguments
        found = builder.load(row_pointer(context, builder, signature.args[0], array, at), align=WORD // 8)
        differ = builder.and_(builder.xor(found, spread(builder, number)), spread(builder, within))
        alike = builder.icmp_unsigned("==", differ, constant(0))
        return as_mask(builder, builder.and_(alike, builder.icmp_unsigned("!=", found, constant(0))))

    return types.int64(table, types.int64, types.uint64, types.uint64), generate


@Intrinsic
def slots_up_to(typing_context, table, row, bits, most):
    """Which numbers of a row are at most so high in these bits; those that are 0 do not count."""

    def generate(context, builder, signature, arguments):
        array, at, within, number = arguments
        found = builder.load(row_pointer(context, builder, signature.args[0], array, at), align=WORD // 8)
        low = builder.icmp_unsigned("<=", builder.and_(found, spread(builder, within)), spread(builder, number))
        return as_mask(builder, builder.and_(low, builder.icmp_unsigned("!=", found, constant(0))))

    return types.int64(table, types.int64, types.uint64, types.uint64), generate


@Intrinsic
def move_slots(typing_context, table, source, target, kept, bits):
    """Write the numbers of one row that a mask names in the first slots of a row, also the same; the others are 0.

    Returns the lowest in these bits; where nothing is left that is all bits.
    """

    def generate(context, builder, signature, arguments):
        array, old, new, mask, within = arguments
        place = row_pointer(context, builder, signature.args[0], array, old)
        chosen = builder.bitcast(builder.trunc(mask, ir.IntType(SLOTS)), lanes(1))
        vector = lanes(WORD)
        compress = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(vector, [vector, lanes(1), vector]),
            "llvm.experimental.vector.compress.v8i64",
        )
        lowest = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.IntType(WORD), [vector]), "llvm.vector.reduce.umin.v8i64"
        )
        left = builder.call(compress, [builder.load(place, align=WORD // 8), chosen, constant(0)])
        builder.store(left, row_pointer(context, builder, signature.args[0], array, new), align=WORD // 8)
        empty, of_bits = builder.icmp_unsigned("==", left, constant(0)), spread(builder, within)
        return builder.call(lowest, [builder.select(empty, of_bits, builder.and_(left, of_bits))])

    return types.uint64(table, types.int64, types.int64, types.int64, types.uint64), generate
