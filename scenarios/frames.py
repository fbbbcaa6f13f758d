"""Tables that come from Python: a polars or pandas frame, or the name of a file."""

from typing import Any

import polars as pl

from scenarios.errors import InputError

FILES = (".csv", ".txt", ".tsv", ".parquet")
"""Endings by which a text is the name of a file, and not that of a region."""


def frame_of(value: Any) -> pl.DataFrame | None:
    """A polars or pandas frame as a polars one, a named index as columns; None for anything else.

    Raises
    ------
    InputError
        A pandas frame that has geometry, or of which a column holds values of several kinds.
    """
    if isinstance(value, pl.LazyFrame):
        return value.collect()
    if isinstance(value, pl.DataFrame):
        return value
    packages = {kind.__module__.split(".")[0] for kind in type(value).__mro__}
    if "pandas" not in packages or not hasattr(value, "reset_index") or not hasattr(value, "columns"):
        return None
    if "geopandas" in packages:
        raise InputError(
            "the frame has geometry; write it with to_file('areas.gpkg') and give that file, outlines and all"
        )
    try:
        return pl.from_pandas(value.reset_index() if any(name is not None for name in value.index.names) else value)
    except Exception as error:
        raise InputError(f"the pandas frame cannot be read as a table: {' '.join(str(error).split())[:200]}") from error
