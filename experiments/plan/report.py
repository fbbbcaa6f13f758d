"""The plan as text, tables and JSON, in English or Dutch; every sentence is made from what was found."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from experiments.plan.problem import GAP, GOAL, Judged
from experiments.plan.study import PlanOptions, PlanStudy
from experiments.results.folders import write_json
from experiments.sweep.plan import written
from scenarios.text import for_spreadsheets

KIND = "thuis plan 1"


@cache
def words() -> dict[str, dict[str, str]]:
    """Words of the report."""
    return yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))


def phrase(key: str, language: str, **values: str) -> str:
    """A sentence with its values."""
    return words()[key][language].format(**values)


def in_words(value: float, language: str, form: str = "+.4f") -> str:
    """A number, the Dutch way in Dutch."""
    text = f"{value:{form}}"
    return text.translate(str.maketrans(".,", ",.")) if language == "nl" else text


def sentences(study: PlanStudy, options: PlanOptions) -> list[str]:
    """What was found."""
    language, problem, against = options.language, study.problem, study.against
    at = int(np.flatnonzero(study.shown == study.front.best)[0])
    fitted = problem.emulator.fitted[problem.case]
    return [
        phrase(study.verdict, language, count=str(against.better), draws=str(len(against.difference)),
             mean=in_words(against.mean, language), low=in_words(against.mean - against.reach, language),
             high=in_words(against.mean + against.reach, language)),
        phrase("fair" if study.fair else "unfair", language, limit=in_words(problem.widest, language),
             change=in_words(float(study.confirmed.worst_gap[at]), language),
             equal=in_words(float(study.confirmed.worst_gap[-1]), language)),
        phrase("paid", language, budget=in_words(problem.budget, language, ",.0f"),
             **{key: in_words(float(study.confirmed.cost[row]), language, ",.0f")
                for key, row in (("cost", at), ("equal", -1))}),
        phrase("found", language, runs=in_words(fitted[GOAL].assessment.runs, language, ",d"),
             share=in_words(fitted[GOAL].assessment.share_levers, language, ".1%"),
             share_gap=in_words(fitted[GAP].assessment.share_levers, language, ".1%"),
             tried=in_words(study.front.tried, language, ",d"), draws=str(len(problem.held_out)),
             replicates=str(options.replicates), within=in_words(study.within, language, ".0%")),
    ]  # fmt: skip


def text_of(study: PlanStudy, options: PlanOptions) -> str:
    """The report as Markdown."""
    language = options.language
    key = "title" if study.verdict == "better" else "title_none"
    title = phrase(key, language, budget=in_words(study.problem.budget, language, ",.0f"))
    parts = [
        f"# {title}",
        *sentences(study, options),
        f"## {phrase('levers', language)}",
        levers_text(study, language),
        f"## {phrase('front', language)}",
        phrase("read", language),
        front_text(study, language),
    ]
    return "\n\n".join(parts) + "\n"


def markdown(rows: list[list[str]]) -> str:
    """A table of which the first row is the header."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ["---"] * len(rows[0]), *rows[1:]])


def levers_text(study: PlanStudy, language: str) -> str:
    """The value of each lever in the best plan and in equal division."""
    rows = [[phrase(key, language) for key in ("lever", "where", "without", "plan", "equal")]]
    best = study.front.plans[study.front.best]
    for lever, value, equal in zip(study.problem.levers, best, study.equal, strict=True):
        numbers = [in_words(float(each), language, ".2f") for each in (lever.idle, value, equal)]
        where = ", ".join(lever.where) or phrase("everywhere", language)
        rows.append([f"{lever.text[language]} (`{lever.factor}`)", where, *numbers])
    return markdown(rows)


def front_text(study: PlanStudy, language: str) -> str:
    """The confirmed plans and equal division, by the emulator and by the model."""
    measures = [phrase(key, language) for key in ("cost", "gain", "gap")]
    rows = [["", *(f"{name}, {phrase(by, language)}" for by in ("by_emulator", "by_model") for name in measures)]]
    front, best = study.front, study.front.best
    names = [phrase("plan", language) if at == best else str(number) for number, at in enumerate(study.shown, 1)]
    emulated = [numbers_of(front.judged, at, language) for at in study.shown]
    names, emulated = [*names, phrase("equal", language)], [*emulated, numbers_of(study.equal_judged, 0, language)]
    for at, (name, first) in enumerate(zip(names, emulated, strict=True)):
        rows.append([name, *first, *numbers_of(study.confirmed, at, language)])
    return markdown(rows)


def numbers_of(judged: Judged, at: int, language: str) -> list[str]:
    """Cost, gain and gap of a plan."""
    cost = in_words(float(judged.cost[at]), language, ",.0f")
    return [cost, *(in_words(float(each[at]), language) for each in (judged.worst_gain, judged.worst_gap))]


def front_table(study: PlanStudy) -> pl.DataFrame:
    """Every plan of the front, and equal division, by the emulator; those that were confirmed by the model too."""
    front = study.front
    plans = np.vstack([front.plans, study.equal])
    columns: dict[str, Any] = {lever.factor: plans[:, at] for at, lever in enumerate(study.problem.levers)}
    columns["kind"] = ["best" if at == front.best else "front" for at in range(len(front.plans))] + ["equal"]
    rows = np.append(study.shown, len(front.plans))
    for name in ("cost", "worst_gain", "worst_gap"):
        columns[name] = np.append(getattr(front.judged, name), getattr(study.equal_judged, name))
        confirmed = np.full(len(plans), np.nan)
        confirmed[rows] = getattr(study.confirmed, name)
        columns[f"{name}_confirmed"] = confirmed
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))


def write_study(study: PlanStudy, options: PlanOptions, folder: Path) -> None:
    """Write plan.md, plan.json and front.csv."""
    table, problem = front_table(study), study.problem
    text = text_of(study, options)
    values = {
        "kind": KIND, "sweep": problem.emulator.about["sweep"]["digest"],
        "versions": problem.emulator.about["versions"],
        "budget": problem.budget, "gap": problem.widest, "case": problem.case, "verdict": study.verdict,
        "better_in": study.against.better, "predicted_better_in": study.predicted.better,
        "held_out_draws": len(problem.held_out), "difference": study.against.mean,
        "difference_reach": study.against.reach, "fair": study.fair, "draws_within_the_sweep": study.within,
        "tried": study.front.tried, "seed": options.seed, "replicates": options.replicates,
        "idle": dict(zip([lever.factor for lever in problem.levers], problem.idle, strict=True)),
        "plans": table.to_dicts(),
    }  # fmt: skip
    written(folder / "plan.md", lambda path: path.write_text(text, encoding="utf-8"))
    written(folder / "plan.json", lambda path: write_json(path, values))
    written(folder / "front.csv", for_spreadsheets(table).write_csv)
