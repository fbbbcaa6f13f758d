"""`thuis compare`: the words are read, everything is checked, and then the replicates begin."""

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
        "thuis compare region=vaals policies=[baseline,libraries] replicates=5 years=3",
        "thuis compare region=rotterdam policies=[baseline,libraries,wrr_agenda] replicates=20 language=nl",
        "thuis compare policies=[baseline,my_policy.yaml] parameters_drawn=true replicates=40",
        "thuis verify out/compare-vaals-1a2b3c4d        run it again and confirm every number",
    ),
)


def main(argv: Sequence[str]) -> int:
    """Run `thuis compare` with these words."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    run_design(design_from(read_words(COMMAND, argv).nested()))
    return 0


def run_design(design: Design) -> None:
    """Run, or go on with, a comparison, write its folder and say what came out."""
    from experiments.compare.job import prepare, write_result
    from experiments.simulation.caution import warn

    job = prepare(design)
    warn([*job.table.notes, *timing_of(design)], design.options.language)
    folder = Path(design.options.out or Path("out") / f"compare-{design.region['name']}-{job.digest[:8]}")
    print(closing_lines(write_result(job, folder), folder))


def closing_lines(summary: dict[str, Any], folder: Path) -> str:
    """What is said at the end."""
    lines = [f"{summary['title']}: {summary['replicates']} replicates of {summary['years']} years in "
             f"{summary['seconds']:.0f} s"]  # fmt: skip
    for name, effects in summary["effects"].items():
        found = effects["belonging"]
        ends = "" if found["low"] is None else f" ({found['low']:+.4f} to {found['high']:+.4f})"
        ratio = found["variance_reduction"]
        saved = "" if ratio is None else f"; varies {ratio:,.0f} times less than with seeds of their own"
        lines.append(f"  {name}: belonging {found['difference']:+.4f}{ends}{saved}")
    if summary["failed"]:
        lines.append(f"  {len(summary['failed'])} replicates failed; the same command tries them again")
    return "\n".join([*lines, f"read {folder / 'report.html'}"])
