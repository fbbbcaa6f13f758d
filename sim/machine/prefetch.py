"""Prefetching rows before they are used: residents who move, and the partners of ties, can be anywhere in memory.

Reading a row that is not in the processor's cache takes as long as a thousand additions; prefetched rows load together.
It changes no result.
"""

from typing import Any

from sim.machine.on_demand import Intrinsic, arrays, cgutils, ir, types

TO_READ, TO_WRITE = 0, 1
FIRST_CACHE, SECOND_CACHE, DATA = 3, 2, 1


def prefetch(builder: Any, pointer: Any, purpose: int, cache: int) -> None:
    """Prefetch the cache line of a pointer; beyond the end of an array this does no harm."""
    word = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    address = builder.bitcast(pointer, cgutils.voidptr_t)
    builder.call(function, [address, *(ir.Constant(word, n) for n in (purpose, cache, DATA))])


def prefetching(purpose: int, cache: int) -> Any:
    """Make an intrinsic that prefetches the cache line of one element of an array."""

    @Intrinsic
    def prefetch_element(typing_context, array, position):
        def generate(context, builder, signature, arguments):
            data = arrays.make_array(signature.args[0])(context, builder, arguments[0]).data
            prefetch(builder, builder.gep(data, [arguments[1]]), purpose, cache)
            return context.get_dummy_value()

        return types.void(array, types.int64), generate

    return prefetch_element


prefetch_to_read, prefetch_to_write = prefetching(TO_READ, FIRST_CACHE), prefetching(TO_WRITE, FIRST_CACHE)
prefetch_for_later = prefetching(TO_READ, SECOND_CACHE)
