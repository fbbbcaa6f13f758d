"""A survey of one's own: the areas of a region, what was measured in some of them, and how sure that is."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from experiments.calibrate.posterior import DISCREPANCY
from experiments.validate.measures import CALIBRATED, MARKS
from experiments.validate.outcomes import LeftOut, Measured, read_outcomes
from experiments.validate.outside import PERCENT
from scenarios.areas import AreaTable
from scenarios.errors import InputError

FEWEST_AREAS = 4
FEWEST_AGENTS = 30  # of a measured area: its mean then has a standard error of .03, which the fit averages over draws
USUAL_AGENTS, MOST_AGENTS = 40_000, 400_000
AGENTS_OF_AN_AREA = 1000
PERSON_SPREAD = 0.17  # of answers within an area, as a part of the scale: as belonging in the model, .15 to .17 [E]
DENSITY_AT_HOME = 2.3  # how fast the share at home rises with mean belonging: a normal density of that spread
ONE_YEAR = 1 / np.sqrt(3)  # DISCREPANCY is that of one of three years that say about the same


@dataclass(frozen=True)
class Survey:
    """Areas, and what a survey found in some of them.

    Attributes
    ----------
    measured : list of Measured
        One per construct.
    usual_respondents : int
        Of an area of which the table tells neither respondents nor a standard error.
    """

    table: AreaTable
    measured: list[Measured]
    left_out: LeftOut
    usual_respondents: int

    @cached_property
    def names(self) -> list[str]:
        """One name per value, M of them: construct and code."""
        return [f"{one.construct}_{code}" for one in self.measured for code in one.code]

    @cached_property
    def area(self) -> list[str]:
        """The area of each value: what is left out together."""
        return [code for one in self.measured for code in one.code]

    @cached_property
    def construct(self) -> np.ndarray:
        """Number of the construct of each value, int64 [M]."""
        return np.repeat(np.arange(len(self.measured)), [len(one.code) for one in self.measured])

    @cached_property
    def value(self) -> np.ndarray:
        """What was measured, float64 [M], on the survey's scale."""
        return np.concatenate([one.value for one in self.measured])

    @cached_property
    def error(self) -> np.ndarray:
        """Standard errors of sampling, float64 [M], on the survey's scale."""
        return np.concatenate([sampling_error(one, self.usual_respondents) for one in self.measured])

    @cached_property
    def discrepancy(self) -> tuple[np.ndarray, np.ndarray]:
        """What the model leaves out of an area, and of the municipality as a whole: two times float64 [M].

        Both as the national calibration takes them to be, on the survey's scale.
        """
        of_area = [DISCREPANCY["amsterdam", one.construct] * ONE_YEAR * steepness(one) for one in self.measured]
        of_whole = [DISCREPANCY["towns", "cohesion"] * steepness(one) for one in self.measured]
        return np.array(of_area)[self.construct], np.array(of_whole)[self.construct]


def steepness(one: Measured) -> float:
    """By how much the survey's figure rises where the model's score rises from 0 to 1."""
    if one.construct == "home" and (one.low, one.high) == PERCENT:
        return 100 * DENSITY_AT_HOME
    return 10.0 if (one.low, one.high) == MARKS else one.high - one.low


def sampling_error(one: Measured, usual: int) -> np.ndarray:
    """Standard errors of an outcome, float64 [N]: as the table tells, else by the number of respondents."""
    respondents = np.where(np.isnan(one.respondents), usual, one.respondents)
    spread = np.full(len(one.value), PERSON_SPREAD * (one.high - one.low))
    if one.construct == "home" and (one.low, one.high) == PERCENT:
        share = np.clip(one.value / 100, 0.05, 0.95)
        spread = 100 * np.sqrt(share * (1 - share))
    return np.where(np.isnan(one.error), spread / np.sqrt(respondents), one.error)


def read_survey(table: AreaTable, path: str | Path, usual_respondents: int) -> Survey:
    """Read a survey of areas or municipalities of a region.

    Raises
    ------
    InputError
        As `read_outcomes` does, and with fewer than four areas.
    """
    measured, left_out = read_outcomes(path, [*table.code, *table.municipality_code], CALIBRATED)
    survey = Survey(table, measured, left_out, usual_respondents)
    count = len(set(survey.area))
    if count < FEWEST_AREAS:
        raise InputError(f"{Path(path).name}: {count} areas were measured (allowed: {FEWEST_AREAS} or more)")
    return survey


def residents_measured(survey: Survey) -> dict[str, int]:
    """Residents of each measured area or municipality, by code."""
    table = survey.table
    sizes = dict(zip(table.municipality_code, np.bincount(table.municipality, table.residents), strict=True))
    sizes |= dict(zip(table.code, table.residents, strict=True))
    return {code: int(sizes[code]) for code in dict.fromkeys(survey.area)}


def scale_for(survey: Survey, requested: int | None) -> int:
    """Residents per agent: about 40,000 agents in all, more where measured areas would hold too few.

    Raises
    ------
    InputError
        A measured area holds too few agents to be compared.
    """
    total, sizes = int(survey.table.residents.sum()), residents_measured(survey)
    finer = max(1, int(np.median(list(sizes.values()))) // AGENTS_OF_AN_AREA)
    usual = max(min(max(1, total // USUAL_AGENTS), finer), -(-total // MOST_AGENTS))
    scale = requested or usual
    for code, residents in sizes.items():
        if residents < FEWEST_AGENTS * scale:
            raise InputError(
                f"{code} was measured and has {residents} residents: with scale={scale} too few to be compared "
                f"(allowed: {FEWEST_AGENTS * scale} or more; leave it out of the survey, or give a smaller scale=)"
            )
    return scale
