"""A resident's whole record: copied, cleared or prefetched column by column, as the columns are declared.

What happens to a column is declared in `sim.population`; these functions write the loop over the columns when they are
compiled, so that a new column needs no line here.
"""

from typing import Any

from sim.machine.on_demand import Intrinsic, cgutils, ir, struct_types, types
from sim.machine.prefetch import FIRST_CACHE, SECOND_CACHE, TO_READ, TO_WRITE, prefetch
from sim.machine.struct import Field
from sim.population import CACHE_LINE, DECLARED, KEEP, MOST_TIES


def element(context: Any, builder: Any, population: Any, field: Field, row: Any) -> Any:
    """A pointer to what a row has in a column; of the ties, to the first."""
    at = builder.mul(row, ir.Constant(row.type, MOST_TIES)) if field.dims == 2 else row
    return builder.gep(struct_types.data_pointer(context, builder, population, field), [at])


@Intrinsic
def copy_kept(typing_context, population, source, target):
    """Copy to a row the columns that a mover keeps."""

    def generate(context, builder, signature, arguments):
        group, old, new = arguments
        for field in signature.args[0].fields:
            if DECLARED[field.name].on_moving == KEEP:
                value = builder.load(element(context, builder, group, field, old))
                builder.store(value, element(context, builder, group, field, new))
        return context.get_dummy_value()

    return types.void(population, types.int64, types.int64), generate


@Intrinsic
def clear(typing_context, population, row):
    """Give a row that somebody left the values declared for a vacated one."""

    def generate(context, builder, signature, arguments):
        for field in signature.args[0].fields:
            value = DECLARED[field.name].when_vacated
            if value is not None:
                number = context.get_constant(struct_types.numba_type(field).dtype, value)
                builder.store(number, element(context, builder, arguments[0], field, arguments[1]))
        return context.get_dummy_value()

    return types.void(population, types.int64), generate


@Intrinsic
def prefetch_record(typing_context, population, row):
    """Prefetch all columns of a row, for writing."""

    def generate(context, builder, signature, arguments):
        for field in signature.args[0].fields:
            prefetch(builder, element(context, builder, arguments[0], field, arguments[1]), TO_WRITE, FIRST_CACHE)
        return context.get_dummy_value()

    return types.void(population, types.int64), generate


@Intrinsic
def prefetch_counted(typing_context, population, start, count):
    """Prefetch the columns that counting reads, for some rows."""

    def generate(context, builder, signature, arguments):
        group, begin, rows = arguments
        for field in signature.args[0].fields:
            if DECLARED[field.name].counted:
                step = CACHE_LINE // struct_types.numba_type(field).dtype.bitwidth * 8
                stop, by = builder.add(begin, rows), ir.Constant(rows.type, step)
                with cgutils.for_range_slice(builder, begin, stop, by) as (row, _):
                    prefetch(builder, element(context, builder, group, field, row), TO_READ, SECOND_CACHE)
        return context.get_dummy_value()

    return types.void(population, types.int64, types.int64), generate
