"""What every lever does by itself at both ends of its range, with arrivals and capacity as they are."""

from dataclasses import replace
from typing import Any

import polars as pl

from experiments.compare.design import Design, plan
from experiments.compare.effects import stack
from experiments.compare.run import Comparison
from experiments.simulation.progress import Progress
from scenarios.areas import AreaTable
from scenarios.policy.levers import full_names

GROUPS = ("everyone", "newcomer")
BASELINE = {"name": "as it is"}


def ends() -> list[tuple[str, float]]:
    """Every lever with the lowest and the highest value it takes, where that is not the baseline's."""
    found = []
    for full, (lever, target) in full_names().items():
        found += [(full, value) for value in (lever.low, lever.high) if value != lever.baseline[target]]
    return found


def ranges_table(design: Design, table: AreaTable, progress: Progress) -> pl.DataFrame:
    """A row per lever and end: how far mean belonging of everyone and of newcomers moves, with its spread over seeds.

    Columns `lever`, `value`, and per group `<group>` and `<group>_sd`: belonging at the end with the lever at that
    value less without, mean and standard deviation over the replicates (the same draws with and without).
    """
    moved = ends()
    policies: list[dict[str, Any]] = [BASELINE]
    policies += [{"name": f"{full} {value:g}", "moved": {"lever": full, "value": value}} for full, value in moved]
    design = replace(design, policies=tuple(policies))
    gathered = Comparison(design, table).gather(plan(design), progress)
    if gathered.failed:
        raise RuntimeError(f"a replicate failed with {gathered.failed[0]['reason']}")
    counts = stack(design, gathered.finished)
    levels = {group: counts.levels("belonging", group) for group in GROUPS}
    rows = []
    for at, (full, value) in enumerate(moved, start=1):
        row: dict[str, Any] = {"lever": full, "value": float(value)}
        for group, level in levels.items():
            difference = level[:, at] - level[:, 0]
            row[group] = float(difference.mean())
            row[f"{group}_sd"] = float(difference.std(ddof=min(len(difference) - 1, 1)))
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def range_lines(ranges: pl.DataFrame) -> list[str]:
    """A Markdown table, a line per lever and end; "nothing" where every draw gives exactly the same."""

    def told(row: dict[str, Any], group: str) -> str:
        if row[group] == 0 and row[f"{group}_sd"] == 0:
            return "nothing"
        return f"{row[group]:+.4f} ({row[f'{group}_sd']:.4f})"

    lines = ["| lever | to | belonging of all (spread over seeds) | of newcomers |", "| --- | --- | --- | --- |"]
    for row in ranges.iter_rows(named=True):
        lines.append(f"| `{row['lever']}` | {row['value']:g} | {told(row, 'everyone')} | {told(row, 'newcomer')} |")
    return lines
