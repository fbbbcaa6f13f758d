"""A row of a sweep as a full run: the same region, policy, parameters, years, scale and seed, with months and page."""

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from experiments.options.keywords import plain_values
from experiments.options.settings import Options, RunRequest, settings_from
from experiments.options.words import Command, read_words
from experiments.results.folders import SUMMARY
from experiments.results.result_folder import folder_for
from experiments.results.run_result import RunResult
from experiments.run.single_run import checked, write_result
from experiments.sweep.checking import policy_mapping
from experiments.sweep.plan import Plan, load_design, load_plan
from experiments.sweep.shards import fault_of, shard_path
from scenarios.errors import InputError

WORD = "from="
OF_THE_ROW = ("years", "seed", "scale", "behaviour", "resume", "start")
"""Options of a run that the row of the sweep decides about, or that would begin it elsewhere."""


@dataclass(frozen=True)
class Row:
    """A run of a sweep: the sweep's folder and plan, and the number of the run."""

    folder: Path
    plan: Plan
    run: int

    @property
    def name(self) -> str:
        """FOLDER#RUN, as it is asked for."""
        return f"{self.folder}#{self.run}"


def row_named(name: str) -> Row:
    """The row that FOLDER#RUN names.

    Raises
    ------
    InputError
        No such sweep or run, or one that a run by itself cannot repeat.
    """
    folder, sign, number = name.rpartition("#")
    if not sign or not number.isdecimal():
        raise InputError(f"{WORD}{name} is not a row of a sweep; allowed is {WORD}FOLDER#RUN, such as {WORD}out/two#17")
    return row_of(Path(folder), int(number))


def row_of(folder: Path, run: int) -> Row:
    """A row of the sweep in a folder.

    Raises
    ------
    InputError
        No such sweep or run, or one that a run by itself cannot repeat.
    """
    plan, name = load_plan(folder), f"{folder}#{run}"
    if not 0 <= run < plan.runs:
        raise InputError(f"{WORD}{name}: there is no run {run} (allowed: 0 to {plan.runs - 1})")
    if plan.model != "thuis":
        raise InputError(f"{WORD}{name}: the sweep is of model={plan.model}, which thuis run cannot run")
    if plan.start == "shared":
        raise InputError(
            f"{WORD}{name}: the sweep has start=shared, whose runs begin with the first residents of another run; "
            "make it with start=own to reopen its runs"
        )
    return Row(folder, plan, run)


def values_of(plan: Plan, row: Mapping[str, Any]) -> dict[str, Any]:
    """What one row of a design means for `experiments.options.settings.settings_from`."""
    varied: dict[str, dict[str, Any]] = {"parameters": {}, "policy": {}}
    for name, value in row.items():
        part, dot, inner = name.partition(".")
        if dot:
            varied[part][inner] = value
    fixed = plan.fixed
    policy = policy_mapping(row.get("policy", fixed["policy"]), fixed["policy_changes"] | varied["policy"])
    return {
        "region": fixed["region"] | ({"name": str(row["region"])} if "region" in row else {}),
        "policy": policy,
        "parameters": fixed["parameters"] | varied["parameters"],
        "years": int(row.get("years", plan.years)),
        "scale": int(row.get("scale", plan.scale)),
        "seed": int(row["seed"]),
        "behaviour": fixed.get("behaviour"),
    }


def request_of_row(row: Row, options: Mapping[str, Any]) -> RunRequest:
    """The run that repeats a row, with options that change no number of it, such as out, language and people.

    Raises
    ------
    InputError
        An option that the row decides about.
    """
    refuse_of_the_row(row.name, options)
    design = load_design(row.folder).filter(pl.col("run") == row.run).to_dicts()[0]
    values = values_of(row.plan, design)
    return RunRequest(settings_from({**values, **options}), {*values, *options})


def refuse_of_the_row(name: str, keys: Collection[str]) -> None:
    """Refuse an option of which the row has its own value."""
    for key in keys:
        if key in OF_THE_ROW or key.lstrip("+").partition(".")[0] in ("region", "policy", "parameters"):
            raise InputError(f"{key}= does not go with {WORD}{name}, which repeats a run as it was; leave {key} out")


def read_row(words: list[str]) -> tuple[Row, RunRequest]:
    """The row and its run, of words that hold from=FOLDER#RUN.

    Raises
    ------
    InputError
    """
    named = [word.removeprefix(WORD) for word in words if word.startswith(WORD)]
    rest = [word for word in words if not word.startswith(WORD)]
    if len(named) > 1 or any(word in ("-m", "--multirun") for word in rest):
        raise InputError(f"{WORD}{named[0]} reopens one run; leave the other {WORD} and -m out")
    refuse_of_the_row(named[0], [word.partition("=")[0] for word in rest])
    row = row_named(named[0])
    return row, request_of_row(row, read_words(Command("run", "", Options), rest).values)


def check_same(row: Row, folder: Path) -> tuple[bool, str]:
    """Whether a run ended in the very state of the row, and a line that says so."""
    chunk = row.run // row.plan.chunk
    shard = shard_path(row.folder, chunk)
    if shard.is_file() and (fault := fault_of(shard, row.plan, chunk)):
        return (
            True,
            f"{row.name} has no result to compare with: {shard.name} {fault}; thuis sweep resume makes it again",
        )
    ended = pl.read_parquet(shard) if shard.is_file() else pl.DataFrame({"run": [], "error": []})
    ended = ended.filter((pl.col("run") == row.run) & pl.col("error").is_null())
    if not len(ended):
        return True, f"{row.name} has no result to compare with"
    last, summary = ended.to_dicts()[-1], json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    if last["month"] < summary["months"]:
        return True, f"{row.name} was ended after month {last['month']} (stop=); this run went on to its last month"
    if last["digest"] == summary["digest"]:
        return True, f"the same state as {row.name}, to the last bit (digest {last['digest'][:12]})"
    return False, (
        f"not the state of {row.name}: the sweep was made by another version of the program, or from other figures"
    )


def rerun(folder: Path, run: int, options: Mapping[str, Any]) -> RunResult:
    """See `experiments.sweep.table.Sweep.rerun`."""
    began = time.perf_counter()
    request = request_of_row(row_of(folder, run), plain_values(options))
    out = request.settings.options.out
    with folder_for(out) as place:
        write_result(checked(request.settings, request.given), place, began, page=out is not None)
        return RunResult(place, temporary=out is None)
