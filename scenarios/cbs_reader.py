"""Reader of one table of the Wijk- en Buurtkaart: reads every column, fills unknown values, notes the assumptions."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.areas import AreaTable
from scenarios.arrivals import arrival_rates
from scenarios.columns import FACILITY_COLUMNS, NATIONAL_DENSITY, filled_by_municipality
from scenarios.errors import wrong
from scenarios.extra import joined, read_extra, socio_economic
from scenarios.facilities import supply
from scenarios.geometry import read_adjacency
from scenarios.notes import Note
from scenarios.origins import MOTIVES, load_scheme
from scenarios.placing import locate_areas, read_map
from scenarios.table import Table

AGE_COLUMNS = ("P_00_14_JR", "P_15_24_JR", "P_25_44_JR", "P_45_64_JR", "P_65_EO_JR")
PARTS = ("P_MAROKKO", "P_ANT_ARU", "P_SURINAM", "P_TURKIJE")


class CbsReader:
    """Conversion of one table into areas: columns, weights and notes."""

    def __init__(self, table: Table, chosen: np.ndarray, notes: list[str], code_column: str, name_column: str):
        self.table, self.chosen, self.notes = table, chosen, notes
        self.code = table.text(code_column)
        self.name = table.text(name_column) if name_column in table.columns else self.code
        self.municipality_codes, first, index = np.unique(table.text("GM_CODE"), return_index=True, return_inverse=True)
        self.municipality_names = [table.text("GM_NAAM")[i] for i in first]
        self.municipality = index.astype(np.int32)
        self.residents = table.numbers("AANT_INW")

    def build(
        self,
        extras: list[str | Path],
        geometry: str | Path | None,
        geometry_code: str | None,
        adjacency: str | Path | None,
        year: int,
    ) -> AreaTable:
        """Read every column and make the table of all areas."""
        scheme = load_scheme("cbs7")
        origin = self.origin()
        loaded = [read_extra(path, year) for path in extras]
        municipality_codes = [str(p) for p in self.municipality_codes]
        columns, notes = joined(loaded, self.code, [municipality_codes[k] for k in self.municipality], self.residents)
        self.notes += notes
        density = self.column(
            "OAD", 0, 100_000, Note("address density", "de adressendichtheid"), otherwise=NATIONAL_DENSITY
        )
        facilities, notes = supply({k: v for k, v in columns.items() if k in FACILITY_COLUMNS}, density, self.residents)
        self.notes += notes
        location, digests = self.locations(columns, geometry, geometry_code, adjacency)
        digests = [self.table.digest, *(e.digest for e in loaded), *digests]
        return AreaTable.validated(
            code=self.code,
            name=self.name,
            municipality=self.municipality,
            municipality_code=municipality_codes,
            municipality_name=self.municipality_names,
            residents=self.residents,
            scheme=scheme,
            origin=origin,
            age=self.age(),
            **self.households(),
            density=density,
            land_area=self.table.numbers("OPP_LAND", 0) if "OPP_LAND" in self.table.columns else self.unknown(),
            socio_economic=self.socio_economic(columns),
            facilities=facilities,
            moving_rate=self.moving_rate(columns),
            arrival_rate=self.arrivals(origin, columns),
            dwellings=columns.get("dwellings", self.unknown()),
            dwellings_growth=columns.get("dwellings_growth"),
            notes=self.notes,
            source=f"CBS Wijk- en Buurtkaart ({self.table.file}); Bron: Kadaster / Centraal Bureau voor de Statistiek",
            digest=digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
            **location,
        )

    def unknown(self) -> np.ndarray:
        """Return nan for every area."""
        return np.full(len(self.code), np.nan)

    def origin(self) -> np.ndarray:
        """Return shares of the seven groups, float64[J, 7].

        CBS gives whole percents: Dutch is the remainder of the two totals; where the five parts of non-western are
        suppressed (small numbers) the named four count as 0; "other" is the total less the named four.
        """
        western, non_western = (self.table.numbers(c, 0, 100) for c in ("P_WEST_AL", "P_N_W_AL"))
        named = np.stack([self.table.numbers(c, 0, 100) for c in PARTS], axis=1)
        suppressed = np.isnan(named).any(axis=1) & ~np.isnan(non_western)
        named = np.where(suppressed[:, None], np.where(np.isnan(named), 0.0, named), named)
        other = np.maximum(non_western - named.sum(axis=1), 0.0)
        too_much = western + non_western > 102.0  # both are rounded
        if too_much.any():
            row = int(self.table.rows[int(np.argmax(too_much))])
            columns = "P_WEST_AL and P_N_W_AL"
            raise wrong("the percents add up to more than 100", file=self.table.file, row=row, column=columns)
        dutch = np.maximum(100.0 - western - non_western, 0.0)
        shares = np.column_stack([dutch, western, named, other])
        shares, filled = self.filled(shares / shares.sum(axis=1, keepdims=True), "P_WEST_AL or P_N_W_AL")
        self.note(filled, "the origin groups (not published)", "de herkomstgroepen (niet gepubliceerd)")
        if (suppressed & self.chosen).any():
            count = int((suppressed & self.chosen).sum())
            self.notes.append(
                Note(
                    f"In {count} areas the parts of non-western are suppressed; all of it counts as 'other'.",
                    f"In {count} gebieden is de verdeling van niet-westers geheim; alles telt daar als 'overig'.",
                )
            )
        return shares / shares.sum(axis=1, keepdims=True)

    def age(self) -> np.ndarray:
        """Return shares of the five age classes, float64[J, 5]."""
        self.table.need(*AGE_COLUMNS)
        shares = np.stack([self.table.numbers(c, 0, 100) for c in AGE_COLUMNS], axis=1)
        total = shares.sum(axis=1, keepdims=True)
        shares = np.where(total > 0, shares / np.where(total > 0, total, 1.0), np.nan)
        shares, filled = self.filled(shares, "P_00_14_JR to P_65_EO_JR")
        self.note(filled, "the age classes", "de leeftijdsklassen")
        return shares / shares.sum(axis=1, keepdims=True)

    def households(self) -> dict[str, np.ndarray]:
        """Return shares of one-person households and of households with children, and the mean size."""
        what = Note("the share of one-person households", "het aandeel eenpersoonshuishoudens")
        one = self.column("P_EENP_HH", 0, 100, what, required=True) / 100
        what = Note("the share of households with children", "het aandeel huishoudens met kinderen")
        children = self.column("P_HH_M_K", 0, 100, what, required=True) / 100
        # Rounded percents may add up to 101.
        children = np.minimum(children, 1.0 - one)
        size = self.column("GEM_HH_GR", 1, 20, Note("the size of households", "de huishoudgrootte"), required=True)
        return {"one_person": one, "with_children": children, "household_size": size}

    def column(
        self, name: str, low: float, high: float, what: Note, *, required: bool = False, otherwise: float | None = None
    ) -> np.ndarray:
        """Return one column with unknown values filled and counted."""
        if required or otherwise is None:
            self.table.need(name)
        values = self.table.numbers(name, low, high) if name in self.table.columns else self.unknown()
        values, filled = self.filled(values, name, otherwise)
        self.note(filled, what, what.dutch)
        return values

    def filled(self, values: np.ndarray, what: str, otherwise: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Fill unknown values with means; see `filled_by_municipality`."""
        where = f"{self.table.file}, column {what}"
        return filled_by_municipality(values, self.residents, self.municipality, otherwise, where)

    def note(self, filled: np.ndarray, what: str, dutch: str) -> None:
        """Count what was filled among the requested areas."""
        count = int((filled & self.chosen).sum())
        if count:
            self.notes.append(
                Note(
                    f"In {count} areas {what} came from the municipality's mean, or else the country's.",
                    f"In {count} gebieden is voor {dutch} het gemiddelde van de gemeente genomen, of anders het land.",
                )
            )

    def socio_economic(self, columns: dict[str, np.ndarray]) -> np.ndarray:
        """Return the z-score; unknown is the municipality's mean, or else 0."""
        score, note = socio_economic(columns, self.residents)
        if note:
            self.notes.append(note)
        unknown = int((np.isnan(score) & self.chosen).sum())
        if unknown:
            self.notes.append(
                Note(
                    f"The socio-economic score is unknown in {unknown} areas: the municipality's mean, or else 0, is "
                    "used.",
                    f"De sociaal-economische score is in {unknown} gebieden onbekend: genomen is het gemiddelde van de "
                    "gemeente, of anders 0.",
                )
            )
        return filled_by_municipality(score, self.residents, self.municipality, otherwise=0.0)[0]

    def moving_rate(self, columns: dict[str, np.ndarray]) -> np.ndarray:
        """Return moves per resident per year, nan where the national curve is to be used."""
        rate = columns.get("moving_rate", self.unknown())
        unknown = int((np.isnan(rate) & self.chosen).sum())
        if unknown:
            self.notes.append(
                Note(
                    f"The moving rate is unknown in {unknown} areas: the national curve by age is used.",
                    f"Hoe vaak men verhuist is in {unknown} gebieden onbekend: landelijke kansen naar leeftijd gelden.",
                )
            )
        return rate

    def arrivals(self, origin: np.ndarray, columns: dict[str, np.ndarray]) -> np.ndarray:
        """Return arrivals per resident per year by municipality and motive, float64[K, 6]."""
        scheme = load_scheme("cbs7")
        total = np.bincount(self.municipality, self.residents)
        shares = np.stack([np.bincount(self.municipality, self.residents * g) for g in origin.T], axis=1)
        assert scheme.national is not None
        rates = arrival_rates(shares / total[:, None], scheme.national, scheme)
        given = [m for m in MOTIVES if f"arrivals_{m}" in columns]
        for motive in given:
            values, _ = filled_by_municipality(
                columns[f"arrivals_{motive}"] / 1000, self.residents, self.municipality, otherwise=np.nan
            )
            own = np.bincount(self.municipality, self.residents * values) / total
            at = MOTIVES.index(motive)
            rates[:, at] = np.where(np.isnan(own), rates[:, at], own)
        which = "all motives" if not given else "the motives without figures of one's own"
        welke = "alle motieven" if not given else "de motieven zonder eigen cijfers"
        if len(given) < len(MOTIVES):
            self.notes.append(
                Note(
                    f"Arrivals from abroad ({which}) are the national rates by motive of 2018, scaled by the "
                    "municipality's share of the groups that arrive for it (assumption).",
                    f"De komst uit het buitenland ({welke}) is die van het land naar motief in 2018, naar het aandeel "
                    "in de gemeente van de groepen die daarvoor komen (aanname).",
                )
            )
        return rates

    def locations(
        self,
        columns: dict[str, np.ndarray],
        geometry: str | Path | None,
        geometry_code: str | None,
        adjacency: str | Path | None,
    ) -> tuple[dict[str, Any], list[str]]:
        """Return x, y, neighbours and outlines, and the digests of the files they came from."""
        x, y = columns.get("x", self.unknown()).copy(), columns.get("y", self.unknown()).copy()
        location: dict[str, Any] = {"neighbours": None, "outlines": None}
        digests = []
        if geometry is not None:
            outlines = read_map(geometry, geometry_code, self.code, self.table.found)
            digests.append(outlines.digest)
            location = locate_areas(self.code, self.name, self.chosen, (x, y), outlines, self.table.found, geometry)
            x, y = location["x"], location["y"]
            self.notes += [note for note in self.table.found.notes if note not in self.notes]
        if adjacency is not None:
            location["neighbours"] = read_adjacency(adjacency, self.code)
        missing = int(((np.isnan(x) | np.isnan(y)) & self.chosen).sum())
        if missing:
            self.notes.append(
                Note(f"The position of {missing} areas is unknown.", f"Waar {missing} gebieden liggen is niet bekend.")
            )
        return location | {"x": x, "y": y}, digests
