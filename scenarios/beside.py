"""Joining of two tables of the same areas: columns that one has and the other lacks.

StatLine gives at most so many cells at once, so people have the origins of residents in one export and their ages in
another, and codes in only one of them.
"""

from collections import Counter

import numpy as np
import polars as pl

from scenarios.errors import wrong
from scenarios.table import Table

GROUPS = ("origin_", "age_", "one_person_households", "households")
"""Beginnings of columns that are only used where a table of areas itself has them."""


def put_beside(table: Table, other: Table) -> Table:
    """Return a table with the codes, groups of residents and households that only the other has.

    Areas are matched by code; where one of the two has no codes by their order when all names are the same, else by
    the names of area and municipality.

    Raises
    ------
    InputError
        When names do not match, or residents differ.
    """
    both = {"code"} <= set(table.columns) & set(other.columns)
    row = _by_code(table, other) if both else _by_name(table, other)
    wanted = GROUPS if both else ("",)
    columns = [c for c in other.columns if c not in table.columns and c.startswith(wanted)]
    found = pl.Series(np.where(row >= 0, row, 0))
    known = pl.Series(row >= 0)
    added = [other.frame[c].gather(found).alias(c) for c in columns]
    frame = table.frame.with_columns(added).with_columns(pl.when(known).then(pl.col(c)).alias(c) for c in columns)
    if columns:
        table.found.say(
            f"{other.file} was put beside {table.file}: {int(known.sum())} of {len(table)} rows.",
            f"{other.file} is naast {table.file} gelegd: {int(known.sum())} van de {len(table)} rijen.",
        )
    return table.with_columns(*[frame[c] for c in columns])


def groups_in(table: Table, other: Table) -> bool:
    """Whether the other table has groups of residents or households that this one lacks."""
    return any(c.startswith(GROUPS) and c not in table.columns for c in other.columns)


def _by_code(table: Table, other: Table) -> np.ndarray:
    rows = {code: at for at, code in enumerate(other.text("code"))}
    return np.array([rows.get(code, -1) for code in table.text("code")], dtype=np.int64)


def _by_name(table: Table, other: Table) -> np.ndarray:
    """The row of the other table per row, by order or by name."""
    for one in (table, other):
        if "name" not in one.columns:
            raise wrong("has neither codes nor names of areas", file=one.file, allowed="a column code or name")
    if len(table) == len(other) and table.text("name") == other.text("name"):
        row = np.arange(len(table))
    else:
        ours, theirs = _keys(table, other)
        once = {key for key, count in Counter(theirs).items() if count == 1}
        rows = {key: at for at, key in enumerate(theirs) if key in once}
        row = np.array([rows.get(key, -1) for key in ours], dtype=np.int64)
        repeated = {key for key, count in Counter(ours).items() if count > 1}
        row[[key in repeated for key in ours]] = -1
        if (row >= 0).sum() * 2 < len(row):
            raise wrong(
                f"cannot be put beside {table.file}: {int((row >= 0).sum())} of {len(row)} areas have one name in both",
                file=other.file,
                allowed="the same rows in the same order, or a column with codes in both",
            )
    _compare_residents(table, other, row)
    return row


def _keys(table: Table, other: Table) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    columns = [c for c in ("municipality_name", "kind", "name") if c in table.columns and c in other.columns]
    ours, theirs = ([t.text(c) for c in columns] for t in (table, other))
    return list(zip(*ours, strict=True)), list(zip(*theirs, strict=True))


def _compare_residents(table: Table, other: Table, row: np.ndarray) -> None:
    """Refuse joined rows whose numbers of residents differ."""
    if not {"residents"} <= set(table.columns) & set(other.columns):
        return
    ours, theirs = table.numbers("residents", 0), other.numbers("residents", 0)[np.maximum(row, 0)]
    unlike = (row >= 0) & (np.abs(ours - theirs) > 0.1 * ours + 10)
    if unlike.mean() > 0.02:
        first = int(np.argmax(unlike))
        raise wrong(
            f"does not fit beside {other.file}: its residents are {ours[first]:,.0f}, there {theirs[first]:,.0f}",
            file=table.file,
            row=int(table.rows[first]),
        )
