"""The population table: a row is a place in a dwelling, vacant or lived in; columns are plain arrays.

Each neighbourhood owns one contiguous run of rows. To move house is to move a record to a vacant row. So vacancy is
real, neighbours lie side by side in memory, every aggregate is a sum over one run, and nothing is ever sorted.
"""

import mmap
from contextlib import suppress
from typing import NamedTuple

import numpy as np

MOST_TIES = 8
NOBODY = np.uint64(0)  # the serial of a vacant place
LONG_AGO = np.int16(-2400)  # moved in or arrived before memory reaches
NEVER = np.int16(32767)  # the month of arrival of someone born here
BORN_ABROAD, STAYER, EMPLOYED, MEMBER = (np.uint8(bit) for bit in (1, 2, 4, 8))
NO_MOTIVE = np.uint8(255)
NOTHING, DIE, EMIGRATE, MOVE, GIVE_BIRTH = (np.uint8(code) for code in range(5))
SEEKS_TIE = np.uint8(128)
NEWCOMER_MONTHS = 60
LINE = 64  # bytes that memory hands over at once
LARGE = 1 << 22  # bytes from which large pages pay
ASYLUM = 4  # index in sim.parameters.MOTIVES


class Population(NamedTuple):
    """People and the places they live in.

    Attributes
    ----------
    serial : uint64 [rows]
        Permanent identity; 0 is a vacant place. All of a person's draws are keyed by it.
    origin : uint8 [rows]
        Index of the origin group in the scheme of the data; 0 has no migration background.
    motive : uint8 [rows]
        Index into `sim.parameters.MOTIVES`; 255 for people born here and for returning Dutch.
    flags : uint8 [rows]
        Sum of BORN_ABROAD, STAYER, EMPLOYED, MEMBER.
    intention : uint8 [rows]
        What the person does at the end of this month (NOTHING, DIE, EMIGRATE, ...); SEEKS_TIE may be added.
    born, moved_in, arrived : int16 [rows]
        Months since the start of the run; negative before it. Of a vacant place, `moved_in` is when it fell vacant.
    belonging, disposition, faces_own, faces_other, contact, withdrawal, language, position : float32 [rows]
        b, u, F_own, F_out, C, w, L and S of the model.
    tie_count, tie_own : uint8 [rows]
        Number of ties, and of those with the own origin group.
    tie_news : uint8 [rows]
        1 when a partner left or moved since last month.
    tie_end : int16 [rows]
        The month in which the first of the ties ends; 32767 without ties.
    ties : uint64 [rows, 8]
        Mutual: both partners hold it, see `sim.ties` for what its bits say. Of a place that fell vacant this month
        because someone moved, the first tie is where they went.
    """

    serial: np.ndarray
    origin: np.ndarray
    motive: np.ndarray
    flags: np.ndarray
    intention: np.ndarray
    born: np.ndarray
    moved_in: np.ndarray
    arrived: np.ndarray
    belonging: np.ndarray
    disposition: np.ndarray
    faces_own: np.ndarray
    faces_other: np.ndarray
    contact: np.ndarray
    withdrawal: np.ndarray
    language: np.ndarray
    position: np.ndarray
    tie_count: np.ndarray
    tie_own: np.ndarray
    tie_news: np.ndarray
    tie_end: np.ndarray
    ties: np.ndarray


COLUMNS = {
    "serial": np.uint64,
    "origin": np.uint8,
    "motive": np.uint8,
    "flags": np.uint8,
    "intention": np.uint8,
    "born": np.int16,
    "moved_in": np.int16,
    "arrived": np.int16,
    "belonging": np.float32,
    "disposition": np.float32,
    "faces_own": np.float32,
    "faces_other": np.float32,
    "contact": np.float32,
    "withdrawal": np.float32,
    "language": np.float32,
    "position": np.float32,
    "tie_count": np.uint8,
    "tie_own": np.uint8,
    "tie_news": np.uint8,
    "tie_end": np.int16,
}


def vacant_population(rows: int) -> Population:
    """A table of vacant places."""
    columns = empty_columns(rows)
    columns["moved_in"][:] = LONG_AGO
    columns["tie_end"][:] = NEVER
    size = rows * MOST_TIES * 8
    ties = zeros(size, large=False).view(np.uint64).reshape(rows, MOST_TIES)
    return Population(**columns, ties=ties)


def empty_columns(rows: int) -> dict[str, np.ndarray]:
    """All columns but the ties, filled with 0, one after another in one piece of memory.

    A large piece asks for the system's large pages (2 MB in place of 4 kB): a resident who moves is read from twenty
    places, and the processor remembers where few pages are. The ties stay out: much of their room is never touched.
    """
    begins, size = {}, 0
    for name, dtype in COLUMNS.items():
        begins[name] = size
        size += -(-rows * np.dtype(dtype).itemsize // LINE) * LINE
    whole = zeros(size, large=True)
    return {
        name: whole[begins[name] : begins[name] + rows * np.dtype(dtype).itemsize].view(dtype)
        for name, dtype in COLUMNS.items()
    }


def zeros(size: int, large: bool) -> np.ndarray:
    """Bytes that are 0; many of them on large pages or on small ones, where the system lets one choose.

    NumPy by itself asks for large pages, of which all memory is taken as soon as a part is touched.
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


def bytes_per_place() -> int:
    """Memory of one row, in bytes."""
    return sum(np.dtype(dtype).itemsize for dtype in COLUMNS.values()) + 8 * MOST_TIES
