"""`thuis verify`: run a result again from its own summary, and confirm that every number comes out the same."""

import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from experiments.options.declaration import options_from, whole
from experiments.options.help import help_of
from experiments.options.settings import MOST_THREADS
from experiments.options.words import Command, asks_for_help, read_words
from experiments.results.folders import COMPARISON, KIND, SUMMARY
from scenarios.errors import InputError


@dataclass(frozen=True)
class VerifyOptions:
    """Options of `thuis verify`."""

    replicates: int = whole(0, 0, 100_000, "of a comparison only the first so many replicates; 0 for all")
    threads: int = whole(0, 0, MOST_THREADS, "threads; 0 takes one per processor (never changes the result)")


COMMAND = Command(
    "verify",
    "Run a result again and confirm it to the bit: data, code, tables and fingerprint.",
    VerifyOptions,
    operands="FOLDER ...",
    examples=(
        "thuis verify FOLDER ...                 folders of thuis run and thuis compare",
        "thuis verify FOLDER replicates=2        of a comparison only the first two replicates",
    ),
    notes="Exit code 1 means that something differs.",
)


@dataclass
class Findings:
    """What was confirmed and what was not, a line each."""

    lines: list[str] = field(default_factory=list)
    differs: bool = False

    def check(self, same: bool, what: str, otherwise: str) -> None:
        """Note one check."""
        self.lines.append(f"  same     {what}" if same else f"  DIFFERS  {what}: {otherwise}")
        self.differs |= not same

    def remark(self, text: str) -> None:
        """Note something that is neither right nor wrong."""
        self.lines.append(f"  note     {text}")


def main(argv: Sequence[str]) -> int:
    """Run `thuis verify` with these words."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    request = read_words(COMMAND, argv)
    if not request.operands:
        raise InputError("give the folder of a result, as in: thuis verify out/vaals")
    options = options_from(VerifyOptions, request.values, COMMAND.name)
    return max(verify(Path(folder), options.replicates, options.threads) for folder in request.operands)


def verify(folder: Path, replicates: int = 0, threads: int = 0) -> int:
    """Confirm one folder and print what was found; 0 when everything is the same."""
    summary = read_summary(folder)
    print(f"{folder}: running {summary['title']} again", file=sys.stderr)
    if summary["kind"] == COMPARISON:
        found = verify_comparison(folder, summary, replicates, threads)
    else:
        found = verify_run(folder, summary, threads)
    verdict = "NOT CONFIRMED" if found.differs else "confirmed"
    print("\n".join([f"{folder}: {verdict}", *found.lines]))
    return int(found.differs)


def read_summary(folder: Path) -> dict[str, Any]:
    """summary.json of a result.

    Raises
    ------
    InputError
    """
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{folder}: no result of Thuis there ({SUMMARY} is missing)") from error
    except ValueError as error:
        raise InputError(f"{folder / SUMMARY}: damaged, not readable as JSON") from error
    if not isinstance(summary, dict) or summary.get("kind") not in (KIND, COMPARISON):
        raise InputError(f"{folder / SUMMARY}: not a result of Thuis")
    return summary


def check_origin(found: Findings, data: tuple[str, str], code: str) -> None:
    """Data and code then and now."""
    from experiments.results.version import code_digest

    found.check(data[0] == data[1], f"data {data[0][:16]}…", f"they are now {data[1][:16]}…")
    if code == code_digest():
        found.check(True, f"code {code[:16]}…", "")
    else:
        found.remark(
            f"made with other code ({code[:16]}…, here {code_digest()[:16]}…); the result may still be the same"
        )


def verify_run(folder: Path, summary: dict[str, Any], threads: int) -> Findings:
    """A run: its last state and its monthly tables."""
    import polars as pl

    from experiments.options.settings import settings_from
    from experiments.run.job import TABLES, perform, prepare

    plain = dict.fromkeys(("resume", "start", "out")) | {
        "checkpoint_every": 0, "threads": threads, "fresh_start": True,
    }  # fmt: skip
    settings = settings_from({**summary["configuration"], **plain})
    found, job = Findings(), prepare(settings)
    check_origin(found, (summary["data_digest"], job.table.digest), summary["code_digest"])
    with tempfile.TemporaryDirectory() as again:
        outcome = perform(job, Path(again))
        found.check(outcome.digest == summary["digest"], f"last state {summary['digest'][:16]}…",
                    f"it is now {outcome.digest[:16]}…")  # fmt: skip
        for name in TABLES:
            stored, fresh = folder / f"{name}.parquet", Path(again) / f"{name}.parquet"
            same = stored.exists() and pl.read_parquet(stored).equals(pl.read_parquet(fresh))
            found.check(same, f"{name}.parquet, every number", "missing or other numbers")
    return found


def verify_comparison(folder: Path, summary: dict[str, Any], replicates: int, threads: int) -> Findings:
    """A comparison: its files as they were written, every replicate, and the tables made from all of them."""
    from experiments.compare.design import design_from, plan
    from experiments.compare.outcome import receipt, write_tables
    from experiments.compare.run import Comparison, Gathered, replicate_digest
    from experiments.simulation.progress import progress_of
    from experiments.simulation.simulate import load_table

    written, found = summary["receipt"], Findings()
    asked = design_from(summary["configuration"])
    design = replace(asked, options=replace(asked.options, threads=threads, out=None))
    table = load_table(design.region)
    check_origin(found, (written["data"], table.digest), written["code"])
    check_files(folder, written, found)
    wanted = [r for r in plan(design) if str(r.number) in written["replicates"]]
    chosen = wanted[:replicates] if replicates else wanted
    gathered = Comparison(design, table, fresh_start=True).gather(chosen, progress_of("auto"))
    digests = {str(f.replicate.number): replicate_digest(f) for f in gathered.finished}
    for r in chosen:
        fresh, old = digests.get(str(r.number), "nothing, it failed"), written["replicates"][str(r.number)]
        found.check(fresh == old, f"replicate {r.number + 1}, {old[:16]}…", f"it is now {fresh[:16]}…")
    if len(gathered.finished) == len(wanted):
        with tempfile.TemporaryDirectory() as again:
            write_tables(Gathered(gathered.finished), asked, table, Path(again))
            fresh_receipt = receipt(gathered, asked, table, Path(again))
        found.check(fresh_receipt["configuration"] == written["configuration"],
                    f"configuration {written['configuration'][:16]}…", "summary.json was changed")  # fmt: skip
        for name, digest in fresh_receipt["tables"].items():
            found.check(digest == written["tables"].get(name), f"{name}.parquet made anew, every byte", "other bytes")
    else:
        found.remark(f"{len(chosen)} of {len(wanted)} replicates were run again; tables need all of them")
    return found


def check_files(folder: Path, written: dict[str, Any], found: Findings) -> None:
    """The files in the folder against the digests of the receipt."""
    for name, digest in written["tables"].items():
        path = folder / f"{name}.parquet"
        now = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "missing"
        found.check(
            now == digest, f"{name}.parquet as it was written", "missing" if now == "missing" else "changed since"
        )
