"""Reading a table of CBS over OData version 3: one row per area, columns whose keys change every year."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from scenarios.cbs_catalogue import Property
from scenarios.download.paging import all_rows, chosen_period
from scenarios.download.raw import BrokenTableError, RawTable, Wanted, number
from scenarios.download.transport import Getter
from scenarios.errors import InputError

MOST_FILTERS = 20
"""With more prefixes of codes than this the whole table is requested, since an address must not grow too long."""


def read_v3(
    getter: Getter, base: str, wanted: Wanted, choose: Callable[[list[Property]], dict[str, Property]]
) -> RawTable:
    """Read the areas wanted of one table.

    Parameters
    ----------
    getter : Getter
    base : str
        Address of the service, up to the identifier of the table.
    wanted : Wanted
    choose : callable
        Gets the columns of the table, returns those to read under the name they get.

    Returns
    -------
    RawTable

    Raises
    ------
    InputError
        For an incomplete table.
    """
    root = f"{base.rstrip('/')}/{wanted.table}"
    table = RawTable(wanted.table)
    _read_description(getter, root, table)
    listed = all_rows(getter, f"{root}/DataProperties?$format=json", wanted.table, ("ID", "Type", "Key", "Title"), "ID")
    area, period = _dimensions(listed, wanted.table)
    table.columns = choose(_properties(listed))
    condition = _condition("Key", wanted.prefixes)
    names = all_rows(getter, f"{root}/{area}?$format=json{condition}", wanted.table, ("Key", "Title"), "Key")
    table.names = {_code(row["Key"]): str(row["Title"]).strip() for row in names if wanted.holds(_code(row["Key"]))}
    condition = _condition(area, wanted.prefixes)
    dimensions: tuple[str, ...] = (area,)
    if period:
        dimensions = (area, period)
        years = all_rows(getter, f"{root}/{period}?$format=json", wanted.table, ("Key",), "Key")
        table.period = chosen_period([str(row["Key"]) for row in years], wanted)
        condition += quote(f" and {period} eq '{table.period}'")
    columns = (*dimensions, *sorted({p.key for p in table.columns.values()}))
    address = f"{root}/TypedDataSet?$format=json&$select={','.join(columns)}{condition}"
    for row in all_rows(getter, address, wanted.table, columns, area, period):
        _keep(row, table, wanted, area, period)
    return table


def _read_description(getter: Getter, root: str, table: RawTable) -> None:
    """Read title and date of change."""
    url = f"{root}/TableInfos?$format=json"
    page = getter.newest(url, table.identifier, _is_description, lambda p: p["value"][0].get("Modified"))
    info = page["value"][0]
    if str(info.get("Identifier", table.identifier)).strip().lower() != table.identifier.lower():
        raise InputError(f"{url} describes table '{info.get('Identifier')}' (asked for: {table.identifier})")
    table.title, table.modified = str(info.get("Title", "")).strip(), str(info.get("Modified", "")).strip()


def _is_description(page: Any) -> str | None:
    value = page.get("value")
    fine = isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)
    return None if fine else "is not the description of a CBS table"


def _dimensions(listed: list[dict[str, Any]], table: str) -> tuple[str, str]:
    """Return the keys of the column with areas, and of that with periods (empty when there is none)."""
    kinds = {str(row["Type"]): str(row["Key"]) for row in reversed(listed)}
    keys = [str(row["Key"]) for row in listed]
    area = kinds.get("GeoDimension") or next((k for k in ("WijkenEnBuurten", "RegioS") if k in keys), "")
    if not area:
        raise InputError(f"CBS table {table} has no column with places")
    return area, kinds.get("TimeDimension", "")


def _properties(listed: list[dict[str, Any]]) -> list[Property]:
    """Return the columns with numbers, in the order of the table, with the titles of the groups above them."""
    group = {row["ID"]: row for row in listed}
    columns = []
    for row in sorted(listed, key=lambda r: r["ID"]):
        above, parent, seen = [], row.get("ParentID"), set()
        while parent in group and parent not in seen:
            seen.add(parent)
            above.append(str(group[parent]["Title"]))
            parent = group[parent].get("ParentID")
        if str(row["Type"]) == "Topic" and row["Key"]:
            columns.append(Property(str(row["Key"]), str(row["Title"]), str(row.get("Unit") or ""), tuple(above)))
    return columns


def _condition(key: str, prefixes: tuple[str, ...]) -> str:
    if len(prefixes) > MOST_FILTERS:
        prefixes = tuple(sorted({p[:2] for p in prefixes}))
    text = " or ".join(f"startswith({key},'{p}')" for p in prefixes)
    return f"&$filter={quote(f'({text})')}"


def _code(value: Any) -> str:
    """Return a code without the spaces CBS adds to make it ten characters long."""
    return str(value).strip()


def _keep(row: dict[str, Any], table: RawTable, wanted: Wanted, area: str, period: str) -> None:
    code = _code(row[area])
    if not wanted.holds(code) or (period and str(row[period]).strip() != table.period.strip()):
        return
    if code not in table.names:
        raise BrokenTableError(table.identifier, f"sent area '{code}', which its own list of areas does not have")
    if code in table.rows:
        raise BrokenTableError(table.identifier, f"sent area '{code}' twice")
    where = f"CBS table {table.identifier}, {code}"
    table.rows[code] = {column: number(row[p.key], f"{where}, {p.key}") for column, p in table.columns.items()}
