"""Looking up eight residents at once in a small table: a permutation of eight numbers, one instruction with AVX2.

The compiler does not make a vector of a loop that reads `table[index[n]]`, and comparing with each index in turn costs
eight steps a resident. Processors without such an instruction read the table from their nearest cache.
"""

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from sim.machine.arithmetic import ZERO, compiled

AT_ONCE = 8
BYTE, INT32, FLOAT = ir.IntType(8), ir.IntType(32), ir.FloatType()


@intrinsic
def look_up_eight(typing_context, entries, begin, index, position, out):
    """out[position + i] = entries[index[position + i] - begin] for i in 0 to 7, where that is from 0 to 7.

    Else 0 where `begin` is 0, and what it was before where it is not. `entries` are eight float32 in memory (a table
    made of single values would not become one permutation), `index` is an array of uint8, `out` one of float32.
    """

    def generate(context, builder, signature, arguments):
        numbers = load(context, builder, signature.args[0], arguments[0], None, FLOAT)
        codes = load(context, builder, signature.args[2], arguments[2], arguments[3], BYTE)
        distance = builder.sub(codes, splat(builder, builder.trunc(arguments[1], BYTE)))
        inside = builder.icmp_unsigned("<", distance, ir.Constant(distance.type, [AT_ONCE] * AT_ONCE))
        entry = builder.and_(distance, ir.Constant(distance.type, [AT_ONCE - 1] * AT_ONCE))
        entry = builder.zext(entry, ir.VectorType(INT32, AT_ONCE))
        found = ir.Constant(numbers.type, ir.Undefined)
        for lane in (ir.Constant(INT32, n) for n in range(AT_ONCE)):
            number = builder.extract_element(numbers, builder.extract_element(entry, lane))
            found = builder.insert_element(found, number, lane)
        # Bits are joined: selecting between new and old numbers would become a masked store, which takes far longer.
        bits = ir.VectorType(INT32, AT_ONCE)
        taken = builder.and_(builder.bitcast(found, bits), builder.sext(inside, bits))
        later = splat(builder, builder.sext(builder.icmp_signed("!=", arguments[1], arguments[1].type(0)), INT32))
        place = pointer_to(context, builder, signature.args[4], arguments[4], arguments[3], INT32)
        before = builder.and_(builder.load(place, align=4), later)
        builder.store(builder.or_(taken, before), place, align=4)
        return context.get_dummy_value()

    return types.void(entries, begin, index, position, out), generate


def pointer_to(context: Any, builder: Any, kind: Any, array: Any, at: Any, number: Any) -> Any:
    """A pointer to eight numbers of an array, from a position on."""
    data = make_array(kind)(context, builder, array).data
    data = data if at is None else builder.gep(data, [at])
    return builder.bitcast(data, ir.VectorType(number, AT_ONCE).as_pointer())


def load(context: Any, builder: Any, kind: Any, array: Any, at: Any, number: Any) -> Any:
    """Eight numbers of an array."""
    place = pointer_to(context, builder, kind, array, at, number)
    return builder.load(place, align=1 if number is BYTE else 4)


def splat(builder: Any, value: Any) -> Any:
    """A vector with one value in all its lanes."""
    vector = ir.Constant(ir.VectorType(value.type, AT_ONCE), ir.Undefined)
    for n in range(AT_ONCE):
        vector = builder.insert_element(vector, value, ir.Constant(INT32, n))
    return vector


look_up_at: Any = look_up_eight  # to a type checker an intrinsic still wants its first argument


@compiled
def look_up(table, index, entries, out):
    """out = table[index] for a block, 0 where the index lies beyond the table; `entries` is scratch for eight float32."""
    whole = len(index) // AT_ONCE * AT_ONCE
    for begin in range(0, len(table), AT_ONCE):
        for n in range(min(AT_ONCE, len(table) - begin)):
            entries[n] = table[begin + n]
        for n in range(0, whole, AT_ONCE):
            look_up_at(entries, begin, index, n, out)
    for n in range(whole, len(index)):
        out[n] = table[index[n]] if index[n] < len(table) else ZERO
