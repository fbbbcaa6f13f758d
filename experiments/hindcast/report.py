"""Report of a hindcast: lines on the screen, JSON, CSV, figures and a page in English or Dutch."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from conf.files import read_yaml
from experiments.hindcast.figures import draw_figures
from experiments.hindcast.measures import MatchedAreas
from experiments.hindcast.study import LEVELS, Study
from experiments.options.repeat import value_word
from experiments.results.folders import HINDCAST, write_json
from experiments.results.html import render_page
from experiments.results.page import read_embedded
from experiments.results.phrases import fill, in_language
from scenarios.notes import in_dutch
from scenarios.text import for_spreadsheets
from sim.parameters import Parameters

SHOWN_CITIES = 12


@cache
def words_of(language: str) -> dict[str, Any]:
    """The texts of one language."""
    return in_language(read_yaml("experiments.hindcast", "words.yaml"), language)


def write_report(folder: Path, found: Study, language: str) -> None:
    """hindcast.json, hindcast.md, summary.json, places.csv, left_out.csv, figures and page.html in a folder."""
    result = found.result
    write_json(folder / "hindcast.json", result)
    title = result["configuration"]["region"]["name"]
    write_json(
        folder / "summary.json",
        {
            "kind": HINDCAST,
            "title": title,
            "first_year": result["first_year"],
            "last_year": result["last_year"],
            "country": {k: v for k, v in result["country"].items() if k != "years"},
        },
    )
    frames = [areas_frame(level, one) for level, one in found.compared.items()]
    for_spreadsheets(pl.concat(frames)).write_csv(folder / "places.csv", float_precision=5)
    for_spreadsheets(left_out_frame(found)).write_csv(folder / "left_out.csv")
    marked = ["| " + " | ".join(line) + " |" for line in table_of(found)]
    marked.insert(1, "| " + " | ".join("---" for _ in table_of(found)[0]) + " |")
    (folder / "hindcast.md").write_text("\n".join(marked) + "\n", encoding="utf-8")
    words = words_of(language)
    figures = draw_figures(found, folder, words, language)
    write_page(folder, found, figures, language)


def areas_frame(level: str, areas: MatchedAreas) -> pl.DataFrame:
    """A row per place: residents, background, youngest and oldest at both moments, counted and simulated."""
    columns: dict[str, Any] = {
        "level": [level] * len(areas),
        "code": areas.before.code,
        "name": areas.before.name,
        "municipality": areas.before.municipality,
    }
    moments = {"first": areas.before, "last": areas.after, "start": areas.start, "end": areas.end}
    for name, counts in moments.items():
        columns |= {
            f"residents_{name}": counts.residents,
            f"background_{name}": counts.background,
            f"age_0_14_{name}": counts.age[:, 0],
            f"age_65_plus_{name}": counts.age[:, 4],
        }
    text = ("level", "code", "name", "municipality")
    return pl.DataFrame(
        columns,
        schema_overrides=dict.fromkeys(text, pl.String) | {name: pl.Float64 for name in columns if name not in text},
    )


def left_out_frame(found: Study) -> pl.DataFrame:
    """A row per place that was left out or renamed, and why."""
    rows = []
    for level, match in zip(LEVELS, (found.tables.municipalities, found.tables.areas), strict=True):
        rows += [(level, one.code, one.name, one.reason) for one in match.left_out]
        rows += [(level, code, f"{name} → {other}", "renamed, kept") for code, name, other in match.renamed]
    return pl.DataFrame(rows, schema=["level", "code", "name", "reason"], orient="row")


def interval(found: dict[str, float], form: str = ".2f") -> str:
    """A value with the ends of its interval."""
    if not np.isfinite(found["value"]):
        return "-"
    return f"{found['value']:{form}} ({found['low']:{form}} to {found['high']:{form}})"


def rows_of(found: Study) -> list[tuple[str, str, dict[str, Any]]]:
    """Level, quantity and numbers of everything that was compared."""
    rows = [(level, name, numbers) for level, one in found.result["agreement"].items() for name, numbers in one.items()]
    spread = found.result["dissimilarity"]["agreement"]
    return [*rows, ("municipalities", "dissimilarity", spread)] if spread else rows


def cells(numbers: dict[str, Any], growth: bool) -> list[str]:
    """One line of the table of agreement."""
    counted, simulated, d = numbers["counted"], numbers["simulated"], ".3f" if growth else ".4f"
    slopes = (side["slope_on_start"]["value"] for side in (counted, simulated))
    errors = (numbers[name] for name in ("rmse", "rmse_nothing_changes", "rmse_trend_of_the_country"))
    return [
        str(numbers["n"]),
        f"{counted['mean']:+{d}} / {simulated['mean']:+{d}}",
        f"{counted['sd']:{d}} / {simulated['sd']:{d}}",
        interval(numbers["r"]),
        " / ".join(f"{value:+.3f}" for value in slopes),
        "; ".join(f"{value:.4f}" for value in errors),
    ]


def table_of(found: Study) -> list[list[str]]:
    """The table of agreement in English: a head, and a line per level and quantity."""
    words = words_of("en")
    table = [["", "", *words["page"]["columns"].values()]]
    for level, name, numbers in rows_of(found):
        table.append([words["levels"][level], words["quantities"][name], *cells(numbers, name == "growth")])
    return table


def lines_of(found: Study) -> list[str]:
    """The table on the screen."""
    words, result = words_of("en"), found.result
    lines = [
        f"{result['first_year']} to {result['last_year']}; municipalities: {result['municipalities_reported']}; "
        f"arrivals: {result['arrivals']}; homes: {', '.join(result['homes']) or 'alike everywhere'}",
        *sentences(found, words["page"], "en")[:1],
    ]
    table = table_of(found)
    width = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
    lines += ["  ".join(cell.ljust(w) for cell, w in zip(line, width, strict=True)).rstrip() for line in table]
    for level, numbers in result["agreement"].items():
        both = (interval(numbers["growth"][side]["r_with_start"]) for side in ("counted", "simulated"))
        lines.append(
            f"{words['levels'][level]}: growth with the log of size, r " + " counted, ".join(both) + " simulated"
        )
    return lines


def sentences(found: Study, words: dict[str, Any], language: str) -> list[str]:
    """The main numbers in plain words; the first is about all residents together."""
    result, country = found.result, found.result["country"]
    key = "country_sentence" if country["whole_country"] else "parts_sentence"
    lines = [fill(words[key], language, last=str(result["last_year"]), counted=country["residents_counted"],
                  simulated=country["residents_simulated"], difference=country["difference"])]  # fmt: skip
    numbers = result["agreement"].get("municipalities", {})
    if "growth" in numbers:
        g = numbers["growth"]
        means = {side: g[side]["mean"] for side in ("counted", "simulated")}
        lines.append(
            fill(
                words["growth_sentence"],
                language,
                n=g["n"],
                r=g["r"]["value"],
                low=g["r"]["low"],
                high=g["r"]["high"],
                **means,
            )
        )
    if "background" in numbers:
        b = numbers["background"]
        lines.append(
            fill(
                words["rise_sentence"],
                language,
                counted=100 * b["counted"]["mean"],
                r=b["r"]["value"],
                simulated=100 * b["simulated"]["mean"],
                low=b["r"]["low"],
                high=b["r"]["high"],
            )
        )
        apart = tuple(b[side]["slope_on_start"]["value"] > 0 for side in ("counted", "simulated"))
        names = {(True, True): "both", (True, False): "counted", (False, True): "simulated", (False, False): "neither"}
        lines.append(words[f"apart_{names[apart]}"])
        lines.append(
            fill(
                words["better"],
                language,
                rmse=100 * b["rmse"],
                nothing=100 * b["rmse_nothing_changes"],
                trend=100 * b["rmse_trend_of_the_country"],
            )
        )
    if result["municipalities_reported"] != "all":
        lines.append(fill(words[result["municipalities_reported"]], language))
    return lines


def known_lines(result: dict[str, Any], words: dict[str, Any], language: str) -> list[str]:
    """What of the years between was put in."""
    arrivals, homes = result["arrivals"], ", ".join(Path(path).name for path in result["homes"])
    return [
        words["arrivals_none"] if arrivals == "none" else fill(words["arrivals_known"], language, name=arrivals),
        fill(words["homes_known"], language, names=homes) if homes else words["homes_none"],
    ]


def left_out_lines(found: Study, words: dict[str, Any], language: str) -> list[str]:
    """How many places were matched and left out, per level."""
    lines = []
    for level in LEVELS:
        about = found.result["matched"][level]
        reasons = [f"{count:,} {words['reasons'][name]}" for name, count in about["left_out"].items()]
        lines.append(
            fill(
                words["page"]["left_out_text"],
                language,
                level=words["levels"][level],
                matched=about["matched"],
                renamed=about["renamed"],
                reasons="; ".join(reasons) or words["page"]["nothing_left_out"],
            )
        )
    return lines


def city_rows(found: Study, language: str) -> list[tuple[str, list[str]]]:
    """Name and dissimilarity of the largest cities, counted and simulated."""
    municipalities = found.tables.first_municipalities
    about = {
        code: (name, size)
        for code, name, size in zip(municipalities.code, municipalities.name, municipalities.residents, strict=True)
    }
    rows = sorted(found.result["dissimilarity"]["cities"], key=lambda row: -about[row["code"]][1])[:SHOWN_CITIES]
    return [
        (about[row["code"]][0], [fill("{v:.3f}", language, v=row[name]) for name in ("before", "after", "end")])
        for row in rows
    ]


def command_of(result: dict[str, Any]) -> str:
    """The words that repeat it."""
    configuration = result["configuration"]
    words = ["thuis hindcast", *(f"region{'' if key == 'name' else f'.{key}'}={value_word(value)}"
                                 for key, value in configuration["region"].items() if value is not None)]  # fmt: skip
    words += [f"later={result['later']}", f"later_year={result['last_year']}", f"arrivals={result['arrivals']}"]
    words += [f"homes={value_word(result['homes'])}"] if result["homes"] else []
    words += [f"municipalities={result['municipalities_reported']}", f"at_least={result['at_least']}"]
    words += [f"{key}={configuration[key]}" for key in ("scale", "seed")]
    usual = Parameters()
    words += [f"parameters.{k}={v!r}" for k, v in configuration["parameters"].items() if v != getattr(usual, k)]
    return " ".join(words)


def write_page(folder: Path, found: Study, figures: list[Any], language: str) -> None:
    """page.html: one file, figures inside, nothing fetched from elsewhere."""
    words, result = words_of(language), found.result
    page = words["page"]
    dutch = language == "nl"
    numbers = {"first": str(result["first_year"]), "last": str(result["last_year"]), "years": found.tables.years}
    table = [
        (
            words["levels"][level],
            words["quantities"][name],
            [with_commas(c) if dutch else c for c in cells(n, name == "growth")],
        )
        for level, name, n in rows_of(found)
    ]
    title = fill(page["title"], language, title=title_of(found, words), **numbers)
    html = render_page(
        "experiments.hindcast",
        "page",
        language=language,
        words=page,
        title=title,
        lead=fill(page["lead"], language, **numbers),
        sentences=sentences(found, page, language),
        known=known_lines(result, page, language),
        table=table,
        figures=[(figure, read_embedded(folder / "figures" / f"{figure.name}.svg")) for figure in figures],
        notes=in_dutch(found.tables.table.notes) if dutch else found.tables.table.notes,
        cities=city_rows(found, language),
        left_out=left_out_lines(found, words, language),
        source=found.tables.table.source,
        command=command_of(result),
    )
    (folder / "page.html").write_text(html, encoding="utf-8")


def title_of(found: Study, words: dict[str, Any]) -> str:
    """The country, the municipality, or the file of the areas."""
    table = found.tables.table
    if found.result["country"]["whole_country"]:
        return words["country"]
    return table.municipality_name[0] if len(table.municipality_name) == 1 else table.source


def with_commas(cell: str) -> str:
    """A cell with decimal commas, and the word between the ends of an interval."""
    return cell.replace(".", ",").replace(" to ", " tot ")
