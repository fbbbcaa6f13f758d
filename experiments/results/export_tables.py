"""The tables of a result that are written for other programs, and what their columns mean."""

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from conf.files import read_yaml

TABLES = ("months", "groups", "municipalities", "neighbourhoods", "cohorts", "people")
MONTHS_IN_YEAR = 12


def tables_of(folder: Path) -> dict[str, pl.LazyFrame]:
    """The tables of a result, by name."""
    return {
        name: pl.scan_parquet(folder / f"{name}.parquet") for name in TABLES if (folder / f"{name}.parquet").is_file()
    }


def at_end_of_years(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of the start and of the last month of each year."""
    return frame.filter(pl.col("month") % MONTHS_IN_YEAR == 0)


@cache
def _meanings() -> dict[str, dict[str, str]]:
    return read_yaml("experiments.results", "columns.yaml")


def meaning_of(column: str) -> dict[str, Any]:
    """What a column means: its unit, and a phrase in English (``en``) and Dutch (``nl``).

    Raises
    ------
    KeyError
        A column without a meaning in columns.yaml.
    """
    known = _meanings()
    if column in known:
        return known[column]
    begun = [name for name in known if name.endswith("*") and column.startswith(name[:-1])]
    if not begun:
        raise KeyError(column)
    return known[max(begun, key=len)]
