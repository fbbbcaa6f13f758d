"""Several runs after one another (`thuis run -m`): one that fails is recorded with its error, and the rest go on."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scenarios.errors import InputError


def run_each(places: Sequence[Path], runs: Sequence[Callable[[], None]]) -> None:
    """Do all runs; of one that fails, its error stands in PLACE.error and on the terminal.

    Parameters
    ----------
    places : sequence of Path
        Result folder of each run.
    runs : sequence of callable
        Each does one run.

    Raises
    ------
    InputError, RuntimeError
        At the end, when some have failed: how many, and the first error.
    """
    errors: list[Exception] = []
    for number, (place, run) in enumerate(zip(places, runs, strict=True)):
        record = place.with_name(f"{place.name}.error")
        try:
            run()
            record.unlink(missing_ok=True)
        except Exception as error:
            errors.append(error)
            line = f"{type(error).__name__}: {' '.join(str(error).split())}"
            print(f"thuis: run {number} of {len(runs)} failed: {line}", file=sys.stderr)
            keep(record, line)
    if errors:
        wrong = all(isinstance(error, InputError) for error in errors)
        kind = InputError if wrong else RuntimeError
        raise kind(f"{len(errors)} of {len(runs)} runs failed, the others are done; the first: {errors[0]}")


def keep(record: Path, line: str) -> None:
    """Write an error down, where that is possible: the place may be what the error is about."""
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(line + "\n", encoding="utf-8")
    except OSError:
        print(f"thuis: {record} cannot be written", file=sys.stderr)
