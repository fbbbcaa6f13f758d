"""Differences as they are shown: rounded to what is known, with their range, and what they are called."""

from typing import Any

from experiments.compare.report.material import Report, anchor_of


def with_range(report: Report, row: dict[str, Any], times: float = 1, least: float = 0.0) -> dict[str, str]:
    """A difference and its range as text; a dash where it does not exist.

    `least` is the anchor of the rounding where the numbers are smaller: 1 for one decimal at most.
    """
    if not row or row["difference"] is None:
        return {"value": "–", "ends": ""}
    anchor = max(times * anchor_of(row), least)
    value, low, high = (
        report.rough(None if row[k] is None else row[k] * times, anchor, sign=True)
        for k in ("difference", "low", "high")
    )
    return {"value": value, "ends": "" if row["low"] is None else f"{low} {report.words['to']} {high}"}


def status_of(report: Report, row: dict[str, Any]) -> str:
    """What a difference per 1,000 is called.

    Returns
    -------
    {"absent", "same", "untold", "none", "unsure", "more", "fewer"}
        Nobody there; not one number differs; no range; an estimate smaller than what matters (`may_matter`: the range
        may reach further); a range with zero in it (and with
        differences that matter, where the estimate is smaller than those); else.
    """
    if not row or row["difference"] is None:
        return "absent"
    if row["difference"] == 0 and not row["sd"]:
        return "same"
    if row["low"] is None:
        return "untold"
    small = abs(row["difference"]) < report.matters
    if row["low"] <= 0 <= row["high"]:
        return "none" if small and max(-row["low"], row["high"]) < report.matters else "unsure"
    if small:
        return "none"
    return "more" if row["difference"] > 0 else "fewer"


def may_matter(report: Report, row: dict[str, Any]) -> bool:
    """Whether the range of a difference reaches one that matters, however small the estimate."""
    return row["low"] is not None and bool(max(-row["low"], row["high"]) >= report.matters)


def shown(report: Report, row: dict[str, Any]) -> dict[str, str]:
    """A difference per 1,000 with its range; one that surely does not matter is called no difference."""
    cell = with_range(report, row, least=1.0)
    status = status_of(report, row)
    if status == "same" or (status == "none" and not may_matter(report, row)):
        cell["value"] = report.words["no_difference"]
    return cell


def levels(report: Report, row: dict[str, Any]) -> dict[str, str]:
    """How many of 1,000 feel at home with the first policy and with this one, and the range of the second."""
    if not row or row["difference"] is None:
        return {"value": "–", "ends": ""}
    with_policy = row["first"] + row["difference"]
    ends = [report.number(row["first"] + row[end], 0) for end in ("low", "high")] if row["low"] is not None else []
    return {
        "value": f"{report.number(row['first'], 0)} → {report.number(with_policy, 0)}",
        "ends": f" {report.words['to']} ".join(ends),
    }


def is_priced(report: Report, name: str) -> bool:
    """Whether a price per extra person can be told: more feel at home for certain, at the end and over the run."""
    cost = report.summary["costs"][name]
    return status_of(report, report.at_home(name)) == "more" and cost["euro_per_year_at_home"] is not None


def list_group_effects(report: Report, name: str) -> list[dict[str, str]]:
    """Of each group for whom a policy makes a difference that matters and is certain: who, how many, more or fewer."""
    w, found = report.words["answer"], []
    for group, who in w["of_group"].items():
        row = report.at_home(name, group)
        if (status := status_of(report, row)) in ("more", "fewer"):
            anchor, ends = anchor_of(row), sorted((abs(row["low"]), abs(row["high"])))
            value, low, high = (report.rough(each, anchor) for each in (abs(row["difference"]), *ends))
            found.append({"who": who, "value": value, "more": w[status], "low": low, "high": high})
    return found
