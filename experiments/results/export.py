"""A result in the files of other programs: a workbook, maps with their figures, and text."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from experiments.results.export_map import write_geopackage, write_geoparquet
from experiments.results.export_sheets import write_text, write_workbook
from experiments.results.folders import is_result
from experiments.results.hidden import hidden_folder
from scenarios.errors import InputError


@dataclass(frozen=True)
class Format:
    """A kind of file to write.

    Attributes
    ----------
    ending : str
        Of the file; empty for a folder of files.
    text : str
        What is written, for help.
    """

    ending: str
    text: str


FORMATS = {
    "xlsx": Format(".xlsx", "an Excel workbook: a sheet per table, and one that says what the columns mean"),
    "gpkg": Format(".gpkg", "a GeoPackage for QGIS and the like: areas, areas by year, and the tables"),
    "geoparquet": Format("", "a folder of GeoParquet: areas, and areas by year"),
    "csv": Format("", "a folder of CSV; dutch=true for Excel in Dutch (; between columns, decimal comma)"),
    "png": Format("", "a folder of its figures as pictures (the result itself has them as SVG)"),
}


def export_result(folder: str | Path, kind: str, out: str | Path | None = None, dutch: bool = False) -> Path:
    """Write a result in another form.

    Parameters
    ----------
    folder : path
        A result of a run.
    kind : {"xlsx", "gpkg", "geoparquet", "csv", "png"}
    out : path, optional
        File, or folder for a kind of several files; else the name of the result beside it.
    dutch : bool
        For CSV: semicolons between columns and decimal commas.

    Returns
    -------
    Path
        What was written; it appears when it is complete.

    Raises
    ------
    InputError
        No result there, an unknown kind, or a folder that cannot be written to.
    """
    source = Path(folder)
    if kind not in FORMATS:
        raise InputError(f"format={kind} is unknown (allowed: {', '.join(FORMATS)})")
    if dutch and kind != "csv":
        raise InputError("dutch=true belongs to format=csv; a workbook shows numbers as your Excel does")
    if not is_result(source) or not (source / "months.parquet").is_file():
        raise InputError(f"{folder} holds no result of a run")
    ending = FORMATS[kind].ending
    target = Path(out) if out is not None else source.with_name(f"{source.name}{ending or '_' + kind}")
    if ending and target.suffix.lower() != ending:
        raise InputError(f"out={out}: the name must end in {ending}")
    writers: dict[str, Callable[[Path, Path], None]] = {
        "xlsx": write_workbook,
        "gpkg": write_geopackage,
        "geoparquet": write_geoparquet,
        "csv": lambda result, hidden: write_text(result, hidden, dutch),
        "png": write_pictures_of,
    }
    return written(source, target, writers[kind], bool(ending))


def write_pictures_of(result: Path, folder: Path) -> None:
    """The figures of a result as PNG, in its language."""
    from experiments.results.figures import write_pictures

    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    write_pictures(result, folder, summary["scale"], summary["configuration"]["language"])


def written(source: Path, target: Path, write: Callable[[Path, Path], None], one_file: bool) -> Path:
    """Write under a hidden name beside the target, and rename it when it is complete."""
    if target.exists() and (one_file or not target.is_dir() or any(target.iterdir())):
        raise InputError(f"out={target} exists already; give another name")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with hidden_folder(target.absolute()) as hidden:
            made = hidden / target.name
            if not one_file:
                made.mkdir()
            write(source, made)
            if not one_file and target.is_dir():
                target.rmdir()
            made.replace(target)
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"{source}: a table of the result cannot be read: {' '.join(str(error).split())[:200]}"
        ) from error
    except OSError as error:
        raise InputError(f"out={target} cannot be written: {error.strerror or error}") from error
    return target
