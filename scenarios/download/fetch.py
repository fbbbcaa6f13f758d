"""Download a year of areas: key figures, facilities nearby, socio-economic scores and outlines, into one folder."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scenarios.cbs_catalogue import catalogue
from scenarios.download.assemble import Assembled, assemble
from scenarios.download.attribution import attribution_text
from scenarios.download.cache import PageCache, write_atomically
from scenarios.download.gather import READERS, Gathered, Source, gather
from scenarios.download.outlines import MOST_MISSING, centre
from scenarios.download.raw import RawTable
from scenarios.download.tables import LEVELS, TableChoice, choose_tables
from scenarios.download.transport import Getter, Patience
from scenarios.errors import InputError, close_matches
from scenarios.plain import read_plain
from scenarios.text import for_spreadsheets

Progress = Callable[[str], None]


@dataclass(frozen=True)
class FetchResult:
    """What was written.

    Attributes
    ----------
    table, attribution, manifest : Path
        The plain table (``docs/own_areas.md``), ``ATTRIBUTION_*.md``, and what was fetched with checksums (JSON).
    outlines : Path or None
        GeoJSON in longitude and latitude, property ``code``.
    year, level : int, str
    areas, municipalities, residents : int
    scheme : str
        Origin scheme of the table: cbs7 or cbs3.
    notes : tuple of str
        Every area left out, value filled in and substitute used, in plain sentences.
    digest : str
        sha256 of the table.
    """

    table: Path
    outlines: Path | None
    attribution: Path
    manifest: Path
    year: int
    level: str
    areas: int
    municipalities: int
    residents: int
    scheme: str
    notes: tuple[str, ...]
    digest: str


def fetch(
    year: int,
    municipalities: Sequence[str] | str | None,
    folder: str | Path,
    base_url: str | None = None,
    geometry: bool = True,
    offline: bool = False,
    progress: Progress | None = None,
    *,
    level: str = "wijk",
    pdok_url: str | None = None,
    protocol: str = "v3",
    patience: Patience | None = None,
    refresh: bool = False,
    arrived: Callable[[int], None] | None = None,
) -> FetchResult:
    """Download areas of one year, or take them from what was downloaded before.

    Parameters
    ----------
    year : int
        2013 or later, see ``conf/cbs_tables.yaml``.
    municipalities : sequence of str or str or None
        Codes (GM0363, 363) or names (Amsterdam); None or "all" for the whole country.
    folder : path
        Made when needed; pages are kept in its folder ``pages`` with their checksums: an interrupted download goes on
        where it stopped, and a finished one can be repeated without a network.
    base_url, pdok_url : str, optional
        Other servers with the same protocol; else ``$THUIS_CBS_URL`` and ``$THUIS_PDOK_URL``, else those of
        ``conf/cbs_tables.yaml``.
    geometry : bool
        Also outlines and positions.
    offline : bool
        Use only what was kept.
    progress : callable, optional
        Receives one line for each step.
    level : str
        ``wijk`` or ``buurt``.
    protocol : str
        ``v3`` or ``v4`` of OData.
    patience : Patience, optional
        Time limits and retries.
    arrived : callable, optional
        Receives the bytes of each page.
    refresh : bool
        Delete the cached pages and read everything again. Without it, pages of CBS are read again when CBS says
        that the table was changed.

    Returns
    -------
    FetchResult
        Files are written only when everything arrived completely; each is renamed atomically, the table last.

    Raises
    ------
    InputError
        One line, for a wrong request or an incomplete table.
    """
    _check_request(year, level, protocol)
    choices = {choice.kind: choice for choice in choose_tables(year)}
    getter = Getter(
        PageCache(Path(folder) / "pages"),
        offline,
        patience or Patience(),
        progress or (lambda line: None),
        arrived or (lambda size: None),
    )
    cbs, pdok = _address("THUIS_CBS_URL", base_url, f"cbs_{protocol}"), _address("THUIS_PDOK_URL", pdok_url, "pdok")
    source = Source(getter, cbs, pdok, protocol, year)
    if refresh and not offline:
        getter.cache.clear()
    found = gather(source, choices, municipalities, level, geometry)
    made, shapes = _assembled(found, source, choices, level)
    return _write(Path(folder), source, level, made, found.tables, shapes)


def _check_request(year: int, level: str, protocol: str) -> None:
    if level not in LEVELS:
        raise InputError(f"unknown level '{level}'{close_matches(level, LEVELS)} (allowed: {', '.join(LEVELS)})")
    if protocol not in READERS:
        raise InputError(f"unknown protocol '{protocol}' (allowed: {', '.join(READERS)})")
    if isinstance(year, bool) or not isinstance(year, int):
        raise InputError(f"year '{year}' is not a whole number")


def _address(variable: str, given: str | None, service: str) -> str:
    address = given or os.environ.get(variable) or catalogue()["services"][service]
    if not address.startswith(("http://", "https://")):
        raise InputError(f"{variable} is '{address}' (allowed: an address that begins with https:// or http://)")
    return address.rstrip("/")


def _assembled(
    found: Gathered, source: Source, choices: dict[str, TableChoice], level: str
) -> tuple[Assembled, dict[str, Any]]:
    """Make the plain table of what was read, and the outlines of its areas."""
    shapes = {code: found.shapes[code] for code in sorted(found.shapes) if code in found.figures.rows}
    centres = {code: centre(shape) for code, shape in shapes.items()}
    made = assemble(found.figures, found.scheme, found.facilities, found.scores, centres, LEVELS[level])
    if shapes:
        shapes = _of_these_areas(shapes, made, source)
    made.notes = _unverified(choices, found.tables) + source.notes + made.notes
    read_plain(made.frame)  # what this loader writes, the reader of one's own areas must accept
    return made, shapes


def _of_these_areas(shapes: dict[str, Any], made: Assembled, source: Source) -> dict[str, Any]:
    codes = made.frame["code"].to_list()
    without = [c for c in codes if c not in shapes]
    if len(without) > MOST_MISSING * len(codes):
        raise InputError(
            f"{source.pdok} sent no outline for {len(without)} of {len(codes)} areas of {source.year}, the first is "
            f"{without[0]}; nothing was written"
        )
    if without:
        made.notes.append(f"{len(without)} areas have no outline, such as {without[0]}.")
    return {c: shapes[c] for c in codes if c in shapes}


def _unverified(choices: dict[str, TableChoice], tables: list[RawTable]) -> list[str]:
    recalled = {c.identifier for c in choices.values() if not c.certain}
    used = [t for t in tables if t.identifier in recalled]
    text = "CBS table {} was chosen from memory; its title is '{}': check that it fits."
    return [text.format(t.identifier, t.title) for t in used]


def _write(
    folder: Path, source: Source, level: str, made: Assembled, tables: list[RawTable], shapes: dict[str, Any]
) -> FetchResult:
    """Write outlines, attribution and manifest, then the table, each atomically."""
    stem = f"{source.year}_{level}"
    outlines = folder / f"outlines_{stem}.geojson" if shapes else None
    table, manifest = folder / f"areas_{stem}.csv", folder / f"areas_{stem}.json"
    attribution = folder / f"ATTRIBUTION_{stem}.md"
    content = {table.name: for_spreadsheets(made.frame).write_csv().encode()}
    if outlines is not None:
        content[outlines.name] = _geojson(shapes, made)
    content[attribution.name] = attribution_text(tables, source.year, bool(shapes), date.today()).encode()
    told = {
        "year": source.year,
        "level": level,
        "scheme": made.scheme,
        "tables": [{"id": t.identifier, "title": t.title, "modified": t.modified, "period": t.period} for t in tables],
        "notes": made.notes,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in content.items()},
        "pages": source.getter.used,
    }
    content[manifest.name] = (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
    if outlines is None:
        (folder / f"outlines_{stem}.geojson").unlink(missing_ok=True)
    for name in sorted(content, key=lambda n: n == table.name):
        write_atomically(folder / name, content[name])
    return FetchResult(
        table,
        outlines,
        attribution,
        manifest,
        source.year,
        level,
        made.frame.height,
        made.frame["municipality"].n_unique(),
        int(made.frame["residents"].sum()),
        made.scheme,
        tuple(made.notes),
        hashlib.sha256(content[table.name]).hexdigest(),
    )


def _geojson(shapes: dict[str, Any], made: Assembled) -> bytes:
    names = dict(zip(made.frame["code"], made.frame["name"], strict=True))
    features = [
        {"type": "Feature", "properties": {"code": code, "name": names[code]}, "geometry": shape}
        for code, shape in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
