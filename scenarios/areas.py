"""AreaTable: areas with their residents, as every reader produces and the builder of worlds takes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from scenarios.codes import full_code
from scenarios.errors import InputError, close_matches
from scenarios.origins import MOTIVES, OriginScheme
from scenarios.table_size import check_size
from scenarios.text import ACTED_ON, plain_text

FACILITIES = ("shops", "library", "park", "sports", "community_centre", "school", "association")
"""Kinds of facilities, in the order of every array over facilities."""

AGES = ("0_14", "15_24", "25_44", "45_64", "65_plus")
"""Age classes, in the order of every array over ages."""

MAXIMUM_RESIDENTS = 50_000_000
"""A larger number of residents in one area is refused as a mistake."""


@dataclass(frozen=True, eq=False)
class AreaTable:
    """J areas (neighbourhoods) in K municipalities, with G origin groups.

    Build it with `AreaTable.validated`, which checks everything stated below.

    Attributes
    ----------
    code, name : list of str, length J
        Codes are unique.
    municipality : int32[J]
        Index into the two lists of municipalities.
    municipality_code, municipality_name : list of str, length K
    residents : int64[J]
        At least 1.
    scheme : OriginScheme
    origin : float64[J, G]
        Shares summing to 1; group 0 is the host background.
    age : float64[J, 5]
        Shares of 0-14, 15-24, 25-44, 45-64 and 65 or older.
    one_person, with_children : float64[J]
        Shares of households of one person, and of households with children.
    household_size : float64[J]
        Mean persons per household.
    density : float64[J]
        Addresses per km2 within 1 km (CBS "omgevingsadressendichtheid").
    land_area : float64[J]
        Hectares; nan when unknown.
    socio_economic : float64[J]
        z-score; 0 = average.
    facilities : float64[J, 7]
        Supply Q per kind (order of `FACILITIES`), 1 = national average.
    x, y : float64[J]
        Position in km; nan when unknown.
    moving_rate : float64[J]
        Moves per resident per year; nan = the national curve by age.
    arrival_rate : float64[K, 6]
        Arrivals from abroad per resident per year by motive (order of `MOTIVES`).
    neighbours : list of (int, int, float) or None
        Pairs i < j that share a border, with the length in km (1.0 when only the fact is known).
    outlines : dict of str to GeoJSON geometry, or None
    notes : list of str
        Every assumption and imputation in one plain sentence.
    source, digest : str
        Source of the data, and sha256 of the input bytes.
    dwellings, dwellings_growth : float64[J] or None
        Dwellings, and homes added per year over those there are; nan or None when unknown.
    first_year : int or None
        The year in which a run begins, where what is known of its years is asked for (`scenarios.homes`); then also
    arrivals_by_year : float32[Y, 6] or None
        Arrivals over those of the rates, by year and motive; the last year holds from then on.
    homes_by_year : float64[Y, J] or None
        As `dwellings_growth`, by year.
    """

    code: list[str]
    name: list[str]
    municipality: np.ndarray
    municipality_code: list[str]
    municipality_name: list[str]
    residents: np.ndarray
    scheme: OriginScheme
    origin: np.ndarray
    age: np.ndarray
    one_person: np.ndarray
    with_children: np.ndarray
    household_size: np.ndarray
    density: np.ndarray
    land_area: np.ndarray
    socio_economic: np.ndarray
    facilities: np.ndarray
    x: np.ndarray
    y: np.ndarray
    moving_rate: np.ndarray
    arrival_rate: np.ndarray
    neighbours: list[tuple[int, int, float]] | None = None
    outlines: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    source: str = ""
    digest: str = ""
    dwellings: np.ndarray | None = None
    dwellings_growth: np.ndarray | None = None
    first_year: int | None = None
    arrivals_by_year: np.ndarray | None = None
    homes_by_year: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.code)

    @classmethod
    def validated(cls, **values: Any) -> "AreaTable":
        """Build a table, with arrays made contiguous, read-only and of the right type, and check it.

        Raises
        ------
        InputError
            Naming the first area and field that violates the description of the class.
        """
        for key, kind in _TYPES.items():
            if values.get(key) is not None:
                array = np.array(values[key], dtype=kind, order="C")
                array = np.round(array, _DECIMALS[key]) if key in _DECIMALS else array
                array.setflags(write=False)
                values[key] = array
        for key in ("name", "municipality_name"):
            values[key] = [plain_text(text) for text in values[key]]
        values["source"] = plain_text(values.get("source", ""))
        table = cls(**values)
        _check(table)
        return table

    def select(self, codes: str | Iterable[str]) -> "AreaTable":
        """Return the areas with these codes, in the order of the table.

        Parameters
        ----------
        codes : str or iterable of str
            Codes of areas and of municipalities may be mixed; names of municipalities work too.

        Raises
        ------
        InputError
            For a code that does not occur, with the nearest codes that do.
        """
        wanted = area_mask(codes, self.code, np.array(self.municipality_code)[self.municipality], self._names())
        return self._rows(np.flatnonzero(wanted))

    def reordered(self, permutation: Sequence[int] | np.ndarray) -> "AreaTable":
        """Return the same areas in another order; row i of the result is row ``permutation[i]`` of this table."""
        permutation = np.asarray(permutation)
        if sorted(permutation.tolist()) != list(range(len(self))):
            raise InputError(f"an order of {len(self)} areas must name each of 0 to {len(self) - 1} once")
        return self._rows(permutation)

    def composition(self) -> np.ndarray:
        """Return the shares of the origin groups in all residents together, float64[G]."""
        return self.residents @ self.origin / self.residents.sum()

    def homes_known(self) -> np.ndarray | None:
        """Homes added per year over those at the start, float64[Y, J], nan where unknown; None without any."""
        if self.homes_by_year is not None:
            return self.homes_by_year
        growth = self.dwellings_growth
        return None if growth is None or not np.isfinite(growth).any() else growth[None, :]

    def _names(self) -> list[str]:
        return [self.municipality_name[k] for k in self.municipality]

    def _rows(self, rows: np.ndarray) -> "AreaTable":
        """Take rows, dropping the municipalities that no longer occur and renumbering the rest."""
        kept, municipality = np.unique(self.municipality[rows], return_inverse=True)
        code = [self.code[i] for i in rows]
        values: dict[str, Any] = {key: getattr(self, key)[rows] for key in _BY_AREA if getattr(self, key) is not None}
        values |= {
            "code": code,
            "name": [self.name[i] for i in rows],
            "municipality": municipality.astype(np.int32),
            "municipality_code": [self.municipality_code[k] for k in kept],
            "municipality_name": [self.municipality_name[k] for k in kept],
            "arrival_rate": self.arrival_rate[kept],
            "neighbours": _renumbered(self.neighbours, rows),
            "outlines": None if self.outlines is None else {c: self.outlines[c] for c in code if c in self.outlines},
            "notes": list(self.notes),
            "homes_by_year": None if self.homes_by_year is None else self.homes_by_year[:, rows],
        }
        for array in values.values():
            if isinstance(array, np.ndarray):
                array.setflags(write=False)
        return replace(self, **values)


def area_mask(
    codes: str | Iterable[str], code: Sequence[str], municipality: Sequence[str], municipality_name: Sequence[str]
) -> np.ndarray:
    """Return bool[J]: which areas are meant by codes of areas, codes or names of municipalities, mixed.

    Raises
    ------
    InputError
        For an empty list or a code that does not occur.
    """
    wanted = [codes] if isinstance(codes, str) else [str(c) for c in codes]
    if not wanted:
        raise InputError("no codes are given (allowed: one or more codes of areas or municipalities)")
    rows: dict[str, list[int]] = {}
    # An exact code goes before a name or another case: later entries replace earlier ones.
    for spelled in (str.lower, str):
        for column in (municipality_name, municipality, code):
            named: dict[str, list[int]] = {}
            for row, key in enumerate(column):
                named.setdefault(spelled(str(key).strip()), []).append(row)
            rows |= named
    mask = np.zeros(len(code), dtype=bool)
    for one in wanted:
        spellings = (one.strip(), one.strip().lower(), full_code(one.strip()), full_code(f"GM{one.strip()}"))
        found = next((rows[spelled] for spelled in spellings if spelled in rows), None)
        if found is None:
            known = sorted({*code, *municipality, *municipality_name})
            raise InputError(f"unknown code '{one}': no area or municipality has it{close_matches(one.strip(), known)}")
        mask[found] = True
    return mask


def _renumbered(pairs: list[tuple[int, int, float]] | None, rows: np.ndarray) -> list[tuple[int, int, float]] | None:
    if pairs is None:
        return None
    new = {int(old): at for at, old in enumerate(rows)}
    kept = [(new[i], new[j], w) for i, j, w in pairs if i in new and j in new]
    return sorted((min(i, j), max(i, j), w) for i, j, w in kept)


_INTEGERS = {"municipality": np.int32, "residents": np.int64}
_SHARES = ["origin", "age", "one_person", "with_children"]
_NUMBERS = ["household_size", "density", "land_area", "socio_economic", "facilities", "x", "y", "moving_rate"]
_MAY_LACK = ("dwellings", "dwellings_growth")
_FLOATS = [*_SHARES, *_NUMBERS, "arrival_rate", *_MAY_LACK]
_TYPES: dict[str, Any] = _INTEGERS | dict.fromkeys(_FLOATS, np.float64)
_BY_AREA = [key for key in _TYPES if key not in ("arrival_rate", "municipality")]

# Rounding removes the last bits, which depend on the machine's maths library; the digest of a run must not.
_DECIMALS = {"density": 3, "socio_economic": 6, "facilities": 6, "x": 6, "y": 6, "moving_rate": 9, "arrival_rate": 9}

# field: lowest, highest, may be nan
_RANGES: dict[str, tuple[float, float, bool]] = {
    "residents": (1, MAXIMUM_RESIDENTS, False),
    "origin": (0, 1, False),
    "age": (0, 1, False),
    "one_person": (0, 1, False),
    "with_children": (0, 1, False),
    "household_size": (1, 20, False),
    "density": (0, 100_000, False),
    "land_area": (0, 1e8, True),
    "socio_economic": (-10, 10, False),
    "facilities": (0, 10, False),
    "x": (-50_000, 50_000, True),
    "y": (-50_000, 50_000, True),
    "moving_rate": (0, 2, True),
    "arrival_rate": (0, 1, False),
    "dwellings": (1, MAXIMUM_RESIDENTS, True),
    "dwellings_growth": (-0.2, 1, True),
}


def _check(table: AreaTable) -> None:
    """Check all that `AreaTable` states; raise at the first violation."""
    areas, municipalities, groups = len(table.code), len(table.municipality_code), len(table.scheme)
    if areas == 0:
        raise InputError(f"{table.source or 'the table'}: no areas with residents are left")
    check_size(table.source or "the table", municipalities, groups)
    _check_codes(table)
    shapes = {"origin": (areas, groups), "age": (areas, 5), "facilities": (areas, len(FACILITIES))}
    shapes["arrival_rate"] = (municipalities, len(MOTIVES))
    for key in _TYPES:
        array = getattr(table, key)
        if array is None and key in _MAY_LACK:
            continue
        if array.shape != shapes.get(key, (areas,)):
            raise InputError(f"{key} has shape {array.shape} (allowed: {shapes.get(key, (areas,))})")
        if key in _RANGES:
            _check_range(table, key, array)
    for key in ("origin", "age"):
        sums = getattr(table, key).sum(axis=1)
        if np.abs(sums - 1).max() > 1e-9:
            bad = int(np.abs(sums - 1).argmax())
            raise InputError(f"area {table.code[bad]}: {key} shares add up to {sums[bad]:.4f} (allowed: 1)")
    _check_neighbours(table, areas)


def _check_codes(table: AreaTable) -> None:
    seen: set[str] = set()
    for code in table.code:
        if not code or code in seen:
            raise InputError(f"area code '{code}' is {'used twice' if code else 'empty'} (allowed: one code per area)")
        if ACTED_ON.search(code):
            raise InputError(f"area code {code!a} holds a control character (allowed: signs that can be seen)")
        seen.add(code)
    if len(table.name) != len(table.code) or len(table.municipality_name) != len(table.municipality_code):
        raise InputError("there must be one name per code, for areas and for municipalities")
    if len(set(table.municipality_code)) != len(table.municipality_code):
        raise InputError("a municipality code is used twice (allowed: one row per municipality)")
    used = np.unique(table.municipality)
    if not np.array_equal(used, np.arange(len(table.municipality_code))):
        raise InputError("every municipality must hold an area, and every area lie in a municipality of the list")


def _check_range(table: AreaTable, key: str, array: np.ndarray) -> None:
    low, high, may_be_unknown = _RANGES[key]
    bad = (array < low) | (array > high) | (np.isnan(array) & (not may_be_unknown))
    if bad.any():
        at = tuple(np.argwhere(bad)[0])
        owner = table.municipality_code[at[0]] if key == "arrival_rate" else table.code[at[0]]
        raise InputError(f"area {owner}: {key} is {array[at]:g} (allowed: {low:g} to {high:g})")


def _check_neighbours(table: AreaTable, areas: int) -> None:
    for i, j, weight in table.neighbours or []:
        if not (0 <= i < j < areas and weight > 0):
            raise InputError(f"neighbours ({i}, {j}, {weight:g}) are not valid (allowed: 0 <= i < j < {areas}, over 0)")


assert {f.name for f in fields(AreaTable)} >= set(_TYPES)
