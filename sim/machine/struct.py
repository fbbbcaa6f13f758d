"""One reference to many arrays, for compiled code: the state of a world is passed as a single pointer.

A NamedTuple of arrays is taken apart into seven values an array at every call; a hundred arrays through three levels of
functions took Numba minutes to compile. Here a table of addresses and sizes lies in memory, compiled functions get a
pointer to it, and `s.population.belonging` reads two words of it. Those words never change while compiled code runs
(`!invariant.load`), so that LLVM moves their loads out of loops. No references are counted: the Python object that owns
the table keeps the arrays alive.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, register_model, typeof_impl, unbox
from numba.np.arrayobj import make_array
from numba.np.numpy_support import from_dtype

WORD = ir.IntType(64)
BYTES = 8  # of a word of the table

# How the fields of a group are declared: the type of the numbers, and how many dimensions the array has; 0 is a number.
Floats = Annotated[np.ndarray, "float32", 1]
FloatTable = Annotated[np.ndarray, "float32", 2]
FloatCube = Annotated[np.ndarray, "float32", 3]
Doubles = Annotated[np.ndarray, "float64", 1]
Whole = Annotated[np.ndarray, "int64", 1]
WholeTable = Annotated[np.ndarray, "int64", 2]
WholeCube = Annotated[np.ndarray, "int64", 3]
Short = Annotated[np.ndarray, "int32", 1]
ShortTable = Annotated[np.ndarray, "int32", 2]
Keys = Annotated[np.ndarray, "uint64", 1]


@dataclass(frozen=True)
class Field:
    """A field of a group: `dims` is 0 for a number; `offset` counts words of the state's table."""

    name: str
    dtype: str
    dims: int
    offset: int

    @property
    def words(self) -> int:
        """Words it takes: an address and the size of each dimension, or the number itself."""
        return 1 + self.dims


@cache
def declared_fields(group: type) -> tuple[tuple[str, str, int], ...]:
    """Name, type of number and dimensions of each field of a NamedTuple of annotated arrays."""
    found = []
    for name, hint in get_type_hints(group, include_extras=True).items():
        _, dtype, dims, *_ = get_args(hint)
        found.append((name, str(dtype), int(dims)))
    return tuple(found)


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
    """A state: groups by name, all in one table of words."""

    def __init__(self, groups: tuple[tuple[str, tuple[Field, ...]], ...]) -> None:
        self.groups = {name: GroupType(name, fields) for name, fields in groups}
        self.declared = groups
        super().__init__(f"State({short_digest(groups)})")

    @property
    def key(self) -> Any:
        """Equal for two state types that are the same."""
        return self.name

    @property
    def words(self) -> int:
        """Words of its table."""
        return sum(field.words for _, fields in self.declared for field in fields)


def state_type(groups: dict[str, tuple[tuple[str, str, int], ...]]) -> StateType:
    """The type of a state with these groups: name, type of number and dimensions of each field.

    Parameters
    ----------
    groups : dict
        As `declared_fields` gives them, by the name under which compiled code finds the group.
    """
    at, laid_out = 0, []
    for name, fields in groups.items():
        in_order = []
        for field, dtype, dims in fields:
            in_order.append(Field(field, dtype, dims, at))
            at += in_order[-1].words
        laid_out.append((name, tuple(in_order)))
    return StateType(tuple(laid_out))


class State:
    """The table of a state's addresses; compiled functions take it as their state.

    Parameters
    ----------
    kind : StateType
    """

    def __init__(self, kind: StateType) -> None:
        self.kind = kind
        self.table = np.zeros(kind.words, np.uint64)
        self.address = self.table.ctypes.data
        self.held: dict[str, Any] = {}  # the groups as given, so that their arrays live as long as the table

    @property
    def _numba_type_(self) -> StateType:
        """The attribute that Numba reads first, so that a call needs no search for the type."""
        return self.kind

    def put(self, name: str, group: Any) -> None:
        """Point at the arrays of a group (a NamedTuple in the order declared), if they are not those it has."""
        if self.held.get(name) is group:
            return
        fields = self.kind.groups[name].fields
        if all(field.dims == 0 and field.dtype == "float32" for field in fields):
            words = self.table[fields[0].offset : fields[0].offset + len(fields)]
            words.view(np.float32)[::2] = group  # the lower half of each word
            self.held[name] = group
            return
        for field, value in zip(fields, group, strict=True):
            words = self.table[field.offset : field.offset + field.words]
            if field.dims:
                words[:] = words_of_array(value, field, name)
            else:
                words.view(np.uint8)[: np.dtype(field.dtype).itemsize] = np.array([value], field.dtype).view(np.uint8)
        self.held[name] = group


def words_of_array(array: np.ndarray, field: Field, group: str) -> tuple[int, ...]:
    """Address and shape of an array, which must be as declared.

    Raises
    ------
    TypeError
        Another type, number of dimensions or layout: a fault of the program.
    """
    if array.dtype != np.dtype(field.dtype) or array.ndim != field.dims or not array.flags.c_contiguous:
        raise TypeError(f"{group}.{field.name}: {array.dtype} with {array.ndim} dimensions is not {field}")
    return (array.__array_interface__["data"][0], *array.shape)


@register_model(GroupType)
class GroupModel(models.PrimitiveModel):
    """A pointer to the table of words."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, WORD.as_pointer())


@register_model(StateType)
class StateModel(GroupModel):
    """The same pointer: a group's fields count their words from the beginning of the state."""


@typeof_impl.register(State)
def type_of_state(state: State, context: Any) -> StateType:
    """The Numba type of a state."""
    return state.kind


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
