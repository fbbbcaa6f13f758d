"""Two folders compared file by file, and the first difference of each file in one line."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LONGEST = 60  # signs of a value that is shown


@dataclass
class Findings:
    """What was confirmed and what was not, a line each."""

    lines: list[str] = field(default_factory=list)
    differs: bool = False

    def check(self, what: str, otherwise: str | None) -> None:
        """Record one check: the same, or the difference."""
        self.lines.append(f"  same     {what}" if otherwise is None else f"  DIFFERS  {what}: {otherwise}")
        self.differs |= otherwise is not None

    def remark(self, text: str) -> None:
        """Record a remark."""
        self.lines.append(f"  note     {text}")


def compare_folders(stored: Path, fresh: Path, found: Findings, any_layout: bool = False) -> None:
    """Compare every file.

    Parameters
    ----------
    any_layout : bool
        Tables need the same rows only, in whatever pieces they were written: a resumed run has others.
    """
    names, wanted = files_in(stored), files_in(fresh)
    for name in sorted(names | wanted):
        if name not in names:
            found.check(name, "missing")
        elif name not in wanted:
            found.check(name, "does not belong to this result")
        else:
            found.check(name, difference(stored / name, fresh / name, any_layout))


def files_in(folder: Path) -> set[str]:
    """Names of all files below a folder, and of links to folders."""
    found = set()
    for root, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(root) / name).is_symlink()]
        found |= {(Path(root) / name).relative_to(folder).as_posix() for name in [*files, *links]}
    return found


def difference(stored: Path, fresh: Path, any_layout: bool) -> str | None:
    """The difference between a file and the one made again, or None."""
    try:
        old, new = stored.read_bytes(), fresh.read_bytes()
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if old == new:
        return None
    if stored.suffix == ".parquet":
        return table_difference(stored, fresh, any_layout)
    if stored.suffix == ".json":
        return json_difference(old, new)
    return text_difference(old, new)


def shown(value: Any) -> str:
    """A value on one line, shortened, without signs that a terminal would act on."""
    text = ascii(value) if isinstance(value, str) else " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def json_difference(old: bytes, new: bytes) -> str:
    """The first key whose value differs."""
    try:
        stored = json.loads(old)
    except (ValueError, RecursionError):
        return "damaged, not readable as JSON"
    return value_difference(stored, json.loads(new), "") or "the same values, written in another way"


def value_difference(old: Any, new: Any, path: str) -> str | None:
    """Where two values first differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(key for key in old if key not in new)]:
            here = f"{path}.{key}" if path else str(key)
            if key not in old or key not in new:
                return f"{shown(here)} {'is missing' if key not in old else 'does not belong'}"
            if found := value_difference(old[key], new[key], here):
                return found
        return None
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return next((found for at, (a, b) in pairs if (found := value_difference(a, b, f"{path}[{at}]"))), None)
    return None if (type(old), old) == (type(new), new) else f"{path} is {shown(old)}, made anew {shown(new)}"


def text_difference(old: bytes, new: bytes) -> str:
    """The first line that differs."""
    stored, fresh = old.splitlines(), new.splitlines()
    pairs = enumerate(zip(stored, fresh, strict=False), 1)
    at = next((at for at, (a, b) in pairs if a != b), min(len(stored), len(fresh)) + 1)
    if b"\0" in old[:1000] or b"\0" in new[:1000]:
        return "other bytes"
    return f"from line {at} on ({len(stored):,} lines, made anew {len(fresh):,})"


def table_difference(stored: Path, fresh: Path, any_layout: bool) -> str | None:
    """The first column and row that differ."""
    import polars as pl

    try:
        old = pl.read_parquet(stored)
    except Exception as error:  # whatever a damaged file makes the reader say
        return f"cannot be read ({shown(str(error))})"
    new = pl.read_parquet(fresh)
    if old.schema != new.schema:
        return f"other columns ({shown(', '.join(old.columns))})"
    if len(old) != len(new):
        return f"{len(old):,} rows, made anew {len(new):,}"
    for name in new.columns:
        unlike = old[name].ne_missing(new[name])
        if unlike.any():
            row = unlike.arg_max() or 0
            return f"column {name}, row {row + 1}: {shown(old[name][row])}, made anew {shown(new[name][row])}"
    return None if any_layout else "the same numbers, written in another way"
