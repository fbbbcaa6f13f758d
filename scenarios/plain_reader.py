"""Reader of one table of areas: reads every column, fills unknown values and notes the assumptions."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.areas import AGES, AreaTable
from scenarios.arrivals import arrival_rates
from scenarios.columns import FACILITY_COLUMNS, NATIONAL_HOUSEHOLD_SIZE, filled_by_municipality
from scenarios.errors import close_matches, wrong
from scenarios.extra import Extra, socio_economic
from scenarios.facilities import supply
from scenarios.geometry import read_adjacency
from scenarios.imputation import Unknown, density_of, reach_of
from scenarios.notes import TARGET_NAMES
from scenarios.origins import MOTIVES, OriginScheme, load_scheme, scheme_names
from scenarios.placing import coordinates_of, locate_areas, read_map
from scenarios.plain_columns import PlainColumns
from scenarios.shares import TOLERANCE, read_household_share

AGE_COLUMNS = tuple(f"age_{a}" for a in AGES)
SHARE_COLUMNS = ("one_person_households", "households_with_children")
HOSTS = ("dutch", "netherlands", "native", "host")
"""Names by which the host background is known whatever the order of the columns; else it is the first."""


@dataclass(frozen=True)
class Where:
    """Files with the locations of areas; see `scenarios.plain.read_plain`."""

    geometry: str | Path | None = None
    geometry_code: str | None = None
    adjacency: str | Path | None = None


class PlainReader(PlainColumns):
    """Conversion of one table into areas."""

    def build(self, scheme_name: str | Path | OriginScheme | None, extras: list[Extra], where: Where) -> AreaTable:
        """Read every column and make the table."""
        municipality_codes, municipality_names, municipality = self.municipalities()
        self.add(extras, [municipality_codes[k] for k in municipality])
        scheme, origin = self.origin(scheme_name, municipality)
        unknown = Unknown(origin, self.residents, municipality)
        density = self.density(unknown)
        score = self.socio_economic(unknown)
        households = self.households(unknown)
        known = {c: v for c, v in self.columns.items() if c in FACILITY_COLUMNS}
        facilities, notes = supply(known, density, self.residents)
        for note in notes:
            self.say(note, getattr(note, "dutch", note))
        digests = [self.table.digest, *(extra.digest for extra in extras)]
        return AreaTable.validated(
            code=self.code,
            name=self.names(),
            municipality=municipality,
            municipality_code=municipality_codes,
            municipality_name=municipality_names,
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
            dwellings_growth=self.columns.get("dwellings_growth"),
            **self.locations(where),
            notes=list(self.found.notes),
            source=self.table.file,
            digest=digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
        )

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
        given = {c: read_household_share(self.table, c) for c in SHARE_COLUMNS if c in self.table.columns}
        one, children = (given.get(c, np.full(len(self.code), np.nan)) for c in SHARE_COLUMNS)
        both = one + children
        off = both > 1 + TOLERANCE + (0.0 if "households" not in self.table.columns else 0.05)
        if off.any():
            self.table.refuse(
                off, " and ".join(SHARE_COLUMNS), f"the two shares add up to {both[off].max():.3g}", "at most 1"
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
            self.say(note, note.dutch)
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

    def locations(self, where: Where) -> dict[str, Any]:
        """Return x, y, neighbours and outlines."""
        x, y = coordinates_of(self.table, self.column("x"), self.column("y"))
        location: dict[str, Any] = {"x": x, "y": y, "neighbours": None, "outlines": None}
        if where.geometry is not None:
            outlines = read_map(where.geometry, where.geometry_code, self.code, self.found)
            location = locate_areas(self.code, self.names(), self.chosen, (x, y), outlines, self.found, where.geometry)
        if where.adjacency is not None:
            location["neighbours"] = read_adjacency(where.adjacency, self.code)
        missing = int(((np.isnan(location["x"]) | np.isnan(location["y"])) & self.chosen).sum())
        if missing:
            self.say(f"The position of {missing} areas is unknown.", f"Waar {missing} gebieden liggen is niet bekend.")
        return location


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
