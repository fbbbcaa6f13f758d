"""The findings of a fit to a survey in words, computed from its numbers."""

from typing import Any

import numpy as np
import polars as pl

from experiments.calibrate.survey.assessment import compared
from experiments.calibrate.survey.study import CHECKED, SurveyStudy
from experiments.results.phrases import fill

USUAL_FACTORS = (0.8, 1.25)  # the model fits these areas about as well as it does nationally
NAMED = 4  # parameters that are named in a sentence
CODES_NAMED = 5


def sentences(
    study: SurveyStudy,
    areas: pl.DataFrame,
    agreement: list[dict[str, Any]],
    words: dict[str, Any],
    language: str,
    seed: int,
) -> list[str]:
    """The findings, a sentence each."""
    lines = []
    for one in study.survey.measured:
        construct = words["constructs"][one.construct]
        numbers = {row["predictor"]: row for row in agreement if row["construct"] == one.construct}
        lines.append(accuracy(construct, (one.low, one.high), numbers, words["page"], language))
        for other in ("national", "inputs"):
            word = compared(areas, one.construct, other, seed).word
            lines.append(fill(words["page"][f"beside_{other}"][word], language, construct=construct, n=len(one.code)))
    return [*lines, *of_the_fit(study, words, language), *of_the_table(study, words["page"], language)]


def accuracy(
    construct: str, scale: tuple[float, float], numbers: dict[str, dict[str, Any]], words: dict[str, Any], language: str
) -> str:
    """How far each predictor is off."""
    shown: dict[str, Any] = {"construct": construct[0].upper() + construct[1:], "low": scale[0], "high": scale[1]}
    for name, key in (("own", "own_fit"), ("national", "national"), ("inputs", "inputs"), ("constant", "constant")):
        r = numbers[key]["pearson"]
        told = words["none"] if r is None or np.isnan(r) else fill("{r:.2f}", language, r=r)
        shown |= {name: numbers[key]["rmse"], f"{name}_r": told}
    return fill(words["accuracy"], language, **shown)


def of_the_fit(study: SurveyStudy, words: dict[str, Any], language: str) -> list[str]:
    """What the survey determines, the size of the model error, and the error of the emulator."""
    page, found = words["page"], study.found
    order = np.argsort(found.kept, kind="stable")[:NAMED]
    names = ", ".join(parameter_name(study.prior.names[at], words) for at in order)
    low, high = USUAL_FACTORS
    word = "more" if found.factor > high else "less" if found.factor < low else "usual"
    off = float(np.sqrt((study.checked**2).mean()))
    return [
        fill(page["settled"], language, settled=found.effective, parameters=len(study.prior.names), names=names),
        fill(page["factor"][word], language, factor=found.factor),
        fill(page["checked"], language, checked=min(CHECKED, len(study.moved)), off=off),
    ]


def of_the_table(study: SurveyStudy, words: dict[str, Any], language: str) -> list[str]:
    """What of the survey's table was left out or assumed."""
    left, survey, lines = study.survey.left_out, study.survey, []
    if left.codes:
        more = ", …" if len(left.codes) > CODES_NAMED else ""
        lines.append(fill(words["left_out_codes"], language, codes=", ".join(left.codes[:CODES_NAMED]) + more))
    if left.suppressed:
        lines.append(fill(words["left_out_rows"], language, rows=left.suppressed))
    if left.years:
        lines.append(fill(words["several_years"], language, years=", ".join(left.years)))
    silent = sum(int((np.isnan(one.respondents) & np.isnan(one.error)).sum()) for one in survey.measured)
    if silent:
        numbers = {"count": silent, "all": len(survey.value), "respondents": survey.usual_respondents}
        lines.append(fill(words["respondents_assumed"], language, **numbers))
    return lines


def parameter_name(name: str, words: dict[str, Any]) -> str:
    """A parameter in plain words, or by its own name where there are none."""
    return words["parameters"].get(name, name)
