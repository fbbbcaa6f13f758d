"""`thuis levers check`: every lever by itself, with and without, on the same draws."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from experiments.compare.design import MOST_REPLICATES, Design, design_from
from experiments.levers.ranges import range_lines, ranges_table
from experiments.levers.table import directly_touched, targets_table
from experiments.options.declaration import choice, file_path, options_from, whole
from experiments.options.help import help_of
from experiments.options.settings import LARGEST_SCALE, LARGEST_SEED, LONGEST_YEARS, MOST_THREADS, PROGRESS
from experiments.options.words import Command, asks_for_help, read_words
from experiments.results.folders import check_target, new_result, write_json
from experiments.results.version import version
from experiments.simulation.progress import progress_of
from experiments.simulation.simulate import load_table
from scenarios.areas import AreaTable

RECEPTION_SEEDS = 3
HELD = {"parameters_drawn": False, "roads": 0}  # levers are tested with the parameters in force
DRAWN = {"parameters_drawn": True, "starts": 1, "roads": 0}  # and their ranges with parameters drawn anew each time


@dataclass(frozen=True)
class LeverOptions:
    """Options of `thuis levers check`."""

    replicates: int = whole(20, 1, MOST_REPLICATES, "seeds; with and without each lever they are the same")
    range_replicates: int = whole(
        20, 0, MOST_REPLICATES, "draws of parameters and seed for both ends of each lever's range; 0 leaves it out"
    )
    years: int = whole(2, 1, LONGEST_YEARS, "years to simulate")
    scale: int = whole(1, 1, LARGEST_SCALE, "residents per agent; 1 simulates every resident")
    seed: int = whole(1, 0, LARGEST_SEED, "first seed")
    threads: int = whole(0, 0, MOST_THREADS, "threads; 0 takes one per processor (never changes the result)")
    out: str = file_path("folder for the result", "levers")
    progress: str = choice("auto", PROGRESS, "bar on a terminal (auto), lines, or none")


COMMAND = Command(
    "levers check",
    "Move every lever by itself, in many seeds with the same draws with and without it, and see whether what it is\n"
    "for moves the right way in at least 95 of 100 seeds; count whom reception touches directly within a month; and\n"
    "tell what each does to belonging at both ends of its range, over draws of the parameters, with arrivals and\n"
    "capacity as they are.\n"
    "Writes targets.parquet, reception.parquet, ranges.parquet and summary.json.",
    LeverOptions,
    parts=("region", "parameters"),
    usual_region="diemen",
)


def main(argv: Sequence[str]) -> int:
    """Run `thuis levers check` with these words."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    values = read_words(COMMAND, argv).nested()
    plain = {key: value for key, value in values.items() if key not in COMMAND.parts}
    options = asdict(options_from(LeverOptions, plain, COMMAND.name))
    seeds = options.pop("range_replicates")
    design = design_from(options | HELD | {key: values[key] for key in COMMAND.parts if key in values})
    folder = Path(str(design.options.out))
    check_target(folder)
    table = load_table(design.region)
    targets = targets_table(design, table, progress_of(design.options.progress))
    touched = directly_touched(design, table, RECEPTION_SEEDS)
    ranges = None
    if seeds:
        given = {key: values[key] for key in COMMAND.parts if key in values}
        few = design_from(options | DRAWN | {"replicates": seeds} | given)
        ranges = ranges_table(few, table, progress_of(design.options.progress))
    with new_result(folder) as hidden:
        targets.write_parquet(hidden / "targets.parquet", compression="zstd")
        touched.write_parquet(hidden / "reception.parquet", compression="zstd")
        if ranges is not None:
            ranges.write_parquet(hidden / "ranges.parquet", compression="zstd")
        write_json(hidden / "summary.json", summary_of(design, table, targets, touched))
    told = [] if ranges is None else ["", *range_lines(ranges)]
    print("\n".join([*target_lines(targets), "", *touched_lines(touched), *told, f"written to {folder}"]))
    return 0


def summary_of(design: Design, table: AreaTable, targets: pl.DataFrame, touched: pl.DataFrame) -> dict[str, Any]:
    """What was run, and the results."""
    values = design.as_dict()
    for key in ("policies", "out", "progress", "threads"):
        values.pop(key)
    return {
        "kind": "levers",
        "version": version(),
        "data_source": table.source,
        "data": table.digest,
        "configuration": values,
        "levers": len(targets),
        "hold": int(targets["holds"].sum()),
        "fail": targets.filter(~pl.col("holds"))["lever"].to_list(),
        "others_touched_by_reception": int(touched["others_changed"].sum()),
    }


def target_lines(targets: pl.DataFrame) -> list[str]:
    """A Markdown table, a line per lever."""
    lines = [
        "| lever | to | must move | of | without | difference | right way in |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
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
