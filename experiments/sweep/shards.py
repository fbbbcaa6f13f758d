"""Shards: one Parquet file per chunk, renamed when complete; they alone determine what is done."""

import os
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.sweep.plan import SHARDS, Plan, written

LONGEST_ERROR = 300
KEY_TYPES = {"run": pl.Int64, "year": pl.Int16, "month": pl.Int16, "digest": pl.String}


def shard_path(folder: Path, chunk: int) -> Path:
    """Path of the shard of a chunk."""
    return folder / SHARDS / f"shard-{chunk:06d}.parquet"


def shard_table(columns: dict[str, Any], failed: dict[int, str]) -> pa.Table:
    """A shard's rows: completed runs, and failed ones with their error; in the order of runs."""
    good = pl.DataFrame(columns, schema_overrides=KEY_TYPES)
    good = good.with_columns(pl.lit(None, pl.String).alias("error"))
    bad = pl.DataFrame(
        {"run": list(failed), "error": [text[:LONGEST_ERROR] for text in failed.values()]},
        schema={"run": pl.Int64, "error": pl.String},
    )
    frame = pl.concat([good, bad], how="diagonal").sort(
        "run", *(key for key in ("year", "month") if key in good.columns), nulls_last=True
    )
    first = [name for name in ("run", "year", "month", "error", "digest") if name in frame.columns]
    return frame.select(first + [name for name in frame.columns if name not in first]).to_arrow()


def write_shard(
    folder: Path, plan: Plan, chunk: int, columns: dict[str, Any], failed: dict[int, str], about: dict[str, Any]
) -> None:
    """Write the shard of a chunk.

    Parameters
    ----------
    about : dict
        What is not a result and so not in the table: seconds, worker.
    """
    table = shard_table(columns, failed)
    runs = len(plan.runs_of(chunk))
    notes = about | {"plan": plan.digest, "chunk": chunk, "runs": runs, "failed": len(failed)}
    table = table.replace_schema_metadata({f"thuis.{key}": str(value) for key, value in notes.items()})
    written(
        shard_path(folder, chunk),
        lambda path: pq.write_table(table, path, compression="zstd", write_page_checksum=True),
    )


def shard_notes(path: Path) -> dict[str, str]:
    """The metadata of a shard, without its rows."""
    found = pq.read_schema(path).metadata or {}
    return {key.decode().removeprefix("thuis."): value.decode() for key, value in found.items() if key[:6] == b"thuis."}


def fault_of(path: Path, plan: Plan, chunk: int) -> str | None:
    """The fault of a shard, or None when it is complete and of this plan."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            metadata = file.schema_arrow.metadata or {}
            if metadata.get(b"thuis.plan", b"").decode() != plan.digest:
                return "belongs to another sweep"
            runs = set(file.read(["run"])["run"].to_pylist())
            file.read()
    except Exception as error:  # whatever a damaged file makes the reader say
        return f"cannot be read ({' '.join(str(error).split())[:80]})"
    return None if runs == set(plan.runs_of(chunk)) else "does not hold the runs it should"


def done_chunks(folder: Path, plan: Plan) -> set[int]:
    """Chunks that have a shard."""
    names = os.listdir(folder / SHARDS)
    found = {int(name[6:12]) for name in names if name.startswith("shard-") and name.endswith(".parquet")}
    return {chunk for chunk in found if chunk < plan.chunks}


def remove_faulty(folder: Path, plan: Plan) -> list[str]:
    """Check every shard and set damaged ones aside; return a line for each."""
    lines = []
    for chunk in sorted(done_chunks(folder, plan)):
        path = shard_path(folder, chunk)
        fault = fault_of(path, plan, chunk)
        if fault:
            os.replace(path, path.with_suffix(".faulty"))
            lines.append(f"{path.name} {fault}: its {len(plan.runs_of(chunk))} runs are done again")
    return lines
