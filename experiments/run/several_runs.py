"""Several runs (`thuis run -m`): one that fails is recorded with its error, and the others continue."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scenarios.errors import InputError, StoppedError


def run_each(folders: Sequence[Path], runs: Sequence[Callable[[], object]]) -> None:
    """Perform all runs, one after another; the error of one that fails is written to FOLDER.error and the terminal.

    Parameters
    ----------
    folders : sequence of Path
        Result folder of each run.
    runs : sequence of callable
        Each performs one run.

    Raises
    ------
    InputError, StoppedError
        At the end, when some have failed: how many, and the first error.
    """
    report_failures([run_noting_error(folder, run) for folder, run in zip(folders, runs, strict=True)])


def error_file(folder: Path) -> Path:
    """File with the error of a run: beside its folder, which a failed run does not have."""
    return folder.with_name(f"{folder.name}.error")


def run_noting_error(folder: Path, run: Callable[[], object]) -> str | None:
    """Perform one run; return its error, which is also written to a file, or None."""
    record = error_file(folder)
    try:
        run()
        record.unlink(missing_ok=True)
    except Exception as error:
        line = f"{type(error).__name__}: {' '.join(str(error).split())}"
        print(f"thuis: run {folder.name} failed: {line}", file=sys.stderr)
        keep(record, line)
        return line
    return None


def failure_of(folder: Path) -> str | None:
    """The error of a run that was performed elsewhere; also when it left neither a result nor an error."""
    if error_file(folder).is_file():
        return error_file(folder).read_text(encoding="utf-8").strip()
    return None if (folder / "summary.json").is_file() else "StoppedError: ended without a result"


def report_failures(failures: Sequence[str | None]) -> None:
    """End with an error when some runs have failed.

    Raises
    ------
    InputError, StoppedError
        InputError when each failed by a wrong input.
    """
    failed = [line for line in failures if line is not None]
    if not failed:
        return
    kind = InputError if all(line.startswith("InputError") for line in failed) else StoppedError
    first = failed[0].partition(": ")[2]
    raise kind(f"{len(failed)} of {len(failures)} runs failed, the others are done; the first: {first}")


def keep(record: Path, line: str) -> None:
    """Write an error to a file where possible: the error may be about that very folder."""
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(line + "\n", encoding="utf-8")
    except OSError:
        print(f"thuis: {record} cannot be written", file=sys.stderr)
