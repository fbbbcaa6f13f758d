"""The areas of one or more municipalities: synthetic ones from their figures, or real ones when stored."""

from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

from scenarios.areas import AreaTable
from scenarios.errors import InputError, close_matches
from scenarios.notes import Note
from scenarios.regions.archetypes import archetype, archetype_names, figures
from scenarios.regions.kept import Kept, is_worth_looking, kept
from scenarios.regions.names import municipality_codes, title_of
from scenarios.regions.neighbourhoods import make_neighbourhoods, synthesised
from scenarios.regions.origin_groups import estimated
from scenarios.regions.register import YEAR, municipalities, municipality_figures
from scenarios.regions.several import join_tables

MADE_UP = "made_up"
LEVELS = {"wijken": "wijk", "buurten": "buurt"}
"""Kinds of real areas: districts and neighbourhoods, and what the tables call one."""
WORDS = {
    "wijk": "wijken",
    "districts": "wijken",
    "district": "wijken",
    "buurt": "buurten",
    "neighbourhoods": "buurten",
    "neighborhoods": "buurten",
    "made-up": MADE_UP,
    "nagebootst": MADE_UP,
}
SEVEN_BEFORE = 2020
"""Year of the seven groups that the estimate of the table goes by."""


def chosen_areas(key: str, areas: str | None, year: int | None) -> tuple[str, int | None]:
    """Return which areas are meant where it was not said, and of which year.

    Parameters
    ----------
    key : str
        As `scenarios.regions.names.region_key` gives it.
    areas : str or None
        ``wijken``, ``buurten`` or ``made_up``.
    year : int or None

    Returns
    -------
    areas, year
        ``made_up`` with the year of its figures; or a kind of real areas, with None for the newest year there is.

    Raises
    ------
    InputError
        For other areas, or made-up ones of a year that has no figures.
    """
    if areas is not None:
        areas = WORDS.get(areas.lower(), areas.lower())
        if areas not in (MADE_UP, *LEVELS):
            known = (*LEVELS, MADE_UP)
            near = close_matches(areas, known)
            raise InputError(f"region.areas={areas} is not allowed{near} (allowed: {', '.join(known)})")
    years = made_up_years(key)
    if areas is None:
        areas = _areas_by_default(key, year, years)
    if areas != MADE_UP:
        return areas, year if year is not None else _newest_at_hand(key, LEVELS[areas])
    if year is not None and year not in years:
        allowed = " or ".join(map(str, years))
        problem = f"there are no figures of {key} to make up neighbourhoods"
        raise InputError(f"region.year={year}: {problem} (allowed: {allowed})")
    return areas, years[0] if year is None else year


def _areas_by_default(key: str, year: int | None, years: list[int]) -> str:
    """Districts when they are stored, else synthetic ones; the typology is always synthetic."""
    if key in archetype_names() and year in (None, years[0]):
        return MADE_UP
    if year is not None and year not in years:
        return "wijken"
    return "wijken" if _newest_at_hand(key, "wijk") is not None else MADE_UP


def _newest_at_hand(key: str, level: str) -> int | None:
    codes = municipality_codes(key)
    if not is_worth_looking(codes):
        return None
    found = kept(codes, level)
    return found.year if found else None


def made_up_years(key: str) -> list[int]:
    """Years of the figures that come with Thuis, that of the default first: the typology keeps those of 2017."""
    return [figures(key)["year"], YEAR] if key in archetype_names() else [YEAR]


def municipality_areas(key: str, areas: str | None = None, year: int | None = None) -> AreaTable:
    """Return the areas of municipalities.

    Parameters
    ----------
    key, areas, year
        See `chosen_areas`.

    Raises
    ------
    InputError
    """
    areas, year = chosen_areas(key, areas, year)
    if areas == MADE_UP:
        assert year is not None
        return _made_up(key, year)
    return _real(key, areas, year)


def _real(key: str, areas: str, year: int | None) -> AreaTable:
    """Return the districts or neighbourhoods as they are."""
    from scenarios.regions import districts

    codes = municipality_codes(key)
    level = LEVELS[areas]
    one = districts.fetched(key, codes, level, year)
    before = districts.seven_before(codes, level) if one.scheme == "cbs3" else None
    return _read(key, tuple(codes), one, before)


@lru_cache(8)
def _read(key: str, codes: tuple[str, ...], one: Kept, before: Kept | None) -> AreaTable:
    """Return the areas of a table at hand, with what is to be said of them; the digests of its files tell it apart."""
    from scenarios.regions import districts

    table = districts.read_kept(one, codes, before)
    english, dutch = title_of(key)
    source = Note(
        f"{english}: districts and neighbourhoods of {one.year} (CBS); Bron: CBS, CC BY 4.0",
        f"{dutch}: wijken en buurten van {one.year} (CBS); Bron: CBS, CC BY 4.0",
    )
    by = districts.LAST_SEVEN if before is not None else SEVEN_BEFORE
    notes = [estimated(by)] if one.scheme == "cbs3" else []
    digests = one.digest + (before.digest if before is not None else "")
    return replace(table, source=source, notes=[*notes, *table.notes], digest=sha256(digests.encode()).hexdigest())


def describe_areas(key: str, areas: str, year: int | None, language: str = "en") -> str:
    """Return one line that says what neighbourhoods these are and how to get others."""
    english, dutch = title_of(key)
    if areas != MADE_UP:
        real = {"wijken": ("districts", "wijken"), "buurten": ("neighbourhoods", "buurten")}[areas]
        if language == "nl":
            return f"{dutch}: echte {real[1]}, {year} (nagebootste: region.areas=made_up)"
        return f"{english}: real {real[0]} of {year} (made-up ones: region.areas=made_up)"
    newer = key in archetype_names() and year != YEAR
    if language == "nl":
        other = f"; cijfers van {YEAR}: region.year={YEAR}" if newer else ""
        return f"{dutch}: nagebootste wijken, naar cijfers van {year}; echte: region.areas=wijken (eenmalig opgehaald bij het CBS){other}"  # noqa: E501
    other = f"; figures of {YEAR}: region.year={YEAR}" if newer else ""
    return (
        f"{english}: neighbourhoods made up to match its figures of {year}; real districts: region.areas=wijken "
        f"(fetched once from Statistics Netherlands){other}"
    )


@lru_cache(8)
def _made_up(key: str, year: int) -> AreaTable:
    if key in archetype_names() and year != YEAR:
        return archetype(key)
    tables = [_one_made_up(code) for code in municipality_codes(key)]
    english, dutch = title_of(key)
    source = Note(
        f"{english}: CBS figures of {YEAR}, synthesised neighbourhoods (conf/municipalities/{YEAR}.csv)",
        f"{dutch}: cijfers van het CBS over {YEAR}, nagebootste wijken (conf/municipalities/{YEAR}.csv)",
    )
    table = join_tables(tables, source)
    if len(tables) == 1:
        return table
    others = [note for t in tables for note in t.notes if note != synthesised(len(t))]
    return replace(table, notes=[synthesised(len(table)), *dict.fromkeys(others)])


def _one_made_up(code: str) -> AreaTable:
    data = municipality_figures(code)
    name = municipalities()[code]["name"]
    source = Note(
        f"{name}: CBS figures of {YEAR}, synthesised neighbourhoods (conf/municipalities/{YEAR}.csv)",
        f"{name}: cijfers van het CBS over {YEAR}, nagebootste wijken (conf/municipalities/{YEAR}.csv)",
    )
    figures_as_text = repr(sorted(municipalities()[code].items()))
    return make_neighbourhoods(data, source, [estimated(SEVEN_BEFORE)], figures_as_text.encode())
