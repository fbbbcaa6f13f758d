"""Errors of one line: what a user did wrong, or what stopped the work."""

import difflib
from collections.abc import Iterable
from pathlib import Path

from scenarios.text import plain_text


class InputError(ValueError):
    """A wrong input of the user: one clear line; the command line ends with exit code 2.

    Parameters
    ----------
    line : str
        It may quote any text: control characters and line breaks become spaces.
    dutch : str
        The same in Dutch, where a policymaker meets it; left out elsewhere.
    """

    def __init__(self, line: str, dutch: str = "") -> None:
        super().__init__(plain_text(line))
        self.dutch = plain_text(dutch)


class StoppedError(RuntimeError):
    """The machine or a cluster stopped the work: one clear line; the command line ends with exit code 1."""


def wrong(
    problem: str,
    *,
    file: str | Path | None = None,
    row: int | None = None,
    column: str | None = None,
    value: object = None,
    allowed: str | None = None,
) -> InputError:
    """Make an error of one line that names file, row, column, value and what is allowed.

    Parameters
    ----------
    problem : str
        The problem, as the rest of a sentence about the value.
    file, row, column, value, allowed
        Where it is and what would be right; what is unknown is left out. Rows are counted as in a
        spreadsheet: the header is row 1.

    Returns
    -------
    InputError
        To be raised by the caller.
    """
    where = [str(Path(file).name)] if file is not None else []
    if row is not None:
        where.append(f"row {row}")
    if column is not None:
        where.append(f"column {column}")
    line = ", ".join(where) + ": " if where else ""
    if value is not None:
        line += f"{_shown(value)} "
    line += problem
    if allowed is not None:
        line += f" (allowed: {allowed})"
    return InputError(" ".join(line.split()))


def _shown(value: object) -> str:
    """Show a value as the user wrote it, shortened when it is long."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


def close_matches(word: str, known: Iterable[str], count: int = 3, asks: str = "did you mean") -> str:
    """Return ``; did you mean a, b?`` for the known words nearest to ``word``, or an empty text."""
    known = [str(k) for k in known]
    lowered = {k.lower(): k for k in known}
    near = difflib.get_close_matches(word.lower(), list(lowered), n=count, cutoff=0.55)
    return f"; {asks} {', '.join(lowered[k] for k in near)}?" if near else ""


def bedoelt_u(word: str, known: Iterable[str], count: int = 3) -> str:
    """The same in Dutch."""
    return close_matches(word, known, count, "bedoelt u")
