"""Rows of the tables of the report, with numbers in the local style, rounded to what is known."""

from typing import Any

import polars as pl

from experiments.compare.report.differences import shown, with_range
from experiments.compare.report.material import Report, anchor_of, per_thousand
from experiments.compare.report.words import whole_percents

PERCENT = ("at_home", "withdrawn", "employed", "members")


def effect_rows(report: Report) -> list[dict[str, Any]]:
    """A row per measure, a cell per policy: everyone who lives there, other people included."""
    found = []
    for measure, name in report.words["effects"]["measures"].items():
        times = 100 if measure in PERCENT else 1
        cells = [with_range(report, report.summary["effects"][p][measure], times) for p in report.compared]
        found.append({"name": name, "cells": cells})
    return found


def group_rows(report: Report) -> list[dict[str, Any]]:
    """A row per group, a cell per policy: people at home of those who live there in both futures, per 1,000."""
    people = report.frames["by_group"].filter(pl.col("measure") == "residents")
    found = []
    for group, name in report.words["effects"]["groups"].items():
        rows = [report.at_home(p, group) for p in report.compared]
        if any(row and row["difference"] is not None for row in rows):
            count = people.filter(pl.col("group") == group)["people"][0]
            cells = [shown(report, row) for row in rows]
            found.append({"name": name, "people": report.number(count, 0), "cells": cells})
    return found


def absent_groups(report: Report) -> list[str]:
    """A sentence on the groups without results, per reason."""
    unknown, empty = [], []
    for group, name in report.words["effects"]["groups"].items():
        rows = [report.at_home(p, group) for p in report.compared]
        if not any(rows):
            unknown.append(name.lower())
        elif all(row["difference"] is None for row in rows):
            empty.append(name.lower())
    said = (("group_unknown", unknown), ("group_empty", empty))
    return [report.say(report.words["effects"][key], groups="; ".join(names)) for key, names in said if names]


def parts_rows(report: Report) -> list[dict[str, Any]]:
    """A row per policy: people in both futures, composition, and their sum, per 1,000, with their ranges."""
    return [
        {
            "title": title,
            "cells": [with_range(report, report.at_home(name, part=part)) for part in ("both", "composition", "total")],
        }
        for name, title in report.compared.items()
    ]


def neighbourhood_rows(report: Report, most: int) -> tuple[int, list[dict[str, Any]]]:
    """How many neighbourhoods there are, and rows of people at home for those that change most (all when few)."""
    data = report.frames["by_neighbourhood"]
    levels = data.filter(pl.col("measure") == "at_home")["baseline"].to_list()
    data = data.filter(pl.col("measure") == "at_home_both")
    by_policy = [[per_thousand(row) for row in data.filter(pl.col("policy") == p).to_dicts()] for p in report.compared]
    count = len(by_policy[0])
    order = list(range(count))
    if count > most:
        order = sorted(order, key=lambda j: -max(abs(rows[j]["difference"] or 0) for rows in by_policy))[:most]
    return count, [
        {
            "name": by_policy[0][j]["name"],
            "level": report.number(None if levels[j] is None else 1000 * levels[j], 0),
            "cells": [shown(report, rows[j]) for rows in by_policy],
        }
        for j in order
    ]


def cost_rows(report: Report) -> list[dict[str, Any]]:
    """A row per policy: euro, years at home gained, euro per year at home and per point, each with its ends."""
    found = []
    for name, title in report.compared.items():
        row = report.summary["costs"][name]

        def cell(key: str, row: dict[str, Any] = row) -> dict[str, str]:
            value, low, high = (row[f"{key}{end}"] for end in ("", "_low", "_high"))
            if value is None and low is not None:
                return {"value": report.say(report.words["at_least"], value=report.euro(low)), "ends": ""}
            ends = "" if value is None else f"{report.euro(low)} {report.words['to']} {report.euro(high)}"
            return {"value": report.euro(value), "ends": ends}

        years = {"difference": row["years_at_home"], "low": row["years_at_home_low"], "high": row["years_at_home_high"]}
        found.append(
            {
                "title": title,
                "euro": cell("euro"),
                "years": with_range(report, years),
                "per_home": cell("euro_per_year_at_home"),
                "per_point": cell("euro_per_point"),
            }
        )
    return found


def price_rows(report: Report) -> list[dict[str, Any]]:
    """A row per price that any policy was costed with: euro per unit, range, and its source or that it is assumed."""
    from scenarios.notes import TARGET_NAMES
    from scenarios.policy.levers import find_lever

    language = report.language
    rows: dict[Any, dict[str, Any]] = {}
    used = {p["lever"]: p for prices in report.summary["prices"].values() for p in prices}
    for name, p in sorted(used.items()):
        lever, target = find_lever(name)
        key = lever.name, p["price"], p["low"], p["high"], p["source"][language]
        ends = f"{price(report, p['low'])} {report.words['to']} {price(report, p['high'])}"
        row = rows.setdefault(
            key,
            {
                "what": p["text"][language],
                "of": [],
                "per": p["per"][language],
                "price": {"value": price(report, p["price"]), "ends": ends},
                "source": f"{p['source'][language]} [{p['certainty']}]",
            },
        )
        if lever.targets:
            row["of"].append(TARGET_NAMES[lever.targets[target]][language])
    return [
        row | {"what": f"{row['what']} ({report.joined(row['of'])})" if row["of"] else row["what"]}
        for row in rows.values()
    ]


def price(report: Report, value: float) -> str:
    """A price in euro, with cents where it has them."""
    return report.number(value, 0 if value == int(value) else 2)


def mark_of(report: Report, prices: list[dict[str, Any]]) -> str:
    """How many of the prices are assumed, in words."""
    w, assumed = report.words["prices"], sum(p["certainty"] == "E" for p in prices)
    if not assumed:
        return w["sentence_sourced"]
    text = w["sentence_all"] if assumed == len(prices) else w["sentence_some"]
    return report.say(text, some=assumed, all=len(prices))


def technical_rows(report: Report) -> list[dict[str, str]]:
    """A row per policy, all per 1,000: effect, range, spread between units, error of the mean, chance alone, units."""
    rows = []
    for name, title in report.compared.items():
        row = report.at_home(name)
        anchor = min((row[k] for k in ("error", "chance") if row[k]), default=anchor_of(row))
        cells = [
            report.rough(row[k], anchor, sign=k in ("difference", "low", "high"))
            for k in ("difference", "low", "high", "sd", "error", "chance")
        ]
        rows.append({"title": title, "cells": [*cells, report.number(row["units"], 0)]})
    return rows


def spread_rows(report: Report) -> list[dict[str, Any]]:
    """Per policy the variance components of one replicate, per 1,000 and as shares; none where the design has none."""
    found = []
    for name, title in report.compared.items():
        parts = report.summary["spread"][name]["difference"]
        if parts is None:
            return []
        known = sources(parts)
        total = sum(known.values())
        percents = whole_percents(list(known.values())) if total else None
        for n, (key, value) in enumerate(known.items()):
            share = "–" if percents is None else report.percent(percents[n] / 100)
            row = per_thousand({"sd": value**0.5})
            sd = report.rough(row["sd"], 1000 * total**0.5)
            found.append({"title": title, "source": report.words["uncertainty"][key], "share": share, "sd": sd})
    return found


def sources(parts: dict[str, Any]) -> dict[str, float]:
    """Variance by the name of its source; chance and start together where the design varies them together."""
    if parts["chance"] is None or parts["start"] is None:
        known = {"source_both": (parts["start"] or 0) + (parts["chance"] or 0)}
    else:
        known = {"source_chance": parts["chance"], "source_start": parts["start"]}
    return known if parts["parameters"] is None else known | {"source_parameters": parts["parameters"]}
