"""Location of the table in a sheet or text: titles above it, and a header of one or more lines."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scenarios.errors import wrong
from scenarios.numbers import MISSING, NotANumberError, Notation

MOST_COLUMNS = 5_000
MOST_TITLES, MOST_LINES, LOOKED_AT = 15, 3, 20
UNNAMED = " column "
"""Begins the name of a column that has none in the file."""


@dataclass(frozen=True)
class Header:
    """The header of a table.

    Attributes
    ----------
    names : list of str
        One name per column; the lines of a header in several lines are joined by "/", as StatLine does.
    first, end : int
        The row of its first line, and that of the first row below it, counted from 0.
    titles : list of str
        What stood above it.
    """

    names: list[str]
    first: int
    end: int
    titles: list[str]


def find_header(rows: Sequence[Sequence[str]], file: object) -> Header:
    """Find the header among the first rows of a table.

    Parameters
    ----------
    rows : sequence of sequences of str
        The first rows as text, none of them empty.

    Raises
    ------
    InputError
        A column without a name, a name that occurs twice, or too many columns.
    """
    first = 0
    while first < min(MOST_TITLES, len(rows) - 1) and _is_title(rows[first], rows[first + 1 : first + 1 + LOOKED_AT]):
        first += 1
    lines = [list(rows[first])]
    for at in range(first + 1, min(first + MOST_LINES, len(rows) - 1)):
        if not _goes_on(rows[at], rows[at + 1 : at + 1 + LOOKED_AT]):
            break
        lines.append(list(rows[at]))
    names = lines[0] if len(lines) == 1 else _joined(lines)
    names = [" ".join(name.split()) or f"{UNNAMED}{at}" for at, name in enumerate(names)]
    _refuse_odd_names(names, file, first + 1)
    titles = [" ".join(cell for cell in row if cell) for row in rows[:first]]
    return Header(names, first, first + len(lines), titles)


def filled(row: Sequence[str]) -> int:
    """How many cells of a row are not empty."""
    return sum(1 for cell in row if cell.strip())


def is_number(cell: str) -> bool:
    """Whether a cell holds a known number."""
    try:
        return Notation().number(cell) == Notation().number(cell)
    except NotANumberError:
        return False


def _is_title(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row has less than half of the cells that most rows below it have."""
    usual = Counter(filled(one) for one in below).most_common(1)[0][0]
    return usual >= 3 and filled(row) * 2 < usual


def _goes_on(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row is one more line of the header: no number, but words above columns of numbers."""
    if any(is_number(cell) for cell in row):
        return False
    words = [at for at, cell in enumerate(row) if cell.strip().lower() not in MISSING]
    numbers = [sum(at < len(one) and is_number(one[at]) for one in below) for at in words]
    return sum(count > len(below) / 2 for count in numbers) >= max(1, len(words) / 2)


def _joined(lines: list[list[str]]) -> list[str]:
    """Names from several lines; a cell that was merged over columns holds for all of them."""
    width = max(len(line) for line in lines)
    padded = [line + [""] * (width - len(line)) for line in lines]
    for above, below in pairwise(padded):
        last = ""
        for at in range(width):
            last = above[at].strip() or (last if below[at].strip() else "")
            above[at] = last
    return ["/".join(part for line in padded if (part := line[at].strip())) for at in range(width)]


def _refuse_odd_names(names: list[str], file: object, row: int) -> None:
    if len(names) > MOST_COLUMNS:
        raise wrong(f"has {len(names):,} columns", file=str(file), allowed=f"at most {MOST_COLUMNS:,}")
    counts = Counter(names)
    repeated = next((name for name in names if counts[name] > 1), None)
    if repeated is not None:
        raise wrong("the column occurs twice", file=str(file), row=row, column=repeated)
