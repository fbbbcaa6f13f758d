"""What every lever does by itself at both ends of its range, with arrivals and capacity as they are."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from experiments.compare.design import Design, plan
from experiments.compare.effects import stack
from experiments.compare.run import Comparison
from experiments.simulation.progress import Progress
from scenarios.areas import AreaTable
from scenarios.policy.levers import full_names

GROUPS = ("everyone", "newcomer")
BASELINE = {"name": "as it is"}
PERCENTILES = (5, 95)


def ends() -> list[tuple[str, float]]:
    """Every lever with the lowest and the highest value it takes, where that is not the baseline's."""
    found = []
    for full, (lever, target) in full_names().items():
        found += [(full, value) for value in (lever.low, lever.high) if value != lever.baseline[target]]
    return found


def ranges_table(design: Design, table: AreaTable, progress: Progress) -> pl.DataFrame:
    """A row per lever and end: how far mean belonging of everyone and of newcomers moves, with its range over draws.

    Columns `lever`, `value`, and per group `<group>`, `<group>_low` and `<group>_high`: belonging at the end with the
    lever at that value less without; mean, 5th and 95th percentile over the replicates of the design, which have
    parameters and seeds of their own (the same with and without).
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
            row[f"{group}_low"], row[f"{group}_high"] = map(float, np.percentile(difference, PERCENTILES))
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def range_lines(ranges: pl.DataFrame) -> list[str]:
    """A Markdown table, a line per lever and end; "nothing" where every draw gives exactly the same."""

    def told(row: dict[str, Any], group: str) -> str:
        values = row[group], row[f"{group}_low"], row[f"{group}_high"]
        return "nothing" if values == (0, 0, 0) else "{:+.4f} ({:+.4f} to {:+.4f})".format(*values)

    lines = ["| lever | to | belonging of all (90 % of draws) | of newcomers |", "| --- | --- | --- | --- |"]
    for row in ranges.iter_rows(named=True):
        lines.append(f"| `{row['lever']}` | {row['value']:g} | {told(row, 'everyone')} | {told(row, 'newcomer')} |")
    return lines
