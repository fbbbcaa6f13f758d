"""The plan of a sweep: the checked request, its design table, and the folder of both."""

import hashlib
import json
import math
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, get_origin

import polars as pl

from experiments.results.version import source_digest
from experiments.results.writing import write_table
from experiments.sweep.factors import Factor, check_name, factor_from
from scenarios.errors import InputError

KIND = "thuis sweep 2"
MANIFEST, DESIGN, SHARDS, CLAIMS = "sweep.json", "design.parquet", "shards", "claims"
AGENT_MONTHS_PER_CHUNK = 24_000_000  # about two seconds of one processor
MOST_RUNS_PER_CHUNK = 1000
FEWEST_CHUNKS = 32


@dataclass(frozen=True)
class Plan:
    """What a sweep runs; everything that can change a result, and nothing else.

    Attributes
    ----------
    model : str
        "thuis", or "package.module:function" of numbers by name.
    factors : dict
        Name to [values, is_range].
    fixed : dict
        region, policy, policy_changes and parameters that all runs share.
    chunk : int
        Runs per shard.
    code : str
        Digest of the source that can change a result.
    inputs : dict of str
        Digests of what is read from elsewhere: the figures of each region, the content of each policy, the source of
        another model.
    """

    design: str
    runs: int
    points: int
    model: str
    factors: dict[str, Any]
    fixed: dict[str, Any]
    years: int
    scale: int
    seed: int
    replicates: int
    common: bool
    start: str
    yearly: bool
    chunk: int
    building: float
    table_digest: str
    code: str
    inputs: dict[str, Any]
    kind: str = field(default=KIND)

    @cached_property
    def digest(self) -> str:
        """Identity of the plan: shards of another one are not its results."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]

    @property
    def chunks(self) -> int:
        """Number of shards."""
        return math.ceil(self.runs / self.chunk)

    def runs_of(self, chunk: int) -> range:
        """Numbers of the runs of a chunk."""
        return range(chunk * self.chunk, min((chunk + 1) * self.chunk, self.runs))


def code_of_sweeps() -> str:
    """Digest of all source and data that a run of a sweep depends on."""
    rooms = ("sim", "scenarios", "conf", *(f"experiments/{part}" for part in ("options", "results", "sweep")))
    return source_digest(rooms, left_out=("engines",))[:32]


def factors_from(values: Mapping[str, Any], design: str) -> list[Factor]:
    """The factors, in the order given."""
    return [factor_from(name, levels, ranges=design != "factorial") for name, levels in values.items()]


def chunk_size(runs: int, agent_months: float) -> int:
    """Runs per shard: some seconds of work, and enough shards for every worker."""
    by_work = max(int(AGENT_MONTHS_PER_CHUNK / max(agent_months, 1)), 1)
    return max(min(by_work, MOST_RUNS_PER_CHUNK, math.ceil(runs / FEWEST_CHUNKS)), 1)


def table_digest(table: pl.DataFrame) -> str:
    """Digest of a design table's content."""
    return hashlib.sha256(table.write_csv().encode()).hexdigest()[:32]


def check_factor_columns(table: pl.DataFrame) -> list[Factor]:
    """Factors of a table of one's own: its columns, their values checked."""
    factors = []
    for name in table.columns:
        check_name(name)
        values = table[name].unique(maintain_order=True).to_list()
        if any(value is None for value in values):
            raise InputError(f"the table's column {name} has an empty cell")
        factors.append(factor_from(name, values, ranges=False))
    return factors


def create(folder: Path, plan: Plan, table: pl.DataFrame) -> bool:
    """Write plan and design into a new folder, or resume in one with the same plan; return whether it is new.

    Raises
    ------
    InputError
        The folder holds another sweep or other files, or cannot be written in.
    """
    new = False
    try:
        if not (folder / MANIFEST).exists():
            foreign = folder.is_file() or (folder.is_dir() and any(is_foreign(path) for path in folder.iterdir()))
            if foreign and not (folder / MANIFEST).exists():  # else it is of a sweep that was begun just now
                wanted = "give an empty or a new folder"
                raise InputError(f"out={folder} holds files that are not a sweep of Thuis; {wanted}")
            for sub in (SHARDS, CLAIMS):
                (folder / sub).mkdir(parents=True, exist_ok=True)
            new = published(folder / MANIFEST, json.dumps(asdict(plan), indent=1) + "\n")
        found = load_plan(folder)
        if found.digest != plan.digest:
            raise InputError(f"out={folder} holds another sweep ({difference(found, plan)}); give another folder")
        if not (folder / DESIGN).exists():  # new, or begun by another a moment ago, or by one that was killed
            written(folder / DESIGN, lambda path: write_table(table, path))
    except OSError as error:
        raise InputError(f"out={folder} cannot be written: {error.strerror or error}") from error
    return new


def is_foreign(path: Path) -> bool:
    """Whether something in a folder without a plan is no beginning of a sweep."""
    beginning = path.name in (SHARDS, CLAIMS) and not any(path.iterdir())
    return not beginning and not (path.name.startswith(f".{MANIFEST}") and path.name.endswith(".part"))


def published(path: Path, text: str) -> bool:
    """Write a file atomically unless it exists; return whether it is ours."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        try:
            os.link(beside, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            os.replace(beside, path)
        return True
    finally:
        beside.unlink(missing_ok=True)


def written(path: Path, write: Any) -> None:
    """Write a temporary file and rename it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        write(beside)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def difference(one: Plan, other: Plan) -> str:
    """The first difference between two plans, in a few words."""
    for key, value in asdict(one).items():
        new = asdict(other)[key]
        if value != new:
            if key == "code":
                return "made by another version of the program"
            if key == "inputs":
                return f"made from other {', '.join(sorted(k for k in {**value, **new} if value.get(k) != new.get(k)))}"
            return f"{key} {shorten(value)} there, {shorten(new)} here"
    return "its design table"


def shorten(value: Any) -> str:
    """A value on one line, shortened."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def load_plan(folder: Path) -> Plan:
    """The plan in a sweep's folder.

    Raises
    ------
    InputError
        No sweep there.
    """
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{folder} holds no sweep") from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{folder / MANIFEST} cannot be read: {' '.join(str(error).split())}") from error
    if not is_plan(values):
        raise InputError(f"{folder / MANIFEST} is not a sweep of this version")
    return Plan(**values)


def is_plan(values: Any) -> bool:
    """Whether these are the values of a plan of this version: its fields, each of its type."""
    kinds = {f.name: get_origin(f.type) or f.type for f in fields(Plan)}
    return (
        isinstance(values, dict)
        and values.get("kind") == KIND
        and values.keys() == kinds.keys()
        and all(isinstance(values[name], kind) for name, kind in kinds.items())  # type: ignore[arg-type]
        and values["chunk"] > 0
    )


def load_design(folder: Path) -> pl.DataFrame:
    """The design table: a row per run.

    Raises
    ------
    InputError
        It is damaged.
    """
    try:
        return pl.read_parquet(folder / DESIGN)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"{folder / DESIGN} cannot be read: {' '.join(str(error).split())[:120]}") from error
