"""The finding on every policy in one sentence; the first is the title of the report."""

from typing import Any

from markupsafe import Markup

from experiments.compare.report.differences import list_group_effects, may_matter, status_of
from experiments.compare.report.material import Report

LEAST_OF_HUNDRED = 10.0  # people per 1,000: a smaller difference is told of 1,000 and not of 100


def findings(report: Report) -> list[str]:
    """The finding on every policy in one sentence, the one that does most first."""
    order = [name for group in report.summary["ranking"]["order"] for name in group if name in report.compared]
    return [finding(report, name) for name in order]


def finding(report: Report, name: str) -> str:
    """How many people feel at home with a policy, and how many without, as a range, and what it costs a year."""
    row = report.at_home(name)
    status = status_of(report, row)
    values: dict[str, str] = {"policy": report.compared[name], "cost": cost_a_year(report, name), "groups": ""}
    if status not in ("absent", "same"):
        of = scale_of(row) if status in ("more", "fewer") else 1000
        told = ("difference",) if row["low"] is None else ("low", "high")
        ends = [report.number((row["first"] + row[end]) * of / 1000, 0) for end in told]
        values |= {
            "of": report.number(of, 0),
            "base": report.number(row["first"] * of / 1000, 0),
            "span": ends[0] if len(set(ends)) == 1 else f" {report.words['to']} ".join(ends),
        }
    if status in ("none", "unsure"):
        groups = [report.say(report.words["finding"]["group"], **each) for each in list_group_effects(report, name)]
        values["groups"] = Markup("").join(groups)
    key = {"absent": "same", "more": "sure", "fewer": "sure"}.get(status, status)
    if status == "none" and may_matter(report, row):
        key = "perhaps_none"
    return report.say(report.words["finding"][key], **values)


def scale_of(row: dict[str, Any]) -> int:
    """Whether a difference can be told of 100 people: it is large enough, and no end rounds to the level without."""
    base, *ends = (round((row["first"] + extra) / 10) for extra in (0, row["low"], row["high"]))
    return 100 if abs(row["difference"]) >= LEAST_OF_HUNDRED and base not in ends else 1000


def cost_a_year(report: Report, name: str) -> str:
    """What it costs or saves a year, as the end of a sentence; nothing where nothing has a price."""
    euro = report.summary["costs"][name]["euro"] / report.summary["years"]
    if not euro:
        return ""
    return report.say(report.words["finding"]["costs" if euro > 0 else "saves"], euro=report.euro(abs(euro)))
