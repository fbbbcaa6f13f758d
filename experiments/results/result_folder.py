"""Base of the results of a run, a comparison and a sweep: a folder of tables, read on demand."""

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from experiments.results.folders import SUMMARY
from scenarios.errors import InputError, close_matches

if TYPE_CHECKING:
    import pandas

TEMPORARY = "result"  # name of a result in a temporary folder of its own


@contextmanager
def folder_for(out: str | Path | None) -> Iterator[Path]:
    """The requested folder; else one in a temporary folder, which is removed when the work in it fails."""
    if out is not None:
        yield Path(out)
        return
    folder = Path(tempfile.mkdtemp(prefix="thuis-"))
    try:
        yield folder / TEMPORARY
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def read_summary(folder: Path) -> dict[str, Any]:
    """The numbers of summary.json, none where there is no such file."""
    path = folder / SUMMARY
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


class ResultFolder:
    """Tables and numbers of a result.

    Parameters
    ----------
    folder : path
        Folder with its summary and tables.
    temporary : bool
        Whether `folder_for` made a temporary one, which is then removed with this object.

    Attributes
    ----------
    folder : Path or None
        Where it was written; None where no folder was asked for.
    summary : dict
        The numbers of summary.json; empty for a sweep, which has none.
    """

    tables: tuple[str, ...] = ()

    def __init__(self, folder: str | Path, temporary: bool = False) -> None:
        self.path = Path(folder)
        self.folder = None if temporary else self.path
        self.summary = read_summary(self.path)
        self._frames: dict[str, pl.DataFrame] = {}
        if temporary:
            weakref.finalize(self, shutil.rmtree, self.path.parent, ignore_errors=True)

    @property
    def language(self) -> str:
        """Language of figures and tables, en or nl."""
        return self.summary["configuration"]["language"]

    @property
    def notes(self) -> list[str]:
        """What had to be assumed, a sentence each, in the language of the result."""
        return self.summary["notes_nl" if self.language == "nl" else "notes"]

    def check_figure(self, figure: str, figures: Iterable[str]) -> None:
        """Refuse a figure that it does not have, and one of a folder that holds another result by now."""
        if figure not in figures:
            raise InputError(f"no figure '{figure}'{close_matches(figure, figures)} (allowed: {', '.join(figures)})")
        self.pl()

    def pl(self, table: str | None = None) -> pl.DataFrame:
        """One of its tables as a polars frame; the first of `tables` when none is named.

        Raises
        ------
        InputError
            No such table, or another result has replaced this one.
        """
        name = self.tables[0] if table is None else table
        path = self.path / f"{name}.parquet"
        if name not in self.tables or not path.exists():
            there = [each for each in self.tables if (self.path / f"{each}.parquet").exists()]
            raise InputError(f"no table '{name}'{close_matches(name, there)} (allowed: {', '.join(there)})")
        if name not in self._frames:
            self._refuse_another()
            self._frames[name] = pl.read_parquet(path, memory_map=False)
        return self._frames[name]

    def pandas(self, table: str | None = None) -> "pandas.DataFrame":
        """One of its tables as a pandas frame."""
        return self.pl(table).to_pandas()

    def _refuse_another(self) -> None:
        """A later result may have been written into the same folder: its tables are not those of this one."""
        if read_summary(self.path) != self.summary:
            raise InputError(f"{self.path} holds another result by now; read it with thuis.read")
