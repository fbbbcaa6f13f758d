"""The one-page answer: per policy what it does, for whom, how, where, and what it costs; in words."""

from typing import Any

import polars as pl

from experiments.compare.report.material import Report, anchor_of
from experiments.compare.report.tables import mark_of, with_range
from scenarios.policy import policy_from


def answers(report: Report) -> list[dict[str, Any]]:
    """For every policy its title and sentences."""
    return [
        {"title": title, "lines": [*effect(report, name), *rest(report, name)]}
        for name, title in report.compared.items()
    ]


def glance(report: Report) -> list[dict[str, Any]]:
    """A row per policy: people at home, established and newcomers, composition, euro per year and per year at home."""
    rows = []
    for name, title in report.compared.items():
        cost = report.summary["costs"][name]
        yearly = report.euro(cost["euro"] / report.summary["years"])
        whole = with_range(report, report.at_home(name))
        whole["mark"] = assumed(report, name)
        others = composition_shown(report, name)[1]
        rows.append({
            "title": title, "at_home": whole, "composition": others,
            "groups": " / ".join(with_range(report, report.at_home(name, g))["value"] for g in GROUPS),
            "yearly": {"value": yearly, "mark": price_mark(report, name)},
            "per_home": {"value": per_home(report, cost)},
        })  # fmt: skip
    return rows


GROUPS = ("established", "newcomer")
LEAST_SHARE = 0.005  # of an effect, below which a pathway is not named


def effect(report: Report, name: str) -> list[str]:
    """What it does to people who live there in both futures."""
    w, found = report.words["answer"], report.at_home(name)
    if changes_nothing(report, name):
        return [w["none"]]
    if found["low"] is None:
        text = w["no_range"]
    elif found["low"] <= 0 <= found["high"]:
        text = w["unclear"]
    else:
        text = w["effect"]
    sign = -1 if found["difference"] < 0 else 1
    anchor = anchor_of(found)
    ends = sorted(sign * (found[end] or 0.0) for end in ("low", "high"))
    return [report.say(
        text, value=report.rough(abs(found["difference"]), anchor), low=report.rough(ends[0], anchor),
        high=report.rough(ends[1], anchor), more=w["more" if sign > 0 else "fewer"],
    )]  # fmt: skip


def changes_nothing(report: Report, name: str) -> bool:
    """Whether no number differs."""
    found = report.summary["effects"][name]
    return all(each["difference"] == 0 and not each["sd"] for each in found.values())


def rest(report: Report, name: str) -> list[str]:
    """For whom, through which pathway, where and at what cost."""
    if changes_nothing(report, name):
        return [*permits(report, name), *costs(report, name)]
    return [
        *for_whom(report, name), *composition(report, name), *by_road(report, name), *where(report, name),
        *costs(report, name),
    ]  # fmt: skip


def permits(report: Report, name: str) -> list[str]:
    """Why a permit rule without effect has none."""
    values = next(p for p in report.summary["configuration"]["policies"] if p["name"] == name)
    fields = {setting.lever.field for measure in policy_from(values).measures for setting in measure.settings}
    return [report.say(report.words["answer"]["permits"])] if fields == {"permit"} else []


def for_whom(report: Report, name: str) -> list[str]:
    """Established residents and newcomers, side by side."""
    cells = {group: with_range(report, report.at_home(name, group)) for group in GROUPS}
    if any(cell["value"] == "–" for cell in cells.values()):
        return []
    texts = {group: f"{cell['value']} ({cell['ends']})" if cell["ends"] else cell["value"]
             for group, cell in cells.items()}  # fmt: skip
    return [report.say(report.words["answer"]["groups"], **texts)]


def composition_shown(report: Report, name: str) -> tuple[str, str, str]:
    """The change in people, by composition and in all, rounded so that the two add up as they are shown."""
    rows = [report.at_home(name, part=part) for part in ("both", "composition", "total")]
    anchor = max(anchor_of(row) for row in rows)
    both, _, total = (round_like(row["difference"], anchor) for row in rows)
    return tuple(report.rough(value, anchor, sign=True) for value in (both, total - both, total))  # type: ignore[return-value]


def round_like(value: float, anchor: float) -> float:
    """A value rounded to where the anchor has two digits."""
    from math import floor, log10

    return round(value, 1 - floor(log10(anchor))) if anchor else 0.0


def composition(report: Report, name: str) -> list[str]:
    """The part of composition, and the sum of both."""
    both, others, total = composition_shown(report, name)
    text = report.words["answer"]["composition" if any(digit in "123456789" for digit in others) else "same_people"]
    share = report.number(100 * report.summary["in_both"][name], 1)
    return [report.say(text, both=both, others=others, total=total, share=share)]


def by_road(report: Report, name: str) -> list[str]:
    """The pathways of the effect, where its parts can be given as shares."""
    found = report.summary["roads"][name]
    if not shares_told(found):
        return []
    w, said = report.words["roads"], []
    for road, part in sorted(found["roads"].items(), key=lambda each: -each[1]["share"]):
        if part["share"] >= LEAST_SHARE:
            said.append(f"{report.percent(part['share'])} {w['by'][road]}")
    return [report.say(w["sentence"], parts=report.joined(said))]


def shares_told(found: dict[str, Any] | None) -> bool:
    """Whether all parts of an effect have one sign (within a hundredth of it), so that shares are meaningful."""
    return bool(found and found["effect"] and all(part["share"] > -0.01 for part in found["roads"].values()))


def assumed(report: Report, name: str) -> str:
    """The mark beside the number: how much of the effect comes directly through an assumed term."""
    found = report.summary["roads"][name]
    if not shares_told(found):
        return ""
    share = max(found["roads"]["straight"]["share"], 0.0)
    return report.say(report.words["roads"]["mark"], share=report.percent(share)) if share >= LEAST_SHARE else ""


def price_mark(report: Report, name: str) -> str:
    """Whether the prices have a source."""
    prices = report.summary["prices"][name]
    w, assumed_ones = report.words["prices"], [p for p in prices if p["certainty"] == "E"]
    if not prices:
        return ""
    return w["all_assumed"] if len(assumed_ones) == len(prices) else w["some_assumed"] if assumed_ones else w["sourced"]


def where(report: Report, name: str) -> list[str]:
    """How many neighbourhoods gain and lose."""
    gain, lose, count = gains_and_losses(report, name)
    if not count:
        return []
    numbers = {"all": count, "gain": gain, "lose": lose, "same": count - gain - lose}
    return [report.say(report.words["answer"]["places"], **{k: report.number(v, 0) for k, v in numbers.items()})]


def gains_and_losses(report: Report, name: str) -> tuple[int, int, int]:
    """Neighbourhoods whose people certainly gain, certainly lose, and all of them; 0 of 0 where no range exists."""
    rows = report.frames["by_neighbourhood"].filter(
        (pl.col("policy") == name) & (pl.col("measure") == "belonging_both")
    )
    count = len(rows) if rows["low"].count() else 0
    return len(rows.filter(pl.col("low") > 0)), len(rows.filter(pl.col("high") < 0)), count


def costs(report: Report, name: str) -> list[str]:
    """What it costs, what an adult at home costs, and what the budget buys."""
    w, found = report.words["answer"], report.summary["costs"][name]
    if not found["euro"] and not found["euro_low"] and not found["euro_high"]:
        return [w["free"]]
    low, high = sorted([abs(found["euro_low"]), abs(found["euro_high"])])
    people = report.summary["start"]["start"]["residents"]
    each = abs(found["euro"]) / report.summary["years"] / people
    lines: list[str] = [report.say(
        w["cost" if found["euro"] > 0 else "saves"], euro=report.euro(abs(found["euro"])), low=report.euro(low),
        high=report.euro(high), each=report.rough(each, each), mark=mark_of(report, report.summary["prices"][name]),
    )]  # fmt: skip
    if found["euro_per_year_at_home_low"] is not None:
        told = {key: report.euro(found[f"euro_per_year_at_home{key}"]) for key in ("", "_low", "_high")}
        persons = {key: report.rough(found[f"bought{key}"], found["bought_high"]) for key in ("", "_low", "_high")}
        text = w["per_home" if found["euro_per_year_at_home"] is not None else "per_home_least"]
        lines.append(report.say(
            text, euro=told[""], low=told["_low"], high=told["_high"], persons=persons[""], fewest=persons["_low"],
            most=persons["_high"], budget=report.euro(report.summary["configuration"]["budget"]),
        ))  # fmt: skip
    return lines


def per_home(report: Report, found: dict[str, Any]) -> str:
    """Euro per year at home; with a lowest only, that."""
    if found["euro_per_year_at_home"] is not None:
        return report.euro(found["euro_per_year_at_home"])
    lowest = found["euro_per_year_at_home_low"]
    return "–" if lowest is None else report.say(report.words["at_least"], value=report.euro(lowest))


def ranking_sentence(report: Report) -> str:
    """The order of the policies, ties declared, and how often it holds."""
    found, w = report.summary["ranking"], report.words["ranking"]
    groups = [report.joined([report.titles[name] for name in group]) for group in found["order"]]
    if len(groups) == 1:
        return report.say(w["tie"], all=groups[0])
    text = report.say(w["order"], order=w["then"].join(groups), share=report.percent(found["share"]))
    tied = [report.joined([report.titles[name] for name in group]) for group in found["order"] if len(group) > 1]
    return " ".join([text, *(report.say(w["tied"], tied=each) for each in tied)])
