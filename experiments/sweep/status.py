"""Progress of a sweep, read from its folder: on any machine with access to it, during the run or after."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from experiments.sweep.claims import claim_path, is_abandoned
from experiments.sweep.plan import CLAIMS, SHARDS, Plan, load_plan
from experiments.sweep.shards import done_chunks, shard_notes, shard_path

WINDOW = 60.0  # seconds over which the present rate is taken


@dataclass
class Status:
    """Progress of a sweep.

    Attributes
    ----------
    runs, done, failed : int
    rate : float
        Recent runs per second; 0 where unknown.
    workers : int
        Chunks that a worker is running.
    """

    runs: int
    done: int = 0
    failed: int = 0
    rate: float = 0.0
    workers: int = 0

    @property
    def seconds_left(self) -> float | None:
        """At the present rate; None where there is none."""
        return (self.runs - self.done) / self.rate if self.rate > 0 else None

    def line(self) -> str:
        """In one line."""
        text = f"{self.done:,} of {self.runs:,} runs done ({self.done / max(self.runs, 1):.0%})"
        if self.failed:
            text += f", {self.failed:,} failed"
        if self.rate > 0 and self.done < self.runs:
            text += f", {60 * self.rate:,.0f} runs a minute, {span(self.seconds_left)} left"
        if self.done < self.runs:
            text += f", {self.workers} at work"
        return text


def span(seconds: float | None) -> str:
    """A time in the unit that suits it."""
    if seconds is None:
        return "unknown time"
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


@dataclass
class Watch:
    """Reads a folder again and again, each shard once."""

    folder: Path
    plan: Plan
    seen: dict[int, tuple[int, int, float]] = field(default_factory=dict)

    def look(self) -> Status:
        """The present progress."""
        for chunk in done_chunks(self.folder, self.plan) - self.seen.keys():
            path = shard_path(self.folder, chunk)
            try:
                notes, when = shard_notes(path), path.stat().st_mtime
            except Exception:  # damaged: found and done again when the sweep goes on
                continue
            self.seen[chunk] = int(notes.get("runs", 0)), int(notes.get("failed", 0)), when
        now = time.time()
        late = [(when, runs) for runs, _, when in self.seen.values() if now - when < WINDOW]
        rate = 0.0
        if len(late) > 1:
            first = min(when for when, _ in late)
            rate = sum(runs for when, runs in late if when > first) / max(now - first, 1e-3)
        return Status(
            runs=self.plan.runs,
            done=sum(runs for runs, _, _ in self.seen.values()),
            failed=sum(failed for _, failed, _ in self.seen.values()),
            rate=rate,
            workers=at_work(self.folder),
        )


def at_work(folder: Path) -> int:
    """Chunks that a worker is running."""
    names = [name for name in os.listdir(folder / CLAIMS) if name.isdigit()]
    return sum(not is_abandoned(claim_path(folder, int(name))) for name in names)


def sweep_status(folder: Path) -> tuple[Status, list[str]]:
    """Status of a sweep, and the first few different errors of its runs."""
    plan = load_plan(folder)
    return Watch(folder, plan).look(), first_errors(folder, plan)


def first_errors(folder: Path, plan: Plan, most: int = 3) -> list[str]:
    """Errors of failed runs with how often each came, the commonest first."""
    import polars as pl

    if not (folder / SHARDS).is_dir():
        return []
    frames = []
    for chunk in sorted(done_chunks(folder, plan)):
        path = shard_path(folder, chunk)
        try:
            if int(shard_notes(path).get("failed", 0)):
                frames.append(pl.read_parquet(path, columns=["error"]))
        except Exception:
            continue
    if not frames:
        return []
    counts = pl.concat(frames).drop_nulls().group_by("error").len().sort("len", "error", descending=[True, False])
    return [f"{row['len']:,} x {row['error']}" for row in counts.head(most).to_dicts()]
