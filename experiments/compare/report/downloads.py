"""The report for other programs: a workbook for Excel, CSV in one archive, and a GeoPackage for maps.

Nothing in them tells when they were made, so that the same comparison gives the same bytes.
"""

import zipfile
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

import polars as pl

from experiments.compare.report.answer import GROUPS
from experiments.compare.report.differences import is_priced
from experiments.compare.report.material import Report
from experiments.results.export_map import DEGREES, with_shapes
from experiments.results.export_sheets import BOOK, HEADER, fitting, meanings_of, write_meanings
from scenarios.areas import AreaTable
from scenarios.text import for_spreadsheets

WORKBOOK, ARCHIVE, MAP = "comparison.xlsx", "comparison-csv.zip", "comparison.gpkg"
HEADLINE = "headline"
ANY_TIME = (2000, 1, 1, 0, 0, 0)


def write_downloads(report: Report, folder: Path) -> None:
    """Write all three; in Dutch the CSV has semicolons and decimal commas, as Excel in Dutch reads it."""
    sheets = {HEADLINE: headline(report), **report.frames}
    write_workbook(sheets, folder / WORKBOOK)
    write_archive(sheets, folder / ARCHIVE, report.language == "nl")
    write_map(report.frames, report.table, folder / MAP)


def headline(report: Report) -> pl.DataFrame:
    """The table that the report begins with, as numbers: a row per policy and group."""
    rows = []
    for name, title in report.compared.items():
        cost = report.summary["costs"][name]
        for group in ("everyone", *GROUPS):
            row = report.at_home(name, group)
            if not row or row["difference"] is None:
                continue
            rows.append(
                {
                    "policy": title,
                    "group": report.words["effects"]["groups"][group],
                    "first": row["first"],
                    "level": row["first"] + row["difference"],
                    **{key: row[key] for key in ("difference", "low", "high")},
                    "euro": cost["euro"] / report.summary["years"] if group == "everyone" else None,
                    "each": cost["euro_per_year_at_home"] if group == "everyone" and is_priced(report, name) else None,
                }
            )
    kinds = dict.fromkeys(("first", "level", "difference", "low", "high", "euro", "each"), pl.Float64)
    frame = pl.DataFrame(rows, schema={"policy": pl.String, "group": pl.String, **kinds})
    return frame.rename(dict(zip(frame.columns, report.words["sheet"].values(), strict=True)))


def write_workbook(frames: dict[str, pl.DataFrame], path: Path) -> None:
    """A sheet per table, and one that says what every column means."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), BOOK) as book:
        book.set_properties({"created": datetime(*ANY_TIME)})
        for name, frame in frames.items():
            fitted, _ = fitting(frame.lazy())
            if fitted is not None:
                fitted.write_excel(
                    book,
                    worksheet=name,
                    header_format=HEADER,
                    autofit=len(fitted) < 5_000,
                    freeze_panes=(1, 0),
                    dtype_formats={pl.Float64: "0.0000"},
                )
        write_meanings(book, {name: frame for name, frame in frames.items() if name != HEADLINE})


def write_archive(frames: dict[str, pl.DataFrame], path: Path, dutch: bool) -> None:
    """A CSV per table, and one that says what every column means."""
    meanings = meanings_of({name: frame.columns for name, frame in frames.items() if name != HEADLINE})
    separator = ";" if dutch else ","
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in {**frames, "columns": meanings}.items():
            text = for_spreadsheets(frame).write_csv(separator=separator, decimal_comma=dutch, include_bom=dutch)
            entry = zipfile.ZipInfo(f"{name}.csv", ANY_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


def write_map(frames: dict[str, pl.DataFrame], table: AreaTable, path: Path) -> None:
    """A layer `areas` with a row per policy and neighbourhood, and every table without a shape."""
    import warnings

    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    try:
        layer = with_shapes(frames["by_neighbourhood"], shapes_of(table))
        with warnings.catch_warnings():  # points in km are of no known system of coordinates
            warnings.filterwarnings("ignore", "'crs' was not provided")
            pyogrio.write_dataframe(layer, path, layer="areas", driver="GPKG")
        for name, frame in frames.items():
            if name != "by_neighbourhood":
                pyogrio.write_dataframe(frame.to_pandas(), path, layer=name, driver="GPKG")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def shapes_of(table: AreaTable) -> tuple[dict[str, Any], str | None]:
    """Geometry by neighbourhood, and its coordinates: outlines in degrees, else points in km of no known system."""
    from shapely import Point
    from shapely.geometry import shape

    if table.outlines:
        return {code: shape(outline) for code, outline in table.outlines.items()}, DEGREES
    places = zip(table.code, table.x, table.y, strict=True)
    return {code: Point(x, y) for code, x, y in places if isfinite(x) and isfinite(y)}, None
