"""Rows of the tables of the report, with numbers in the local style."""

from typing import Any

import polars as pl

from experiments.compare.report.material import Report
from experiments.compare.report.words import round_euro

PERCENT = ("at_home", "withdrawn", "employed", "members")
DIGITS = {"belonging": 4, "cohesion": 3, "faces": 2, "ties": 3, "language": 4, "residents": 0}


def with_interval(report: Report, row: dict[str, Any], digits: int, times: float = 1) -> dict[str, str]:
    """A difference and its interval as text."""
    value, low, high = (None if row[k] is None else row[k] * times for k in ("difference", "low", "high"))
    ends = (
        ""
        if low is None
        else f"{report.number(low, digits, True)} {report.words['to']} {report.number(high, digits, True)}"
    )
    return {"value": report.number(value, digits, sign=True), "ends": ends}


def effect_rows(report: Report) -> list[dict[str, Any]]:
    """A row per measure, a cell per policy."""
    found = []
    for measure, name in report.words["effects"]["measures"].items():
        times, digits = (100, 2) if measure in PERCENT else (1, DIGITS.get(measure, 3))
        cells = [with_interval(report, report.summary["effects"][p][measure], digits, times) for p in report.compared]
        found.append({"name": name, "cells": cells})
    return found


def group_rows(report: Report) -> list[dict[str, Any]]:
    """A row per group in which somebody lives, a cell per policy: belonging."""
    found = []
    for group, name in report.words["effects"]["groups"].items():
        rows = rows_of_group(report, group)
        if any(row["difference"] is not None for row in rows):
            cells = [with_interval(report, row, 4) for row in rows]
            found.append({"name": name, "people": report.number(rows[0]["people"], 0), "cells": cells})
    return found


def rows_of_group(report: Report, group: str) -> list[dict[str, Any]]:
    """The row of a group per policy compared; none where the table of areas cannot tell who belongs to it."""
    data = report.frames["by_group"].filter((pl.col("measure") == "belonging") & (pl.col("group") == group))
    return [row for policy in report.compared for row in data.filter(pl.col("policy") == policy).to_dicts()]


def absent_groups(report: Report) -> list[str]:
    """A sentence on the groups of which nothing can be said, per reason."""
    unknown, empty = [], []
    for group, name in report.words["effects"]["groups"].items():
        rows = rows_of_group(report, group)
        if not rows:
            unknown.append(name.lower())
        elif all(row["difference"] is None for row in rows):
            empty.append(name.lower())
    said = (("group_unknown", unknown), ("group_empty", empty))
    return [report.say(report.words["effects"][key], groups="; ".join(names)) for key, names in said if names]


def place_rows(report: Report, most: int) -> tuple[int, list[dict[str, Any]]]:
    """How many neighbourhoods there are, and rows of belonging for those that change most (all where they are few)."""
    data = report.frames["by_neighbourhood"].filter(pl.col("measure") == "belonging")
    by_policy = [data.filter(pl.col("policy") == p).to_dicts() for p in report.compared]
    count = len(by_policy[0])
    order = list(range(count))
    if count > most:
        order = sorted(order, key=lambda j: -max(abs(rows[j]["difference"] or 0) for rows in by_policy))[:most]
    return count, [
        {"name": by_policy[0][j]["name"], "level": report.number(by_policy[0][j]["baseline"], 3),
         "cells": [with_interval(report, rows[j], 4) for rows in by_policy]}
        for j in order
    ]  # fmt: skip


def cost_rows(report: Report) -> list[dict[str, Any]]:
    """A row per policy: euro, points, euro per point, each with its ends."""
    found = []
    for name, title in report.compared.items():
        row = report.summary["costs"][name]

        def cell(key: str, row: dict[str, Any] = row) -> dict[str, str]:
            euro = [round_euro(row[k], report.language, report.words) for k in (key, f"{key}_low", f"{key}_high")]
            ends = "" if row[key] is None else f"{euro[1]} {report.words['to']} {euro[2]}"
            return {"value": euro[0], "ends": ends}

        points = {"difference": row["points"], "low": row["points_low"], "high": row["points_high"]}
        found.append({"title": title, "euro": cell("euro"), "points": with_interval(report, points, 0),
                      "per_point": cell("euro_per_point")})  # fmt: skip
    return found


def spread_rows(report: Report) -> list[dict[str, Any]]:
    """Per policy the sources of spread as shares; none where the design cannot tell."""
    found = []
    for name, title in report.compared.items():
        parts = report.summary["spread"][name]["difference"]
        if parts is None:
            return []
        known = sources(parts)
        total = sum(known.values())
        for key, value in known.items():
            share = f"{report.number(100 * value / total, 0)}%" if total else "–"
            sd = report.number(value**0.5, 5)
            found.append({"title": title, "source": report.words["uncertainty"][key], "share": share, "sd": sd})
    return found


def sources(parts: dict[str, Any]) -> dict[str, float]:
    """Variance by the name of its source; chance and start together where the design varies them together."""
    if parts["chance"] is None or parts["start"] is None:
        known = {"source_both": (parts["start"] or 0) + (parts["chance"] or 0)}
    else:
        known = {"source_chance": parts["chance"], "source_start": parts["start"]}
    return known if parts["parameters"] is None else known | {"source_parameters": parts["parameters"]}
