"""The page of a result: one self-contained file with its figures, readable without other knowledge."""

import base64
from pathlib import Path
from typing import Any

import polars as pl

from experiments.results.downloads import RUN, buttons, write_run
from experiments.results.drawing import Figure
from experiments.results.figures import draw_figures, material_of
from experiments.results.html import render_page
from experiments.results.month_table import FEWEST_ADULTS
from experiments.results.phrases import fill, phrases
from experiments.results.repeat import parts_of_run, repeat_commands
from experiments.simulation.outcome import Outcome
from scenarios.policy import policy_from
from scenarios.titles import title_of_places

LANGUAGES = ("en", "nl")
NAMED_NEIGHBOURHOODS = 60


def write_page(summary: dict[str, Any], figures: list[Figure], folder: Path, outcome: Outcome) -> None:
    """Write page.html into the folder of a result, and beside it the same in the other language and what they link to.

    Parameters
    ----------
    figures : list of Figure
        In the language of the run.
    """
    options = outcome.job.settings.options
    write_run(folder, options.language == "nl")
    for language in LANGUAGES:
        drawn = figures
        if language != options.language:
            drawn = [figure for figure, _ in draw_figures(material_of(folder, options.scale, language))]
        page = page_of(summary, drawn, folder, outcome, language)
        (folder / name_of_page(language, options.language)).write_text(page, encoding="utf-8")


def name_of_page(language: str, own: str) -> str:
    """page.html in the language of the run, page-en.html or page-nl.html in the other."""
    return "page.html" if language == own else f"page-{language}.html"


def page_of(summary: dict[str, Any], figures: list[Figure], folder: Path, outcome: Outcome, language: str) -> str:
    """The page in a language."""
    own = outcome.job.settings.options.language
    other = next(each for each in LANGUAGES if each != language)
    words = phrases(language)
    title = title_of_places(outcome.job.table.municipality_name, language)
    rows = neighbourhoods(folder, outcome, language)
    more = len(rows) - NAMED_NEIGHBOURHOODS
    return render_page(
        "experiments.results",
        "page",
        language=language,
        words=words["page"],
        title=fill(words["page"]["html_title"], language, title=title),
        other=(name_of_page(other, own), other, words["page"]["other"]),
        files=buttons(folder, RUN, language),
        finding=finding(summary, words["page"], language, title),
        lead=lead(summary, words["page"], language),
        sentences=sentences(summary, words["page"], language),
        parts=parts_of_run(summary, words["page"], language),
        spent=fill(words["page"]["spent"], language, euro=summary["euro_spent"]) if summary["euro_spent"] else "",
        figures=[(figure, embedded(figure.drawing)) for figure in figures],
        neighbourhoods=rows[:NAMED_NEIGHBOURHOODS],
        more=fill(words["page"]["more_places"], language, count=more) if more > 0 else "",
        summary=summary,
        checked=fill(
            words["page"]["checked"], language, months=summary["months"], statement=summary["conservation"]["statement"]
        ),
        commands=repeat_commands(summary),
    )


def embedded(drawing: str) -> str:
    """A drawing (SVG) as a data address."""
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


def read_embedded(path: Path) -> str:
    """A file with a drawing (SVG) as a data address."""
    return embedded(path.read_text(encoding="utf-8"))


def in_hundred(share: float | None) -> int | None:
    """A share as a whole number out of 100."""
    return None if share is None else round(share * 100)


def finding(summary: dict[str, Any], words: dict[str, Any], language: str, title: str) -> str:
    """The share that feels at home at the end and the start, in one sentence; the title where there are no adults."""
    ends = [in_hundred(summary[when]["at_home"]) for when in ("start", "end")]
    if None in ends:
        return fill(words["html_title"], language, title=title)
    policy = policy_from(summary["configuration"]["policy"]).title[language]
    key = "finding" if summary["months"] % 12 == 0 and summary["months"] > 12 else "finding_short"
    return fill(
        words[key],
        language,
        title=title[0].upper() + title[1:],
        start=ends[0],
        end=ends[1],
        policy=f"‘{policy}’" if language == "nl" else f"“{policy}”",
        years=summary["months"] // 12,
        months=summary["months"],
    )


def lead(summary: dict[str, Any], words: dict[str, Any], language: str) -> str:
    """The first sentences: what was simulated."""
    keys = ("residents", "neighbourhoods", "years", "scale")
    numbers = {key: summary[key] for key in keys} | {"residents": summary["residents_start"]}
    text = fill(words["lead"], language, **numbers)
    return text + " " + fill(words["lead_scale"], language, **numbers) if summary["scale"] > 1 else text


def sentences(summary: dict[str, Any], words: dict[str, Any], language: str) -> list[str]:
    """The main numbers in plain words."""
    start, end, flows = summary["start"], summary["end"], summary["conservation"]["flows"]

    def say(key: str, **values: Any) -> str:
        return fill(words[key], language, **values)

    lines = []
    if start["at_home"] is not None and end["at_home"] is not None:  # there may be no adults
        before, after = in_hundred(start["at_home"]), in_hundred(end["at_home"])
        lines.append(say("at_home", start=before, end=after))
        if before != after:
            lines.append(say("drift_policy" if has_measures(summary) else "drift"))
        ends = {"start": start["cohesion"], "end": end["cohesion"]}
        as_shown = {f"{value:.1f}" for value in ends.values()}
        lines.append(say("cohesion_same" if len(as_shown) == 1 else "cohesion", **ends))
    established, newcomers = (share_at_home(end["groups"], name) for name in ("established", "newcomer"))
    if established is not None and newcomers is not None:
        lines.append(say("gap", established=in_hundred(established), newcomers=in_hundred(newcomers)))
    lines.append(
        say(
            "change",
            start=summary["residents_start"],
            end=summary["residents"],
            years=summary["years"],
            abroad=flows["arrived_abroad"],
            country=flows["arrived_country"],
            births=flows["births"],
            left_abroad=flows["left_abroad"],
            left_country=flows["left_country"],
            deaths=flows["left_death"],
        )
    )
    if flows["unhoused"]:
        lines.append(say("unhoused", count=flows["unhoused"]))
    stays = summary["who_stays"]
    for years in (5, 2, 1):
        if f"after_{years}_years" in stays:
            lines.append(say("stays", years=years, share=in_hundred(stays[f"after_{years}_years"]["all"])))
            break
    return lines


def has_measures(summary: dict[str, Any]) -> bool:
    """Whether the policy of a run changes anything."""
    return bool(policy_from(summary["configuration"]["policy"]).measures)


def share_at_home(groups: dict[str, Any], kind: str) -> float | None:
    """Share at home of established residents or newcomers together."""
    chosen = [g for name, g in groups.items() if name.startswith(kind) and g["residents"] and g["at_home"] is not None]
    people = sum(g["residents"] for g in chosen)
    return sum(g["at_home"] * g["residents"] for g in chosen) / people if people else None


def neighbourhoods(folder: Path, outcome: Outcome, language: str) -> list[dict[str, Any]]:
    """Neighbourhoods at the end, by name and never by rank; those with too few people to say something are left out."""
    table, fewest = outcome.job.table, FEWEST_ADULTS * outcome.job.settings.options.scale
    called = dict(zip(table.code, table.name, strict=True))
    last = pl.scan_parquet(folder / "months.parquet").filter(pl.col("month") == outcome.world.month)
    numbers = {"residents": "{v:,}", "cohesion": "{v:.1f}", "belonging": "{v:.2f}", "diversity": "{v:.2f}"}
    frame = last.filter(pl.col("adults") >= fewest).select("neighbourhood", *numbers).collect()
    rows = sorted(frame.to_dicts(), key=lambda row: (called[row["neighbourhood"]], row["neighbourhood"]))
    return [
        {
            "name": called[row["neighbourhood"]],
            "cells": [fill(form, language, v=row[key]) for key, form in numbers.items()],
        }
        for row in rows
    ]
