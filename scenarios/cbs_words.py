"""Tables of Statistics Netherlands in all their published forms, with columns renamed to those of own areas.

Recognised are StatLine's exports (long titles), its open data (keys such as ``AantalInwoners_5``), the key figures per
year in Excel, and the figures that come with its maps. The columns keep their values; only their names change.
"""

import re
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from scenarios.cbs_catalogue import Property, catalogue, first_match, short_names
from scenarios.codes import CODE
from scenarios.table import Table

SEVEN = ("western", "non_western", "moroccan", "antillean", "surinamese", "turkish")
_UNIT = re.compile(r"\s*\(([^()]*)\)\s*$")
_KEY = re.compile(r"^(?:k_)?(.*)_\d+$")


def in_cbs_words(table: Table) -> Table:
    """Return a table of CBS with columns named as ours; any other table as it is.

    A table in our own words (with ``code``, ``residents`` and two or more ``origin_…``) is left as it is.
    """
    own = {"code", "residents"} <= set(table.columns) and sum(c.startswith("origin_") for c in table.columns) > 1
    if own:
        return table
    names = _names(table)
    if not names:
        return table
    table = _on_land(table.rename(names))
    if {"western", "non_western"} <= set(table.columns) and "origin_dutch" not in table.columns:
        table = _seven_groups(table)
    told = ", ".join(f"{new} ({old})" for old, new in names.items() if new not in ("kind", "water", "period", *SEVEN))
    table.found.say(f"Columns of CBS that were recognised: {told}.", f"Kolommen van het CBS die herkend zijn: {told}.")
    return table


def _names(table: Table) -> dict[str, str]:
    """Names of ours by the names of columns, for what the table does not have in our words yet."""
    rules, names = _rules(), dict[str, str]()
    lowered = {column.lower(): column for column in reversed(table.columns)}
    properties = [p for column in table.columns for p in _properties(column)]
    for ours in dict.fromkeys([*short_names(), *rules]):
        if ours in table.columns:
            continue
        short = [lowered[one] for one in short_names().get(ours, []) if one in lowered]
        match = first_match(rules[ours], properties) if ours in rules else None
        for column in [*short, *([match.key] if match else [])]:
            if column not in names:
                names[column] = ours
                break
    return _codes_and_names(table, names)


@cache
def _rules() -> dict[str, dict[str, Any]]:
    """Titles per column of ours, from ``conf/cbs_tables.yaml``."""
    known = catalogue()
    origin = {f"origin_{group}": rule for group, rule in known["origin"]["cbs3"].items()}
    municipality = {
        "code": {"titles": ["codering", "codering code", "regiocode (gemeente, wijk, buurt)"]},
        "municipality_name": {"titles": ["gemeentenaam"]},
        "kind": {"titles": ["soort regio"]},
        "name": {"titles": ["wijken en buurten", "regio's"]},
    }
    columns: dict[str, Any] = {}
    for kind in ("facilities", "key_figures", "socio_economic"):
        columns |= known["columns"][kind]
    return municipality | columns | origin | known["origin"]["cbs7"]


def _properties(column: str) -> list[Property]:
    """A column's name as title, unit and groups: with the brackets at its end as unit, and as part of the title."""
    parts = [part.strip() for part in column.split("/")]
    groups = tuple(reversed(parts[:-1]))
    unit = _UNIT.search(parts[-1])
    found = [Property(column, parts[-1], "", groups)]
    if unit:
        found.insert(0, Property(column, parts[-1][: unit.start()], unit[1], groups))
        if len(parts) > 1 and not parts[-1][: unit.start()]:
            found.append(Property(column, parts[-2], unit[1], groups[1:]))
    if key := _KEY.match(column):
        title = _titles().get(_letters(key[1]))
        found += [Property(column, title, "", ())] if title else []
    return found


def _letters(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


@cache
def _titles() -> dict[str, str]:
    """Titles reduced to letters and digits, as in the keys of open data."""
    return {_letters(title): title for rule in _rules().values() for title in rule["titles"]}


def _codes_and_names(table: Table, names: dict[str, str]) -> dict[str, str]:
    """The names, with the column that holds codes as the code: open data has them where StatLine has names."""
    ours = {new: old for old, new in names.items()}
    if "name" in ours and "code" not in table.columns:
        cells = [cell for cell in table.text(ours["name"]) if cell][:50]
        if cells and all(CODE.fullmatch(cell) for cell in cells):
            if "code" in ours:
                del names[ours["code"]]
            names[ours["name"]] = "code"
    return names


def _on_land(table: Table) -> Table:
    """Leave out rows of water."""
    if "water" not in table.columns:
        return table
    land = np.array([cell.upper() not in ("JA", "B", "1") for cell in table.text("water")])
    if not land.all():
        count = int((~land).sum())
        table.found.say(f"{count} areas of water were left out.", f"{count} gebieden met water zijn weggelaten.")
    return table.filter(land)


def _seven_groups(table: Table) -> Table:
    """The seven groups of tables up to 2022: Dutch is what remains of western and non-western; suppressed is 0."""
    residents = table.numbers("residents", 0)
    given = [c for c in SEVEN if c in table.columns]
    values = {c: table.numbers(c, 0) for c in given}
    biggest = max((float(np.nanmax(v, initial=0.0)) for v in values.values()), default=0.0)
    whole = np.full(len(table), 100.0) if biggest <= 100 else residents
    parts = [np.nan_to_num(values.get(c, np.zeros(len(table)))) for c in SEVEN[2:]]
    columns = {
        "origin_dutch": np.maximum(whole - values["western"] - values["non_western"], 0.0),
        "origin_western": values["western"],
        **{f"origin_{c}": part for c, part in zip(SEVEN[2:], parts, strict=True)},
        "origin_other_non_western": np.maximum(values["non_western"] - sum(parts), 0.0),
    }
    secret = int(np.isnan(np.stack([values[c] for c in given[2:]])).any(axis=0).sum()) if given[2:] else len(table)
    if secret:
        table.found.say(
            f"In {secret} areas parts of non-western are kept secret; they count as 'other'.",
            f"In {secret} gebieden is de verdeling van niet-westers geheim; die telt daar als 'overig'.",
        )
    return table.with_columns(*[pl.Series(name, v, nan_to_null=True) for name, v in columns.items()])
