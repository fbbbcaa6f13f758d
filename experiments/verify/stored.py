"""The summary of a result as it was stored: it may have been changed, so nothing in it is taken for granted."""

import json
from pathlib import Path
from typing import Any

from experiments.results.folders import COMPARISON, KIND, SUMMARY
from scenarios.errors import InputError


def read_summary(folder: Path) -> dict[str, Any]:
    """summary.json of a run or a comparison.

    Raises
    ------
    InputError
    """
    path = folder / SUMMARY
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{folder}: no result of Thuis there ({SUMMARY} is missing)") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: damaged, not readable as JSON") from error
    if not isinstance(summary, dict) or summary.get("kind") not in (KIND, COMPARISON):
        raise InputError(f"{path}: not a result of Thuis that can be made again")
    return summary


def part_of(summary: dict[str, Any], *path: str, kind: type = str) -> Any:
    """A part of a summary, of its kind.

    Raises
    ------
    InputError
        It is not there, or of another kind.
    """
    found: Any = summary
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, kind):
        raise InputError(f"{SUMMARY}: {'.'.join(path)} is missing or no {kind.__name__}")
    return found


def code_of(summary: dict[str, Any]) -> str:
    """Digest of the code that made it."""
    path = ("receipt", "code") if summary["kind"] == COMPARISON else ("code_digest",)
    return part_of(summary, *path)


def data_of(summary: dict[str, Any]) -> str:
    """Digest of the data it was made from."""
    path = ("receipt", "data") if summary["kind"] == COMPARISON else ("data_digest",)
    return part_of(summary, *path)
