"""Numbers in any notation: the thousands separator and the decimal mark are recognised from the whole column.

A cell such as ``12.5``, ``1.234,5``, ``12 500`` or ``1.234.567`` can be read in one way. For ``12.000`` the column
decides; where both readings remain possible the column is refused, never guessed.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MISSING = {"", ".", "-", "–", "—", "x", "na", "nan", "n/a", "#n/a", "null", "none"}
"""Cells that mean "not known" (any case), besides an empty one. CBS uses "." and numbers below -99,990."""

_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
_SEVERAL_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})+")
_BOTH_MARKS = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?!\1)[.,]\d+")
_BROKEN = re.compile(r"[+-]?\d*([.,])\d+(?:[eE][+-]?\d+)?")
_SPACED = re.compile(r"(?<=\d)[ '’\u00a0\u202f\u2009](?=\d{3}(?!\d))")
_SPACED_WHOLE = re.compile(r"[+-]?\d{1,3}(?:[ '’\u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?")
_NAMES = {".": "point", ",": "comma"}


class TwoReadingsError(ValueError):
    """A column with two possible readings; ``row`` is the first ambiguous cell."""

    def __init__(self, row: int) -> None:
        super().__init__("can be read in two ways: as thousands or as a decimal number")
        self.row = row


class NotANumberError(ValueError):
    """A cell that is no number; the text says why."""


@dataclass(frozen=True)
class Evidence:
    """Marks whose meaning is unambiguous in some cells.

    Attributes
    ----------
    thousands, decimal : frozenset of str
        Among "." and ",".
    """

    thousands: frozenset[str] = frozenset()
    decimal: frozenset[str] = frozenset()

    def __or__(self, other: "Evidence") -> "Evidence":
        return Evidence(self.thousands | other.thousands, self.decimal | other.decimal)


@dataclass(frozen=True)
class Column:
    """The kind of numbers of a column.

    Attributes
    ----------
    large : bool
        Numbers of a thousand and more are to be expected; elsewhere a mark is always a decimal mark.
    whole : bool
        Whole numbers only.
    """

    large: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Notation:
    """How the cells of a column are read.

    Attributes
    ----------
    thousands : frozenset of str
        Thousands separators in ambiguous cells.
    """

    thousands: frozenset[str] = frozenset()

    def number(self, cell: str) -> float:
        """Read one cell; nan for one of `MISSING`.

        Raises
        ------
        NotANumberError
        """
        text = cleaned(cell)
        if text.lower() in MISSING:
            return math.nan
        if "_" in text:
            raise NotANumberError("is not a number")
        if match := _SEVERAL_GROUPS.fullmatch(text) or _BOTH_MARKS.fullmatch(text):
            text = text.replace(match[1], "").replace(",", ".")
        elif _SPACED_WHOLE.fullmatch(text):
            text = _SPACED.sub("", text).replace(",", ".")
        elif match := _GROUPED.fullmatch(text):
            text = text.replace(match[1], "" if match[1] in self.thousands else ".")
        elif match := _BROKEN.fullmatch(text):
            if match[1] in self.thousands:
                raise NotANumberError(f"has a decimal {_NAMES[match[1]]}, where other rows part thousands with it")
            text = text.replace(",", ".")
        try:
            return float(text)
        except ValueError:
            raise NotANumberError("is not a number") from None


def cleaned(cell: str) -> str:
    """A cell without percent or euro sign, and with a hyphen for a minus sign."""
    return cell.strip().removesuffix("%").removeprefix("€").strip().replace("−", "-")


def evidence_of(cells: Iterable[str], column: Column | None = None) -> Evidence:
    """The marks whose meaning is unambiguous in the cells of one or more columns."""
    thousands, decimal = set(), set()
    for cell in cells:
        text = cleaned(cell)
        if match := _SEVERAL_GROUPS.fullmatch(text):
            thousands.add(match[1])
        elif match := _BOTH_MARKS.fullmatch(text):
            thousands.add(match[1])
            decimal.add(_other(match[1]))
        elif match := _GROUPED.fullmatch(text):
            if column and column.large and column.whole and not text.endswith("000"):
                thousands.add(match[1])
        elif match := _BROKEN.fullmatch(text):
            decimal.add(match[1])
    return Evidence(frozenset(thousands), frozenset(decimal))


def decide(cells: Sequence[str], column: Column, elsewhere: Evidence, total: str = "") -> tuple[Notation, str]:
    """Decide how a column is read.

    Parameters
    ----------
    cells : sequence of str
        Without surrounding blanks.
    column : Column
    elsewhere : Evidence
        Of the other columns of the file.
    total : str
        The cell of a row with the total of the column, if there is one.

    Returns
    -------
    Notation, str
        And a cell whose mark the column identified as a thousands separator, for a note; empty where there is none.

    Raises
    ------
    TwoReadingsError
    """
    doubtful = [(row, match[1]) for row, cell in enumerate(cells) if (match := _GROUPED.fullmatch(cleaned(cell)))]
    thousands: set[str] = set()
    own = evidence_of(cells, column) if doubtful else Evidence()
    for mark in dict.fromkeys(mark for _, mark in doubtful):
        rows = [row for row, one in doubtful if one == mark]
        parts = column.large and _parts_thousands(mark, rows, cells, column, own, elsewhere, total)
        if parts:
            thousands.add(mark)
    told = next((cells[row] for row, mark in doubtful if mark in thousands), "")
    return Notation(frozenset(thousands)), told


def _parts_thousands(
    mark: str, rows: list[int], cells: Sequence[str], column: Column, own: Evidence, elsewhere: Evidence, total: str
) -> bool:
    """Whether a mark separates thousands in the cells of these rows, by the first rule that decides."""
    other = _other(mark)
    if mark in own.thousands or other in own.decimal:
        return True
    by_hand = all(cells[row].endswith("0") for row in rows)  # a program leaves the last zeros of a decimal number out
    if mark in own.decimal or other in own.thousands:
        broken = [cell for cell in cells if (m := _BROKEN.fullmatch(cleaned(cell))) and m[1] == mark]
        if by_hand and any(len(cell.split(mark)[-1]) != 3 for cell in broken) and not column.whole:
            raise TwoReadingsError(rows[0])
        return False
    plain = [abs(value) for cell in cells if cleaned(cell).isdigit() and (value := float(cleaned(cell))) > 0]
    if plain and max(plain) < 1000 and (column.whole or by_hand):
        return True
    if total and (told := _by_total(mark, cells, total)) is not None:
        return told
    if mark in elsewhere.thousands or (other in elsewhere.decimal and mark not in elsewhere.decimal):
        return True
    if mark == "." and not by_hand and mark in elsewhere.decimal and not column.whole:
        return False
    raise TwoReadingsError(rows[0])


def _by_total(mark: str, cells: Sequence[str], total: str) -> bool | None:
    """Whether the sum of the cells is the total when the mark separates thousands, or when it does not; else None."""
    fits = []
    for thousands in (frozenset({mark}), frozenset()):
        notation = Notation(thousands)
        try:
            summed = sum(0.0 if math.isnan(n := notation.number(cell)) else n for cell in cells)
            fits.append(math.isclose(summed, notation.number(total), rel_tol=1e-3))
        except NotANumberError:
            fits.append(False)
    return fits[0] if fits[0] != fits[1] else None


def _other(mark: str) -> str:
    return "," if mark == "." else "."
