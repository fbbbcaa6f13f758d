"""Rows whose value in a column is not zero, found by bitmasks of 64: a tenth of the cost of reading each."""

import numpy as np

from sim.machine.arithmetic import rule
from sim.machine.on_demand import Intrinsic, arrays, cgutils, ir, types

AT_ONCE = 64
NO_BITS, ONE_BIT, ALL_BITS = np.uint64(0), np.uint64(1), np.uint64((1 << 64) - 1)


@Intrinsic
def nonzero_of_64(typing_context, column, start):
    """Bits of the 64 integers of a column from `start` on: 1 where not zero."""
    lanes, word = ir.VectorType(ir.IntType(column.dtype.bitwidth), AT_ONCE), ir.IntType(AT_ONCE)

    def generate(context, builder, signature, arguments):
        data = arrays.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = cgutils.gep_inbounds(builder, data, arguments[1])
        read = builder.load(builder.bitcast(address, lanes.as_pointer()), align=column.dtype.bitwidth // 8)
        return builder.bitcast(builder.icmp_unsigned("!=", read, ir.Constant(lanes, [0] * AT_ONCE)), word)

    return types.uint64(column, types.int64), generate


@Intrinsic
def below_of_64(typing_context, column, start, limit):
    """Bits of the 64 integers of a column from `start` on: 1 where below a limit."""
    lanes, word = ir.VectorType(ir.IntType(column.dtype.bitwidth), AT_ONCE), ir.IntType(AT_ONCE)

    def generate(context, builder, signature, arguments):
        data = arrays.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = cgutils.gep_inbounds(builder, data, arguments[1])
        read = builder.load(builder.bitcast(address, lanes.as_pointer()), align=column.dtype.bitwidth // 8)
        first = builder.insert_element(ir.Constant(lanes, ir.Undefined), arguments[2], ir.IntType(32)(0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), AT_ONCE), [0] * AT_ONCE)
        limits = builder.shuffle_vector(first, ir.Constant(lanes, ir.Undefined), zeros)
        return builder.bitcast(builder.icmp_signed("<", read, limits), word)

    return types.uint64(column, types.int64, column.dtype), generate


@Intrinsic
def lowest_bit(typing_context, bits):
    """Position of the lowest bit that is set."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@rule
def nonzero_bits(column, start, stop):
    """Bits of at most 64 rows from `start` on and before `stop`: 1 where the column is not zero."""
    if stop - start >= AT_ONCE:
        return nonzero_of_64(column, start)
    bits = NO_BITS
    for n in range(stop - start):
        if column[start + n]:
            bits |= ONE_BIT << np.uint64(n)
    return bits


@rule
def zero_bits(column, start, stop):
    """Bits of the same rows: 1 where the column is zero."""
    beyond = NO_BITS if stop - start >= AT_ONCE else ALL_BITS << np.uint64(stop - start)
    return ~(nonzero_bits(column, start, stop) | beyond)


@Intrinsic
def count_bits(typing_context, bits):
    """How many bits are set."""

    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.int64), generate


@rule
def bits_below(column, start, stop, limit):
    """Bits of the same rows: 1 where the column is below a limit."""
    if stop - start >= AT_ONCE:
        return below_of_64(column, start, limit)
    bits = NO_BITS
    for n in range(stop - start):
        if column[start + n] < limit:
            bits |= ONE_BIT << np.uint64(n)
    return bits


@rule
def clear_lowest_bit(bits):
    """Clear the lowest bit that is set."""
    return bits & (bits - ONE_BIT)


@rule
def nonzero_rows(column, start, stop):
    """Pass through the rows from `start` on and before `stop` where a column is not zero, in ascending order."""
    for base in range(start, stop, AT_ONCE):
        bits = nonzero_bits(column, base, stop)
        while bits:
            yield base + lowest_bit(bits)
            bits = clear_lowest_bit(bits)


@rule
def zero_rows(column, start, stop):
    """Pass through the same rows where the column is zero."""
    for base in range(start, stop, AT_ONCE):
        bits = zero_bits(column, base, stop)
        while bits:
            yield base + lowest_bit(bits)
            bits = clear_lowest_bit(bits)


@rule
def set_bits(bits):
    """Pass through the positions of the bits that are set, in ascending order."""
    left = np.uint64(bits)
    while left:
        yield lowest_bit(left)
        left = clear_lowest_bit(left)
