"""Odd and wrong tables as people have them, and what is said of each: docs/measured/tables.md is made of them.

.venv/bin/python -m tests.tools.odd_tables            print the page
.venv/bin/python -m tests.tools.odd_tables --write    write it
"""

import io
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from scenarios.errors import InputError
from scenarios.findings import Findings
from scenarios.plain import read_plain
from tests.tools.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "measured" / "tables.md"
HEAD = "code,residents,origin_native,origin_other\n"
DUTCH = "code;name;residents;origin_netherlands;origin_europe;origin_outside_europe\n"


@dataclass(frozen=True)
class Odd:
    """A table that is odd or wrong.

    Attributes
    ----------
    name : str
        What is odd about it.
    content : str, bytes or callable
        Of the file; a callable takes its path and writes it.
    says : str
        Pattern of what must be said.
    right : dict of str to int, or None
        Residents by code as they must be read; None: it must be refused.
    file : str
        Name of the file.
    beside : dict of str to str or bytes
        Other files there.
    asked : dict of str to object
        Further words of `read_plain`; a name of `beside` becomes its path.
    """

    name: str
    content: Any
    says: str
    right: dict[str, int] | None
    file: str = "areas.csv"
    beside: dict[str, Any] = field(default_factory=dict)
    requested: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What happened with an odd table: residents by code, or None when it was refused, and what was said."""

    residents: dict[str, int] | None
    lines: list[str]


def workbook(*sheets: tuple[str, list[list[Any]]], merge: str = "") -> Callable[[Path], None]:
    """Write an Excel workbook of these sheets; ``merge`` is a range of the first that is merged."""

    def write(path: Path) -> None:
        import xlsxwriter

        with xlsxwriter.Workbook(str(path)) as book:
            for at, (name, rows) in enumerate(sheets):
                sheet = book.add_worksheet(name)
                for row, cells in enumerate(rows):
                    sheet.write_row(row, 0, cells)
                if merge and at == 0:
                    sheet.merge_range(merge, rows[0][2])

    return write


def ods(rows: list[list[Any]]) -> bytes:
    """An OpenDocument spreadsheet of one sheet."""
    number = '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p></table:table-cell>'
    text = '<table:table-cell office:value-type="string"><text:p>{0}</text:p></table:table-cell>'
    cells = "".join(
        "<table:table-row>"
        + "".join((number if isinstance(cell, int | float) else text).format(cell) for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Blad1">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:'
        'xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return data.getvalue()


def parquet(frame: pl.DataFrame) -> bytes:
    """A frame as the bytes of a Parquet file."""
    data = io.BytesIO()
    frame.write_parquet(data)
    return data.getvalue()


def outlines(
    codes: list[str],
    names: list[str] | None = None,
    change: Callable[[float, float], tuple[float, float]] = lambda x, y: (x, y),
) -> str:
    """Squares side by side near Gouda as GeoJSON, their corners changed into other coordinates."""

    def ring(at: int) -> list[list[float]]:
        west = round(4.70 + at * 0.01, 3)
        corners = [(west, 52.01), (west + 0.01, 52.01), (west + 0.01, 52.02), (west, 52.02), (west, 52.01)]
        return [list(change(round(x, 3), y)) for x, y in corners]

    features = [
        {
            "type": "Feature",
            "properties": {"code": code} | ({"name": names[at]} if names else {}),
            "geometry": {"type": "Polygon", "coordinates": [ring(at)]},
        }
        for at, code in enumerate(codes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def in_dutch_coordinates(x: float, y: float) -> tuple[float, float]:
    """Degrees as Dutch coordinates in metres."""
    from pyproj import Transformer

    east, north = Transformer.from_crs("EPSG:4326", "EPSG:28992", always_xy=True).transform(x, y)
    return round(east, 3), round(north, 3)


def districts(count: int = 4, names: str = "ABCDEFGH", residents: str = "1000") -> str:
    """A table of districts of Gouda."""
    rows = [f"WK0513{at:02d};{names[at]};{residents};0,8;0,1;0,1\n" for at in range(count)]
    return DUTCH + "".join(rows)


def measure(case: Odd) -> Said:
    """Read an odd table as a run does, and keep what was said."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, content in ({case.file: case.content} | case.beside).items():
            path = folder / name
            if callable(content):
                content(path)
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        requested = {k: folder / v if isinstance(v, str) and v in case.beside else v for k, v in case.requested.items()}
        found = Findings()
        try:
            areas = read_plain(folder / case.file, found=found, **requested)
        except InputError as error:
            return Said(None, [str(error)])
        return Said(dict(zip(areas.code, areas.residents.tolist(), strict=True)), list(found.notes))


def what_matters(case: Odd, said: Said) -> str:
    """The line that answers what is odd."""
    return next((line for line in said.lines if re.search(case.says, line)), "")


def page() -> str:
    """The page of documentation."""
    from tests.tools.odd_table_cases import CASES

    lines = [
        f"{len(CASES)} tables as people have them, each read as `thuis run region=file` and `thuis data check` do.",
        "Made by `python -m tests.tools.odd_tables --write`; `tests/scenarios/test_odd_tables.py` compares every line.",
        "A table that is read is read as it was meant, and says so; the others are refused by the line shown.",
        "",
        "| | what is odd | done | what is said |",
        "|---|---|---|---|",
    ]
    for number, case in enumerate(CASES, 1):
        said = measure(case)
        done = "refused" if said.residents is None else f"read, {sum(said.residents.values()):,} residents"
        line = what_matters(case, said).replace("|", "\\|")
        lines.append(f"| {number} | {case.name} | {done} | {line} |")
    return "\n".join(lines) + "\n"


def main(words: list[str]) -> None:
    """Print or write the page."""
    text = page()
    if "--write" in words:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
