"""`thuis results`: lists result folders, shows the numbers of one, and answers queries in SQL."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli.results_shown import describe_summary
from experiments.results.folders import COMPARISON, HINDCAST, KIND, LIMITS, SUMMARY, VALIDATION, is_result, kind_of
from experiments.sweep.plan import MANIFEST
from scenarios.errors import InputError

if TYPE_CHECKING:
    from experiments.compare.result import ComparisonResult
    from experiments.results.run_result import RunResult
    from experiments.results.several import SeveralRuns
    from experiments.sweep.table import Sweep

HELP = """\
Look at results.

  thuis results list [FOLDER]          results and sweeps in a folder (default out)
  thuis results [show] FOLDER          a result or sweep in numbers (language=nl for Dutch, json for all of it);
                                       of several runs (thuis run -m) one table, a row per run
  thuis results query FOLDER "SQL"     its tables, asked in SQL (thuis results query --help)
  thuis results export FOLDER format=xlsx    its tables for Excel, QGIS and the like (thuis results export --help)"""


def main(argv: Sequence[str]) -> int:
    """Run `thuis results` with these words."""
    words = list(argv)
    first = words[0] if words else "--help"
    if first in ("--help", "-h", "help"):
        print(HELP)
        return 0
    if first == "query":
        from experiments.cli.results_query import main as query

        return query(words[1:])
    if first == "export":
        from experiments.cli.results_export import main as export

        return export(words[1:])
    if first == "list":
        return show_list(Path(words[1] if len(words) > 1 else "out"))
    if first == "show":
        if len(words) < 2:
            raise InputError("thuis results show needs a folder: thuis results show FOLDER")
        return show_one(Path(words[1]), words_after(words[2:]))
    if Path(first).is_dir():
        return show_one(Path(first), words_after(words[1:]))
    raise InputError(f"unknown word '{first}' (allowed: list, show, query, export, or a folder)")


def read_result(folder: str | Path) -> "RunResult | ComparisonResult | Sweep | SeveralRuns":
    """The result in a folder, as the run, comparison or sweep gave it; of several runs (`thuis run -m`) one table.

    Raises
    ------
    InputError
        There is no result of a run, a comparison or a sweep.
    """
    path = Path(folder)
    if (path / MANIFEST).is_file():
        from experiments.sweep.table import Sweep

        return Sweep(path)
    from experiments.results.several import SeveralRuns, folders_of_runs

    kind = kind_of(path)
    if kind == COMPARISON:
        from experiments.compare.result import ComparisonResult

        return ComparisonResult(path)
    if kind is None and folders_of_runs(path):
        return SeveralRuns(path)
    if kind != KIND:
        raise InputError(f"{path} holds no result of a run, a comparison or a sweep")
    from experiments.results.run_result import RunResult

    return RunResult(path)


def words_after(words: Sequence[str]) -> Sequence[str]:
    """Check the arguments after the folder.

    Raises
    ------
    InputError
    """
    for word in words:
        if word not in ("json", "language=en", "language=nl"):
            raise InputError(f"unknown word '{word}' (allowed: json, language=en, language=nl)")
    return words


def show_list(folder: Path) -> int:
    """A line per result or sweep in a folder, and one folder deeper."""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    for path in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        if (path / MANIFEST).is_file() or is_result(path):
            print(line_of(path))
    return 0


def line_of(path: Path) -> str:
    """A run, comparison, validation or sweep in one line."""
    if (path / MANIFEST).is_file():
        from experiments.sweep.status import sweep_status

        return f"{path}  sweep  {sweep_status(path)[0].line()}"
    summary = json.loads((path / SUMMARY).read_text(encoding="utf-8"))
    if summary["kind"] == COMPARISON:
        names = ", ".join(policy["name"] for policy in summary["policies"])
        length = f"{summary['replicates']} replicates of {summary['years']} years"
        return f"{path}  comparison  {summary['title']}, {names}: {length}"
    if summary["kind"] in (VALIDATION, LIMITS):
        what = "validation" if summary["kind"] == VALIDATION else "limits"
        return f"{path}  {what}  {summary.get('title', '')}".rstrip()
    if summary["kind"] == HINDCAST:
        return f"{path}  hindcast  {summary['title']}, {summary['first_year']} to {summary['last_year']}"
    end = summary["end"]
    return (
        f"{path}  run  {summary['title']}, {summary['policy']}, seed {summary['seed']}, {summary['years']} years: "
        f"belonging {end['belonging']:.3f}, {end['at_home']:.0%} at home"
    )


def show_several(runs: "SeveralRuns", as_json: bool) -> None:
    """The table of several runs: what differs between them, and the state of each at its end."""
    from experiments.cli.results_query import show

    frame = runs.pl()
    if as_json:
        print(frame.write_json())
        return
    about = [
        name for name in ("belonging", "at_home", "cohesion", "residents", "euro_spent") if name not in runs.varied
    ]
    show(frame.select("run", *runs.varied, *about))
    print(f'{len(frame)} runs; all columns: thuis results query {runs.path} "select * from runs"')


def show_one(path: Path, words: Sequence[str] = ()) -> int:
    """The numbers of a run, or the progress of a sweep and what it varies."""
    if (path / MANIFEST).is_file():
        print((path / MANIFEST).read_text(encoding="utf-8").rstrip())
        print(line_of(path))
        return 0
    if not is_result(path):
        from experiments.results.several import SeveralRuns, folders_of_runs

        if not folders_of_runs(path):
            raise InputError(f"{path} holds no result of Thuis")
        show_several(SeveralRuns(path), "json" in words)
        return 0
    text = (path / SUMMARY).read_text(encoding="utf-8")
    if "json" in words:
        print(text.rstrip())
        return 0
    summary = json.loads(text)
    requested = next((word.removeprefix("language=") for word in words if word.startswith("language=")), None)
    try:
        print(describe_summary(summary, requested or summary.get("configuration", {}).get("language", "en")))
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # whatever a changed summary gives rise to
        raise InputError(f"{path / SUMMARY}: not the summary of a result of this version") from error
    return 0
