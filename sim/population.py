"""The population table: a row is a dwelling for one person, vacant or occupied; columns are arrays, declared below.

Each neighbourhood owns one contiguous run of rows. To move house is to move a record to a vacant row. So vacancy is
explicit, neighbours are adjacent in memory, every aggregate is a sum over one run, and nothing is ever sorted.
"""

import mmap
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, NamedTuple, get_args, get_type_hints

import numpy as np

from sim.machine.slots import SLOTS

MOST_TIES = SLOTS  # a cache line, whose slots the processor treats at once
NOBODY = np.uint64(0)  # the serial of a vacant row
LONG_AGO = np.int16(-2400)  # moved in or arrived before the records begin
NEVER = np.int16(32767)  # the month of arrival of someone born here
# Flags, a bit each.
BORN_ABROAD, STAYER, EMPLOYED, MEMBER = (np.uint8(bit) for bit in (1, 2, 4, 8))
# What somebody does at the end of the month, as it is kept.
NOTHING, DIE, EMIGRATE, MOVE, GIVE_BIRTH, PAIR = (np.uint8(code) for code in range(6))
# Places in a household; 0 where nobody lives.
EMPTY, HEAD, PARTNER, CHILD, HOUSEMATE = (np.uint8(role) for role in range(5))
ROLES = ("empty", "head", "partner", "child", "housemate")
SEEKS_TIE = np.uint8(128)  # added to what somebody does by who looks for a tie
CACHE_LINE = 64  # bytes of a cache line
LARGE = 1 << 22  # bytes from which large pages are worthwhile
MANY_TIES = 1 << 28  # bytes of ties from which they are on small pages: on large ones all would be used at once

KEEP, RESET = "keep", "reset"


@dataclass(frozen=True)
class Column:
    """What happens to a column.

    Attributes
    ----------
    at_start : int
        Its value in the rows of a new table.
    when_vacated : int or None
        Its value in a row that somebody left; None where the phase that vacates the row writes it.
    on_moving : {"keep", "reset"}
        Whether a mover takes it along, or the phase of moving writes it anew.
    counted : bool
        Whether counting at the end of a month reads it, so that it is worth prefetching.
    """

    at_start: int = 0
    when_vacated: int | None = 0
    on_moving: str = KEEP
    counted: bool = True


class Population(NamedTuple):
    """People and the rows they live in.

    Attributes
    ----------
    serial : uint64 [rows]
        Permanent identity; 0 is a vacant row. All of a person's draws are keyed by it.
    origin : uint8 [rows]
        Index of the origin group in the scheme of the data; 0 has no migration background.
    motive : uint8 [rows]
        Index into `sim.motives.MOTIVES`; 255 for people born here and for returning Dutch.
    flags : uint8 [rows]
        Sum of BORN_ABROAD, STAYER, EMPLOYED, MEMBER.
    intention : uint8 [rows]
        What the person does at the end of this month (NOTHING, DIE, EMIGRATE, ...); SEEKS_TIE may be added.
    born, moved_in, arrived : int16 [rows]
        Months since the start of the run; negative before it. Of a vacant row, `moved_in` is when it fell vacant.
    belonging, disposition, faces_own, faces_other, contact, withdrawal, language, status : float32 [rows]
        b, u, F_own, F_out, C, w, L and S of the model.
    tie_count, tie_own : uint8 [rows]
        Number of ties, and of those with the own origin group.
    tie_news : uint8 [rows]
        The ties whose partner left or moved since last month, a bit for each slot of `ties`; all in a new row.
    tie_end : int16 [rows]
        The month in which the first of the ties ends; 32767 without ties.
    household : uint32 [rows]
        The row of the next member of the household, in a ring: that of someone who lives alone is their own.
    role : uint8 [rows]
        Place in the household: HEAD, PARTNER, CHILD or HOUSEMATE, and EMPTY in a vacant row. Where many rows are passed
        over it tells who lives here, as a serial takes eight bytes. Every household has one head.
    ties : uint64 [rows, 8]
        Mutual: both partners hold it, see `sim.ties` for the meaning of its bits. In a row that fell vacant this month
        because someone moved, the first tie points to their new row.
    """

    serial: Annotated[np.ndarray, "uint64", 1, Column(counted=False)]
    origin: Annotated[np.ndarray, "uint8", 1, Column()]
    motive: Annotated[np.ndarray, "uint8", 1, Column()]
    flags: Annotated[np.ndarray, "uint8", 1, Column()]
    intention: Annotated[np.ndarray, "uint8", 1, Column(on_moving=RESET, counted=False)]
    born: Annotated[np.ndarray, "int16", 1, Column()]
    moved_in: Annotated[np.ndarray, "int16", 1, Column(int(LONG_AGO), None, RESET)]
    arrived: Annotated[np.ndarray, "int16", 1, Column()]
    belonging: Annotated[np.ndarray, "float32", 1, Column()]
    disposition: Annotated[np.ndarray, "float32", 1, Column(counted=False)]
    faces_own: Annotated[np.ndarray, "float32", 1, Column(on_moving=RESET)]
    faces_other: Annotated[np.ndarray, "float32", 1, Column(on_moving=RESET)]
    contact: Annotated[np.ndarray, "float32", 1, Column()]
    withdrawal: Annotated[np.ndarray, "float32", 1, Column()]
    language: Annotated[np.ndarray, "float32", 1, Column()]
    status: Annotated[np.ndarray, "float32", 1, Column()]
    tie_count: Annotated[np.ndarray, "uint8", 1, Column(on_moving=RESET)]
    tie_own: Annotated[np.ndarray, "uint8", 1, Column(on_moving=RESET)]
    tie_news: Annotated[np.ndarray, "uint8", 1, Column(when_vacated=None, on_moving=RESET, counted=False)]
    tie_end: Annotated[np.ndarray, "int16", 1, Column(int(NEVER), int(NEVER), RESET, counted=False)]
    household: Annotated[np.ndarray, "uint32", 1, Column(on_moving=RESET, counted=False)]
    role: Annotated[np.ndarray, "uint8", 1, Column(on_moving=RESET)]
    ties: Annotated[np.ndarray, "uint64", 2, Column(when_vacated=None, on_moving=RESET, counted=False)]


DECLARED: dict[str, Column] = {
    name: get_args(hint)[3] for name, hint in get_type_hints(Population, include_extras=True).items()
}
COLUMNS: dict[str, np.dtype] = {
    name: np.dtype(get_args(hint)[1])
    for name, hint in get_type_hints(Population, include_extras=True).items()
    if name != "ties"
}
"""All columns but the ties, with their types."""


def vacant_population(rows: int) -> Population:
    """A table of vacant rows."""
    columns = empty_columns(rows)
    for name, column in columns.items():
        if DECLARED[name].at_start:
            column[:] = DECLARED[name].at_start
    size = rows * MOST_TIES * 8
    ties = zeros(size, large=size < MANY_TIES).view(np.uint64).reshape(rows, MOST_TIES)
    return Population(**columns, ties=ties)


def empty_columns(rows: int) -> dict[str, np.ndarray]:
    """All columns but the ties, filled with 0, one after another in one piece of memory.

    A large piece requests the system's large pages (2 MB instead of 4 kB): a resident who moves is read from twenty
    locations, and the processor keeps the addresses of few pages. The ties are apart: of a whole country they lie on
    small pages, because a part of their memory is never used.
    """
    begins, size = {}, 0
    for name, dtype in COLUMNS.items():
        begins[name] = size
        size += -(-rows * dtype.itemsize // CACHE_LINE) * CACHE_LINE
    whole = zeros(size, large=True)
    return {
        name: whole[begins[name] : begins[name] + rows * dtype.itemsize].view(dtype) for name, dtype in COLUMNS.items()
    }


def zeros(size: int, large: bool) -> np.ndarray:
    """Bytes that are 0; many of them on large pages or on small ones, where the system lets one choose.

    By default NumPy requests large pages, of which all memory is used as soon as a part is touched.
    """
    if size < LARGE or not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.zeros(size, np.uint8)
    try:
        memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError(f"{size:,} bytes") from error
    with suppress(OSError):  # a system without large pages
        memory.madvise(mmap.MADV_HUGEPAGE if large else mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, np.uint8)


def bytes_per_row() -> int:
    """Memory of one row, in bytes."""
    return sum(dtype.itemsize for dtype in COLUMNS.values()) + 8 * MOST_TIES
