"""Packed files and workbooks that would fill the memory: refused before they are opened."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from scenarios.errors import wrong

LARGEST = 1 << 30
"""Most bytes that a packed file may hold unpacked."""
MOST_CELLS = 20_000_000
"""Most cells up to the last filled one of a sheet: the reader of workbooks keeps a place for each."""

_PLACE = re.compile(rb"""<(?:\w+:)?c [^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_KIND = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"


def unpacked(content: bytes, path: Path, most: int = LARGEST) -> bytes:
    """The bytes of a .gz file.

    Raises
    ------
    InputError
        Damaged, or too large unpacked.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            data = file.read(most + 1)
    except (OSError, EOFError, ValueError) as error:
        raise wrong("cannot be unpacked: it is cut short, damaged or something else", file=path) from error
    if len(data) > most:
        raise wrong(f"is larger than {most >> 20:,} MiB unpacked", file=path)
    return data


def refuse_large_archive(content: bytes, path: Path, most: int = LARGEST) -> None:
    """Refuse an archive (workbook or zipped map) that is damaged or too large unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise wrong("cannot be unpacked: it is cut short, damaged or something else", file=path) from error
    if size > most:
        raise wrong(f"is larger than {most >> 20:,} MiB unpacked", file=path)


def refuse_vast_sheets(content: bytes, path: Path, most: int = MOST_CELLS) -> None:
    """Refuse a workbook with a sheet of which a stray cell far away makes millions of empty ones.

    Raises
    ------
    InputError
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            spans = list(_spans_of_ods(archive) if path.suffix.lower() == ".ods" else _spans_of_xlsx(archive))
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        KeyError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ElementTree.ParseError,
    ) as error:
        raise wrong("cannot be read as a workbook: it is cut short, damaged or something else", file=path) from error
    for height, width in spans:
        if height * width > most:
            raise wrong(
                f"has a sheet of {height:,} rows and {width:,} columns, nearly all of them empty",
                file=path,
                allowed=f"at most {most:,} cells: remove what stands far from the table",
            )


def _spans_of_xlsx(archive: zipfile.ZipFile) -> Iterator[tuple[int, int]]:
    """Rows and columns up to the last filled cell of each sheet."""
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            height = width = 0
            for column, row in _PLACE.findall(archive.read(name)):
                height, width = max(height, int(row)), max(width, _column_number(column))
            yield height, width


def _column_number(letters: bytes) -> int:
    """The number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _spans_of_ods(archive: zipfile.ZipFile) -> Iterator[tuple[int, int]]:
    """Rows and columns up to the last filled cell of each sheet, repeated ones counted."""
    height = width = last = 0
    with archive.open("content.xml") as file:
        for _, element in ElementTree.iterparse(file):
            if element.tag == f"{_TABLE}table-row":
                reach = _reach(element)
                last += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                width, height = max(width, reach), last if reach else height
                element.clear()
            elif element.tag == f"{_TABLE}table":
                yield height, width
                height = width = last = 0
                element.clear()


def _reach(row: ElementTree.Element) -> int:
    """Columns up to the last filled cell of a row."""
    at = reach = 0
    for cell in row:
        at += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        reach = at if cell.get(_KIND) else reach
    return reach
