"""Which place of an earlier table is which of a later one: by code and name, borders unchanged."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from scenarios.counts import Counts

LAND_CHANGE, LAND_LEAST = 0.05, 5.0
"""Land may differ by a twentieth or five hectares: coasts and the way of measuring change, borders by more."""
GREATEST_CHANGE = 0.25
"""Where the land of a municipality is unknown: its residents changed by more than this only with its borders."""
SAME_NAME = 0.75
"""Likeness of two names from which they are one; "'s-Gravenhage (gemeente)" and "'s-Gravenhage" are."""
_NUMBERED = re.compile(r"^(wijk|buurt)?\s*\d+\s*")
_IN_BRACKETS = re.compile(r"\([^)]*\)")

REASONS = ("gone", "new", "other_name", "other_borders")


@dataclass(frozen=True)
class LeftOut:
    """A place that cannot be compared, and why: one of `REASONS`."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True)
class Match:
    """Places that are the same in both tables.

    Attributes
    ----------
    first, later : int64 [M]
        Their rows.
    renamed : list of (str, str, str)
        Code, earlier and later name of those with another name on the same land.
    left_out : list of LeftOut
    """

    first: np.ndarray
    later: np.ndarray
    renamed: list[tuple[str, str, str]]
    left_out: list[LeftOut]


def plain_name(name: str) -> str:
    """A name without accents, capitals, number of the district or what stands between brackets."""
    letters = unicodedata.normalize("NFKD", _IN_BRACKETS.sub(" ", name)).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", letters).strip()
    return _NUMBERED.sub("", words).strip()


def same_name(one: str, other: str) -> bool:
    """Whether two names are those of one place; no name at all ("Wijk 00") fits any."""
    a, b = plain_name(one), plain_name(other)
    if not a or not b or a == b or f" {a} " in f" {b} " or f" {b} " in f" {a} ":
        return True
    return SequenceMatcher(None, a, b).ratio() >= SAME_NAME


def same_land(one: float, other: float) -> bool | None:
    """Whether two areas of land in hectares are those of one place; None where one is unknown."""
    if not (np.isfinite(one) and np.isfinite(other)):
        return None
    return bool(abs(one - other) <= max(LAND_CHANGE * one, LAND_LEAST))


def explain_mismatch(first: Counts, i: int, later: Counts, j: int, municipalities: bool) -> tuple[str, bool]:
    """Why row i is not the place of row j although the codes are the same (empty where it is), and whether renamed."""
    land = same_land(first.land[i], later.land[j])
    alike = same_name(first.name[i], later.name[j])
    if land is False:
        return ("other_borders" if alike else "other_name"), False
    change = abs(later.residents[j] / first.residents[i] - 1)
    if not alike:  # on the same land, and with as many people, it is the same place under another name
        renamed = land is True and change <= GREATEST_CHANGE
        return ("" if renamed else "other_name"), renamed
    return ("other_borders" if land is None and municipalities and change > GREATEST_CHANGE else ""), False


def match_areas(first: Counts, later: Counts, municipalities: bool = False) -> Match:
    """Match two tables.

    Parameters
    ----------
    towns : bool
        Whether the places are municipalities, whose number of residents tells changed borders where land is unknown.
    """
    at = {code: row for row, code in enumerate(later.code)}
    pairs, renamed, left_out = [], [], []
    for i, code in enumerate(first.code):
        j = at.get(code)
        if j is None:
            left_out.append(LeftOut(code, first.name[i], "gone"))
            continue
        reason, other_name = explain_mismatch(first, i, later, j, municipalities)
        if reason:
            left_out.append(LeftOut(code, first.name[i], reason))
            continue
        pairs.append((i, j))
        if other_name:
            renamed.append((code, first.name[i], later.name[j]))
    known = set(first.code)
    left_out += [LeftOut(code, later.name[at[code]], "new") for code in later.code if code not in known]
    index = np.array(pairs, np.int64).reshape(-1, 2)
    return Match(index[:, 0], index[:, 1], renamed, left_out)
