"""`thuis compare`: the words are read, everything is checked, and then the replicates begin."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.compare.design import CompareWords, Design, design_digest, design_from, plan
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


def run_design(design: Design) -> Path:
    """Run, or go on with, a comparison and write its folder; returns the folder."""
    from experiments.compare.outcome import summarise
    from experiments.compare.report import write_reports
    from experiments.compare.run import Comparison, Stopwatch
    from experiments.results.folders import check_target, new_result
    from experiments.results.version import code_digest
    from experiments.run.job import peak_memory
    from experiments.simulation.progress import progress_of
    from experiments.simulation.simulate import load_table

    watch = Stopwatch()
    if design.options.out is not None:
        check_target(Path(design.options.out))
    table = load_table(design.region)
    digest = design_digest(design, table.digest, code_digest())
    folder = Path(design.options.out or Path("out") / f"compare-{design.region['name']}-{digest[:8]}")
    check_target(folder)
    store = folder.with_name(f"{folder.name}.replicates") / digest[:16]
    comparison = Comparison(design, table, store)
    check_memory(comparison)
    try:
        gathered = comparison.gather(plan(design), progress_of(design.options.progress))
    except KeyboardInterrupt:
        print(f"thuis: finished replicates are kept; the same command goes on (out={folder})", file=sys.stderr)
        raise
    if not gathered.finished:
        raise RuntimeError(f"no replicate finished; the first failed with {gathered.failed[0]['reason']}")
    comparison.start = None
    with new_result(folder) as hidden:
        summary = summarise(gathered, design, table, hidden, watch.seconds, peak_memory())
        write_reports(hidden, summary, table, design.options.language)
    if not gathered.failed:
        shutil.rmtree(store.parent, ignore_errors=True)
    print(closing_lines(summary, folder))
    return folder


def check_memory(comparison: Any) -> None:
    """Refuse more residents than memory before anything begins; a start and one copy of it are held at a time."""
    from scenarios.building import make_places

    make_places(comparison.table, comparison.build_options, comparison.design.parameters)


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
