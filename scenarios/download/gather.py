"""Read the tables and outlines of one year from their servers, or from what was kept of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from scenarios.cbs_catalogue import Property, catalogue, plain_title, recognised
from scenarios.download.odata3 import read_v3
from scenarios.download.odata4 import read_v4
from scenarios.download.outlines import read_pdok
from scenarios.download.raw import BrokenTableError, RawTable, Wanted
from scenarios.download.tables import LEVELS, TableChoice
from scenarios.download.transport import Getter, NotThereError
from scenarios.errors import InputError, close_matches

READERS = {"v3": read_v3, "v4": read_v4}
Choose = Callable[[list[Property]], dict[str, Property]]


@dataclass
class Source:
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


@dataclass(frozen=True)
class Gathered:
    """What was read of one year: tables of CBS, those that are there, and outlines by code."""

    figures: RawTable
    scheme: str
    facilities: RawTable | None
    scores: RawTable | None
    shapes: dict[str, Any]

    @property
    def tables(self) -> list[RawTable]:
        """The tables that are there."""
        return [table for table in (self.figures, self.facilities, self.scores) if table is not None]


def gather(
    source: Source, choices: dict[str, TableChoice], requested: Iterable[str] | str | None, level: str, geometry: bool
) -> Gathered:
    """Read everything of the requested municipalities.

    Raises
    ------
    InputError
    """
    letters = LEVELS[level]
    try:
        with source.getter:
            municipalities = _municipality_codes(source, choices["key_figures"], requested)
            figures, scheme = _key_figures(source, choices["key_figures"], municipalities, letters)
            facilities = _facilities(source, choices["facilities"], municipalities, letters)
            scores = _scores(source, choices["socio_economic"], municipalities, letters)
            shapes = _outlines(source, level, municipalities) if geometry else {}
    except BrokenTableError as error:
        if not source.getter.offline:  # pages that do not belong together must not be used again at the next attempt
            source.getter.cache.forget_table(error.table)
        raise
    return Gathered(figures, scheme, facilities, scores, shapes)


def _municipality_codes(source: Source, choice: TableChoice, requested: Iterable[str] | str | None) -> list[str]:
    """Return codes such as GM0363, sorted; empty for the whole country. Names are looked up in the table itself."""
    if requested is None or requested == "all":
        return []
    names = [requested] if isinstance(requested, str) else [str(w) for w in requested]
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


def _prefixes(municipalities: list[str], letters: str) -> tuple[str, ...]:
    return tuple(f"{letters}{p[2:]}" for p in municipalities) or (letters,)


def _key_figures(source: Source, choice: TableChoice, municipalities: list[str], letters: str) -> tuple[RawTable, str]:
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

    table = source.read(choice, _prefixes(municipalities, letters) + _prefixes(municipalities, "GM"), choose)
    for municipality in municipalities:
        if municipality not in table.names:
            raise InputError(f"CBS table {choice.identifier} has no municipality {municipality} in {choice.year}")
    table.refuse_when_incomplete()
    return table, scheme


def _facilities(source: Source, choice: TableChoice, municipalities: list[str], letters: str) -> RawTable | None:
    rules = catalogue()["columns"]["facilities"]
    try:
        table = source.read(
            choice, _prefixes(municipalities, letters), lambda c: recognised(rules, c, choice.identifier)
        )
    except NotThereError:
        source.notes.append(f"CBS has no table {choice.identifier} there: distances to facilities are not known.")
        return None
    table.refuse_when_incomplete(share=0.05)
    if choice.year != source.year:
        source.notes.append(f"The distances to facilities are those of {choice.year}, the nearest year with a table.")
    return table


def _scores(source: Source, choice: TableChoice, municipalities: list[str], letters: str) -> RawTable | None:
    """Read scores of all districts, to compare with, and of the areas wanted."""
    rules = catalogue()["columns"]["socio_economic"]
    prefixes = ("WK",) if letters == "WK" else ("WK", *_prefixes(municipalities, letters))
    try:
        table = source.read(choice, prefixes, lambda c: recognised(rules, c, choice.identifier))
    except NotThereError:
        source.notes.append(f"CBS has no table {choice.identifier} there: the socio-economic score comes from income.")
        return None
    table.refuse_when_incomplete(share=0.5)
    if table.period[:4] != str(source.year):
        source.notes.append(f"The socio-economic scores are those of {table.period[:4]}, the nearest year there is.")
    return table


def _outlines(source: Source, level: str, municipalities: list[str]) -> dict[str, Any]:
    source.getter.told(f"PDOK: outlines of {source.year}")
    try:
        return read_pdok(source.getter, source.pdok, source.year, level, municipalities)
    except NotThereError:
        source.notes.append(f"PDOK has no outlines of {source.year} there: no map, no borders, no positions.")
        return {}
