"""Results of several runs in one folder, as `thuis run -m` leaves them: one table, a row per run."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from experiments.results.folders import KIND, SUMMARY, kind_of
from experiments.results.html_table import html_table
from experiments.results.result_folder import ResultFolder
from scenarios.errors import InputError, close_matches

NO_SETTING = ("out", "replace", "threads", "progress", "fresh_start", "checkpoint_every")
"""Options that change no number, so that no column tells of them."""

SHOWN = ("belonging", "at_home", "residents")


def folders_of_runs(folder: Path) -> list[Path]:
    """The finished runs directly below a folder, those that are numbered in the order of their numbers."""
    found = [path for path in folder.glob("*/") if kind_of(path) == KIND] if folder.is_dir() else []
    return sorted(found, key=lambda path: (not path.name.isdecimal(), path.name.zfill(9), path.name))


class SeveralRuns(ResultFolder):
    """The runs of a folder.

    Attributes
    ----------
    varied : list of str
        Settings that differ between the runs, each a column of both tables.
    folders, summaries, settings : list
        Of each run its folder, its summary, and its values of what is varied.
    """

    tables = ("runs", "months")

    def __init__(self, folder: str | Path) -> None:
        super().__init__(folder)
        self.folders = folders_of_runs(self.path)
        if not self.folders:
            raise InputError(f"{folder} holds no finished runs")
        self.summaries = [json.loads((path / SUMMARY).read_text(encoding="utf-8")) for path in self.folders]
        settings = [dict(flat(summary["configuration"])) for summary in self.summaries]
        names = dict.fromkeys(name for one in settings for name in one)
        self.varied = [name for name in names if len({repr(one.get(name)) for one in settings}) > 1]
        self.settings = [{name: one.get(name) for name in self.varied} for one in settings]

    def pl(self, table: str | None = None) -> pl.DataFrame:
        """A row per run (its folder, what differs, the state at the end, euro spent, digest); or all of its months.

        Parameters
        ----------
        table : {"runs", "months"}, optional

        Raises
        ------
        InputError
            No such table.
        """
        if table not in (None, *self.tables):
            raise InputError(f"no table '{table}'{close_matches(str(table), self.tables)} (allowed: runs, months)")
        return months_of(self) if table == "months" else runs_of(self)

    def __repr__(self) -> str:
        return f"SeveralRuns({self.path}: {len(self.folders)} runs; {', '.join(self.varied) or 'nothing varied'})"

    def _repr_html_(self) -> str:
        header = ["Run", *self.varied, *SHOWN]
        shown = runs_of(self).select("run", *self.varied, *SHOWN)
        rows = [[f"{v:,.4g}" if isinstance(v, float) else f"{v}" for v in row] for row in shown.rows()]
        return html_table(f"{len(rows)} runs in {self.path}", header, rows)


def runs_of(several: SeveralRuns) -> pl.DataFrame:
    """A row per run."""
    rows = []
    for path, setting, summary in zip(several.folders, several.settings, several.summaries, strict=True):
        end = {name: value for name, value in summary["end"].items() if not isinstance(value, dict | list)}
        last = {"euro_spent": summary["euro_spent"], "digest": summary["digest"]}
        rows.append({"run": path.name} | setting | {k: v for k, v in end.items() if k not in setting} | last)
    return pl.DataFrame(rows, infer_schema_length=None, strict=False)


def months_of(several: SeveralRuns) -> pl.DataFrame:
    """A row per run, month and neighbourhood."""
    keys = runs_of(several).select("run", *several.varied)
    tables = [(path.name, pl.read_parquet(path / "months.parquet")) for path in several.folders]
    months = pl.concat([table.with_columns(run=pl.lit(name)) for name, table in tables], how="diagonal_relaxed")
    return keys.join(months, on="run", maintain_order="left")


def flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Settings by dotted name, without those that change no number; the name of region and policy under their own."""
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and key not in ("title", "text"):
            yield from flat(value, f"{name}.")
        elif key not in (*NO_SETTING, "title", "text", "language", "file"):
            yield name.removesuffix(".name"), value if not isinstance(value, list | dict) else json.dumps(value)
