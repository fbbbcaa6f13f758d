"""Reading a table of CBS over OData version 4: long form, one row per area and measure."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from scenarios.cbs_catalogue import Property
from scenarios.download.odata3 import MOST_FILTERS
from scenarios.download.paging import all_rows, chosen_period
from scenarios.download.raw import BrokenTableError, RawTable, Wanted, number
from scenarios.download.transport import Getter
from scenarios.errors import InputError


def read_v4(
    getter: Getter, base: str, wanted: Wanted, choose: Callable[[list[Property]], dict[str, Property]]
) -> RawTable:
    """Read the areas wanted of one table; see `scenarios.download.odata3.read_v3`."""
    root = f"{base.rstrip('/')}/{wanted.table}"
    table = RawTable(wanted.table)
    _read_description(getter, root, table)

    def listed(name: str, *columns: str) -> list[dict[str, Any]]:
        return all_rows(getter, f"{root}/{name}", wanted.table, columns, columns[0])

    area, period = _dimensions(listed("Dimensions", "Identifier", "Kind"), wanted.table)
    groups = {row["Id"]: row for row in listed("MeasureGroups", "Id", "Title")}
    table.columns = choose([_property(row, groups) for row in listed("MeasureCodes", "Identifier", "Title")])
    codes = all_rows(
        getter,
        f"{root}/{area}Codes?{_area_condition('Identifier', wanted.prefixes)}",
        wanted.table,
        ("Identifier", "Title"),
        "Identifier",
    )
    names = {str(row["Identifier"]).strip(): str(row["Title"]).strip() for row in codes}
    table.names = {code: name for code, name in names.items() if wanted.holds(code)}
    measures = sorted({p.key for p in table.columns.values()})
    condition = _area_condition(area, wanted.prefixes) + quote(
        f" and Measure in ({','.join(repr(m) for m in measures)})"
    )
    if period:
        table.period = chosen_period([str(row["Identifier"]) for row in listed(f"{period}Codes", "Identifier")], wanted)
        condition += quote(f" and {period} eq '{table.period}'")
    needed = (area, "Measure", "Value", *([period] if period else ()))
    rows = all_rows(getter, f"{root}/Observations?$count=true&{condition}", wanted.table, needed, area, "Measure")
    _spread(rows, table, wanted, area, period)
    return table


def _read_description(getter: Getter, root: str, table: RawTable) -> None:
    url = f"{root}/Properties"
    page = getter.newest(url, table.identifier, _problem, lambda p: p.get("Modified"))
    if str(page.get("Identifier", table.identifier)).strip().lower() != table.identifier.lower():
        raise InputError(f"{url} describes table '{page.get('Identifier')}' (asked for: {table.identifier})")
    table.title, table.modified = str(page.get("Title", "")).strip(), str(page.get("Modified", "")).strip()


def _problem(page: Any) -> str | None:
    return None if "Title" in page else "is not the description of a CBS table"


def _dimensions(listed: list[dict[str, Any]], table: str) -> tuple[str, str]:
    kinds = {str(row["Kind"]): str(row["Identifier"]) for row in listed}
    if "GeoDimension" not in kinds:
        raise InputError(f"CBS table {table} has no column with places")
    return kinds["GeoDimension"], kinds.get("TimeDimension", "")


def _property(row: dict[str, Any], groups: dict[Any, dict[str, Any]]) -> Property:
    above: list[str] = []
    parent = row.get("MeasureGroupId")
    while parent in groups and len(above) < 20:
        above.append(str(groups[parent]["Title"]))
        parent = groups[parent].get("ParentId")
    return Property(str(row["Identifier"]), str(row["Title"]), str(row.get("Unit") or ""), tuple(above))


def _area_condition(key: str, prefixes: tuple[str, ...]) -> str:
    if len(prefixes) > MOST_FILTERS:
        prefixes = tuple(sorted({p[:2] for p in prefixes}))
    text = " or ".join(f"startswith({key},'{p}')" for p in prefixes)
    return f"$filter={quote(f'({text})')}"


def _spread(rows: list[dict[str, Any]], table: RawTable, wanted: Wanted, area: str, period: str) -> None:
    """Turn rows per area and measure into rows per area; a measure that is not sent is unknown."""
    for row in rows:
        code = str(row[area]).strip()
        if not wanted.holds(code) or (period and str(row[period]).strip() != table.period.strip()):
            continue
        if code not in table.names:
            raise BrokenTableError(table.identifier, f"sent area '{code}', which its own list of areas does not have")
        values = table.rows.setdefault(code, dict.fromkeys(table.columns, float("nan")))
        for column, one in table.columns.items():
            if one.key == str(row["Measure"]):
                values[column] = number(row["Value"], f"CBS table {table.identifier}, {code}, {one.key}")
