"""The one-page answer: per policy what it does, for whom, how, where, and what it costs; in words."""

from typing import Any

import polars as pl
from markupsafe import Markup

from experiments.compare.report.apart import carried
from experiments.compare.report.differences import is_priced, levels, list_group_effects, may_matter, shown, status_of
from experiments.compare.report.material import Report, anchor_of, per_thousand
from experiments.compare.report.tables import mark_of
from experiments.compare.report.words import whole_percents
from scenarios.policy import policy_from


def answers(report: Report) -> list[dict[str, Any]]:
    """For every policy its title and sentences."""
    return [
        {"title": title, "lines": [*effect(report, name), *rest(report, name)]}
        for name, title in report.compared.items()
    ]


def glance(report: Report) -> list[dict[str, Any]]:
    """A row per policy: levels, more people at home, established and newcomers, composition, euro and euro a person."""
    rows = []
    for name, title in report.compared.items():
        cost = report.summary["costs"][name]
        whole = report.at_home(name)
        rows.append(
            {
                "title": title,
                "levels": levels(report, whole),
                "at_home": shown(report, whole) | {"mark": assumed(report, name)},
                **{group: shown(report, report.at_home(name, group)) for group in GROUPS},
                "composition": composition_shown(report, name)[1],
                "yearly": yearly(report, cost) | {"mark": price_mark(report, name)},
                "per_home": per_home(report, name),
            }
        )
    return rows


GROUPS = ("established", "newcomer")
NEXT_TO_NOTHING = 0.5  # people per 1,000
LEAST_SHARE = 0.005  # of an effect, below which a pathway is not named
FEWEST_ALIKE = 4
ALIKE = 0.25  # spread between nine in ten neighbourhoods over the mean, below which they hardly differ


def effect(report: Report, name: str) -> list[str]:
    """What it does to people who live there in both futures."""
    w, found = report.words["answer"], report.at_home(name)
    if changes_nothing(report, name):
        return [w["none"]]
    small = w["perhaps_small" if may_matter(report, found) else "small"]
    text = {"untold": w["no_range"], "unsure": w["unclear"], "none": small}.get(status_of(report, found), w["effect"])
    sign = -1 if found["difference"] < 0 else 1
    anchor = anchor_of(found)
    ends = sorted(sign * (found[end] or 0.0) for end in ("low", "high"))
    return [
        report.say(
            text,
            value=report.rough(abs(found["difference"]), anchor),
            low=report.rough(ends[0], anchor),
            high=report.rough(ends[1], anchor),
            more=w["more" if sign > 0 else "fewer"],
        )
    ]


def for_groups(report: Report, name: str) -> list[str]:
    """The groups for whom it makes a difference that matters and is certain, where it does not so for everyone."""
    if status_of(report, report.at_home(name)) not in ("none", "unsure"):
        return []
    text = report.words["answer"]["for_group"]
    return [report.say(text, **told) for told in list_group_effects(report, name)]


def matters(report: Report) -> str:
    """From which size on a difference counts, and how many people here that are."""
    people = report.matters * report.summary["start"]["end"]["adults"] / 1000
    return report.say(
        report.words["answer"]["matters"], matters=report.number(report.matters, 0), people=report.people(people)
    )


def changes_nothing(report: Report, name: str) -> bool:
    """Whether no number differs."""
    found = report.summary["effects"][name]
    return all(each["difference"] == 0 and not each["sd"] for each in found.values())


def rest(report: Report, name: str) -> list[str]:
    """For whom, through which pathway, where and at what cost."""
    if changes_nothing(report, name):
        return [*permits(report, name), *costs(report, name)]
    return [
        *for_groups(report, name),
        *composition(report, name),
        *by_road(report, name),
        *carried(report, name),
        *where(report, name),
        *costs(report, name),
    ]


def permits(report: Report, name: str) -> list[str]:
    """Why a permit rule without effect has none."""
    values = next(p for p in report.summary["configuration"]["policies"] if p["name"] == name)
    fields = {setting.lever.field for measure in policy_from(values).measures for setting in measure.settings}
    return [report.say(report.words["answer"]["permits"])] if fields == {"permit"} else []


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
    """The part of composition, and the sum of both; that it is next to nothing where it is."""
    both, others, total = composition_shown(report, name)
    part = report.at_home(name, part="composition")["difference"]
    w, kept = report.words["answer"], report.summary["in_both"][name]
    text = (
        w["composition"]
        if abs(part) >= NEXT_TO_NOTHING
        else w["all_people" if kept == 1 and part == 0 else "same_people"]
    )
    percent = round(100 * kept, 1)
    share = f"{report.number(percent, 0 if percent == int(percent) else 1)}%"
    if percent == 100:
        share = w["nearly_all"]
    return [report.say(text, both=both, others=others, total=total, share=share)]


def by_road(report: Report, name: str) -> list[str]:
    """The pathways of the effect, where its parts can be given as shares."""
    w = report.words["roads"]
    said = [f"{report.percent(percent / 100)} {w['by'][road]}" for road, percent in road_percents(report, name)]
    return [report.say(w["sentence"], parts=report.joined(said))] if said else []


def road_percents(report: Report, name: str) -> list[tuple[str, int]]:
    """Pathways of an effect with whole percentages that add up to 100, the largest first; none where shares say little.

    A pathway of less than `LEAST_SHARE` is left out.
    """
    found = report.summary["roads"][name]
    if not shares_told(found):
        return []
    parts = [(road, part["share"]) for road, part in found["roads"].items() if part["share"] >= LEAST_SHARE]
    percents = whole_percents([share for _, share in parts])
    return sorted(zip((road for road, _ in parts), percents, strict=True), key=lambda each: -each[1])


def shares_told(found: dict[str, Any] | None) -> bool:
    """Whether all parts of an effect have one sign (within a hundredth of it), so that shares are meaningful."""
    return bool(found and found["effect"] and all(part["share"] > -0.01 for part in found["roads"].values()))


def assumed(report: Report, name: str) -> str:
    """The mark beside the number: how much of the effect comes directly through an assumed term."""
    percent = dict(road_percents(report, name)).get("straight")
    return "" if percent is None else report.say(report.words["roads"]["mark"], share=report.percent(percent / 100))


def price_mark(report: Report, name: str) -> str:
    """Whether the prices have a source."""
    prices = report.summary["prices"][name]
    w, assumed_ones = report.words["prices"], [p for p in prices if p["certainty"] == "E"]
    if not prices:
        return ""
    return w["all_assumed"] if len(assumed_ones) == len(prices) else w["some_assumed"] if assumed_ones else w["sourced"]


def where(report: Report, name: str) -> list[str]:
    """How many neighbourhoods gain and lose, and whether the effect depends on the neighbourhood at all."""
    numbers = gains_and_losses(report, name)
    if not numbers["all"]:
        return []
    w, told = report.words["answer"], {key: report.number(value, 0) for key, value in numbers.items()}
    if numbers["all"] == 1:
        return []
    return [report.say(w[kind_of(numbers)], **told), *alike(report, name)]


def kind_of(numbers: dict[str, int]) -> str:
    """Which sentence says where people gain and lose."""
    for key in ("gain", "lose", "same"):
        if numbers[key] == numbers["all"]:
            return f"places_{key}"
    one_way = next((key for key, other in (("gain", "lose"), ("lose", "gain")) if not numbers[other]), None)
    return f"places_{one_way}_some" if one_way else "places"


def gains_and_losses(report: Report, name: str) -> dict[str, int]:
    """Neighbourhoods whose people gain, lose, or show no difference that matters; 0 of 0 where no range exists."""
    rows = neighbourhoods_of(report, name)
    known = [status_of(report, row) for row in rows if row["low"] is not None]
    gain, lose = known.count("more"), known.count("fewer")
    count = len(rows) if known else 0
    return {"all": count, "gain": gain, "lose": lose, "same": count - gain - lose}


def neighbourhoods_of(report: Report, name: str) -> list[dict[str, Any]]:
    """The effect per neighbourhood, people at home of 1,000 who live there in both futures."""
    rows = report.frames["by_neighbourhood"].filter(pl.col("measure") == "at_home_both", pl.col("policy") == name)
    return [per_thousand(row) for row in rows.to_dicts()]


def alike(report: Report, name: str) -> list[str]:
    """That an effect hardly depends on the neighbourhood, where it does not: of belonging, which has no threshold."""
    rows = report.frames["by_neighbourhood"].filter(pl.col("measure") == "belonging_both", pl.col("policy") == name)
    values = rows["difference"].drop_nulls()
    mean = values.mean()
    if len(values) < FEWEST_ALIKE or status_of(report, report.at_home(name)) not in ("more", "fewer") or not mean:
        return []
    low, high = (float(values.quantile(share) or 0.0) for share in (0.05, 0.95))
    if abs(high - low) > ALIKE * abs(float(mean)):  # type: ignore[arg-type]
        return []
    return [report.say(report.words["answer"]["alike"])]


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
    if is_priced(report, name):
        told = {key: report.euro(found[f"euro_per_year_at_home{key}"]) for key in ("", "_low", "_high")}
        persons = {key: report.people(found[f"bought{key}"]) for key in ("", "_low", "_high")}
        lines.append(
            report.say(
                w["per_home"],
                euro=told[""],
                low=told["_low"],
                high=told["_high"],
                persons=persons[""],
                fewest=persons["_low"],
                most=persons["_high"],
                budget=report.euro(report.summary["configuration"]["budget"]),
            )
        )
    elif found["euro"] > 0 and (status := status_of(report, report.at_home(name))) in UNPRICED:
        lines.append(w[f"per_home_{UNPRICED[status]}"])
    return lines


UNPRICED = {"unsure": "unsure", "none": "none", "same": "none"}  # why no price is told, by what the effect is called


def yearly(report: Report, found: dict[str, Any]) -> dict[str, str]:
    """Euro a year beyond the first policy, with the ends of the prices."""
    value, low, high = (found[f"euro{end}"] / report.summary["years"] for end in ("", "_low", "_high"))
    ends = f"{report.euro(low)} {report.words['to']} {report.euro(high)}" if value else ""
    return {"value": report.euro(value), "ends": ends}


def per_home(report: Report, name: str) -> dict[str, str]:
    """Euro per year at home with its ends, where that can be told."""
    found = report.summary["costs"][name]
    value, low, high = (found[f"euro_per_year_at_home{end}"] for end in ("", "_low", "_high"))
    if is_priced(report, name):
        return {"value": report.euro(value), "ends": f"{report.euro(low)} {report.words['to']} {report.euro(high)}"}
    status = status_of(report, report.at_home(name))
    unpriced = found["euro"] > 0 and status in UNPRICED
    return {"value": report.words["answer"][f"unpriced_{UNPRICED[status]}"] if unpriced else "–", "ends": ""}


def ranking_sentence(report: Report) -> Markup:
    """The order of the policies as far as there is one, and how often it holds."""
    found, w = report.summary["ranking"], report.words["ranking"]
    lines = []
    if len(found["order"]) > 1:
        groups = [report.joined([report.titles[name] for name in group]) for group in found["order"]]
        lines.append(report.say(w["order"], order=w["then"].join(groups), share=report.percent(found["share"])))
    for group in found["order"]:
        if len(group) > 1:
            lines.append(report.say(w["tied"], tied=report.joined([report.titles[name] for name in group])))
    for name in dict.fromkeys(better for better, _ in found["apart"]):
        fewer = report.joined([report.titles[than] for better, than in found["apart"] if better == name])
        lines.append(report.say(w["apart"], more=report.titles[name], fewer=fewer))
    return Markup(" ").join(lines)
