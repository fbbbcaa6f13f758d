"""What Numba has to know of a state (`sim.machine.struct`): its type, and how compiled code reads its fields.

Only imported when something is compiled.
"""

import hashlib
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, register_model, unbox
from numba.np.arrayobj import make_array
from numba.np.numpy_support import from_dtype

from sim.machine.struct import Field, Layout

WORD = ir.IntType(64)


def short_digest(value: object) -> str:
    """A short name of what a type holds: the same in every process, and in the names of compiled functions."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]


class GroupType(types.Type):
    """A group of arrays inside a state: a pointer to the first of its words."""

    def __init__(self, name: str, fields: tuple[Field, ...]) -> None:
        self.label, self.fields = name, fields
        super().__init__(f"Group({name}, {short_digest(fields)})")

    @property
    def key(self) -> Any:
        """Equal for two group types that are the same."""
        return self.name  # contains a digest of the fields, so comparing is quick

    def field(self, name: str) -> Field | None:
        """The field of a name."""
        return next((field for field in self.fields if field.name == name), None)


class StateType(types.Type):
    """A state: groups by name."""

    def __init__(self, layout: Layout) -> None:
        self.groups = {name: GroupType(name, fields) for name, fields in layout.groups}
        super().__init__(f"State({short_digest(layout.groups)})")

    @property
    def key(self) -> Any:
        """Equal for two state types that are the same."""
        return self.name


@cache
def state_type(layout: Layout) -> StateType:
    """The type of the states with a layout."""
    return StateType(layout)


@register_model(GroupType)
class GroupModel(models.PrimitiveModel):
    """A pointer to the table of words."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, WORD.as_pointer())


@register_model(StateType)
class StateModel(GroupModel):
    """The same pointer: a group's fields count their words from the beginning of the state."""


@unbox(StateType)
def unbox_state(kind: Any, obj: Any, c: Any) -> NativeValue:
    """From the Python object to the pointer."""
    address = c.pyapi.object_getattr_string(obj, "address")
    pointer = c.builder.inttoptr(c.pyapi.long_as_ulonglong(address), WORD.as_pointer())
    c.pyapi.decref(address)
    return NativeValue(pointer, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class StateAttribute(AttributeTemplate):
    """`state.group`."""

    key = StateType

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        """The type of a group."""
        return kind.groups.get(name)


@infer_getattr
class GroupAttribute(AttributeTemplate):
    """`group.array`, or a number."""

    key = GroupType

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        """The type of a field."""
        field = kind.field(name)
        return None if field is None else numba_type(field)


@cache
def numba_type(field: Field) -> Any:
    """The type that compiled code sees."""
    number = from_dtype(np.dtype(field.dtype))
    return types.Array(number, field.dims, "C") if field.dims else number


@lower_getattr_generic(StateType)
def read_group(context: Any, builder: Any, kind: Any, pointer: Any, name: str) -> Any:
    """The same pointer."""
    return pointer


@lower_getattr_generic(GroupType)
def read_field(context: Any, builder: Any, kind: Any, pointer: Any, name: str) -> Any:
    """A number, or an array whose address and sizes are read from the table."""
    field = kind.field(name)
    if not field.dims:
        number = context.get_value_type(numba_type(field))
        return load_invariant(builder, builder.bitcast(word_at(builder, pointer, field.offset), number.as_pointer()))
    shape = [load_invariant(builder, word_at(builder, pointer, field.offset + n)) for n in range(1, field.words)]
    return array_value(context, builder, numba_type(field), data_pointer(context, builder, pointer, field), shape)


def data_pointer(context: Any, builder: Any, pointer: Any, field: Field) -> Any:
    """A pointer to an array's first number."""
    number = context.get_data_type(from_dtype(np.dtype(field.dtype))).as_pointer()
    return load_invariant(builder, builder.bitcast(word_at(builder, pointer, field.offset), number.as_pointer()))


def word_at(builder: Any, pointer: Any, offset: int) -> Any:
    """A pointer to a word of the table."""
    return builder.gep(pointer, [ir.Constant(WORD, offset)], inbounds=True)


def load_invariant(builder: Any, pointer: Any) -> Any:
    """Read what does not change while compiled code runs."""
    value = builder.load(pointer)
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value


def array_value(context: Any, builder: Any, kind: Any, data: Any, shape: list[Any]) -> Any:
    """A contiguous array with an address and shape; without owner, so that counting its references does nothing."""
    array = make_array(kind)(context, builder)
    item = ir.Constant(WORD, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    strides, items = [item], shape[-1]
    for size in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], size))
    for size in shape[:-1]:
        items = builder.mul(items, size)
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    array.parent = cgutils.get_null_value(array.parent.type)
    array.nitems, array.itemsize = items, item
    array.data = data
    array.shape = cgutils.pack_array(builder, shape)
    array.strides = cgutils.pack_array(builder, strides)
    return array._getvalue()
