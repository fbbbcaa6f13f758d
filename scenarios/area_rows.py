"""Selection of the rows of a table that are areas: no footnotes, totals, other years or containing areas."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import polars as pl

from scenarios.codes import CODE, LEVELS, full_code
from scenarios.header import is_number
from scenarios.table import Table

DUTCH = {"BU": "neighbourhoods (buurten)", "WK": "districts (wijken)", "GM": "municipalities", "NL": "the country"}
_TOTAL = re.compile(
    r"((sub|eind)?(totaal|total)\b.*|som|sum|alle (wijken|buurten|gebieden|gemeenten)|all areas|nederland|nl0\d)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(bron|source|noot|note|toelichting|peildatum|let op)[ :].*|[©*].*", re.IGNORECASE)
SHOWN = 3


def only_areas(table: Table, wanted: list[str] | None, level: str | None = None) -> Table:
    """Return the rows that are areas, with codes written in full; a note says what was left out.

    Parameters
    ----------
    table : Table
        With a column ``code``.
    wanted : list of str, optional
        Requested codes: when neighbourhoods are among them, neighbourhoods are read.
    level : str, optional
        ``wijken``, ``buurten`` or ``gemeenten``, of a table that holds several kinds; else districts where it has them.
    """
    table = _one_period(_without_notes(table))
    table = _full_codes(table)
    table = _without_totals(table)
    return _one_level(table, wanted or [], level)


def _without_notes(table: Table) -> Table:
    """Leave out rows at the end that hold no number at all: notes on the source."""
    counted = [c for c in table.columns if c not in ("code", "name", "municipality", "municipality_name", "kind")]
    last = len(table)
    texts = [table.text(column) for column in counted]
    while last > 1 and _is_note(table, last - 1, any(is_number(cells[last - 1]) for cells in texts)):
        last -= 1
    if last == len(table):
        return table
    below = [_shown(table, row) for row in range(last, len(table))]
    names = "; ".join(below[:SHOWN]) + (f" and {len(below) - SHOWN} more" if len(below) > SHOWN else "")
    table.found.say(
        f"Rows below the table were left out as notes: {names}.",
        f"Regels onder de tabel zijn als noten weggelaten: {names.replace(' and ', ' en ').replace(' more', ' meer')}.",
    )
    return table.filter(np.arange(len(table)) < last)


def _is_note(table: Table, row: int, has_numbers: bool) -> bool:
    """Whether a row is a note: its code begins as notes do, or it has no numbers and is no short code either."""
    cell = str(table.frame["code"][row] or "").strip()
    return bool(_NOTE.fullmatch(cell)) or (not has_numbers and (not cell or " " in cell or len(cell) > 20))


def _shown(table: Table, row: int) -> str:
    cells = [str(cell) for cell in table.frame.row(row) if cell not in (None, "")]
    return f"row {table.rows[row]} '{' '.join(cells)[:60]}'"


def _one_period(table: Table) -> Table:
    """Of a table with several years take the last, where a code occurs in each."""
    if "period" not in table.columns:
        return table
    periods = table.text("period")
    codes = table.text("code")
    known = sorted({period for period in periods if period})
    if len(known) < 2 or max(Counter(codes).values()) == 1:
        return table
    table.found.say(
        f"Of {len(known)} periods the last, {known[-1]}, was read.",
        f"Van {len(known)} perioden is de laatste, {known[-1]}, gelezen.",
    )
    return table.filter(np.array([period == known[-1] for period in periods]))


def _full_codes(table: Table) -> Table:
    """Write codes of CBS in full, in the columns of areas and of municipalities."""
    for column in ("code", "municipality"):
        if column not in table.columns:
            continue
        cells = table.text(column)
        full = [full_code(cell) for cell in cells]
        if column == "municipality" and all(c.isdigit() and len(c) <= 4 for c in cells if c) and _are_dutch(table):
            full = [f"GM{cell.zfill(4)}" if cell else "" for cell in cells]
        changed = [(a, b) for a, b in zip(cells, full, strict=True) if a != b]
        if changed:
            table = table.with_columns(pl.Series(column, full))
            first, then = changed[0]
            table.found.say(
                f"Column {column}: {len(changed)} codes of CBS were written in full ('{first}' is {then}).",
                f"Kolom {column}: {len(changed)} codes van het CBS zijn voluit geschreven ('{first}' is {then}).",
            )
    return table


def _are_dutch(table: Table) -> bool:
    codes = [full_code(code) for code in table.text("code")]
    return sum(bool(CODE.fullmatch(code)) for code in codes) > len(codes) / 2


def _without_totals(table: Table) -> Table:
    """Leave out rows with totals; the cells of one are kept, as they help to recognise the notation of numbers."""
    codes = table.text("code")
    names = table.text("name") if "name" in table.columns else codes
    residents = np.array([_digits(cell) for cell in table.text("residents")] if "residents" in table.columns else [])
    whole = residents.sum()
    total = np.array([_is_total(c, n) for c, n in zip(codes, names, strict=True)], dtype=bool)
    if len(residents) > 2:
        total |= np.array([not c for c in codes]) & (residents > 0) & (2 * residents == whole)
        like = (residents > 0) & (2 * residents == whole)
        for row in np.flatnonzero(like) if len(residents) > 4 and not total.any() else ():
            table.found.warn(
                f"Row {table.rows[row]} ('{codes[row]}') has as many residents as all others together: if it is a "
                "total, leave it out.",
                f"Rij {table.rows[row]} ('{codes[row]}') heeft evenveel bewoners als alle andere samen: laat hem weg "
                "als het een totaal is.",
            )
    if not total.any() or total.all():
        return table
    rows = np.flatnonzero(total)
    listed = ", ".join(f"row {table.rows[r]} '{codes[r] or names[r]}'" for r in rows[:SHOWN])
    table.found.say(
        f"Rows with totals were left out: {listed}.",
        f"Rijen met totalen zijn weggelaten: {listed.replace('row', 'rij')}.",
    )
    cells = {c: table.text(c)[rows[0]] for c in table.columns if table.frame[c].dtype == pl.String}
    return replace(table.filter(~total), totals=cells if len(rows) == 1 else {})


def _is_total(code: str, name: str) -> bool:
    """Whether a row is labelled as a total: by its code, or by its name where the code is empty or the same."""
    return bool(_TOTAL.fullmatch(code) or (_TOTAL.fullmatch(name) and code in ("", name)))


def _digits(cell: str) -> float:
    """The number formed by the digits of a cell, whatever separators it has; 0 for anything else."""
    plain = re.sub(r"[.,\s'’]", "", cell)
    return float(plain) if plain.isdecimal() and len(plain) < 16 else 0.0


def _one_level(table: Table, wanted: list[str], level: str | None) -> Table:
    """Keep one kind of area where a table has several, nested kinds, whose residents would be counted twice."""
    codes = table.text("code")
    kinds = np.array([code[:2] if CODE.fullmatch(code) else "" for code in codes])
    present = [kind for kind in ("BU", "WK", "GM", "NL") if (kinds == kind).any()]
    if len(present) < 2:
        return table
    taken = LEVELS[level] if level else ""
    if not taken:
        requested = {full_code(one.strip())[:2] for one in wanted if CODE.fullmatch(full_code(one.strip()))}
        taken = "BU" if "BU" in requested else "WK" if "WK" in present else present[0]
    if taken not in present:
        return table
    inside = {code[2:6] for code, kind in zip(codes, kinds, strict=True) if kind == taken}
    # A municipality of which there is no area of this kind stays as it is.
    kept = np.array(
        [k in (taken, "") or (k != "NL" and c[2:6] not in inside) for c, k in zip(codes, kinds, strict=True)]
    )
    counts = ", ".join(f"{int((kinds == kind).sum()):,} {DUTCH[kind]}" for kind in present)
    names = {"BU": "buurten", "WK": "wijken", "GM": "gemeenten", "NL": "het land"}
    aantallen = ", ".join(f"{int((kinds == kind).sum())} {names[kind]}" for kind in present)
    table.found.say(
        f"The table holds {counts}; of these the {DUTCH[taken]} were read.",
        f"De tabel bevat {aantallen}; daarvan zijn de {names[taken]} gelezen.",
    )
    return table.filter(kept)
