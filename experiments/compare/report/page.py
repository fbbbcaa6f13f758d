"""From tables and summary to the page: the values of the template, in words and local numbers."""

from pathlib import Path
from typing import Any

import polars as pl

from experiments.compare.report.answer import answers, glance, ranking_sentence
from experiments.compare.report.charts import groups_chart, time_chart
from experiments.compare.report.map_paths import HEIGHT, WIDTH, Shape, colour, kind_of, paths
from experiments.compare.report.material import Report, quoted
from experiments.compare.report.tables import (
    absent_groups,
    cost_rows,
    effect_rows,
    group_rows,
    neighbourhood_rows,
    parts_rows,
    price_rows,
    road_rows,
    spread_rows,
    technical_rows,
    with_range,
)
from experiments.results.html import render_page
from scenarios.areas import AreaTable

LANGUAGES = ("en", "nl")
MOST_NEIGHBOURHOODS = 200
MOST_COLUMNS = 4


def write_reports(folder: Path, summary: dict[str, Any], table: AreaTable, language: str) -> None:
    """Write report.html in the language asked, and beside it the one in the other language."""
    for each in LANGUAGES:
        name = "report.html" if each == language else f"report-{each}.html"
        (folder / name).write_text(render(Report(folder, summary, table, each)), encoding="utf-8")


def render(report: Report) -> str:
    """The whole page."""
    return render_page("experiments.compare.report", "report", **context(report))


def context(report: Report) -> dict[str, Any]:
    """All that the template shows."""
    s, w, suffix = report.summary, report.words, "_nl" if report.language == "nl" else ""
    count, rows = neighbourhood_rows(report, MOST_NEIGHBOURHOODS)
    fold = w["map"]["fold"] if count == len(rows) else w["map"]["fold_some"]
    return {
        "language": report.language, "words": w, "title": report.say(w["title"]), "say": report.say,
        "question": question(report), "answers": answers(report), "glance": glance(report),
        "ranking": ranking_sentence(report),
        "failed": report.say(w["answer"]["failed"], count=len(s["failed"])) if s["failed"] else "",
        "neighbourhood_rows": figures_of_region(report), "policies": policies(report), "figures": figures(report),
        "maps": maps(report), "map_kind": kind_of(report.table), "map_size": (WIDTH, HEIGHT),
        "neighbourhoods": rows, "places_fold": fold.format(count=len(rows), all=count),
        "titles": list(report.compared.values()), "parts": parts(len(report.compared)),
        "effects": effect_rows(report), "groups": group_rows(report), "absent": absent_groups(report),
        "people_parts": parts_rows(report), "roads": road_rows(report), "roads_text": roads_text(report),
        "costs": cost_rows(report), "prices": price_rows(report), "budget_notes": budget_notes(report),
        "uncertainty": uncertainty(report), "assumption": assumption(report), "technical": technical_rows(report),
        "spread": spread_rows(report), "pairs": pair_rows(report), "paired": paired_rows(report),
        "beware": beware(report),
        "sizes": [report.number(1000 * each["size"], 0) for each in next(iter(s["units_needed"].values()))],
        "command": s["command"], "digests": digests(report), "made": made(report),
        "source": report.say(w["place"]["source"], source=s["data_source" + suffix]), "notes": s["notes" + suffix],
    }  # fmt: skip


def parts(count: int) -> list[tuple[int, int, str]]:
    """Columns of policies in tables that fit a sheet of paper: from, to, and what the caption adds."""
    tables = -(-count // MOST_COLUMNS)
    bounds = [round(count * at / tables) for at in range(tables + 1)]
    suffixes = [f" ({at} / {tables})" if tables > 1 else "" for at in range(1, tables + 1)]
    return list(zip(bounds[:-1], bounds[1:], suffixes, strict=True))


def question(report: Report) -> list[str]:
    """The question, and the method of the answer."""
    s, w = report.summary, report.words["question"]
    names = [quoted(title, report.language) for title in report.compared.values()]
    how = report.say(w["how"], replicates=s["replicates"])
    if s["parameters_drawn"]:
        how += " " + report.say(w["how_drawn"])
    if s["scale"] > 1:
        how += " " + report.say(w["how_scale"], scale=report.number(s["scale"], 0))
    verb = w["verb_one" if len(names) == 1 else "verb_more"]
    return [report.say(w["text"], verb=verb, policies=report.joined(names)), how]


def figures_of_region(report: Report) -> list[dict[str, str]]:
    """Rows of the table of the region: start, and end under the first policy."""
    start, end = report.summary["start"]["start"], report.summary["start"]["end"]
    shares, digits = ("at_home", "at_home_established", "at_home_newcomer", "employed"), {"belonging": 3, "cohesion": 2}
    rows = []
    for key, name in report.words["place"]["rows"].items():
        times = 100 if key in shares else 1
        decimals = digits.get(key, 1 if key in shares or key == "ties" else 0)
        cells = [report.number(None if v[key] is None else v[key] * times, decimals) for v in (start, end)]
        rows.append({"name": name, "start": cells[0], "end": cells[1]})
    return rows


def policies(report: Report) -> list[dict[str, Any]]:
    """Title, description and measures of each policy."""
    return [
        {"title": report.titles[p["name"]], "text": p["text"].get(report.language, ""),
         "lines": p["words"][report.language], "reference": at == 0}
        for at, p in enumerate(report.summary["policies"])
    ]  # fmt: skip


def figures(report: Report) -> list[dict[str, str]]:
    """Charts with title, text and a description in place of the drawing."""
    w, frames = report.words["figures"], report.frames
    drawn = {
        "groups": groups_chart(frames["people"], report.compared, report.words, report.language),
        "time": time_chart(frames["people"], report.compared, ("everyone",), report.words, report.language),
        "newcomers": time_chart(
            frames["people"], report.compared, ("established", "newcomer"), report.words, report.language
        ),
    }
    return [
        {"title": report.say(w[f"{name}_title"]), "text": report.say(w[f"{name}_text"]), "address": address}
        for name, address in drawn.items()
    ]


def maps(report: Report) -> list[dict[str, Any]]:
    """A map per policy, all in one scale of colours."""
    data = report.frames["by_neighbourhood"].filter(pl.col("measure") == "belonging_both")
    most = max((abs(value) for value in data["difference"].drop_nulls()), default=0.0)
    shapes = paths(report.table)
    found = []
    for name, title in report.compared.items():
        rows = data.filter(pl.col("policy") == name).to_dicts()
        drawn = []
        for path, row in zip(shapes, rows, strict=True):
            certain = row["low"] is not None and (row["low"] > 0 or row["high"] < 0)
            fill = colour(float("nan") if row["difference"] is None else row["difference"], certain, most)
            text = f"{row['name']}: {with_range(report, row)['value']}"
            drawn.append(Shape(path, fill, text))
        alt = report.say(report.words["map"]["alt"], policy=title)
        found.append({"title": title, "alt": alt, "shapes": drawn, "most": report.rough(most, most)})
    return found


def budget_notes(report: Report) -> list[str]:
    """Where a budget bound, with the policy's name."""
    found = report.summary["budget_notes"].items()
    return [f"{report.titles[name]}: {line}" for name, notes in found for line in notes[report.language]]


def beware(report: Report) -> str:
    """Limits of the answer, with the share of the model's numbers that are assumptions."""
    c = report.summary["certainty"]
    share = (c["E"] + c["R"]) / sum(c.values())
    return report.say(report.words["answer"]["beware"], share=report.percent(share))


def roads_text(report: Report) -> str:
    """How pathways were separated and how many runs that took; or that it was not done."""
    s, w = report.summary, report.words["roads"]
    found = next(iter(s["roads"].values()))
    if found is None:
        return w["not_done"]
    runs = s["replicates"] * len(s["policies"])
    return report.say(w["text"], more=s["road_runs"], runs=runs, replicates=found["replicates"])


def uncertainty(report: Report) -> list[dict[str, str]]:
    """What the ranges include and what not, under a heading each."""
    s, w = report.summary, report.words["uncertainty"]
    told = any(report.at_home(name)["low"] is not None for name in report.compared)
    kind = "range_drawn" if s["parameters_drawn"] else "range_held"
    lines = [w[kind] if told else w["range_none"]]
    if s["parameters_drawn"]:
        lines.append(w["drawn_sample" if s["sample"] else "drawn_around"])
    return [{"head": each["head"], "text": report.say(each["text"])} for each in (*lines, w["rules"])]


def assumption(report: Report) -> str:
    """Number of parameters by certainty of their source."""
    c = report.summary["certainty"]
    return report.say(report.words["uncertainty"]["assumption"], all=sum(c.values()), **c)


def pair_rows(report: Report) -> list[dict[str, str]]:
    """In what share of draws or replicates one policy does more than another, or exactly the same."""
    return [
        {"better": report.titles[p["better"]], "than": report.titles[p["than"]], "share": report.percent(p["share"]),
         "equal": report.percent(p["equal"])}
        for p in report.summary["ranking"]["pairs"]
    ]  # fmt: skip


def paired_rows(report: Report) -> list[dict[str, Any]]:
    """Variance reduction, and the draws or replicates needed."""
    rows = []
    for name, title in report.compared.items():
        ratio = report.summary["effects"][name]["belonging"]["variance_reduction"]
        requested = report.summary["units_needed"][name]
        rows.append({"title": title, "ratio": "–" if ratio is None else report.rough(ratio, max(ratio, 10)),
                     "needed": [report.number(each["units"], 0) for each in requested]})  # fmt: skip
    return rows


def digests(report: Report) -> list[tuple[str, str]]:
    """The receipt as rows."""
    r, w = report.summary["receipt"], report.words["receipt"]
    rows = [(w[key], r[key]) for key in ("configuration", "data", "code")]
    return rows + [(w["table"].format(name=f"{name}.parquet"), digest) for name, digest in r["tables"].items()]


def made(report: Report) -> str:
    """Version, time and memory."""
    s = report.summary
    return report.say(
        report.words["receipt"]["made"], version=s["version"], python=s["receipt"]["python"],
        seconds=report.number(s["seconds"], 0), memory=report.number(s["peak_memory_bytes"] / 1e9, 1),
    )  # fmt: skip
