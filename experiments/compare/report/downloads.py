"""The report for other programs: its tables for a workbook, an archive and a map (`experiments.results.downloads`)."""

from math import isfinite
from pathlib import Path
from typing import Any

import polars as pl

from experiments.compare.report.answer import GROUPS
from experiments.compare.report.differences import is_priced
from experiments.compare.report.material import Report
from experiments.results.downloads import AREAS, Tables
from experiments.results.export_map import DEGREES, with_shapes
from scenarios.areas import AreaTable

STEM, HEADLINE, PLACES = "comparison", "headline", "by_neighbourhood"


def write_report_downloads(report: Report, folder: Path) -> None:
    """Write all three, the map with a row per policy and neighbourhood."""
    layer = with_shapes(report.frames[PLACES], shapes_of(report.table))
    tables = Tables({HEADLINE: headline(report), **report.frames}, {AREAS: layer}, (PLACES,), (HEADLINE,))
    tables.write(STEM, folder, report.language == "nl")


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


def shapes_of(table: AreaTable) -> tuple[dict[str, Any], str | None]:
    """Geometry by neighbourhood, and its coordinates: outlines in degrees, else points in km of no known system."""
    from shapely import Point
    from shapely.geometry import shape

    if table.outlines:
        return {code: shape(outline) for code, outline in table.outlines.items()}, DEGREES
    places = zip(table.code, table.x, table.y, strict=True)
    return {code: Point(x, y) for code, x, y in places if isfinite(x) and isfinite(y)}, None
