"""The areas of one or more municipalities: made up from their figures, or real ones when their tables are at hand."""

from dataclasses import replace
from functools import lru_cache

from scenarios.archetypes import archetype, archetype_names, figures
from scenarios.areas import AreaTable
from scenarios.errors import InputError, close_matches
from scenarios.notes import Note
from scenarios.regions.names import municipality_codes, title_of
from scenarios.regions.neighbourhoods import make_neighbourhoods, synthesised
from scenarios.regions.origin_groups import NOTE
from scenarios.regions.register import YEAR, municipalities, municipality_figures
from scenarios.regions.several import together

MADE_UP = "made_up"
LEVELS = {"wijken": "wijk", "buurten": "buurt"}
"""Kinds of real areas: districts and neighbourhoods, and what the tables call one."""
WORDS = {
    "wijk": "wijken", "districts": "wijken", "district": "wijken", "buurt": "buurten", "neighbourhoods": "buurten",
    "neighborhoods": "buurten", "made-up": MADE_UP, "nagebootst": MADE_UP,
}  # fmt: skip
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
        areas = MADE_UP if year is None or year in years else "wijken"
    if areas != MADE_UP:
        return areas, year
    if year is not None and year not in years:
        allowed = " or ".join(map(str, years))
        problem = f"there are no figures of {key} to make up neighbourhoods"
        raise InputError(f"region.year={year}: {problem} (allowed: {allowed})")
    return areas, years[0] if year is None else year


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
    names = " ".join(municipality_codes(key))
    fetch = f"thuis data fetch {year or YEAR} {names} --level {LEVELS[areas]}"
    raise InputError(f"region.areas={areas}: fetch them with {fetch}, and run region=file region.table=FILE")


def told(key: str, areas: str, year: int | None, language: str = "en") -> str:
    """Return one line that says what neighbourhoods these are and how to get others; empty for real ones."""
    if areas != MADE_UP:
        return ""
    english, dutch = title_of(key)
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
    table = together(tables, source)
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
    estimated = Note(NOTE.format(year=SEVEN_BEFORE), NOTE.dutch.format(year=SEVEN_BEFORE))
    return make_neighbourhoods(data, source, [estimated], repr(sorted(municipalities()[code].items())).encode())
