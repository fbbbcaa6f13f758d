"""What now: what to find out first, what to measure, how to try it out, what changes the answer."""

from math import ceil
from typing import Any

import polars as pl

from experiments.compare.report.answer import LEAST_SHARE, NEXT_TO_NOTHING, road_percents, shares_told
from experiments.compare.report.differences import is_priced, list_group_effects, status_of
from experiments.compare.report.material import Report, quoted
from scenarios.policy import Policy, policy_from

SEEN = 0.80, 0.05  # chance to find an effect that is there; to find one that is not
RECEPTION = 1  # element of the agenda of the WRR whose measures reach persons, not neighbourhoods
FEWEST_TO_DRAW = 6  # neighbourhoods among which lots can be drawn
MUCH = 0.5  # of an effect, of a variance or of a range of cost


def advice(report: Report) -> list[dict[str, Any]]:
    """Headings with their sentences; about the policy that does most, where its effect is one that matters."""
    w = report.words["advice"]
    name = best(report)
    if name is None:
        untold = any(status_of(report, report.at_home(each)) == "untold" for each in report.compared)
        lines = for_groups_alone(report) or [report.say(w["few" if untold else "nothing"])]
        return [{"title": w["learn"]["title"], "lines": lines}]
    parts = {
        "learn": [*assumed_term(report, name), *parameters(report, name), *dearest_price(report, name)],
        "measure": people_to_ask(report, name),
        "trial": trial(report, name),
        "change": what_changes(report, name),
    }
    return [{"title": w[key]["title"], "lines": lines} for key, lines in parts.items() if lines]


def for_groups_alone(report: Report) -> list[str]:
    """The policies that matter to a group where none matters to all together."""
    w = report.words
    return [
        report.say(
            w["advice"]["nothing_but"],
            policy=quoted(title, report.language),
            who=report.joined([told["who"] for told in list_group_effects(report, name)]),
        )
        for name, title in report.compared.items()
        if list_group_effects(report, name)
    ]


def best(report: Report) -> str | None:
    """The policy that does most of those whose effect may matter; None where there is none."""
    order = [name for group in report.summary["ranking"]["order"] for name in group if name in report.compared]
    return next((n for n in order if status_of(report, report.at_home(n)) in ("more", "fewer", "unsure")), None)


def policy_named(report: Report, name: str) -> Policy:
    """A policy as it was compared."""
    return policy_from(next(p for p in report.summary["configuration"]["policies"] if p["name"] == name))


def assumed_term(report: Report, name: str) -> list[str]:
    """Whether what comes straight by an assumed term is a good part of the effect: then that comes first."""
    percent = dict(road_percents(report, name)).get("straight")
    if percent is None:
        return []
    elements = {s.lever.element for m in policy_named(report, name).measures for s in m.settings}
    w = report.words["advice"]["learn"]
    what = w["reception"] if elements == {RECEPTION} else w["facilities"] if RECEPTION not in elements else w["either"]
    return [
        report.say(
            w["assumed"],
            policy=quoted(report.compared[name], report.language),
            share=report.percent(percent / 100),
            what=what,
        )
    ]


def straight(report: Report, name: str) -> float | None:
    """The share of an effect that comes straight by an assumed term; None where shares say nothing."""
    found = report.summary["roads"][name]
    return found["roads"]["straight"]["share"] if found and shares_told(found) else None


def parameters(report: Report, name: str) -> list[str]:
    """Whether the range comes from numbers that are not known, or from chance."""
    found = report.summary["spread"][name]["difference"]
    if not found or found["parameters"] is None:
        return []
    total = sum(found[key] or 0.0 for key in ("parameters", "start", "chance"))
    if not total:
        return []
    share = found["parameters"] / total
    text, part = ("numbers", share) if share >= MUCH else ("chance", 1 - share)
    return [report.say(report.words["advice"]["learn"][text], share=report.percent(part))]


def dearest_price(report: Report, name: str) -> list[str]:
    """The lever whose price makes the range of the cost widest."""
    costs = report.frames["costs"].filter(pl.col("policy") == name)
    width = (pl.col("high") - pl.col("low")).sum().abs().alias("width")
    widths = costs.group_by("lever").agg(width).sort("width", "lever")
    total = widths["width"].sum()
    if not total:
        return []
    lever, widest = widths.row(-1)
    price = next(p for p in report.summary["prices"][name] if p["lever"] == lever)
    text = report.words["advice"]["learn"]["price"]
    return [
        report.say(
            text,
            what=lower(price["text"][report.language]),
            share=report.percent(widest / total),
            low=report.number(price["low"], 0),
            high=report.number(price["high"], 0),
            per=price["per"][report.language],
        )
    ]


def lower(text: str) -> str:
    """A heading inside a sentence."""
    return text[:1].lower() + text[1:]


def needed_people(difference: float, variance: float) -> int:
    """Adults to ask in each of four samples (with and without, before and after) to find a difference.

    Two-sided test at 5 % with 80 % power of a difference of differences of four means with this variance each.
    """
    from scipy.stats import norm

    power, level = SEEN
    z = norm.ppf(power) + norm.ppf(1 - level / 2)
    return ceil(4 * variance * (z / difference) ** 2)


def people_to_ask(report: Report, name: str) -> list[str]:
    """How many to ask, by yes or no and on a scale, of all and of newcomers, and whether so many live there."""
    w, adults = report.words["advice"]["measure"], report.summary["start"]["end"]["adults"]
    share = report.at_home(name)
    level, effect = share["first"] / 1000, share["difference"] / 1000
    yes_or_no = needed_people(effect, level * (1 - level))
    scale = report.summary["people"][name]["everyone"]["belonging"]["both"]["difference"]
    on_scale = needed_people(scale, report.summary["start"]["end"]["belonging_sd"] ** 2) if scale else None
    lines: list[str] = [
        report.say(
            w["survey"],
            yes=report.people(yes_or_no),
            value=report.rough(abs(share["difference"]), share["difference"]),
        )
    ]
    if on_scale is not None and on_scale < yes_or_no:
        lines.append(report.say(w["scale"], scale=report.people(on_scale)))
    if min(yes_or_no, on_scale or yes_or_no) > adults / 2:
        lines.append(report.say(w["too_many"], adults=report.people(adults)))
    return [*lines, report.say(w["what"])]


def trial(report: Report, name: str) -> list[str]:
    """How to try it out by drawing lots, and after how many years to measure."""
    w = report.words["advice"]["trial"]
    elements = {s.lever.element for m in policy_named(report, name).measures for s in m.settings}
    count = report.summary["neighbourhoods"]
    key = "persons" if elements == {RECEPTION} else "neighbourhoods" if count >= FEWEST_TO_DRAW else "together"
    lines: list[str] = [report.say(w[key], count=report.number(count, 0), half=report.number(count // 2, 0))]
    rows = (
        report.frames["people"]
        .filter(
            pl.col("policy") == name,
            pl.col("group") == "everyone",
            pl.col("measure") == "at_home",
            pl.col("part") == "both",
            pl.col("difference").is_not_null(),
        )
        .sort("year")
    )
    last = rows["difference"][-1]
    parts = [(year, change / last) for year, change in rows.select("year", "difference").iter_rows() if last]
    year, share = next(((year, part) for year, part in parts if part >= MUCH), (report.summary["years"], 1.0))
    if year < report.summary["years"]:
        lines.append(report.say(w["when_one" if year == 1 else "when"], year=year, share=report.percent(share)))
    return lines


def what_changes(report: Report, name: str) -> list[str]:
    """What is left without the assumed term; where zero lies; the dearest case; how often the order is another."""
    w, row, share = report.words["advice"]["change"], report.at_home(name), straight(report, name)
    lines = []
    if share is not None and share >= LEAST_SHARE:
        left = row["difference"] * (1 - share)
        little = abs(left) < NEXT_TO_NOTHING
        key = "straight_nothing" if little else "straight_little" if abs(left) < report.matters else "straight"
        text = w[key]
        lines.append(
            report.say(
                text,
                left=report.rough(abs(left), row["difference"]),
                value=report.rough(abs(row["difference"]), row["difference"]),
            )
        )
    if status_of(report, row) == "unsure":
        lines.append(report.say(w["zero"]))
    cost = report.summary["costs"][name]
    if is_priced(report, name):
        lines.append(
            report.say(
                w["dear"],
                high=report.euro(cost["euro_per_year_at_home_high"]),
                value=report.euro(cost["euro_per_year_at_home"]),
            )
        )
    ranking = report.summary["ranking"]
    if len(report.compared) > 1 and len(ranking["order"]) > 1 and ranking["share"] < 1:
        lines.append(report.say(w["order"], share=report.percent(1 - ranking["share"])))
    return [*lines, report.say(w["rules"])]
