"""Asking memory for a row ahead of its use: residents who move, or whose partners do, lie anywhere in the table.

A row that is not in the processor's cache takes as long as a thousand additions; asked for in time, many come at once.
It changes no result.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from sim.machine.arithmetic import rule
from sim.population import LINE, MOST_TIES
from sim.ties import tie_row

WHOLE = ir.IntType(32)
TO_READ, TO_WRITE = 0, 1
IN_FIRST_CACHE, IN_SECOND_CACHE, DATA = 3, 2, 1


def fetching(purpose: int, cache: int) -> Any:
    """An intrinsic that asks for the cache line of one element of an array, by its position in memory."""

    @intrinsic
    def fetch_element(typing_context, array, position):
        def generate(context, builder, signature, arguments):
            data = make_array(signature.args[0])(context, builder, arguments[0]).data
            place = builder.gep(data, [arguments[1]])  # perhaps beyond the end, which does no harm
            place = builder.bitcast(place, cgutils.voidptr_t)
            kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, WHOLE, WHOLE, WHOLE])
            function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            builder.call(function, [place, *(ir.Constant(WHOLE, n) for n in (purpose, cache, DATA))])
            return context.get_dummy_value()

        return types.void(array, types.int64), generate

    return fetch_element


fetch_to_read, fetch_to_write = fetching(TO_READ, IN_FIRST_CACHE), fetching(TO_WRITE, IN_FIRST_CACHE)
fetch_for_later = fetching(TO_READ, IN_SECOND_CACHE)


@rule
def fetch_stretch(column, start, count):
    """Ask for a stretch of a column that is to be read soon."""
    step = LINE // column.itemsize
    for n in range(start, start + count, step):
        fetch_for_later(column, n)


@rule
def fetch_rows(start, count, population):
    """Ask for the columns of some rows that are to be counted; beyond the end of the table it does no harm."""
    p = population
    fetch_stretch(p.serial, start, count)
    fetch_stretch(p.origin, start, count)
    fetch_stretch(p.motive, start, count)
    fetch_stretch(p.flags, start, count)
    fetch_stretch(p.born, start, count)
    fetch_stretch(p.moved_in, start, count)
    fetch_stretch(p.arrived, start, count)
    fetch_stretch(p.belonging, start, count)
    fetch_stretch(p.faces_own, start, count)
    fetch_stretch(p.faces_other, start, count)
    fetch_stretch(p.contact, start, count)
    fetch_stretch(p.withdrawal, start, count)
    fetch_stretch(p.language, start, count)
    fetch_stretch(p.position, start, count)
    fetch_stretch(p.tie_count, start, count)
    fetch_stretch(p.tie_own, start, count)


@rule
def fetch_ties(row, population):
    """Ask for a row's ties."""
    fetch_to_write(population.ties, row * MOST_TIES)


@rule
def fetch_news(row, population):
    """Ask for where the news for a resident's partners goes."""
    for slot in range(population.tie_count[row]):
        fetch_to_write(population.tie_news, tie_row(population.ties[row, slot]))


@rule
def fetch_record(row, population):
    """Ask for everything about the resident of a row, to be changed."""
    p = population
    fetch_to_write(p.serial, row)
    fetch_to_write(p.origin, row)
    fetch_to_write(p.motive, row)
    fetch_to_write(p.flags, row)
    fetch_to_write(p.intention, row)
    fetch_to_write(p.born, row)
    fetch_to_write(p.moved_in, row)
    fetch_to_write(p.arrived, row)
    fetch_to_write(p.belonging, row)
    fetch_to_write(p.disposition, row)
    fetch_to_write(p.faces_own, row)
    fetch_to_write(p.faces_other, row)
    fetch_to_write(p.contact, row)
    fetch_to_write(p.withdrawal, row)
    fetch_to_write(p.language, row)
    fetch_to_write(p.position, row)
    fetch_to_write(p.tie_count, row)
    fetch_to_write(p.tie_own, row)
    fetch_to_write(p.tie_news, row)
    fetch_to_write(p.tie_end, row)
    fetch_to_write(p.ties, row * MOST_TIES)
