"""`thuis compare`: reads the arguments, checks everything, and then starts the replicates."""

from collections.abc import Sequence
from functools import partial
from math import floor, log10
from pathlib import Path
from typing import Any

from experiments.compare.design import CompareWords, Design, design_from, timing_of
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, read_words
from experiments.results.phrases import fill_plain, phrases, written

COMMAND = Command(
    "compare",
    "Compare policies on the same random draws; the first is what the others are measured against.\n"
    "Writes report.html to read, tables (Parquet) and summary.json. Interrupted, the same command goes on.",
    CompareWords,
    parts=("region", "parameters"),
    examples=(
        "thuis compare region=vaals policies=[baseline,libraries] years=3",
        "thuis compare region=rotterdam policies=[baseline,libraries,wrr_agenda] language=nl",
        "thuis compare policies=[baseline,my_policy.yaml] replicates=80",
        "thuis verify out/compare-vaals-1a2b3c4d        run it again and confirm every number",
    ),
)


def main(argv: Sequence[str]) -> int:
    """Run `thuis compare` with these arguments."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    run_design(design_from(read_words(COMMAND, argv).nested()))
    return 0


def run_design(design: Design) -> None:
    """Run or resume a comparison, write its folder and print the result."""
    from experiments.compare.emulated import emulated_lines
    from experiments.compare.job import prepare, write_result
    from experiments.simulation.caution import warn

    job = prepare(design)
    warn([*job.table.notes, *timing_of(design)], design.options.language)
    for line in emulated_lines(design, job.table):
        print(line, flush=True)
    folder = Path(design.options.out or Path("out") / f"compare-{design.region['name']}-{job.digest[:8]}")
    print(closing_lines(write_result(job, folder), folder))


def closing_lines(summary: dict[str, Any], folder: Path) -> str:
    """The lines printed at the end, in the language of the report; the last ones are a line per policy."""
    language = summary["configuration"]["language"]
    words, say = phrases(language)["terminal"], partial(fill_plain, language=language)
    numbers = {key: summary[key] for key in ("title", "replicates", "years", "seconds")}
    lines = [say(words["comparison"], **numbers)]
    if summary["failed"]:
        lines.append(say(words["failed"], count=len(summary["failed"])))
    lines += [say(words["read"], path=folder / "report.html"), words["people"]]
    titles = {policy["name"]: policy["title"].get(language) or policy["name"] for policy in summary["policies"]}
    for name, people in summary["people"].items():
        found = people["everyone"]["at_home"]["both"]
        told = [
            written(None if found[key] is None else 1000 * found[key], 1, language, sign=True)
            for key in ("difference", "low", "high")
        ]
        ends = words["no_range"] if found["low"] is None else say(words["range"], low=told[1], high=told[2])
        euro = two_digits(summary["costs"][name]["euro"] / summary["years"])
        lines.append(say(words["policy"], policy=titles[name], people=told[0], range=ends, euro=euro))
    return "\n".join(lines)


def two_digits(euro: float) -> int:
    """An amount as precise as a price is known: in two digits, as in the report."""
    return round(round(euro, 1 - floor(log10(abs(euro))))) if euro else 0
