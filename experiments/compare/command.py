"""`thuis compare`: reads the arguments, checks everything, and then starts the replicates."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.compare.design import CompareWords, Design, design_from, timing_of
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, read_words

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
    from experiments.compare.job import prepare, write_result
    from experiments.simulation.caution import warn

    job = prepare(design)
    warn([*job.table.notes, *timing_of(design)], design.options.language)
    folder = Path(design.options.out or Path("out") / f"compare-{design.region['name']}-{job.digest[:8]}")
    print(closing_lines(write_result(job, folder), folder))


def closing_lines(summary: dict[str, Any], folder: Path) -> str:
    """The lines printed at the end."""
    lines = [f"{summary['title']}: {summary['replicates']} replicates of {summary['years']} years in "
             f"{summary['seconds']:.0f} s"]  # fmt: skip
    lines.append("  of 1,000 adults who live there in both futures, so many more feel at home (95 % range):")
    for name, people in summary["people"].items():
        found = people["everyone"]["at_home"]["both"]
        ends = "too few draws or replicates for a range"
        if found["low"] is not None:
            ends = f"{1000 * found['low']:+.1f} to {1000 * found['high']:+.1f}"
        lines.append(f"  {name}: {1000 * (found['difference'] or 0):+.1f} ({ends})")
    if summary["failed"]:
        lines.append(f"  {len(summary['failed'])} replicates failed; the same command tries them again")
    return "\n".join([*lines, f"read {folder / 'report.html'}"])
