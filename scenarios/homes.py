"""What is known of the years of a run: homes built per area, from tables that count dwellings, and arrivals."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from scenarios.areas import AreaTable
from scenarios.counts import Counts, kind_of, read_levels, year_of
from scenarios.errors import InputError
from scenarios.known_years import KnownYears, country, known_arrivals
from scenarios.matching import match_areas


def read_known_years(arrivals: str, homes: Sequence[str], table: AreaTable, first_year: int, years: int) -> KnownYears:
    """Arrivals and homes built of the years of a run, as far as they are asked for.

    Parameters
    ----------
    arrivals : {"none", "history", "low", "middle", "high"}
    homes : sequence of str
        Tables that count dwellings, see `homes_built`; none, all neighbourhoods build alike.

    Raises
    ------
    InputError
    """
    known = begin = built = None
    if arrivals != "none":
        known, begin = known_arrivals(arrivals, first_year, years), first_year
    if homes:
        built = homes_built(list(homes), table, first_year, years)
    return KnownYears(known, built, begin)


def with_known_years(table: AreaTable, arrivals: str | None, homes: Sequence[str], first_year: int) -> AreaTable:
    """The same areas with what is known of the years of a run that begins in `first_year`; see `read_known_years`."""
    last = max(country()["arrivals"]) + 1  # from then on a scenario is the same every year
    known = read_known_years(arrivals or "none", homes, table, first_year, max(last - first_year, 0) + 1)
    told = [f"arrivals from abroad per year: {arrivals}"] if known.arrivals is not None else []
    told += [f"homes built per year from {', '.join(Path(path).name for path in homes)}"] if homes else []
    year = f"The run begins in {first_year}; {'; '.join(told)}."
    return replace(
        table,
        first_year=known.first_year,
        arrivals_by_year=known.arrivals,
        homes_by_year=known.homes,
        notes=[*table.notes, year],
    )


def homes_built(paths: list[str], table: AreaTable, first_year: int, years: int) -> np.ndarray:
    """Homes added per year, as a share of the stock, float64 [Y, J]; nan where no two tables have them.

    Between two tables building is even; before the first and after the last it is that of the nearest two.

    Parameters
    ----------
    paths : list of str
        Tables with the columns code, residents and dwellings, see `scenarios.counts`; each of one year.

    Raises
    ------
    InputError
    """
    tables = sorted((year_of(path, None), path) for path in paths)
    names = ", ".join(Path(path).name for _, path in tables)
    if len({year for year, _ in tables}) < 2:
        raise InputError(f"homes={names}: two tables of different years are needed to tell how many were built")
    kind = kind_of(table.code)
    counted = [(year, *read_levels(path, kind)) for year, path in tables]
    spans = [(a[0], yearly_growth(a, b, table)) for a, b in pairwise(counted) if a[0] < b[0]]
    if not np.isfinite([growth for _, growth in spans]).any():
        raise InputError(f"homes={names}: no place of the region has dwellings in two of them")
    rows = []
    for year in range(first_year, first_year + years):
        nearest = sorted(spans, key=lambda span: (span[0] > year, abs(span[0] - year)))
        growth = nearest[0][1]
        for _, other in nearest[1:]:
            growth = np.where(np.isnan(growth), other, growth)
        rows.append(growth)
    return np.array(rows)


def yearly_growth(
    one: tuple[int, Counts | None, Counts], other: tuple[int, Counts | None, Counts], table: AreaTable
) -> np.ndarray:
    """Dwellings added per year between two tables, over those of the first, float64 [J].

    That of the area where both tables have it (same code, name and borders), else that of its municipality.
    """
    years = other[0] - one[0]
    municipalities = added(one[2], other[2], True)
    growth = np.array([municipalities.get(table.municipality_code[k], np.nan) for k in table.municipality])
    if one[1] is not None and other[1] is not None:
        areas = added(one[1], other[1], False)
        growth = np.array(
            [areas.get(code, of_municipality) for code, of_municipality in zip(table.code, growth, strict=True)]
        )
    return growth / years


def added(first: Counts, later: Counts, municipalities: bool) -> dict[str, float]:
    """Dwellings added over those of the first table, by code of the places that are the same in both."""
    match = match_areas(first, later, municipalities)
    before, after = first.dwellings[match.first], later.dwellings[match.later]
    known = np.isfinite(before) & np.isfinite(after) & (before > 0)
    return {
        first.code[row]: float(b / a - 1)
        for row, a, b in zip(match.first[known], before[known], after[known], strict=True)
    }
