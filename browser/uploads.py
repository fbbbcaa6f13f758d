"""A visitor's own areas: a table or a map with figures, put on the page, within limits that keep the server free."""

import io
import tempfile
import zipfile
from pathlib import Path

from browser.protocol import Refused
from scenarios.archives import refuse_large_archive, refuse_vast_sheets
from scenarios.areas import AreaTable
from scenarios.errors import InputError
from scenarios.plain import read_plain
from scenarios.table_files import ending_of

MOST_UPLOAD = 8_000_000  # bytes
MOST_UNPACKED, MOST_CELLS = 40_000_000, 1_000_000  # bytes of an archive unpacked, and cells of a sheet
MOST_ROWS = 5_000
MOST_RESIDENTS = 50_000_000
WORKBOOKS = (".xlsx", ".ods")
MAPS = {b"SQLite format 3\x00": ".gpkg", b"{": ".geojson"}


def read_upload(content: bytes) -> AreaTable:
    """The areas in a file that came without a name.

    Parameters
    ----------
    content : bytes
        Text with columns, an Excel or OpenDocument workbook, GeoPackage, GeoJSON, or a zipped shapefile or GeoPackage.

    Raises
    ------
    InputError
        One clear line: file, row, column, value and what is allowed.
    """
    kind = kind_of(content)
    if kind == ".csv" and len(content.splitlines()) > MOST_ROWS + 1:
        raise too_many_rows()
    with tempfile.TemporaryDirectory(prefix="thuis-upload-") as folder:
        path = Path(folder) / f"{'map' if kind in (*MAPS.values(), '.zip') else 'table'}{kind}"
        path.write_bytes(content)
        if kind in (*WORKBOOKS, ".zip"):
            refuse_large_archive(content, path, MOST_UNPACKED)
        if kind in WORKBOOKS:
            refuse_vast_sheets(content, path, MOST_CELLS)
        table = read_plain(path)
    if len(table) > MOST_ROWS:
        raise too_many_rows()
    if int(table.residents.sum()) > MOST_RESIDENTS:
        raise InputError(f"the table has more than {MOST_RESIDENTS:,} residents together")
    return table


def kind_of(content: bytes) -> str:
    """The end that the name of the file would have, by how its content begins; what is nothing else is text."""
    begins = next(
        (kind for start, kind in MAPS.items() if content[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(start)), ""
    )
    if begins:
        return begins
    kind = ending_of(content)
    if kind == ".xlsx" and holds_map(content):
        return ".zip"
    return kind if kind in WORKBOOKS else ".csv"


def holds_map(content: bytes) -> bool:
    """Whether an archive holds a map; one that cannot be opened is refused later."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name.lower().endswith((".shp", ".gpkg")) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def too_many_rows() -> Refused:
    """More areas than a page is for."""
    return Refused(f"the table has more than {MOST_ROWS:,} rows", f"de tabel heeft meer dan {MOST_ROWS} rijen")
