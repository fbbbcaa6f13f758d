"""Looking up eight residents at once in a small table: a permutation of eight numbers, one instruction with AVX2.

The compiler does not make a vector of a loop that reads `table[index[n]]`, and comparing with each index in turn costs
eight steps a resident. Processors without such an instruction read the table from their nearest cache.
"""

from typing import Any

from sim.machine.arithmetic import ZERO, compiled
from sim.machine.on_demand import Intrinsic, arrays, cgutils, ir, types

AT_ONCE = 8
BYTE, INT32 = 8, 32  # bits of an index, and of a number of the table: numbers are handled as bits


def looking_up(first: bool) -> Intrinsic:
    """Make an intrinsic that looks up the first eight entries of tables, or eight later ones."""

    @Intrinsic
    def look_up_eight(typing_context, entries, begin, index, position, outs):
        """outs[k][position + i] = entries[8 k + index[position + i] - begin] for i in 0 to 7, where that is in 0 to 7.

        Else 0 where these are the first eight, and what it was before where they are not. `entries` are eight float32
        in memory for each table (a table made of single values would not become one permutation), `index` is an array
        of uint8, `outs` are arrays of float32.
        """

        def generate(context, builder, signature, arguments):
            def place_of(kind, array, at, bits):
                data = arrays.make_array(kind)(context, builder, array).data
                return builder.bitcast(builder.gep(data, [at]), lanes_of(bits).as_pointer())

            codes = builder.load(place_of(signature.args[2], arguments[2], arguments[3], BYTE), align=1)
            distance = builder.sub(codes, splat(builder, builder.trunc(arguments[1], ir.IntType(BYTE)), BYTE))
            inside = builder.icmp_unsigned("<", distance, ir.Constant(lanes_of(BYTE), [AT_ONCE] * AT_ONCE))
            inside = builder.sext(inside, lanes_of(INT32))
            entry = builder.and_(distance, ir.Constant(lanes_of(BYTE), [AT_ONCE - 1] * AT_ONCE))
            entry = builder.zext(entry, lanes_of(INT32))
            for number, out in enumerate(cgutils.unpack_tuple(builder, arguments[4])):
                at = ir.Constant(ir.IntType(64), AT_ONCE * number)
                numbers = builder.load(place_of(signature.args[0], arguments[0], at, INT32), align=4)
                place = place_of(signature.args[4].dtype, out, arguments[3], INT32)
                # Bits are joined: a choice between new and old numbers would be a masked store, which takes far longer.
                found = builder.and_(permuted(builder, numbers, entry), inside)
                if not first:
                    found = builder.or_(found, builder.and_(builder.load(place, align=4), builder.not_(inside)))
                builder.store(found, place, align=4)
            return context.get_dummy_value()

        return types.void(entries, begin, index, position, outs), generate

    return look_up_eight


look_up_first, look_up_later = looking_up(True), looking_up(False)


def permuted(builder: Any, numbers: Any, entry: Any) -> Any:
    """The numbers at eight entries: LLVM makes one instruction of it where the processor has one."""
    found = ir.Constant(lanes_of(INT32), ir.Undefined)
    for lane in (ir.Constant(ir.IntType(INT32), n) for n in range(AT_ONCE)):
        number = builder.extract_element(numbers, builder.extract_element(entry, lane))
        found = builder.insert_element(found, number, lane)
    return found


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
def note_entries(table, begin, entries, at):
    """Note eight numbers of a table, 0 beyond its end."""
    for n in range(AT_ONCE):
        entries[at + n] = table[begin + n] if begin + n < len(table) else ZERO


@compiled
def look_up(tables, index, entries, outs):
    """out = table[index] for a block and each of some tables of one length, 0 where the index lies beyond it.

    `entries` is scratch for eight float32 a table.
    """
    whole = len(index) // AT_ONCE * AT_ONCE
    for begin in range(0, len(tables[0]), AT_ONCE):
        for k in range(len(tables)):
            note_entries(tables[k], begin, entries, k * AT_ONCE)
        if begin == 0:
            for n in range(0, whole, AT_ONCE):
                look_up_first(entries, begin, index, n, outs)
        else:
            for n in range(0, whole, AT_ONCE):
                look_up_later(entries, begin, index, n, outs)
    for k in range(len(tables)):
        table, out = tables[k], outs[k]
        for n in range(whole, len(index)):
            out[n] = table[index[n]] if index[n] < len(table) else ZERO
