"""A result as a workbook or as text."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from experiments.results.export_tables import at_end_of_years, meaning_of, tables_of
from experiments.results.folders import SUMMARY
from experiments.results.palette import hue
from scenarios.text import for_spreadsheets

MOST_ROWS = 1_048_575
MOST_CELLS = 3_000_000
"""A sheet of more cells takes minutes and a gigabyte: of months only the ends of years are written then."""
BOOK = {
    "constant_memory": False,
    "nan_inf_to_errors": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,  # names are text, whatever they begin with
}
HEADER = {"bold": True, "font_color": hue("paper"), "bg_color": hue("accent"), "border": 0}
TOLD = ("title", "policy", "policy_in_words", "seed", "scale", "years", "residents_start", "residents", "euro_spent",
        "data_source", "version", "digest", "data_digest")  # fmt: skip


def write_workbook(source: Path, target: Path) -> None:
    """Write a sheet per table, one on the run, and one that says what every column means."""
    import xlsxwriter

    frames, shortened = {}, []
    for name, lazy in tables_of(source).items():
        frame, short = fitting(lazy)
        if short:
            shortened.append(f"{name}: {short}")
        if frame is not None:
            frames[name] = frame
    with xlsxwriter.Workbook(str(target), BOOK) as book:
        _write_run(book, source, shortened)
        write_meanings(book, frames)
        for name, frame in frames.items():
            write_sheet(book, name, frame)


def write_sheet(book: Any, name: str, frame: pl.DataFrame) -> None:
    """Write a table as a sheet of an open workbook."""
    frame.write_excel(
        book,
        worksheet=name,
        header_format=HEADER,
        autofit=len(frame) < 5_000,
        freeze_panes=(1, 0),
        dtype_formats={pl.Float32: "0.0000", pl.Float64: "0.0000", pl.Int32: "0", pl.Int16: "0", pl.Int64: "0"},
    )


def fitting(lazy: pl.LazyFrame) -> tuple[pl.DataFrame | None, str]:
    """A table as it fits a sheet, and what was left out of it."""
    columns = lazy.collect_schema().names()
    rows = int(lazy.select(pl.len()).collect().item())
    if rows * len(columns) <= MOST_CELLS and rows <= MOST_ROWS:
        return lazy.collect(), ""
    if "month" in columns:
        years = at_end_of_years(lazy)
        if int(years.select(pl.len()).collect().item()) <= MOST_ROWS:
            return years.collect(), "only the start and the last month of each year; all months are in the Parquet file"
    return None, f"left out: {rows:,} rows do not fit a sheet; they are in the Parquet file"


def _write_run(book: Any, source: Path, shortened: list[str]) -> None:
    """The sheet on the run: what it is, its notes, and what was left out here."""
    summary = json.loads((source / SUMMARY).read_text(encoding="utf-8"))
    dutch = summary.get("configuration", {}).get("language") == "nl"
    sheet = book.add_worksheet("run")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 110)
    rows = [(name, summary[name]) for name in TOLD if summary.get(name) is not None]
    rows += [("note", note) for note in summary.get("notes_nl" if dutch else "notes", [])]
    rows += [("shortened", text) for text in shortened]
    for at, (name, value) in enumerate(rows):
        sheet.write_string(at, 0, name, bold)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        sheet.write_number(at, 1, value, wrapped) if is_number else sheet.write_string(at, 1, text, wrapped)


def meanings_of(columns: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """A row per table and column: its unit, and what it means in English and Dutch."""
    rows = [
        {"table": name, "column": column, **{key: meaning_of(column)[key] for key in ("unit", "en", "nl")}}
        for name, those in columns.items()
        for column in those
    ]
    return pl.DataFrame(rows).rename({"en": "meaning", "nl": "betekenis"})


def write_meanings(book: Any, frames: dict[str, pl.DataFrame]) -> None:
    """The sheet that says what every column of every table means, in English and Dutch."""
    table = meanings_of({name: frame.columns for name, frame in frames.items()})
    table.write_excel(book, worksheet="columns", header_format=HEADER, autofit=True, freeze_panes=(1, 0))


def write_text(source: Path, target: Path, dutch: bool) -> None:
    """Write a CSV per table; for Excel in Dutch with semicolons, decimal commas and a byte order mark."""
    for name, lazy in tables_of(source).items():
        for_spreadsheets(lazy).sink_csv(
            target / f"{name}.csv", separator=";" if dutch else ",", decimal_comma=dutch, include_bom=dutch
        )
    meanings = meanings_of({name: lazy.collect_schema().names() for name, lazy in tables_of(source).items()})
    for_spreadsheets(meanings).write_csv(target / "columns.csv", separator=";" if dutch else ",", include_bom=dutch)
