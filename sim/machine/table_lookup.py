"""Looking up eight residents at once in a small table: a permutation of eight numbers, one instruction with AVX2.

The compiler does not make a vector of a loop that reads `table[index[n]]`, and comparing with each index in turn costs
eight steps a resident. Processors without such an instruction read the table from their nearest cache.
"""

from typing import Any

from sim.machine.arithmetic import ZERO, compiled
from sim.machine.on_demand import Intrinsic, arrays, ir, types

AT_ONCE = 8
BYTE, INT32 = 8, 32  # bits of an index, and of a number of the table: numbers are handled as bits


@Intrinsic
def look_up_eight(typing_context, entries, begin, index, position, out):
    """out[position + i] = entries[index[position + i] - begin] for i in 0 to 7, where that is from 0 to 7.

    Else 0 where `begin` is 0, and what it was before where it is not. `entries` are eight float32 in memory (a table
    made of single values would not become one permutation), `index` is an array of uint8, `out` one of float32.
    """

    def generate(context, builder, signature, arguments):
        def place_of(array, at, bits):
            data = arrays.make_array(signature.args[array])(context, builder, arguments[array]).data
            return builder.bitcast(builder.gep(data, [at]), lanes_of(bits).as_pointer())

        begins, first = arguments[1], ir.Constant(ir.IntType(64), 0)
        numbers = builder.load(place_of(0, first, INT32), align=4)
        codes = builder.load(place_of(2, arguments[3], BYTE), align=1)
        distance = builder.sub(codes, splat(builder, builder.trunc(begins, ir.IntType(BYTE)), BYTE))
        inside = builder.icmp_unsigned("<", distance, ir.Constant(lanes_of(BYTE), [AT_ONCE] * AT_ONCE))
        entry = builder.and_(distance, ir.Constant(lanes_of(BYTE), [AT_ONCE - 1] * AT_ONCE))
        entry, found = builder.zext(entry, lanes_of(INT32)), ir.Constant(lanes_of(INT32), ir.Undefined)
        for lane in (ir.Constant(ir.IntType(INT32), n) for n in range(AT_ONCE)):
            number = builder.extract_element(numbers, builder.extract_element(entry, lane))
            found = builder.insert_element(found, number, lane)
        # Bits are joined: selecting between new and old numbers would become a masked store, which takes far longer.
        taken = builder.and_(found, builder.sext(inside, lanes_of(INT32)))
        later = builder.sext(builder.icmp_signed("!=", begins, ir.Constant(begins.type, 0)), ir.IntType(INT32))
        place = place_of(4, arguments[3], INT32)
        before = builder.and_(builder.load(place, align=4), splat(builder, later, INT32))
        builder.store(builder.or_(taken, before), place, align=4)
        return context.get_dummy_value()

    return types.void(entries, begin, index, position, out), generate


def lanes_of(bits: int) -> Any:
    """The type of eight whole numbers."""
    return ir.VectorType(ir.IntType(bits), AT_ONCE)


def splat(builder: Any, value: Any, bits: int) -> Any:
    """Eight times the same number."""
    vector = ir.Constant(lanes_of(bits), ir.Undefined)
    for n in range(AT_ONCE):
        vector = builder.insert_element(vector, value, ir.Constant(ir.IntType(INT32), n))
    return vector


@compiled
def look_up(table, index, entries, out):
    """out = table[index] for a block, 0 where the index lies beyond it; `entries` is scratch for eight float32."""
    whole = len(index) // AT_ONCE * AT_ONCE
    for begin in range(0, len(table), AT_ONCE):
        for n in range(AT_ONCE):
            entries[n] = table[begin + n] if begin + n < len(table) else ZERO
        for n in range(0, whole, AT_ONCE):
            look_up_eight(entries, begin, index, n, out)
    for n in range(whole, len(index)):
        out[n] = table[index[n]] if index[n] < len(table) else ZERO
