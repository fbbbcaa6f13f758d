"""Rows on an effect taken apart: by road, and by element of a package."""

from typing import Any

from experiments.compare.report.differences import is_priced
from experiments.compare.report.material import Report, anchor_of, per_thousand
from scenarios.policy.levers import ELEMENTS, levers


def road_rows(report: Report) -> list[dict[str, Any]]:
    """A row per policy and pathway: its part of the effect on belonging, and the certainty of its last terms."""
    rows = []
    for name, title in report.compared.items():
        found = report.summary["roads"][name]
        for road, part in (found or {"roads": {}})["roads"].items():
            anchor = max(abs(found["effect"]), anchor_of({"difference": part["effect"], **part}))
            told = found["replicates"] > 1
            ends = [report.rough(100 * part[end], 100 * anchor, sign=True) for end in ("low", "high")]
            terms = [f"{report.words['roads']['terms'][term]} [{letter}]" for term, letter in part["certainty"].items()]
            rows.append(
                {
                    "title": title,
                    "road": report.words["roads"]["names"][road],
                    "terms": ", ".join(terms),
                    "effect": {
                        "value": report.rough(100 * part["effect"], 100 * anchor, sign=True),
                        "ends": f"{ends[0]} {report.words['to']} {ends[1]}" if told else "",
                    },
                }
            )
    return rows


def element_rows(report: Report) -> list[dict[str, Any]]:
    """A row per package and element run alone, then what is left, per 1,000; euro a year and per extra person."""
    w, years = report.words["elements"], report.summary["years"]
    rows: list[dict[str, Any]] = []
    for name, title in report.compared.items():
        found, cost = report.summary["elements"][name], report.summary["costs"][name]
        if found is None:
            continue
        parts = [per_thousand({"difference": part["effect"], **part}) for part in found["elements"].values()]
        together, priced = 1000 * found["together"], is_priced(report, name)
        anchor = max(abs(together), *(anchor_of(part) for part in parts))
        own = [
            {
                "element": element_title(report, key),
                "yearly": report.euro(part["euro"] / years),
                "each": report.euro(each_euro(part) if priced else None),
                "last": False,
                "effect": element_effect(report, part, anchor, found["replicates"]),
            }
            for key, part in zip(found["elements"], parts, strict=True)
        ]
        left = together - sum(part["difference"] for part in parts)
        rest = plain_effect(report, left, anchor)
        own.append({"element": w["left"], "yearly": "–", "each": "–", "last": False, "effect": rest})
        own.append(
            {
                "element": w["together"],
                "yearly": report.euro(cost["euro"] / years),
                "last": True,
                "each": report.euro(cost["euro_per_year_at_home"] if priced else None),
                "effect": plain_effect(report, together, anchor),
            }
        )
        rows += [row | {"title": "" if at else title} for at, row in enumerate(own)]
    return rows


def element_title(report: Report, key: str) -> str:
    """What an element of a package is called: that of the agenda of the WRR, or the lever it moves."""
    return ELEMENTS[int(key)][report.language == "nl"] if key.isdigit() else levers()[key].text[report.language]


def element_effect(report: Report, part: dict[str, Any], anchor: float, replicates: int) -> dict[str, str]:
    """The effect of an element, with the lowest and highest seen where there are several."""
    low, high = (report.rough(part[end], anchor, sign=True) for end in ("low", "high"))
    ends = f"{low} {report.words['to']} {high}" if replicates > 1 else ""
    return plain_effect(report, part["difference"], anchor) | {"ends": ends}


def plain_effect(report: Report, value: float, anchor: float) -> dict[str, str]:
    """An effect without a range."""
    return {"value": report.rough(value, anchor, sign=True), "ends": ""}


def each_euro(part: dict[str, Any]) -> float | None:
    """Euro per year at home of an element; None where it costs or gains nothing."""
    return part["euro"] / part["years_at_home"] if part["euro"] > 0 and part["years_at_home"] > 0 else None


def carried(report: Report, name: str) -> list[str]:
    """Which element of a package does most by itself, and what it takes of the cost."""
    found = report.summary["elements"][name]
    if found is None or not found["together"]:
        return []
    key, part = max(found["elements"].items(), key=lambda each: abs(each[1]["effect"]))
    together, years = 1000 * found["together"], report.summary["years"]
    anchor = max(abs(together), 1.0)
    return [
        report.say(
            report.words["elements"]["carried"],
            element=element_title(report, key),
            effect=report.rough(1000 * part["effect"], anchor, sign=True),
            together=report.rough(together, anchor, sign=True),
            euro=report.euro(part["euro"] / years),
            all=report.euro(report.summary["costs"][name]["euro"] / years),
        )
    ]
