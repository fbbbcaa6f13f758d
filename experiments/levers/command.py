"""`thuis levers`: the words are those of `thuis compare`, without policies."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from experiments.compare.command import composed
from experiments.compare.design import Design, design_from
from experiments.levers.table import directly_touched, targets_table
from experiments.results.folders import check_target, new_result, write_json
from experiments.results.version import version
from experiments.simulation.progress import progress_of
from experiments.simulation.simulate import load_table
from scenarios.areas import AreaTable
from scenarios.errors import InputError

USAGE = """\
Move every lever by itself, in many seeds with the same draws with and without it, and see whether what it is for moves
the right way in at least 95 of 100 seeds; and count whom reception touches directly within a month.

  thuis levers [region=diemen] [replicates=20] [years=2] [scale=1] [seed=1] [threads=0] [out=FOLDER] [parameters.NAME=]

Writes targets.parquet, reception.parquet and summary.json.
Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."""
HELP = ("--help", "-h", "help")
DEFAULTS = ("region=diemen", "replicates=20", "years=2")
NOT_HERE = ("policies", "language", "posterior", "parameters_drawn", "starts", "futures", "range_percent")
RECEPTION_SEEDS = 3


def main(argv: Sequence[str]) -> int:
    """Run `thuis levers` with these words."""
    words = list(argv)
    if any(word in HELP for word in words):
        print(USAGE)
        return 0
    for word in words:
        if word.partition("=")[0] in NOT_HERE:
            raise InputError(f"{word} is not an option of levers (list: thuis levers --help)")
    given = {word.partition("=")[0] for word in words}
    design = design_from(composed([*(d for d in DEFAULTS if d.partition("=")[0] not in given), *words]))
    folder = Path(design.options.out or "levers")
    check_target(folder)
    table = load_table(design.settings(design.policies[0], design.parameters, design.options.seed))
    targets = targets_table(design, table, progress_of(design.options.progress))
    touched = directly_touched(design, table, RECEPTION_SEEDS)
    with new_result(folder) as hidden:
        targets.write_parquet(hidden / "targets.parquet", compression="zstd")
        touched.write_parquet(hidden / "reception.parquet", compression="zstd")
        write_json(hidden / "summary.json", summary_of(design, table, targets, touched))
    print("\n".join([*target_lines(targets), "", *touched_lines(touched), f"written to {folder}"]))
    return 0


def summary_of(design: Design, table: AreaTable, targets: pl.DataFrame, touched: pl.DataFrame) -> dict[str, Any]:
    """What was run, and what came out."""
    values = design.as_dict()
    for key in ("policies", "out", "progress", "threads"):
        values.pop(key)
    return {
        "kind": "levers", "version": version(), "data_source": table.source, "data": table.digest,
        "configuration": values, "levers": len(targets), "hold": int(targets["holds"].sum()),
        "fail": targets.filter(~pl.col("holds"))["lever"].to_list(),
        "others_touched_by_reception": int(touched["others_changed"].sum()),
    }  # fmt: skip


def target_lines(targets: pl.DataFrame) -> list[str]:
    """A Markdown table, a line per lever."""
    lines = ["| lever | to | must move | of | without | difference | right way in |",
             "| --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for row in targets.iter_rows(named=True):
        arrow = "up" if row["direction"] > 0 else "down"
        group = "first neighbourhood" if row["group"] == "place" else row["group"]
        beside = f", with {row['beside']}" if row["beside"] else ""
        right = round(row["right"] * row["seeds"])
        failed = "" if row["holds"] else " **no**"
        lines.append(
            f"| `{row['lever']}` | {row['value']:g} | {row['measure']} {arrow} | {group}{beside} | "
            f"{row['without']:.4g} | {row['difference']:+.3g} | {right} of {row['seeds']}{failed} |"
        )
    return lines


def touched_lines(touched: pl.DataFrame) -> list[str]:
    """A Markdown table: whom reception touches directly, summed over seeds."""
    lines = ["| lever | newcomers | changed | all others | changed |", "| --- | --- | --- | --- | --- |"]
    summed = touched.group_by("lever", maintain_order=True).agg(pl.col(pl.Int64).exclude("replicate").sum())
    for row in summed.iter_rows(named=True):
        lines.append(
            f"| `{row['lever']}` | {row['newcomers']:,} | {row['newcomers_changed']:,} | {row['others']:,} | "
            f"{row['others_changed']:,} |"
        )
    return lines
