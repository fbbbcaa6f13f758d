"""Thuis in a notebook: load a region, run it, and look at the tables."""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from experiments.options.settings import settings_from
from experiments.results.folders import SUMMARY, new_result
from experiments.results.page import TABLE
from experiments.results.summary import summarise
from experiments.run.job import finish, peak_memory, perform, prepare, write_tables
from experiments.simulation.progress import progress_of
from scenarios.areas import AreaTable
from scenarios.region import load_region


@dataclass
class Result:
    """Tables and numbers of a run.

    Attributes
    ----------
    months : polars.DataFrame
        A row per month and neighbourhood; month 0 is the start.
    groups : polars.DataFrame
        A row per month, neighbourhood and group of residents (established or newcomer, with or without background).
    municipalities, neighbourhoods, cohorts : polars.DataFrame
    people : polars.DataFrame or None
        A row per person at the end, when asked for.
    summary : dict
        As in summary.json.
    folder : Path or None
        Where the result was written.
    """

    months: pl.DataFrame
    groups: pl.DataFrame
    municipalities: pl.DataFrame
    neighbourhoods: pl.DataFrame
    cohorts: pl.DataFrame
    people: pl.DataFrame | None
    summary: dict[str, Any]
    folder: Path | None = None

    def __repr__(self) -> str:
        s, end = self.summary, self.summary["end"]
        return (
            f"Result({s['title']}: {s['residents']:,} residents, {s['months']} months, "
            f"belonging {end['belonging']:.3f}, {end['at_home']:.0%} at home)"
        )


def load(name: str, **options: Any) -> AreaTable:
    """Load a region: `load("westland")`, or `load("cbs", table="wijk_2017.csv", codes=["GM0363"])`.

    See `scenarios.region.load_region` for the options.
    """
    return load_region(name, **options)


def run(region: AreaTable | str, policy: str | Mapping[str, Any] = "baseline",
        parameters: Mapping[str, float] | None = None, **options: Any) -> Result:  # fmt: skip
    """Simulate a region.

    Parameters
    ----------
    region : AreaTable or str
        As `load` gives it, or the name of a municipality.
    policy : str or mapping
        A package by name, or its content.
    parameters : mapping, optional
        Parameters of the model that differ from their defaults.
    options
        years, seed, scale, driver, threads, people, language, ...: as for `thuis run`; with `out` the result folder is
        written too.

    Raises
    ------
    scenarios.errors.InputError, sim.parameters.ParameterError
        A wrong value: one clear line.

    Examples
    --------
    >>> from experiments import load, run
    >>> result = run(load("vaals"), years=2)
    >>> result.months.filter(pl.col("month") == 24).select("neighbourhood", "belonging")
    """
    began = time.perf_counter()
    named = region if isinstance(region, str) else "file"
    settings = settings_from({"region": named, "policy": policy, "parameters": parameters or {}, **options})
    if not isinstance(region, str):
        settings.region.update(name=TABLE)
    job = prepare(settings, None if isinstance(region, str) else region)
    out = settings.options.out
    if out is None:
        with tempfile.TemporaryDirectory(prefix="thuis-") as folder:
            outcome = perform(job, Path(folder), progress_of(settings.options.progress))
            write_tables(outcome, Path(folder))
            seconds = time.perf_counter() - began
            return read_result(Path(folder), summarise(outcome, Path(folder), seconds, peak_memory()))
    target = Path(out)
    with new_result(target) as hidden:
        outcome = perform(job, hidden, progress_of(settings.options.progress), Path(f"{out}.checkpoint"))
        finish(outcome, hidden, began)
    return read_result(target)


def read_result(folder: str | Path, summary: dict[str, Any] | None = None) -> Result:
    """Read a result folder of `thuis run`."""
    import json

    folder = Path(folder)
    tables = {}
    for name in ("months", "groups", "municipalities", "neighbourhoods", "cohorts", "people"):
        path = folder / f"{name}.parquet"
        tables[name] = pl.read_parquet(path, memory_map=False) if path.exists() else None
    if summary is None:
        return Result(**tables, summary=json.loads((folder / SUMMARY).read_text(encoding="utf-8")), folder=folder)  # type: ignore[arg-type]
    return Result(**tables, summary=summary)  # type: ignore[arg-type]
