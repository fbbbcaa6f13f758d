"""A result as a readable text: levels of a run at its start and end, effects of a comparison."""

from typing import Any

from experiments.results.folders import COMPARISON, KIND
from experiments.results.phrases import fill_plain, phrases, written

PERCENT = ("at_home", "employed", "withdrawn", "members", "turnover")
DIGITS = {"residents": 0, "belonging": 3, "cohesion": 2, "faces": 1}


def describe_summary(summary: dict[str, Any], language: str) -> str:
    """The text for a run or a comparison; of another kind its title."""
    if summary["kind"] == KIND:
        return run_shown(summary, language)
    return comparison_shown(summary, language) if summary["kind"] == COMPARISON else str(summary.get("title", ""))


def run_shown(summary: dict[str, Any], language: str) -> str:
    """Levels at the start and the end, and their change."""
    words = phrases(language)["results"]
    rows = [words["columns"]]
    for key, name in words["rows"].items():
        times, digits = (100, 1) if key in PERCENT else (1, DIGITS.get(key, 2))
        values = [summary[when].get(key) for when in ("start", "end")]
        known = [None if value is None else times * value for value in values]
        start, end = known
        change = None if start is None or end is None else end - start
        levels = [written(value, digits, language) for value in known]
        rows.append([name, *levels, written(change, digits, language, True)])
    numbers = {key: summary[key] for key in ("title", "years", "seed", "scale", "policy")}
    lines = [fill_plain(words["run"], language, **numbers), "", *aligned(rows), ""]
    if summary["euro_spent"]:
        lines.append(fill_plain(words["euro"], language, euro=summary["euro_spent"]))
    return "\n".join([*lines, fill_plain(words["digest"], language, digest=summary["digest"])])


def comparison_shown(summary: dict[str, Any], language: str) -> str:
    """The effect of every policy on who feels at home, with its interval, and what it costs."""
    words = phrases(language)["results"]
    titles = {policy["name"]: policy["title"].get(language) or policy["name"] for policy in summary["policies"]}
    rows = [words["effect_columns"]]
    for name, people in summary["people"].items():
        found = people["everyone"]["at_home"]["both"]
        at_home = [found[key] for key in ("difference", "low", "high")]
        per_thousand = [written(None if v is None else 1000 * v, 1, language, True) for v in at_home]
        belonging = written(people["everyone"]["belonging"]["both"]["difference"], 4, language, True)
        rows.append([titles[name], *per_thousand, belonging, written(summary["costs"][name]["euro"], 0, language)])
    numbers = {key: summary[key] for key in ("title", "replicates", "years")}
    return "\n".join([fill_plain(words["comparison"], language, **numbers), "", *aligned(rows)])


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows in columns: the first to the left, numbers to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    found = []
    for row in rows:
        numbers = [cell.rjust(wide) for cell, wide in zip(row[1:], widths[1:], strict=True)]
        found.append("  ".join([row[0].ljust(widths[0]), *numbers]).rstrip())
    return found
