"""One door to all places: a municipality by name, areas of CBS, the whole country, or a table of one's own."""

from collections.abc import Iterable
from pathlib import Path

from scenarios.archetypes import archetype, archetype_names
from scenarios.areas import AreaTable
from scenarios.cbs import read_cbs
from scenarios.errors import InputError, close_matches
from scenarios.origins import OriginScheme
from scenarios.plain import read_plain

KINDS = ("cbs", "netherlands", "file")
"""Regions that are read from a table; every other name is a municipality of the typology."""

ALIASES = {"den_haag": "the_hague", "s_gravenhage": "the_hague", "hague": "the_hague"}


def region_names() -> list[str]:
    """Names that `load_region` knows."""
    return [*archetype_names(), *KINDS]


def load_region(
    name: str,
    *,
    table: str | Path | None = None,
    codes: str | Iterable[str] | None = None,
    extra: str | Path | Iterable[str | Path] | None = None,
    geometry: str | Path | None = None,
    geometry_code: str | None = None,
    adjacency: str | Path | None = None,
    scheme: str | Path | OriginScheme | None = None,
    year: int = 2017,
) -> AreaTable:
    """Return the areas of a region.

    Parameters
    ----------
    name : str
        A municipality (``westland``, ``the_hague``, …), ``cbs`` (areas of a CBS table), ``netherlands`` (all of it) or
        ``file`` (a table of one's own).
    table : path
        The table; needed for the last three.
    codes : str or iterable of str, optional
        Codes of areas and municipalities, mixed.
    extra, geometry, geometry_code, adjacency, year
        See `scenarios.cbs.read_cbs`.
    scheme : str, path or OriginScheme, optional
        See `scenarios.plain.read_plain`; for ``file`` only.

    Raises
    ------
    InputError
        For an unknown region (with the nearest names), or an option that is missing or does not belong to it.
    """
    key = _key(name)
    options: dict[str, object] = {
        "table": table,
        "codes": codes,
        "extra": extra or None,
        "geometry": geometry,
        "geometry_code": geometry_code,
        "adjacency": adjacency,
        "scheme": scheme,
    }
    if key not in KINDS:
        _refuse(key, options, allowed=("codes",))
        areas = archetype(key)
        return areas if codes is None else areas.select(codes)
    if table is None or str(table) == "":
        raise InputError(f"region={key} needs a table: region.table=FILE")
    if key == "file":
        _refuse(key, options, allowed=tuple(options))
        return read_plain(
            table, codes, scheme=scheme, extra=extra or (), geometry=geometry, geometry_code=geometry_code,
            adjacency=adjacency, year=year,
        )  # fmt: skip
    cbs = ("table", "extra", "geometry", "geometry_code", "adjacency")
    _refuse(key, options, allowed=(*cbs, "codes") if key == "cbs" else cbs)
    return read_cbs(
        table, codes, extra=extra or (), geometry=geometry, geometry_code=geometry_code, adjacency=adjacency, year=year
    )


def _key(name: str) -> str:
    """Return the name as it is known, or say which names are near."""
    key = str(name).strip().strip("'").lower().replace(" ", "_").replace("-", "_")
    key = ALIASES.get(key, key)
    if key not in region_names():
        raise InputError(
            f"unknown region '{name}' (allowed: {', '.join(region_names())}){close_matches(key, region_names())}"
        )
    return key


def _refuse(key: str, options: dict[str, object], allowed: tuple[str, ...]) -> None:
    """Refuse options that would be ignored without a word."""
    for option, value in options.items():
        if value is not None and option not in allowed:
            hint = "; use region=cbs" if key == "netherlands" and option == "codes" else ""
            takes = f"allowed: {', '.join(allowed)}"
            raise InputError(f"region.{option} does not belong to region={key} ({takes}){hint}")
