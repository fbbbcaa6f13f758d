"""Download a year of areas: key figures, facilities nearby, socio-economic scores and outlines, into one folder."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scenarios.download.assemble import Assembled, assemble
from scenarios.download.attribution import attribution_text
from scenarios.download.cache import PageCache, write_atomically
from scenarios.download.odata3 import read_v3
from scenarios.download.odata4 import read_v4
from scenarios.download.outlines import MOST_MISSING, centre, read_pdok
from scenarios.download.raw import BrokenTableError, Property, RawTable, Wanted, plain_title, recognised
from scenarios.download.tables import LEVELS, TableChoice, catalogue, choose_tables
from scenarios.download.transport import Getter, NotThereError, Patience
from scenarios.errors import InputError, close_matches
from scenarios.plain import read_plain

READERS = {"v3": read_v3, "v4": read_v4}
Progress = Callable[[str], None]
Choose = Callable[[list[Property]], dict[str, Property]]


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


@dataclass
class _Source:
    """Where to read from, and what was read."""

    getter: Getter
    cbs: str
    pdok: str
    protocol: str
    year: int
    notes: list[str] = field(default_factory=list)

    def read(self, choice: TableChoice, prefixes: tuple[str, ...], choose: Choose) -> RawTable:
        self.getter.told(f"CBS table {choice.identifier}: {choice.kind.replace('_', ' ')}")
        wanted = Wanted(choice.identifier, choice.kind, prefixes, self.year)
        table = READERS[self.protocol](self.getter, self.cbs, wanted, choose)
        title = plain_title(table.title)
        if not all(word in title for word in catalogue()["title_words"][choice.kind]):
            raise InputError(
                f"CBS table {choice.identifier} is '{table.title}', not the table of {choice.kind.replace('_', ' ')} "
                f"expected; its identifier in conf/cbs_tables.yaml is wrong for {choice.year or self.year}"
            )
        return table


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
) -> FetchResult:
    """Download areas of one year, or take them from what was downloaded before.

    Parameters
    ----------
    year : int
        2013 or later, see ``conf/cbs_tables.yaml``.
    municipalities : sequence of str or str or None
        Codes (GM0363, 363) or names (Amsterdam); None or "all" for the whole country.
    folder : path
        Made when needed; pages are kept in its folder ``pages`` with their checksums: a broken download goes on
        where it stopped, and a finished one can be had again without a network.
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
    refresh : bool
        Throw away what was kept and read everything anew. Without it, pages of CBS are read anew when CBS says
        that the table was changed.

    Returns
    -------
    FetchResult
        Files are written only when everything arrived whole; each is moved into place at once, the table last.

    Raises
    ------
    InputError
        One line, for a wrong wish or for whatever makes the table less than whole.
    """
    _check_wish(year, level, protocol)
    choices = {choice.kind: choice for choice in choose_tables(year)}
    getter = Getter(PageCache(Path(folder) / "pages"), offline, patience or Patience(), progress or (lambda line: None))
    cbs, pdok = _address("THUIS_CBS_URL", base_url, f"cbs_{protocol}"), _address("THUIS_PDOK_URL", pdok_url, "pdok")
    source = _Source(getter, cbs, pdok, protocol, year)
    if refresh and not offline:
        getter.cache.clear()
    try:
        with getter:
            places = _municipality_codes(source, choices["key_figures"], municipalities)
            figures, scheme = _key_figures(source, choices["key_figures"], places, LEVELS[level])
            facilities = _facilities(source, choices["facilities"], places, LEVELS[level])
            scores = _scores(source, choices["socio_economic"], places, LEVELS[level])
            shapes = _outlines(source, level, places) if geometry else {}
    except BrokenTableError as error:
        if not offline:  # pages that do not fit together must not be met again at the next attempt
            getter.cache.forget_table(error.table)
        raise
    tables = [t for t in (figures, facilities, scores) if t is not None]
    shapes = {code: shapes[code] for code in sorted(shapes) if code in figures.rows}
    centres = {code: centre(shape) for code, shape in shapes.items()}
    made = assemble(figures, scheme, facilities, scores, centres, LEVELS[level])
    if shapes:
        shapes = _of_these_areas(shapes, made, source)
    made.notes = _unverified(choices, figures, facilities, scores) + source.notes + made.notes
    read_plain(made.frame)  # what this loader writes, the reader of one's own areas must accept
    return _write(Path(folder), source, level, made, tables, shapes)


def _check_wish(year: int, level: str, protocol: str) -> None:
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


def _municipality_codes(source: _Source, choice: TableChoice, wished: Iterable[str] | str | None) -> list[str]:
    """Return codes such as GM0363, sorted; empty for the whole country. Names are looked up in the table itself."""
    if wished is None or wished == "all":
        return []
    names = [wished] if isinstance(wished, str) else [str(w) for w in wished]
    names = [n.strip() for name in names for n in name.split(",") if n.strip()]
    if not names:
        raise InputError("no municipality is named (allowed: codes such as GM0363, names, or all)")
    codes = {name: code for name in names if (code := _as_code(name))}
    if len(codes) < len(names):
        rules = {"residents": catalogue()["columns"]["key_figures"]["residents"]}
        known = source.read(choice, ("GM",), lambda columns: recognised(rules, columns, choice.identifier)).names
        by_name = {name.lower(): code for code, name in known.items()}
        for name in names:
            if name not in codes and name.lower() not in by_name:
                near = close_matches(name, known.values())
                raise InputError(f"no municipality of {choice.year} is called '{name}'{near}")
            codes.setdefault(name, by_name.get(name.lower(), ""))
    return sorted(set(codes.values()))


def _as_code(name: str) -> str:
    digits = name.upper().removeprefix("GM")
    return f"GM{int(digits):04d}" if digits.isdigit() and len(digits) <= 4 else ""


def _prefixes(places: list[str], letters: str) -> tuple[str, ...]:
    return tuple(f"{letters}{p[2:]}" for p in places) or (letters,)


def _key_figures(source: _Source, choice: TableChoice, places: list[str], letters: str) -> tuple[RawTable, str]:
    """Read the key figures of areas and municipalities, with the origin scheme that the columns show."""
    scheme = ""

    def choose(columns: list[Property]) -> dict[str, Property]:
        nonlocal scheme
        rules = catalogue()["origin"]
        titles = {plain_title(p.title) for p in columns}
        seven = any(t in titles for t in rules["cbs7"]["western"]["titles"])
        scheme = "cbs7" if seven else "cbs3"
        origin = recognised(rules[scheme], columns, choice.identifier)
        return recognised(catalogue()["columns"]["key_figures"], columns, choice.identifier) | origin

    table = source.read(choice, _prefixes(places, letters) + _prefixes(places, "GM"), choose)
    for place in places:
        if place not in table.names:
            raise InputError(f"CBS table {choice.identifier} has no municipality {place} in {choice.year}")
    table.refuse_when_incomplete()
    return table, scheme


def _facilities(source: _Source, choice: TableChoice, places: list[str], letters: str) -> RawTable | None:
    rules = catalogue()["columns"]["facilities"]
    try:
        table = source.read(choice, _prefixes(places, letters), lambda c: recognised(rules, c, choice.identifier))
    except NotThereError:
        source.notes.append(f"CBS has no table {choice.identifier} there: distances to facilities are not known.")
        return None
    table.refuse_when_incomplete(share=0.05)
    if choice.year != source.year:
        source.notes.append(f"The distances to facilities are those of {choice.year}, the nearest year with a table.")
    return table


def _scores(source: _Source, choice: TableChoice, places: list[str], letters: str) -> RawTable | None:
    """Read scores of all districts, to compare with, and of the areas wanted."""
    rules = catalogue()["columns"]["socio_economic"]
    prefixes = ("WK",) if letters == "WK" else ("WK", *_prefixes(places, letters))
    try:
        table = source.read(choice, prefixes, lambda c: recognised(rules, c, choice.identifier))
    except NotThereError:
        source.notes.append(f"CBS has no table {choice.identifier} there: the socio-economic score comes from income.")
        return None
    table.refuse_when_incomplete(share=0.5)
    if table.period[:4] != str(source.year):
        source.notes.append(f"The socio-economic scores are those of {table.period[:4]}, the nearest year there is.")
    return table


def _outlines(source: _Source, level: str, places: list[str]) -> dict[str, Any]:
    source.getter.told(f"PDOK: outlines of {source.year}")
    try:
        return read_pdok(source.getter, source.pdok, source.year, level, places)
    except NotThereError:
        source.notes.append(f"PDOK has no outlines of {source.year} there: no map, no borders, no positions.")
        return {}


def _of_these_areas(shapes: dict[str, Any], made: Assembled, source: _Source) -> dict[str, Any]:
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


def _unverified(choices: dict[str, TableChoice], *tables: RawTable | None) -> list[str]:
    recalled = {c.identifier for c in choices.values() if not c.certain}
    used = [t for t in tables if t is not None and t.identifier in recalled]
    text = "CBS table {} was chosen from memory; its title is '{}': check that it fits."
    return [text.format(t.identifier, t.title) for t in used]


def _write(
    folder: Path, source: _Source, level: str, made: Assembled, tables: list[RawTable], shapes: dict[str, Any]
) -> FetchResult:
    """Write outlines, attribution and manifest, then the table, each moved into place at once."""
    stem = f"{source.year}_{level}"
    outlines = folder / f"outlines_{stem}.geojson" if shapes else None
    table, manifest = folder / f"areas_{stem}.csv", folder / f"areas_{stem}.json"
    attribution = folder / f"ATTRIBUTION_{stem}.md"
    content = {table.name: made.frame.write_csv().encode()}
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
        table, outlines, attribution, manifest, source.year, level,
        made.frame.height, made.frame["municipality"].n_unique(), int(made.frame["residents"].sum()),
        made.scheme, tuple(made.notes), hashlib.sha256(content[table.name]).hexdigest(),
    )  # fmt: skip


def _geojson(shapes: dict[str, Any], made: Assembled) -> bytes:
    names = dict(zip(made.frame["code"], made.frame["name"], strict=True))
    features = [
        {"type": "Feature", "properties": {"code": code, "name": names[code]}, "geometry": shape}
        for code, shape in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
