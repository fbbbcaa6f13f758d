"""One door to all places: municipalities by name, areas of CBS, the whole country, or a table of one's own."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scenarios.areas import AreaTable
from scenarios.cbs import read_cbs
from scenarios.errors import InputError
from scenarios.origins import OriginScheme
from scenarios.plain import read_plain
from scenarios.regions.municipality import chosen_areas, describe_areas, municipality_areas
from scenarios.regions.names import region_key

KINDS = ("cbs", "netherlands", "file")
"""Regions that are read from a table; every other name is that of municipalities."""
YEAR_OF_CBS = 2017
"""Year of a table of CBS, where it is not said."""
NO_SERIES = "none"
"""Every year has the arrivals of the rates."""


def load_region(
    name: str | Sequence[str],
    *,
    table: str | Path | None = None,
    codes: str | Iterable[str] | None = None,
    extra: str | Path | Iterable[str | Path] | None = None,
    geometry: str | Path | None = None,
    geometry_code: str | None = None,
    adjacency: str | Path | None = None,
    scheme: str | Path | OriginScheme | None = None,
    areas: str | None = None,
    year: int | None = None,
    arrivals: str | None = None,
    homes: str | Path | Iterable[str | Path] | None = None,
) -> AreaTable:
    """Return the areas of a region.

    Parameters
    ----------
    name : str or sequence of str
        Municipalities and provinces, by name in any usual spelling or by code (``gouda``, ``'s-Gravenhage``,
        ``GM0513``, ``zuid-holland``), several in a list, ``all`` for all of them; or ``cbs`` (areas of a CBS table),
        ``netherlands`` (all of it) or ``file`` (a table of one's own).
    table : path
        The table; needed for the last three.
    codes : str or iterable of str, optional
        Codes of areas and municipalities, mixed.
    extra, geometry, geometry_code, adjacency
        See `scenarios.cbs.read_cbs`.
    areas : str, optional
        Of a table of CBS with several kinds: ``wijken`` (when left out), ``buurten`` or ``gemeenten``.
        For municipalities: ``wijken`` (districts) or ``buurten`` (neighbourhoods) as they are, fetched from Statistics
        Netherlands when they are not at hand; or ``made_up`` to match the figures that come with Thuis.
    year : int, optional
        Of the table of CBS (2017 when left out), or of the areas of a municipality (the newest there is).
    scheme : str, path or OriginScheme, optional
        See `scenarios.plain.read_plain`; for ``file`` only.
    arrivals : str, optional
        Arrivals from abroad per year and motive: ``none`` (every year as 2018), ``history`` (CBS, the last year holds
        from then on), or ``low``, ``middle`` or ``high`` after it.
    homes : path or iterable of path, optional
        Tables with dwellings in two or more years: so many homes are built, see `scenarios.homes.homes_built`.

    Raises
    ------
    InputError
        For an unknown region (with the nearest names), or an option that is missing or does not belong to it.
    """
    key = region_kind(name)
    options: dict[str, Any] = {
        "table": table,
        "codes": codes,
        "extra": extra or None,
        "geometry": geometry,
        "geometry_code": geometry_code,
        "adjacency": adjacency,
        "scheme": scheme,
        "areas": areas,
    }
    found = read_areas(key, options, year)
    if arrivals in (None, NO_SERIES) and not homes:
        return found
    from scenarios.homes import with_known_years

    paths = [str(path) for path in ([homes] if isinstance(homes, str | Path) else homes or [])]
    return with_known_years(found, arrivals, paths, first_year_of(key, areas, year))


def first_year_of(key: str, areas: str | None, year: int | None) -> int:
    """Year of the figures of a region, in which its runs begin."""
    return int(settled_region({"name": key, "areas": areas, "year": year})["year"] or YEAR_OF_CBS)


def read_areas(key: str, options: dict[str, Any], year: int | None) -> AreaTable:
    """Return the areas of a region as its table has them; options as in `load_region`."""
    if key not in KINDS:
        _refuse(key, options, allowed=("codes", "areas"))
        found = municipality_areas(key, options["areas"], year)
        return found if options["codes"] is None else found.select(options["codes"])
    year = YEAR_OF_CBS if year is None else year
    table, codes, extra = options["table"], options["codes"], options["extra"] or ()
    if table is None or str(table) == "":
        raise InputError(f"region={key} needs a table: region.table=FILE")
    placed = {name: options[name] for name in ("geometry", "geometry_code", "adjacency")}
    if key == "file":
        return read_plain(
            table, codes, scheme=options["scheme"], extra=extra, year=year, level=options["areas"], **placed
        )
    cbs = ("table", "extra", *placed)
    _refuse(key, options, allowed=(*cbs, "codes") if key == "cbs" else cbs)
    return read_cbs(table, codes, extra=extra, year=year, **placed)


def region_kind(name: str | Sequence[str]) -> str:
    """Return the kind of a region that is read from a table, or else the key of the municipalities that are meant.

    Raises
    ------
    InputError
        For a name that nothing has, with the nearest that are known.
    """
    return str(name) if name in KINDS else region_key(name)


def settled_region(region: Mapping[str, Any]) -> dict[str, Any]:
    """Return a region as it was asked for with everything said: key, kind of areas and year.

    So a result tells which areas were used, whatever will be at hand later.

    Raises
    ------
    InputError
    """
    key = region_kind(region["name"])
    if key in KINDS:
        year = region.get("year")
        return {**region, "name": key, "year": YEAR_OF_CBS if year is None else year}
    areas, year = chosen_areas(key, region.get("areas"), region.get("year"))
    return {**region, "name": key, "areas": areas, "year": year}


def is_by_name_alone(region: Mapping[str, Any]) -> bool:
    """Tell whether a region is what its name means when nothing else is said."""
    key = region_kind(region["name"])
    others = any(region.get(option) is not None for option in region if option not in ("name", "areas", "year"))
    return (
        key not in KINDS
        and not others
        and settled_region({"name": key})
        == settled_region({"name": key, "areas": region.get("areas"), "year": region.get("year")})
    )


def region_line(region: Mapping[str, Any], language: str = "en") -> str:
    """Return one line on a region that is not what its name says, and how to get that; empty where there is none."""
    if region["name"] in KINDS or not region.get("areas"):
        return ""
    return describe_areas(region["name"], region["areas"], region["year"], language)


def _refuse(key: str, options: dict[str, object], allowed: tuple[str, ...]) -> None:
    """Refuse options that would be ignored without a word."""
    for option, value in options.items():
        if value is not None and option not in allowed:
            hint = "; use region=cbs" if key == "netherlands" and option == "codes" else ""
            takes = f"allowed: {', '.join(allowed)}"
            raise InputError(f"region.{option} does not belong to region={key} ({takes}){hint}")
