"""Real districts and neighbourhoods of municipalities: fetched from Statistics Netherlands once, then kept."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from scenarios.areas import AreaTable
from scenarios.download.bar import FetchBar
from scenarios.download.fetch import fetch
from scenarios.download.tables import known_years
from scenarios.download.transport import NotThereError
from scenarios.errors import InputError
from scenarios.plain import read_plain
from scenarios.regions.estimate import in_seven_groups
from scenarios.regions.kept import BEFORE, Kept, kept, own_folder, read_frame
from scenarios.regions.register import municipalities, spellings

LAST_SEVEN = 2022
"""The last year in which tables of neighbourhoods have seven origin groups."""
MOST_TRIED = 3
"""Years tried for the newest: the table of the last year may be announced and not yet be available."""


def fetched(key: str, codes: Sequence[str], level: str, year: int | None) -> Kept:
    """Return the table of these municipalities, downloaded when it is not stored, with a progress bar on a terminal.

    Raises
    ------
    InputError
        One line: it is not at hand and cannot be fetched.
    """
    found = kept(codes, level, year)
    if found is not None:
        return found
    years = [year] if year is not None else known_years()[::-1][:MOST_TRIED]
    try:
        _fetch_newest(key, codes, level, years)
    except InputError as error:
        raise InputError(f"{error}; neighbourhoods made up need no network: region.areas=made_up") from error
    found = kept(codes, level, year)
    if found is None:
        raise InputError(f"{own_folder(key)}: what was fetched there cannot be read again")
    return found


def seven_before(codes: Sequence[str], level: str) -> Kept | None:
    """Return the last table with seven origin groups of these municipalities when it is at hand.

    Without it a municipality's own composition stands for its areas.
    """
    then = _in_last_seven(codes)
    return kept(then, level, LAST_SEVEN, before=True) if then else None


def read_kept(one: Kept, codes: Sequence[str], before: Kept | None) -> AreaTable:
    """Return the areas of a table at hand; origin in three groups becomes an estimate in seven.

    Parameters
    ----------
    one : Kept
    codes : sequence of str
        Municipalities to keep.
    before : Kept or None
        The last table with seven groups.
    """
    frame = read_frame(one.table).filter(pl.col("municipality").is_in(list(codes)))
    if one.scheme == "cbs3" and set(codes) <= set(municipalities()):
        frame = in_seven_groups(frame, None if before is None else read_frame(before.table))
    return read_plain(frame, geometry=one.outlines)


def _fetch_newest(key: str, codes: Sequence[str], level: str, years: Sequence[int]) -> None:
    """Fetch the first of these years that is there, and before it what its origin groups are estimated by."""
    for at, year in enumerate(years):
        try:
            then = _in_last_seven(codes)
            if year > LAST_SEVEN and then and kept(then, level, LAST_SEVEN, before=True) is None:
                with suppress(NotThereError):
                    _fetch(then, level, LAST_SEVEN, own_folder(key) / BEFORE, geometry=False)
            return _fetch(codes, level, year, own_folder(key), geometry=True)
        except NotThereError:
            if at == len(years) - 1:
                raise


def _in_last_seven(codes: Sequence[str]) -> list[str]:
    """Leave out municipalities that were not there in the last year with seven groups."""
    since = {entry["into"] for entry in spellings()["merged"].values() if entry["year"] > LAST_SEVEN}
    return [code for code in codes if code not in since]


def _fetch(codes: Sequence[str], level: str, year: int, folder: Path, *, geometry: bool) -> None:
    whole = len(codes) >= len(municipalities())
    with FetchBar() as bar:
        fetch(
            year,
            None if whole else list(codes),
            folder,
            geometry=geometry,
            progress=bar.line,
            level=level,
            arrived=bar.page,
        )
