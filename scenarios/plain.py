"""One's own areas of any city of any country, from a plain CSV or Parquet table; see ``docs/own_areas.md``."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from scenarios.areas import AGES, MAXIMUM_RESIDENTS, AreaTable
from scenarios.arrivals import arrival_rates
from scenarios.columns import FACILITY_COLUMNS, NATIONAL_HOUSEHOLD_SIZE, VALUE_RANGES, filled_by_municipality
from scenarios.errors import close_matches, wrong
from scenarios.extra import socio_economic
from scenarios.facilities import supply
from scenarios.geometry import project, read_outlines, shared_borders
from scenarios.imputation import Unknown, density_of, reach_of, told
from scenarios.notes import TARGET_NAMES, Note
from scenarios.origins import MOTIVES, OriginScheme, load_scheme, scheme_names
from scenarios.tables import Table, in_own_words, read_table, table_from_frame

AGE_COLUMNS = tuple(f"age_{a}" for a in AGES)
SHARE_COLUMNS = ("one_person_households", "households_with_children")
TEXT_COLUMNS = ("code", "name", "municipality", "municipality_name")
KNOWN = [*VALUE_RANGES, *AGE_COLUMNS, *SHARE_COLUMNS, *TEXT_COLUMNS, "residents", "longitude", "latitude"]
HOSTS = ("dutch", "netherlands", "native", "host")
"""Names by which the host background is known whatever the order of the columns; else it is the first."""
PREFIXES = ("origin_", "age_", "facility_", "arrivals_")
TOLERANCE = 0.02
"""How far shares may be from adding up to 1; they are made to add up exactly."""
_CBS_CODE = re.compile(r"GM\d{4}$|WK\d{6}$|BU\d{8}$")


def read_plain(
    path: str | Path | pl.DataFrame,
    codes: str | Iterable[str] | None = None,
    *,
    scheme: str | Path | OriginScheme | None = None,
    geometry: str | Path | None = None,
    geometry_code: str | None = None,
) -> AreaTable:
    """Read one's own areas.

    Parameters
    ----------
    path : path or polars.DataFrame
        Table with the columns of ``docs/own_areas.md``; only ``code``, ``residents`` and two or more
        ``origin_<group>`` are needed.
    codes : str or iterable of str, optional
        Codes of areas or municipalities to keep.
    scheme : str, path or OriginScheme, optional
        Name of a scheme, or a YAML file. Left out: the scheme whose groups are exactly those of the table, else a
        custom one whose host background is the first origin column.
    geometry, geometry_code
        As in `scenarios.cbs.read_cbs`.

    Raises
    ------
    InputError
        With file, row, column, value and allowed range.
    """
    table, renamed = in_own_words(table_from_frame(path) if isinstance(path, pl.DataFrame) else read_table(path), KNOWN)
    if "code" not in table.columns and {"AANT_INW", "P_WEST_AL"} <= set(table.columns):
        raise wrong("looks like a table of CBS: read it with region=cbs", file=table.file)
    table.need("code", "residents")
    unused = _refuse_unknown(table)
    reader = _PlainReader(table)
    if renamed:
        names = ", ".join(f"{a} → {b}" for a, b in renamed.items())
        reader.say(
            f"Columns read under another name: {names}.", f"Kolommen die onder een andere naam gelezen zijn: {names}."
        )
    if unused:
        names = ", ".join(unused)
        reader.say(f"Columns that are not used: {names}.", f"Kolommen die niet gebruikt worden: {names}.")
    areas = reader.build(scheme, geometry, geometry_code)
    return areas if codes is None else areas.select(codes)


class _PlainReader:
    """One table on its way to becoming areas."""

    def __init__(self, table: Table):
        self.notes: list[str] = []
        seen: dict[str, int] = {}
        for row, code in zip(table.rows.tolist(), table.text("code"), strict=True):
            if not code or code in seen:
                problem = f"is the code of row {seen[code]} too" if code else "is empty"
                raise wrong(problem, file=table.file, row=row, column="code", value=code, allowed="one code per area")
            seen[code] = row
        residents = table.numbers("residents", 0, MAXIMUM_RESIDENTS, whole=True)
        lived_in = np.nan_to_num(residents) > 0
        if not lived_in.any():
            raise wrong("no area has residents", file=table.file, column="residents", allowed="at least one area")
        if not lived_in.all():
            left_out = (~lived_in).sum()
            self.say(
                f"{left_out} areas without residents, or with an unknown number, were left out.",
                f"{left_out} gebieden zonder bewoners, of met een onbekend aantal, zijn weggelaten.",
            )
            table = table.filter(lived_in)
        self.table, self.code, self.residents = table, table.text("code"), residents[lived_in]
        values = [c for c in table.columns if c in VALUE_RANGES]
        self.columns = {c: table.numbers(c, *VALUE_RANGES[c]) for c in values}

    def build(
        self, scheme_name: str | Path | OriginScheme | None, geometry: str | Path | None, geometry_code: str | None
    ) -> AreaTable:
        """Read every column and make the table."""
        places, place_names, municipality = self.municipalities()
        scheme, origin = self.origin(scheme_name, municipality)
        unknown = Unknown(origin, self.residents, municipality)
        density = self.density(unknown)
        score = self.socio_economic(unknown)
        households = self.households(unknown)
        known = {c: v for c, v in self.columns.items() if c in FACILITY_COLUMNS}
        facilities, notes = supply(known, density, self.residents)
        self.notes += notes
        return AreaTable.validated(
            code=self.code,
            name=self.names(),
            municipality=municipality,
            municipality_code=places,
            municipality_name=place_names,
            residents=self.residents,
            scheme=scheme,
            origin=origin,
            age=self.age(unknown),
            **households,
            density=density,
            land_area=self.column("land_area"),
            socio_economic=score,
            facilities=facilities,
            moving_rate=self.moving_rate(),
            arrival_rate=self.arrivals(scheme, origin, municipality),
            dwellings=self.column("dwellings"),
            **self.positions(geometry, geometry_code),
            notes=self.notes,
            source=self.table.file,
            digest=self.table.digest,
        )

    def say(self, english: str, dutch: str) -> None:
        """Note what was assumed, in both languages."""
        self.notes.append(Note(english, dutch))

    def column(self, name: str, default: float = np.nan) -> np.ndarray:
        """Return a column with unknown values replaced."""
        values = self.columns.get(name, np.full(len(self.code), np.nan))
        return np.where(np.isnan(values), default, values)

    def names(self) -> list[str]:
        """Return the names, or the code where there is none."""
        names = self.table.text("name") if "name" in self.table.columns else self.code
        return [name or code for name, code in zip(names, self.code, strict=True)]

    def municipalities(self) -> tuple[list[str], list[str], np.ndarray]:
        """Return codes and names of municipalities, and the index of each area's."""
        if "municipality" not in self.table.columns:
            own = [f"GM{c.upper()[2:6]}" if _CBS_CODE.match(c.upper()) else "" for c in self.code]
            if "" in own:
                self.say(
                    "There is no column municipality: all areas are taken to be one municipality.",
                    "Er is geen kolom municipality: alle gebieden gelden als één gemeente.",
                )
                return ["all"], [Path(self.table.file).stem], np.zeros(len(self.code), dtype=np.int32)
            self.say(
                "There is no column municipality: it is read from the codes, which are those of CBS.",
                "Er is geen kolom municipality: de gemeente is gelezen uit de codes, die van het CBS zijn.",
            )
            places, index = np.unique(own, return_inverse=True)
            return [str(p) for p in places], [str(p) for p in places], index.astype(np.int32)
        own = self.table.text("municipality")
        if "" in own:
            row = int(self.table.rows[own.index("")])
            raise wrong("is empty", file=self.table.file, row=row, column="municipality")
        places, first, index = np.unique(own, return_index=True, return_inverse=True)
        column = "municipality_name" if "municipality_name" in self.table.columns else "municipality"
        names = self.table.text(column)
        return [str(p) for p in places], [names[i] or own[i] for i in first], index.astype(np.int32)

    def origin(
        self, name: str | Path | OriginScheme | None, municipality: np.ndarray
    ) -> tuple[OriginScheme, np.ndarray]:
        """Return the scheme and the shares of its groups, float64[J, G]; unknown rows take the municipality's mean."""
        given = _host_first([c for c in self.table.columns if c.startswith("origin_")])
        if len(given) < 2:
            problem = f"{len(given) or 'no'} column(s) origin_<group> found"
            raise wrong(problem, file=self.table.file, allowed="at least two, such as origin_dutch and origin_other")
        shares, unknown = filled_by_municipality(
            self.shares(given), self.residents, municipality, what=f"{self.table.file}, column origin_<group>"
        )
        if unknown.any():
            self.say(
                f"In {unknown.sum()} areas the origin groups came from the municipality's mean, or else the table's.",
                f"In {unknown.sum()} gebieden is voor de herkomst het gemiddelde van de gemeente genomen, of anders "
                "van de tabel.",
            )
        groups = [c.removeprefix("origin_") for c in given]
        scheme = load_scheme(name) if name is not None else _scheme_of(groups)
        if scheme is None:
            self.say(
                f"The origin groups are one's own: {groups[0]} is taken to be the host background; of the "
                "others half is taken to be born abroad, and hiring disadvantage to be 1.3 (assumptions).",
                f"De herkomstgroepen zijn eigen groepen: {groups[0]} geldt als de groep zonder "
                "migratieachtergrond; van de andere geldt de helft als geboren in het buitenland, en het nadeel bij "
                "sollicitaties als 1,3 (aannamen).",
            )
            return OriginScheme.custom(groups, _average(shares, self.residents)), shares
        strange = [g for g in groups if g not in scheme.groups]
        if strange:
            raise wrong(
                f"is not a group of the scheme {scheme.name}{close_matches(strange[0], scheme.groups)}",
                file=self.table.file,
                column=f"origin_{strange[0]}",
                allowed=", ".join(scheme.groups),
            )
        missing = [g for g in scheme.groups if g not in groups]
        if missing:
            names = ", ".join(missing)
            self.say(
                f"There are no columns for the origin groups {names}: taken to be nobody.",
                f"Er zijn geen kolommen voor de herkomstgroepen {names}: die gelden als leeg.",
            )
        full = np.zeros((len(shares), len(scheme)))
        full[:, [scheme.groups.index(g) for g in groups]] = shares
        return scheme, full

    def shares(self, columns: list[str], *, add_up: bool = True) -> np.ndarray:
        """Return columns of shares; the group of columns is in percent as soon as one value is above 1.

        A row of which nothing is known is nan. Where shares must add up, unknown ones of a row divide what the known
        leave, as the groups do in the table.
        """
        high = 100.0 + 100 * TOLERANCE
        values = np.stack([self.table.numbers(c, 0, high) for c in columns], axis=1)
        whole = 100.0 if np.nanmax(values, initial=0.0) > 1.0 + TOLERANCE else 1.0
        values = values / whole
        if not add_up:
            return np.minimum(values, 1.0)
        values = self.remainder(values, columns)
        total = values.sum(axis=1)
        off = np.abs(total - 1.0) > TOLERANCE + 1e-12
        if off.any():
            row = int(np.argmax(off))
            unit = "percents" if whole == 100.0 else "shares"
            low, high = whole * (1 - TOLERANCE), whole * (1 + TOLERANCE)
            raise wrong(
                f"the {unit} add up to {total[row] * whole:.4g}",
                file=self.table.file,
                row=int(self.table.rows[row]),
                column=f"{columns[0].split('_')[0]}_*",
                allowed=f"{low:g} to {high:g}",
            )
        return values / total[:, None]

    def remainder(self, values: np.ndarray, columns: list[str]) -> np.ndarray:
        """Return shares in which unknown ones of a row that is known in part divide what is left of it."""
        unknown = np.isnan(values)
        part = unknown.any(axis=1) & ~unknown.all(axis=1)
        if not part.any():
            return values
        kind = columns[0].split("_")[0]
        self.say(
            f"In {part.sum()} areas unknown columns {kind}_* divide what the known ones leave of the whole.",
            f"In {part.sum()} gebieden verdelen onbekende kolommen {kind}_* wat de bekende van het geheel overlaten.",
        )
        known = np.where(unknown, 0.0, values)
        weight = np.array([(self.residents * k).sum() for k in known.T]) + 1e-9
        share = np.where(unknown, weight, 0.0)
        total, left = np.zeros(len(values)), np.ones(len(values))
        for at in range(values.shape[1]):
            total, left = total + share[:, at], left - known[:, at]
        filled = share * (np.maximum(left, 0.0) / np.maximum(total, 1e-300))[:, None]
        return np.where(part[:, None] & unknown, filled, values)

    def follows(self, missing: np.ndarray, relation: str) -> None:
        """Note that unknown values follow others as among the districts of the Netherlands."""
        if missing.any():
            self.notes.append(told(relation, int(missing.sum()), len(missing)))

    def age(self, unknown: Unknown) -> np.ndarray:
        """Return shares of the five age classes, float64[J, 5]."""
        given = [c for c in AGE_COLUMNS if c in self.table.columns]
        values = np.full((len(self.code), len(AGES)), np.nan)
        if given:
            self.table.need(*AGE_COLUMNS)
            values = self.shares(list(AGE_COLUMNS))
        self.follows(np.isnan(values).any(axis=1), "age_25_44")
        return unknown.ages(values)

    def households(self, unknown: Unknown) -> dict[str, np.ndarray]:
        """Return shares of one-person households and of households with children, and the mean size."""
        given = {c: self.shares([c], add_up=False)[:, 0] for c in SHARE_COLUMNS if c in self.table.columns}
        one, children = (given.get(c, np.full(len(self.code), np.nan)) for c in SHARE_COLUMNS)
        both = one + children
        if (both > 1 + TOLERANCE).any():
            row = int(np.nanargmax(both))
            raise wrong(
                f"the two shares add up to {both[row]:.3g}",
                file=self.table.file,
                row=int(self.table.rows[row]),
                column=" and ".join(SHARE_COLUMNS),
                allowed="at most 1",
            )
        self.follows(np.isnan(one), "one_person")
        self.follows(np.isnan(children), "with_children")
        room = np.where(np.isnan(one) & ~np.isnan(children), 1 - children, 1.0)
        one = np.minimum(unknown.completed("one_person", one), room)
        unknown.known["one_person"] = one
        children = np.minimum(unknown.completed("with_children", children), 1 - one)
        unknown.known["with_children"] = children
        size = self.column("household_size")
        self.follows(np.isnan(size), "household_size")
        return {
            "one_person": one,
            "with_children": children,
            "household_size": unknown.completed("household_size", size),
        }

    def density(self, unknown: Unknown) -> np.ndarray:
        """Return addresses per km2: as given, else households per km2 of land, else as in Dutch districts."""
        if "dwellings" in self.columns and "household_size" not in self.columns:
            self.columns["household_size"] = np.clip(self.residents / self.columns["dwellings"], 1.0, 8.0)
            self.say("The size of households is residents per dwelling.", "De huishoudgrootte is bewoners per woning.")
        if "density" not in self.columns and "land_area" in self.columns:
            size = self.column("household_size", NATIONAL_HOUSEHOLD_SIZE)
            addresses = self.columns.get("dwellings", self.residents / size)
            self.columns["density"] = np.minimum(addresses / (self.columns["land_area"] / 100.0), 100_000.0)
            self.say(
                "Address density is dwellings (or households) per km2 of land.",
                "De adressendichtheid is woningen (of huishoudens) per km2 land.",
            )
        given = self.column("density")
        missing = np.isnan(given)
        self.follows(missing, "reach")
        return np.where(missing, density_of(unknown.completed("reach", reach_of(given))), given)

    def socio_economic(self, unknown: Unknown) -> np.ndarray:
        """Return the z-score; where unknown, as in Dutch districts."""
        score, note = socio_economic(self.columns, self.residents)
        if note:
            self.notes.append(note)
        self.follows(np.isnan(score), "socio_economic")
        return unknown.completed("socio_economic", score)

    def moving_rate(self) -> np.ndarray:
        """Return moves per resident per year, nan where the national curve is to be used."""
        rate = self.column("moving_rate")
        count = int(np.isnan(rate).sum())
        if count:
            self.say(
                f"Moving rate: the national curve by age and households is used (unknown in {count} areas).",
                f"Hoe vaak men verhuist is in {count} gebieden onbekend: landelijke kansen naar leeftijd en "
                "huishoudens gelden.",
            )
        return rate

    def arrivals(self, scheme: OriginScheme, origin: np.ndarray, municipality: np.ndarray) -> np.ndarray:
        """Return arrivals per resident per year by municipality and motive, float64[K, 6]."""
        total = np.bincount(municipality, self.residents)
        shares = np.stack([np.bincount(municipality, self.residents * g) for g in origin.T], axis=1) / total[:, None]
        national = scheme.national if scheme.national is not None else _average(origin, self.residents)
        rates = arrival_rates(shares, national, scheme)
        for at, motive in enumerate(MOTIVES):
            values = self.columns.get(f"arrivals_{motive}")
            if values is not None:
                known = np.where(np.isnan(values), 0.0, self.residents)
                sums = np.bincount(municipality, known * np.nan_to_num(values)) / 1000
                people = np.bincount(municipality, known)
                rates[:, at] = np.where(people > 0, sums / np.maximum(people, 1), rates[:, at])
        unknown = [m for m in MOTIVES if f"arrivals_{m}" not in self.columns]
        if unknown:
            dutch = ", ".join(TARGET_NAMES[m]["nl"] for m in unknown)
            names = ", ".join(unknown)
            self.say(
                f"Arrivals from abroad ({names}) are the Dutch rates by motive of 2018, scaled by the "
                "municipality's share of the groups that arrive for it (assumption).",
                f"De komst uit het buitenland ({dutch}) is die van Nederland naar motief in 2018, naar het aandeel "
                "in de gemeente van de groepen die daarvoor komen (aanname).",
            )
        return rates

    def positions(self, geometry: str | Path | None, geometry_code: str | None) -> dict[str, Any]:
        """Return x, y, neighbours and outlines."""
        x, y = self.column("x"), self.column("y")
        if {"longitude", "latitude"} <= set(self.table.columns):
            east, north = self.table.numbers("longitude", -180, 180), self.table.numbers("latitude", -90, 90)
            if np.isfinite(east).any() and np.isfinite(north).any():
                x, y = project(east, north, (float(np.nanmean(east).round(1)), float(np.nanmean(north).round(1))))
        place: dict[str, Any] = {"neighbours": None, "outlines": None}
        if geometry is not None:
            outlines = read_outlines(geometry, geometry_code)
            for at, code in enumerate(self.code):
                x[at], y[at] = outlines.centre.get(code, (x[at], y[at]))
            place["outlines"] = {c: outlines.shapes[c] for c in self.code if c in outlines.shapes}
            place["neighbours"] = shared_borders(outlines.shapes, self.code)
        missing = int((np.isnan(x) | np.isnan(y)).sum())
        if missing:
            self.say(f"The position of {missing} areas is unknown.", f"Waar {missing} gebieden liggen is niet bekend.")
        return place | {"x": x, "y": y}


def _average(shares: np.ndarray, residents: np.ndarray) -> np.ndarray:
    """Return the shares in all residents together, summed in the order of the rows."""
    return (residents[:, None] * shares).sum(axis=0) / residents.sum()


def _host_first(columns: list[str]) -> list[str]:
    """Return columns of origin groups with the host background first, where its name is one that schemes use."""
    hosts = [f"origin_{name}" for name in HOSTS]
    return sorted(columns, key=lambda c: hosts.index(c) if c in hosts else len(hosts))


def _scheme_of(groups: list[str]) -> OriginScheme | None:
    """Return the scheme of Thuis that has exactly these groups, or three or more of only its own, if any."""
    schemes = [load_scheme(name) for name in scheme_names()]
    for scheme in schemes:
        if set(scheme.groups) == set(groups):
            return scheme
    for scheme in schemes:
        if set(groups) < set(scheme.groups) and scheme.groups[0] in groups and len(groups) > 2:
            return scheme
    return None


def _refuse_unknown(table: Table) -> list[str]:
    """Refuse a column that was surely meant to be read but is spelled in another way; return the user's own columns."""
    for column in table.columns:
        if column.startswith(PREFIXES) and not column.startswith("origin_") and column not in KNOWN:
            prefix = column.split("_")[0]
            allowed = ", ".join(k for k in KNOWN if k.startswith(prefix + "_"))
            problem = f"the column is unknown{close_matches(column, KNOWN)}"
            raise wrong(problem, file=table.file, column=column, allowed=allowed)
    return [c for c in table.columns if c not in KNOWN and not c.startswith("origin_")]
