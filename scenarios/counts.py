"""Who lived where at one moment, as a table counted it."""

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from scenarios.areas import AGES, MAXIMUM_RESIDENTS
from scenarios.cbs_reader import AGE_COLUMNS
from scenarios.errors import InputError, wrong
from scenarios.plain_reader import HOSTS
from scenarios.table import Table
from scenarios.tables import read_table

KINDS = ("GM", "WK", "BU")  # of codes of CBS: municipality, district (wijk), neighbourhood (buurt)
_CODE = re.compile(r"(NL|GM|WK|BU)\w*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Columns of CBS' maps and of our own tables of figures, by the names used here.
OTHER_NAMES = {
    "AANT_INW": "residents", "GM_CODE": "municipality", "GM_NAAM": "municipality_name", "OPP_LAND": "land_area",
    "land_ha": "land_area", "Aantal inwoners": "residents", "Aantal woningen": "dwellings", "population": "residents",
    "dwelling_total": "dwellings", "Oppervlakte land (hectaren)": "land_area", "P_NL_ALL": "origin_netherlands",
    "P_EUR_ALL": "origin_europe", "P_NEU_ALL": "origin_outside_europe",
    **dict(zip(AGE_COLUMNS, (f"age_{age}" for age in AGES), strict=True)),
}  # fmt: skip
OWN_CODES = (("BU_CODE", "BU_NAAM"), ("WK_CODE", "WK_NAAM"), ("GM_CODE", "GM_NAAM"))
OLD_TOTALS = ("P_WEST_AL", "P_N_W_AL")
MUNICIPALITY_NAME = "municipality_name"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Counts:
    """N places at one moment.

    Attributes
    ----------
    code, name, municipality : list of str
        The municipality is its code; of a municipality it is its own.
    residents, land, dwellings : float64 [N]
        Land in hectares; it and dwellings are nan where unknown.
    groups : list of str
        Origin groups, the host background first.
    origin : float64 [N, G]
        Shares of the groups; nan where unknown.
    age : float64 [N, 5]
        Shares of the age classes of `scenarios.areas.AGES`; nan where unknown.
    """

    code: list[str]
    name: list[str]
    municipality: list[str]
    residents: np.ndarray
    land: np.ndarray
    dwellings: np.ndarray
    groups: list[str]
    origin: np.ndarray
    age: np.ndarray

    def __len__(self) -> int:
        return len(self.code)

    @property
    def background(self) -> np.ndarray:
        """Share with a migration background, float64 [N]: everyone outside the host group."""
        return 1 - self.origin[:, 0]

    def rows(self, index: np.ndarray) -> "Counts":
        """The places at these rows."""
        picked = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                picked[field.name] = value[index]
            elif field.name != "groups":
                picked[field.name] = [value[i] for i in index]
        return replace(self, **picked)

    def lived_in(self) -> "Counts":
        """The places that somebody lives in."""
        return self.rows(np.flatnonzero(self.residents > 0))

    def municipalities(self, names: dict[str, str]) -> "Counts":
        """The municipalities, each the sum of its places; land and dwellings are unknown where those of a place are.

        Parameters
        ----------
        names : dict of str to str
            Names of municipalities by code; the code where there is none.
        """
        codes, index = np.unique(self.municipality, return_inverse=True)
        total = np.bincount(index, self.residents, len(codes))

        def mean(shares: np.ndarray) -> np.ndarray:
            known = np.isfinite(shares).all(axis=1) * self.residents
            people = np.bincount(index, known, len(codes))
            columns = [np.bincount(index, known * np.nan_to_num(share), len(codes)) for share in shares.T]
            with np.errstate(invalid="ignore"):
                return np.stack(columns, axis=1) / people[:, None]

        municipality = [str(code) for code in codes]
        return Counts(
            code=municipality,
            name=[names.get(code, code) for code in municipality],
            municipality=municipality,
            residents=total,
            land=np.bincount(index, self.land, len(codes)),
            dwellings=np.bincount(index, self.dwellings, len(codes)),
            groups=self.groups,
            origin=mean(self.origin),
            age=mean(self.age),
        )


def kind_of(codes: list[str]) -> str:
    """The first letters of CBS' codes of one kind (``WK``), or an empty text for other codes."""
    kinds = {found[1] if (found := _CODE.match(code)) else "" for code in codes}
    return kinds.pop() if len(kinds) == 1 else ""


def year_of(path: str | Path, given: int | None) -> int:
    """The year of a table: as given, of its column `year` or `JAAR`, or the four digits in the name of the file.

    Raises
    ------
    InputError
        None of them tells one year.
    """
    if given is not None:
        return given
    table = read_table(path)
    for column in ("year", "JAAR"):
        if column in table.columns:
            years = np.unique(table.numbers(column, 1900, 2100, required=True, whole=True))
            if len(years) == 1:
                return int(years[0])
            raise wrong(f"holds {len(years)} years", file=path, column=column, allowed="one year a table")
    found = sorted(set(_YEAR.findall(Path(path).name)))
    if len(found) != 1:
        raise InputError(f"{path}: of which year is this table? (region.year=YEAR for the first, later_year=YEAR)")
    return int(found[0])


def read_counts(path: str | Path, kind: str) -> tuple[Counts, Counts]:
    """The populated places of one kind in a table, and its municipalities; see `read_levels`.

    Raises
    ------
    InputError
        Also where the table has no places of this kind, or does not tell origin.
    """
    areas, municipalities = read_levels(path, kind)
    if areas is None:
        raise wrong(f"has no areas with codes like {kind}…, as the first table has", file=path, column="code")
    if areas.groups == [UNKNOWN]:
        raise wrong("fewer than two columns origin_… are found", file=path)
    return areas, municipalities


def read_levels(path: str | Path, kind: str) -> tuple[Counts | None, Counts]:
    """The populated places of one kind in a table, if it has any, and its municipalities.

    Columns are those of a table of one's own areas (``docs/own_areas.md``), as shares, percents or counts, or those of
    CBS' map of districts; a table may hold rows of several kinds (country, municipality, …), told by their codes.

    Parameters
    ----------
    kind : str
        First letters of their codes, ``WK`` for districts; others are one's own areas.

    Returns
    -------
    places, towns : Counts
        Municipalities as the table has them, or the sums of its places.

    Raises
    ------
    InputError
    """
    table = _in_own_words(read_table(path))
    table.need("code", "residents")
    kinds = np.array([found[1] if (found := _CODE.match(one)) else "" for one in table.text("code")])
    at, groups = kinds == kind if kind in KINDS else (kinds != "NL") & (kinds != "GM"), _groups(table)
    is_municipality = kinds == "GM"
    if not (at | is_municipality).any():
        raise wrong(f"has no areas with codes like {kind}…, as the first table has", file=path, column="code")
    areas = _counts(table.filter(at), groups) if at.any() else None
    if areas is None or (is_municipality.any() and kind != "GM"):
        return (areas and areas.lived_in()), _counts(table.filter(is_municipality), groups).lived_in()
    names = {}
    if MUNICIPALITY_NAME in table.columns:
        names = dict(zip(areas.municipality, table.filter(at).text(MUNICIPALITY_NAME), strict=True))
    return areas.lived_in(), areas.municipalities(names).lived_in()


def _in_own_words(table: Table) -> Table:
    """The table with the names of columns that are used here."""
    for water in ("WATER", "H2O"):
        if water in table.columns:
            table = table.filter(np.array([value == "NEE" for value in table.text(water)]))
    names = {cbs: own for cbs, own in OTHER_NAMES.items() if cbs in table.columns and own not in table.columns}
    if "code" not in table.columns:
        code, name = next((pair for pair in OWN_CODES if pair[0] in table.columns), ("", ""))
        if code == "GM_CODE":
            names = {k: v for k, v in names.items() if k not in ("GM_CODE", "GM_NAAM")}
        names |= {c: own for c, own in ((code, "code"), (name, "name")) if c in table.columns}
    return table.rename(names)


def _groups(table: Table) -> list[str]:
    """Origin groups of a table, the host background first; CBS' old totals where there are no others, or `UNKNOWN`."""
    given = [c.removeprefix("origin_") for c in table.columns if c.startswith("origin_")]
    if len(given) < 2 and set(OLD_TOTALS) <= set(table.columns):
        return ["dutch", *OLD_TOTALS]
    if len(given) < 2:
        return [UNKNOWN]
    return sorted(given, key=lambda g: HOSTS.index(g) if g in HOSTS else len(HOSTS))


def _counts(table: Table, groups: list[str]) -> Counts:
    """The rows of a table, those without residents too: their land is part of a municipality's."""
    residents = np.nan_to_num(table.numbers("residents", 0, MAXIMUM_RESIDENTS))
    code = table.text("code")
    repeated = sorted({one for one in code if code.count(one) > 1}) if len(set(code)) < len(code) else []
    if repeated:
        raise wrong("occurs twice", file=table.file, column="code", value=repeated[0])
    own = [c if _CODE.match(c) and c.startswith("GM") else "" for c in code]
    municipality = table.text("municipality") if "municipality" in table.columns else own
    from_code = [f"GM{c[2:6]}" if _CODE.match(c) else "all" for c in code]
    ages = [f"age_{age}" for age in AGES]
    unknown = np.full(len(code), np.nan)
    return Counts(
        code=code,
        name=table.text("name") if "name" in table.columns else code,
        municipality=[own or t or c for own, t, c in zip(own, municipality, from_code, strict=True)],
        residents=residents,
        land=table.numbers("land_area", 0) if "land_area" in table.columns else unknown,
        dwellings=table.numbers("dwellings", 0) if "dwellings" in table.columns else unknown,
        groups=groups,
        origin=_origin(table, groups),
        age=_shares(table, ages) if set(ages) <= set(table.columns) else np.tile(unknown[:, None], (1, len(AGES))),
    )


def _origin(table: Table, groups: list[str]) -> np.ndarray:
    """Shares of the origin groups, float64 [N, G]; nan where the table does not tell them."""
    if groups == [UNKNOWN]:
        return np.full((len(table), 1), np.nan)
    if groups[1:] == list(OLD_TOTALS):
        others = np.stack([table.numbers(c, 0, 100) / 100 for c in OLD_TOTALS], axis=1)
        return np.column_stack([np.maximum(1 - others.sum(axis=1), 0), others])
    return _shares(table, [f"origin_{group}" for group in groups])


def _shares(table: Table, columns: list[str]) -> np.ndarray:
    """Columns divided by their sum, float64 [N, C], whether they are shares, percents or counts; nan where unknown."""
    values = np.stack([table.numbers(c, 0, MAXIMUM_RESIDENTS) for c in columns], axis=1)
    total = values.sum(axis=1, keepdims=True)
    return np.divide(values, total, out=np.full(values.shape, np.nan), where=total > 0)
