"""The one-page answer: per policy what it does, for whom, where, and what it costs; in words."""

from typing import Any

import polars as pl

from experiments.compare.report.material import Report
from experiments.compare.report.tables import with_interval
from experiments.compare.report.words import round_euro
from scenarios.policy import policy_from

# Groups of which the answer names the one that gains most and the one that gains least.
NAMED = ("established", "newcomer", "no_background", "background", "poorer", "better_off")


def answers(report: Report) -> list[dict[str, Any]]:
    """For every policy its title and sentences."""
    return [
        {"title": title, "lines": [effect(report, name, title), *rest(report, name)]}
        for name, title in report.compared.items()
    ]


def glance(report: Report) -> list[dict[str, Any]]:
    """A row per policy: people who feel at home, euro per year, euro per point, neighbourhoods up and down."""
    rows = []
    for name, title in report.compared.items():
        cost = report.summary["costs"][name]
        gain, lose, count = gains_and_losses(report, name)

        def euro(key: str, cost: dict[str, Any] = cost, parts: int = 1) -> str:
            return round_euro(None if cost[key] is None else cost[key] / parts, report.language, report.words)

        rows.append({
            "title": title,
            "at_home": with_interval(report, report.summary["effects"][name]["at_home"], 1, 1000),
            "yearly": euro("euro", parts=report.summary["years"]), "per_point": euro("euro_per_point"),
            "up_down": f"{report.number(gain, 0)} / {report.number(lose, 0)}" if count else report.number(None, 0),
        })  # fmt: skip
    return rows


def effect(report: Report, name: str, title: str) -> str:
    """What it does to feeling at home."""
    w, found = report.words["answer"], report.summary["effects"][name]
    belonging, at_home = found["belonging"], found["at_home"]
    numbers = {
        "policy": title, "belonging": report.number(belonging["difference"], 4, sign=True),
        "blow": report.number(belonging["low"], 4, sign=True), "bhigh": report.number(belonging["high"], 4, sign=True),
    }  # fmt: skip
    if changes_nothing(found):
        return report.say(w["none"], **numbers)
    if belonging["low"] is None:
        return report.say(w["single"], **numbers)
    if belonging["low"] <= 0 <= belonging["high"]:
        return report.say(w["unclear"], **numbers)
    sign = -1 if at_home["difference"] < 0 else 1
    ends = sorted(sign * 1000 * at_home[end] for end in ("low", "high"))
    return report.say(
        w["effect"], at_home=report.number(abs(1000 * at_home["difference"]), 1), low=report.number(ends[0], 1),
        high=report.number(ends[1], 1), more=w["more" if sign > 0 else "fewer"], **numbers,
    )  # fmt: skip


def changes_nothing(found: dict[str, Any]) -> bool:
    """Whether not one number differs."""
    return all(each["difference"] == 0 and not each["sd"] for each in found.values())


def rest(report: Report, name: str) -> list[str]:
    """For whom, where and at what cost."""
    if changes_nothing(report.summary["effects"][name]):
        return [*permits(report, name), *costs(report, name)]
    return [*for_whom(report, name), *where(report, name), *costs(report, name)]


def permits(report: Report, name: str) -> list[str]:
    """Why a permit rule that changes nothing does not."""
    values = next(p for p in report.summary["configuration"]["policies"] if p["name"] == name)
    fields = {setting.lever.field for measure in policy_from(values).measures for setting in measure.settings}
    return [report.say(report.words["answer"]["permits"])] if fields == {"permit"} else []


def for_whom(report: Report, name: str) -> list[str]:
    """The groups that gain most and least."""
    rows = report.frames["by_group"].filter(
        (pl.col("policy") == name) & (pl.col("measure") == "belonging") & pl.col("group").is_in(NAMED)
        & pl.col("difference").is_not_null()
    ).sort("difference").to_dicts()  # fmt: skip
    if len(rows) < 2:
        return []
    groups = report.words["effects"]["groups"]
    least, most = rows[0], rows[-1]

    def called(row: dict[str, Any]) -> str:
        text = groups[row["group"]]
        return text[0].lower() + text[1:]

    return [report.say(
        report.words["answer"]["groups"], most=called(most), least=called(least),
        most_value=report.number(most["difference"], 4, sign=True),
        least_value=report.number(least["difference"], 4, sign=True),
    )]  # fmt: skip


def where(report: Report, name: str) -> list[str]:
    """How many neighbourhoods gain and lose."""
    gain, lose, count = gains_and_losses(report, name)
    if not count:
        return []
    numbers = {"all": count, "gain": gain, "lose": lose, "same": count - gain - lose}
    return [report.say(report.words["answer"]["places"], **{k: report.number(v, 0) for k, v in numbers.items()})]


def gains_and_losses(report: Report, name: str) -> tuple[int, int, int]:
    """Neighbourhoods whose belonging surely rises, surely falls, and all of them; 0 of 0 where no interval exists."""
    rows = report.frames["by_neighbourhood"].filter((pl.col("policy") == name) & (pl.col("measure") == "belonging"))
    count = len(rows) if rows["low"].count() else 0
    return len(rows.filter(pl.col("low") > 0)), len(rows.filter(pl.col("high") < 0)), count


def costs(report: Report, name: str) -> list[str]:
    """What it costs, and a point of belonging."""
    w, found = report.words["answer"], report.summary["costs"][name]

    def euro(value: float) -> str:
        return round_euro(value, report.language, report.words)

    if not found["euro"] and not found["euro_low"] and not found["euro_high"]:
        return [w["free"]]
    key = "cost" if found["euro"] > 0 else "saves"
    low, high = sorted([abs(found["euro_low"]), abs(found["euro_high"])])
    people = report.summary["start"]["start"]["residents"]
    each = report.number(abs(found["euro"]) / report.summary["years"] / people, 2)
    lines: list[str] = [report.say(w[key], euro=euro(abs(found["euro"])), low=euro(low), high=euro(high), each=each)]
    if found["euro_per_point"] is not None:
        ends = {"low": euro(found["euro_per_point_low"]), "high": euro(found["euro_per_point_high"])}
        lines.append(report.say(w["point"], euro=euro(found["euro_per_point"]), **ends))
    return lines


def ranking_sentence(report: Report) -> str:
    """The order of the policies and how often it holds."""
    found = report.summary["ranking"]
    kind = report.words["answer"]["draws" if report.summary["parameters_drawn"] else "starts"]
    return report.say(
        report.words["answer"]["ranking"], order=", ".join(report.titles[name] for name in found["order"]),
        share=f"{report.number(100 * found['share'], 0)}%", units=found["units"], kind=kind,
    )  # fmt: skip
