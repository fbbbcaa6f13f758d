"""What a page has buttons for: a workbook for Excel, CSV in one archive, and a GeoPackage for maps, beside the page.

Nothing in them tells when they were made, so that the same result gives the same bytes.
"""

import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from experiments.results.export_map import MEASURES, shapes_of, tables_of_areas, with_shapes
from experiments.results.export_sheets import BOOK, fitting, meanings_of, write_meanings, write_sheet
from experiments.results.export_tables import at_end_of_years, tables_of
from experiments.results.outlines import OUTLINES
from experiments.results.phrases import phrases
from scenarios.text import for_spreadsheets

if TYPE_CHECKING:
    import geopandas

KINDS = {"sheet": ".xlsx", "text": "-csv.zip", "map": ".gpkg"}
ANY_TIME = (2000, 1, 1, 0, 0, 0)
AREAS, RUN = "areas", "run"
MOST_UNASKED = 300_000
"""Cells of a table that is written without being asked for: more take seconds of every run."""


def buttons(folder: Path, stem: str, language: str) -> list[tuple[str, str]]:
    """The files that were written beside a page, each with what its button says."""
    words = phrases(language)["downloads"]
    names = {kind: f"{stem}{ending}" for kind, ending in KINDS.items()}
    return [(name, words[kind]) for kind, name in names.items() if (folder / name).is_file()]


@dataclass(frozen=True)
class Tables:
    """What is written.

    Attributes
    ----------
    frames : dict of DataFrame
        Tables for workbook and archive.
    layers : dict of GeoDataFrame
        What the map shows; no map is written where it shows nothing.
    drawn : collection of str
        Tables that the layers show: the others stand in the map without a shape.
    explained : collection of str
        Tables whose columns say themselves what they mean; for people, so not in the map.
    """

    frames: dict[str, pl.DataFrame]
    layers: "dict[str, geopandas.GeoDataFrame]"
    drawn: Collection[str]
    explained: Collection[str] = ()

    def without(self, names: Collection[str]) -> dict[str, pl.DataFrame]:
        """The tables but some."""
        return {name: frame for name, frame in self.frames.items() if name not in names}

    def write(self, stem: str, folder: Path, dutch: bool) -> None:
        """Write them; in Dutch the CSV has semicolons and decimal commas, as Excel in Dutch reads it."""
        meant = self.without(self.explained)
        write_book(self.frames, meant, folder / f"{stem}{KINDS['sheet']}")
        write_archive(self.frames, meant, folder / f"{stem}{KINDS['text']}", dutch)
        if self.layers:
            write_map(self.layers, self.without({*self.drawn, *self.explained}), folder / f"{stem}{KINDS['map']}")


def write_book(frames: Mapping[str, pl.DataFrame], meant: dict[str, pl.DataFrame], path: Path) -> None:
    """A sheet per table, and one that says what every column means."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), BOOK) as book:
        book.set_properties({"created": datetime(*ANY_TIME)})
        for name, frame in frames.items():
            fitted, _ = fitting(frame.lazy())
            if fitted is not None:
                write_sheet(book, name, fitted)
        write_meanings(book, meant)


def write_archive(
    frames: Mapping[str, pl.DataFrame], meant: Mapping[str, pl.DataFrame], path: Path, dutch: bool
) -> None:
    """A CSV per table, and one that says what every column means."""
    meanings = meanings_of({name: frame.columns for name, frame in meant.items()})
    separator = ";" if dutch else ","
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in {**frames, "columns": meanings}.items():
            text = for_spreadsheets(frame).write_csv(separator=separator, decimal_comma=dutch, include_bom=dutch)
            entry = zipfile.ZipInfo(f"{name}.csv", ANY_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


def write_map(layers: Mapping[str, "geopandas.GeoDataFrame"], frames: Mapping[str, pl.DataFrame], path: Path) -> None:
    """The layers, and every other table without a shape."""
    import warnings

    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    try:
        with warnings.catch_warnings():  # points in km are of no known system of coordinates
            warnings.filterwarnings("ignore", "'crs' was not provided")
            for name, layer in layers.items():
                pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG")
        for name, frame in frames.items():
            pyogrio.write_dataframe(frame.to_pandas(), path, layer=name, driver="GPKG")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_run(folder: Path, dutch: bool) -> None:
    """The files beside the page of a run: its areas at the end, and areas, groups and municipalities by year.

    The map only where outlines are known: without them it would show nothing, and take half a second of every run.
    """
    areas, by_year = tables_of_areas(folder)
    tables = tables_of(folder)
    by_month = {
        "areas_by_year": by_year.select("month", "year", "neighbourhood", "name", "municipality", *MEASURES),
        **{name: at_end_of_years(tables[name]).collect() for name in ("groups", "municipalities")},
    }
    frames = {AREAS: areas} | dict(filter(None, (shortened(name, frame) for name, frame in by_month.items())))
    drawn = (folder / OUTLINES).is_file()
    layers = {AREAS: with_shapes(areas, shapes_of(folder, areas))} if drawn else {}
    Tables(frames, layers, (AREAS,)).write(RUN, folder, dutch)


def shortened(name: str, frame: pl.DataFrame) -> tuple[str, pl.DataFrame] | None:
    """A table under its name; of one that takes long to write the start and end, under a name that says so, or none."""
    if frame.height * frame.width <= MOST_UNASKED:
        return name, frame
    ends = frame.filter(pl.col("month").is_in([frame["month"].min(), frame["month"].max()]))
    fits = ends.height * ends.width <= MOST_UNASKED
    return (f"{name.removesuffix('_by_year')}_start_end", ends) if fits else None
