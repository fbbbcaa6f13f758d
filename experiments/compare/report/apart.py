"""Rows on an effect taken apart: by road, and by element of a package."""

from typing import Any

from experiments.compare.report.differences import with_range
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
            rows.append({
                "title": title, "road": report.words["roads"]["names"][road], "terms": ", ".join(terms),
                "effect": {"value": report.rough(100 * part["effect"], 100 * anchor, sign=True),
                           "ends": f"{ends[0]} {report.words['to']} {ends[1]}" if told else ""},
            })  # fmt: skip
    return rows


def element_rows(report: Report) -> list[dict[str, Any]]:
    """A row per package and element run alone, then what is left, per 1,000; euro a year and per extra person."""
    w, years = report.words["elements"], report.summary["years"]
    rows = []
    for name, title in report.compared.items():
        found = report.summary["elements"][name]
        if found is None:
            continue
        anchor = 1000 * max(abs(found["together"]), *(abs(part["effect"]) for part in found["elements"].values()))
        several = found["replicates"] > 1
        for key, part in found["elements"].items():
            text = ELEMENTS[int(key)][report.language == "nl"] if key.isdigit() else levers()[key].text[report.language]
            cell = with_range(report, per_thousand({"difference": part["effect"], **part}))
            value = report.rough(1000 * part["effect"], anchor, sign=True)
            gained = part["years_at_home"]
            each = part["euro"] / gained if gained > 0 and part["euro"] > 0 else None
            rows.append({"title": title, "element": text, "last": False,
                         "effect": {"value": value, "ends": cell["ends"] if several else ""},
                         "yearly": report.euro(part["euro"] / years), "each": report.euro(each)})  # fmt: skip
        left = found["together"] - sum(part["effect"] for part in found["elements"].values())
        for text, value in ((w["left"], left), (w["together"], found["together"])):
            last, cost = text == w["together"], report.summary["costs"][name]
            euro, each = (cost["euro"] / years, cost["euro_per_year_at_home"]) if last else (None, None)
            effect = {"value": report.rough(1000 * value, anchor, sign=True), "ends": ""}
            rows.append({"title": title, "element": text, "last": last, "effect": effect,
                         "yearly": report.euro(euro), "each": report.euro(each)})  # fmt: skip
    return rows
