"""From tables and summary to the page: the values of the template, in words and local numbers."""

from pathlib import Path
from typing import Any

from experiments.compare.report.advice import advice, best
from experiments.compare.report.answer import answers, glance, matters, ranking_sentence
from experiments.compare.report.apart import element_rows, road_rows
from experiments.compare.report.charts import groups_chart, time_chart
from experiments.compare.report.downloads import STEM, write_report_downloads
from experiments.compare.report.finding import findings
from experiments.compare.report.map_paths import HEIGHT, WIDTH, kind_of
from experiments.compare.report.maps import maps
from experiments.compare.report.material import Report, quoted
from experiments.compare.report.pictures import write_pictures
from experiments.compare.report.tables import (
    absent_groups,
    cost_rows,
    effect_rows,
    group_rows,
    neighbourhood_rows,
    parts_rows,
    price_rows,
    spread_rows,
    technical_rows,
)
from experiments.results.downloads import buttons
from experiments.results.html import render_page
from scenarios.areas import AreaTable

LANGUAGES = ("en", "nl")
MOST_NEIGHBOURHOODS = 200
MOST_COLUMNS = 4


def write_reports(folder: Path, summary: dict[str, Any], table: AreaTable, language: str) -> None:
    """Write report.html in the language asked, the one in the other language beside it, and what they link to."""
    names = {each: "report.html" if each == language else f"report-{each}.html" for each in LANGUAGES}
    reports = {each: Report(folder, summary, table, each) for each in LANGUAGES}
    write_report_downloads(reports[language], folder)
    write_pictures(reports[language], folder)
    for each, report in reports.items():
        (folder / names[each]).write_text(render(report, names), encoding="utf-8")


def render(report: Report, names: dict[str, str]) -> str:
    """The whole page; `names` are the files of the reports by language."""
    return render_page("experiments.compare.report", "report", **context(report), links=links(report, names))


def links(report: Report, names: dict[str, str]) -> dict[str, Any]:
    """Files beside the report, each with what it is called."""
    w = report.words["downloads"]
    other = next(language for language in names if language != report.language)
    pictures = [
        {"text": name, "files": [f"figures/{key}.{kind}" for kind in ("png", "svg")]}
        for key, name in w["names"].items()
    ]
    return {
        "files": buttons(report.folder, STEM, report.language),
        "pictures": pictures,
        "other": (names[other], other, w["other"]),
    }


def context(report: Report) -> dict[str, Any]:
    """All that the template shows."""
    s, w, suffix = report.summary, report.words, "_nl" if report.language == "nl" else ""
    count, rows = neighbourhood_rows(report, MOST_NEIGHBOURHOODS)
    fold = w["map"]["fold"] if count == len(rows) else w["map"]["fold_some"]
    return {
        "language": report.language, "words": w, "title": report.say(w["title"]), "say": report.say,
        "findings": findings(report), "matters": matters(report), "advice": advice(report),
        "advised": advised(report), "elements": element_rows(report), "elements_text": elements_text(report),
        "assumed": assumed_lines(report),
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
    simulated = report.say(w["how_scale" if s["scale"] > 1 else "how_all"], scale=report.number(s["scale"], 0))
    how = report.say(w["how"], replicates=s["replicates"], simulated=simulated)
    if s["parameters_drawn"]:
        how += " " + report.say(w["how_drawn"])
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
        {
            "title": report.titles[p["name"]],
            "text": p["text"].get(report.language, ""),
            "lines": p["words"][report.language],
            "reference": at == 0,
        }
        for at, p in enumerate(report.summary["policies"])
    ]


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


def budget_notes(report: Report) -> list[str]:
    """Where a budget bound, with the policy's name."""
    found = report.summary["budget_notes"].items()
    return [f"{report.titles[name]}: {line}" for name, notes in found for line in notes[report.language]]


def advised(report: Report) -> str:
    """Which policy the advice is about, and why that one."""
    name, w = best(report), report.words["advice"]["text"]
    if name is None:
        return ""
    alone = [name] in report.summary["ranking"]["order"]
    key = "only" if len(report.compared) == 1 else "most" if alone else "estimate"
    return report.say(w[key], policy=quoted(report.compared[name], report.language))


def elements_text(report: Report) -> str:
    """How parts of packages were told apart; empty where there are none."""
    found = next((each for each in report.summary["elements"].values() if each), None)
    if found is None:
        return ""
    return report.say(
        report.words["elements"]["text"], replicates=found["replicates"], more=report.summary["element_runs"]
    )


RAISE = ("familiarity", "ties", "residence", "employment", "position", "language", "reception", "amenities",
         "place_position")  # fmt: skip
LOWER = ("diversity", "turnover", "anonymity", "crowding")


def assumed_lines(report: Report) -> list[str]:
    """What is assumed, with the terms of feeling at home that the parameters of this comparison have."""
    w, terms = report.words["assumed"], report.words["roads"]["terms"]
    values = report.summary["configuration"]["parameters"]
    lines = []
    for key, names in (("raises", RAISE), ("lowers", LOWER)):
        told = [terms[f"effect_{name}"] for name in names if values[f"effect_{name}"] > 0]
        if told:
            lines.append(report.say(w[key], terms=report.joined(told)))
    if values["contact_buffer"] > 0 and values["effect_diversity"] > 0:
        lines.append(w["softens"])
    return [w["list"][0], *lines, *w["list"][1:]]


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
        {
            "better": report.titles[p["better"]],
            "than": report.titles[p["than"]],
            "share": report.percent(p["share"]),
            "equal": report.percent(p["equal"]),
        }
        for p in report.summary["ranking"]["pairs"]
    ]


def paired_rows(report: Report) -> list[dict[str, Any]]:
    """Variance reduction, and the draws or replicates needed."""
    rows = []
    for name, title in report.compared.items():
        ratio = report.summary["effects"][name]["belonging"]["variance_reduction"]
        requested = report.summary["units_needed"][name]
        rows.append(
            {
                "title": title,
                "ratio": "–" if ratio is None else report.rough(ratio, max(ratio, 10)),
                "needed": [report.number(each["units"], 0) for each in requested],
            }
        )
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
        report.words["receipt"]["made"],
        version=s["version"],
        python=s["receipt"]["python"],
        seconds=report.number(s["seconds"], 0),
        memory=report.number(s["peak_memory_bytes"] / 1e9, 1),
    )
