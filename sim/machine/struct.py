"""One reference to many arrays, for compiled code: the state of a world is passed as a single pointer.

A NamedTuple of arrays is taken apart into seven values an array at every call; a hundred arrays through three levels of
functions took Numba minutes to compile. Here a table of addresses and sizes lies in memory, compiled functions get a
pointer to it, and `s.population.belonging` reads two words of it. Those words never change while compiled code runs
(`!invariant.load`), so that LLVM moves their loads out of loops. No references are counted: the Python object that owns
the table keeps the arrays alive. What Numba has to know about it is in `sim.machine.struct_types`.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, get_args, get_type_hints

import numpy as np

from sim.machine.on_demand import struct_types

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


@dataclass(frozen=True)
class Layout:
    """The fields of each group of a state, all in one table of words."""

    groups: tuple[tuple[str, tuple[Field, ...]], ...]

    @cached_property
    def by_name(self) -> dict[str, tuple[Field, ...]]:
        """The fields of a group by the group's name."""
        return dict(self.groups)

    @cached_property
    def words(self) -> int:
        """Words of its table."""
        return sum(field.words for _, fields in self.groups for field in fields)


def lay_out(groups: dict[str, tuple[tuple[str, str, int], ...]]) -> Layout:
    """Lay out a state with these groups: name, type of number and dimensions of each field.

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
    return Layout(tuple(laid_out))


class State:
    """The table of a state's addresses; compiled functions take it as their state.

    Parameters
    ----------
    layout : Layout
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.table = np.zeros(layout.words, np.uint64)
        self.address = self.table.ctypes.data
        self.held: dict[str, Any] = {}  # the groups as given, so that their arrays live as long as the table

    @cached_property
    def _numba_type_(self) -> Any:
        """The attribute that Numba reads whenever it is handed a state, as by the agents' rules: found once."""
        return struct_types.state_type(self.layout)

    def put(self, name: str, group: Any) -> None:
        """Point at the arrays of a group (a NamedTuple in the order declared), if they are not those it has."""
        if self.held.get(name) is group:
            return
        fields = self.layout.by_name[name]
        if all(field.dims == 0 and field.dtype == "float32" for field in fields):
            words = self.table[fields[0].offset : fields[0].offset + len(fields)]
            words.view(np.float32)[::2] = group  # the lower half of each word
            self.held[name] = group
            return
        before = self.held.get(name, (None,) * len(fields))
        for field, value, old in zip(fields, group, before, strict=True):
            if field.dims and value is old:
                continue
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
