"""Make `conf/districts/GM0513`, the real districts of Gouda that come with Thuis, from public files of CBS.

    python scripts/make_gouda.py AGES.csv ORIGIN.csv DWELLINGS.json OUTLINES.shp

AGES and ORIGIN are exports of StatLine table 85984NED (2024) with the same rows, the first with codes; DWELLINGS is the
same table as JSON by code; OUTLINES are those of the districts of 2023 (CBS and Kadaster). The files are written as
`thuis data fetch` writes them, so that they are read as what a user fetched.
"""

import csv
import hashlib
import json
import math
import sys
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from scenarios.cbs_catalogue import Property
from scenarios.download.assemble import Assembled, assemble
from scenarios.download.attribution import attribution_text
from scenarios.download.outlines import centre
from scenarios.download.raw import RawTable, number
from scenarios.regions.kept import SHIPPED

CODE, YEAR, LEVEL = "0513", 2024, "wijk"
YEAR_OF_OUTLINES = 2023
TABLE = "85984NED"
AGES = {"age_0_14": 8, "age_15_24": 9, "age_25_44": 10, "age_45_64": 11, "age_65_plus": 12}
ORIGINS = {"netherlands": 3, "europe": 4, "outside_europe": 5}
COUNTS = {"dwellings": "Woningvoorraad_35", "land_area": "OppervlakteLand_123"}
DIGITS = 5
"""Decimals of a degree: about a metre."""


def read_rows(file: str) -> list[list[str]]:
    """Read an export of StatLine without its header."""
    with open(file, encoding="utf-8-sig", newline="") as handle:
        return [[cell.strip() for cell in row] for row in csv.reader(handle, delimiter=";")][1:]


def key_figures(ages: str, origin: str, dwellings: str) -> RawTable:
    """Put the three files together; rows of the two exports must be of the same areas."""
    table = RawTable(TABLE, "Kerncijfers wijken en buurten 2024", period=str(YEAR))
    counts = json.loads(Path(dwellings).read_text(encoding="utf-8"))
    for first, second in zip(read_rows(ages), read_rows(origin), strict=True):
        code = first[3]
        if first[:2] != second[:2]:
            sys.exit(f"{first[0]}: the rows of the two exports are not of the same areas")
        if code.startswith((f"WK{CODE}", f"GM{CODE}")):
            values = {"residents": number(first[5], code)}
            values |= {name: number(first[at], code) for name, at in AGES.items()}
            values |= {name: number(second[at], code) for name, at in ORIGINS.items()}
            values |= {name: number(counts[code][key], code) for name, key in COUNTS.items()}
            unknown = dict.fromkeys(("households", "one_person_households", "households_with_children"), math.nan)
            table.names[code], table.rows[code] = first[0], {**values, **unknown}
    for name in next(iter(table.rows.values())):
        table.columns[name] = Property(name, name)
    return table


def outlines(file: str, codes: list[str]) -> dict[str, Any]:
    """Return the outline of each district as GeoJSON in longitude and latitude."""
    frame = gpd.read_file(file, where=f"GM_CODE = 'GM{CODE}'").to_crs(4326).set_index("WK_CODE")
    rounded = shapely.set_precision(frame.geometry.loc[codes].values, 10**-DIGITS)
    return {code: json.loads(shapely.to_geojson(shape)) for code, shape in zip(codes, rounded, strict=True)}


def files_of(made: Assembled, table: RawTable, shapes: dict[str, Any]) -> dict[str, bytes]:
    """Return the contents by name, as `thuis data fetch` names them; the table is without columns that hold nothing."""
    stem = f"{YEAR}_{LEVEL}"
    names = dict(zip(made.frame["code"], made.frame["name"], strict=True))
    features = [
        {"type": "Feature", "properties": {"code": code, "name": names[code]}, "geometry": shape}
        for code, shape in shapes.items()
    ]
    known = made.frame[[c.name for c in made.frame.get_columns() if c.null_count() < len(c)]]
    collection = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    found = {
        f"areas_{stem}.csv": known.write_csv().encode(),
        f"outlines_{stem}.geojson": (collection + "\n").encode(),
        f"ATTRIBUTION_{stem}.md": attribution_text([table], YEAR_OF_OUTLINES, True, date.today()).encode(),
    }
    told = {
        "year": YEAR,
        "level": LEVEL,
        "scheme": made.scheme,
        "notes": made.notes,
        "tables": [{"id": table.identifier, "title": table.title, "modified": "", "period": table.period}],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in found.items()},
        "pages": [],
    }
    return {f"areas_{stem}.json": (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode(), **found}


def main(ages: str, origin: str, dwellings: str, shapefile: str) -> None:
    """Write the four files."""
    table = key_figures(ages, origin, dwellings)
    shapes = outlines(shapefile, sorted(code for code in table.rows if code.startswith("WK")))
    centres = {code: centre(shape) for code, shape in shapes.items()}
    made = assemble(table, "cbs3", None, None, centres, "WK")
    folder = SHIPPED / f"GM{CODE}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files_of(made, table, shapes).items():
        (folder / name).write_bytes(content)
    print(f"{folder}: {made.frame.height} districts, {made.frame['residents'].sum()} residents")


if __name__ == "__main__":
    main(*sys.argv[1:])
