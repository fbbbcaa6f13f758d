"""Origin in seven groups for years in which Statistics Netherlands knows three (2023 and later): an estimate.

The three groups are of country of origin (the Netherlands, Europe, outside Europe); the seven of migration background,
used up to 2022. Western background is Europe and, outside it, Indonesia, North America, Oceania and Japan. Those of
origin the Netherlands are taken as Dutch, so that only those of origin outside Europe are to be divided, in six parts,
as they were divided before: by iterative proportional fitting of an earlier year to the totals of today.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

from scenarios.notes import Note
from scenarios.regions.spelling import simplified
from scenarios.synthesis import raked

THREE = ("netherlands", "europe", "outside_europe")
SEVEN = ("dutch", "western", "moroccan", "antillean", "surinamese", "turkish", "other_non_western")
PARTS = ("western", *SEVEN[2:])
"""The groups of seven that people of origin outside Europe belong to, in the order of every array over parts."""

NATIONAL_OUTSIDE = 3_215_683
NATIONAL_PARTS = {
    "western": 360_281 + 95_000,  # Indonesia; North America, Oceania and Japan [E]
    "moroccan": 425_034,
    "antillean": 190_180,
    "surinamese": 363_142,
    "turkish": 444_329,
}
"""Residents of origin outside Europe, end of 2022 [S: CBS StatLine 85369NED]; what is left is other non-western."""

WESTERN_OUTSIDE = 0.24
"""Of those of western background the share that is of origin outside Europe: 455,000 of 1.9 million [C]."""
SMALLEST = 0.002
"""Whole percents of 0 stand for anything up to a half: a quarter is the middle."""
ALIKE = 0.6
"""Names of an area in two years that agree less than this are of two areas: some codes were used again."""


def estimated(year: int) -> Note:
    """Return the note that seven groups are an estimate by those of a year."""
    return Note(
        "Origin in seven groups is an estimate: Statistics Netherlands counts three since 2023; those from outside "
        f"Europe are divided as they were in {year}, fitted to the totals of today. The three totals are kept.",
        "De herkomst in zeven groepen is een schatting: het CBS telt er sinds 2023 drie; wie van buiten Europa komt is "
        f"verdeeld zoals in {year}, passend gemaakt op de totalen van nu. De drie totalen blijven gelijk.",
    )


def national_parts() -> np.ndarray:
    """Return the national shares of the six parts of those of origin outside Europe, float64[6]."""
    parts = np.array([NATIONAL_PARTS.get(part, 0.0) for part in PARTS])
    parts[-1] = NATIONAL_OUTSIDE - parts.sum()
    return parts / parts.sum()


def divide_outside(before: np.ndarray, outside: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Divide residents of origin outside Europe over the six parts.

    Parameters
    ----------
    before : float64[N, 7]
        Shares of the seven groups per area in an earlier year.
    outside : float64[N]
        Residents of origin outside Europe per area now.
    totals : float64[6]
        The parts in all areas together, in any unit.

    Returns
    -------
    float64[N, 6]
        Each row adds up to ``outside``; columns are in proportion to ``totals`` as nearly as rows allow.
    """
    start = np.maximum(np.column_stack([before[:, 1] * WESTERN_OUTSIDE, before[:, 2:]]), SMALLEST)
    return raked(start, outside.astype(float), totals / totals.sum() * outside.sum())


def seven_groups(three: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Return the seven groups, float64[N, 7], from the three [N, 3] and the parts of the third [N, 6]."""
    return np.column_stack([three[:, 0], three[:, 1] + parts[:, 0], parts[:, 1:]])


def same_areas(
    codes: Sequence[str], names: Sequence[str], before: Sequence[str], before_names: Sequence[str]
) -> np.ndarray:
    """Return for each area its row in an earlier year, int64[N], -1 where its code is not there or has another name."""
    row = {code: at for at, code in enumerate(before)}
    found = np.array([row.get(code, -1) for code in codes], dtype=np.int64)
    for at, was in enumerate(found):
        if was >= 0 and not _alike(names[at], before_names[was]):
            found[at] = -1
    return found


def _alike(one: str, other: str) -> bool:
    a, b = (re.sub(r"^wijk_(\d+_?)?", "", simplified(name)) for name in (one, other))
    return a == b or a in b or b in a or SequenceMatcher(None, a, b).ratio() >= ALIKE
