"""Shares of origin groups and ages from counts or percentages of CBS, with suppressed values filled in."""

from dataclasses import dataclass

import numpy as np

from scenarios.areas import AGES
from scenarios.download.raw import RawTable
from scenarios.download.words import counted
from scenarios.errors import InputError

PARTS = ("moroccan", "antillean", "surinamese", "turkish")
CBS7 = ("dutch", "western", *PARTS, "other_non_western")
CBS3 = ("netherlands", "europe", "outside_europe")

SLACK, SLACK_PEOPLE = 0.1, 25.0
"""A sum may differ from the residents by this share or number: CBS rounds to fives."""

MOST_ODD = 0.1
"""With a greater share of areas whose parts do not add up to the residents, columns must have been misread."""


@dataclass(frozen=True)
class Shares:
    """``values`` is float64[J, C], rows adding to 1, for the C groups ``names``."""

    names: tuple[str, ...]
    values: np.ndarray


def age_shares(figures: RawTable, codes: list[str], notes: list[str]) -> Shares:
    """Return the shares of the five age classes."""
    columns = [f"age_{a}" for a in AGES]
    values = _filled(figures, codes, columns, "ages", notes)
    return Shares(AGES, values)


def origin_shares(figures: RawTable, codes: list[str], scheme: str, notes: list[str]) -> Shares:
    """Return the shares of the groups of the scheme: seven up to 2022 (cbs7), three from 2023 (cbs3)."""
    if scheme == "cbs3":
        return Shares(CBS3, _filled(figures, codes, list(CBS3), "origins", notes))
    municipalities = sorted({f"GM{c[2:6]}" for c in codes})
    everywhere = [*codes, *[p for p in municipalities if p in figures.rows]]
    values, secret = _seven_groups(figures, everywhere)
    some = int(secret[: len(codes)].sum())
    if some:
        notes.append(
            f"In {counted(some, 'area')} parts of the non-western group are kept secret: they are taken as 0, "
            "so that those residents count as other non-western."
        )
    return Shares(CBS7, _with_municipality(values, everywhere, codes, "origins", notes))


def _seven_groups(figures: RawTable, codes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return shares with nan rows where unknown, float64[N, 7], and bool[N]: a part was kept secret."""
    residents = _values(figures, codes, ["residents"])[:, 0]
    percent = figures.columns["western"].unit.strip() == "%"
    whole = np.full(len(codes), 100.0) if percent else residents
    western, other = _values(figures, codes, ["western", "non_western"]).T
    parts = _values(figures, codes, list(PARTS))
    secret = np.isnan(parts).any(axis=1) & np.isfinite(other) & (other > 0)
    parts = np.nan_to_num(parts)
    dutch = np.maximum(whole - western - other, 0.0)
    rest = np.maximum(other - parts.sum(axis=1), 0.0)
    values = np.column_stack([dutch, western, parts, rest])
    too_many = western + other > whole * (1 + SLACK) + (2.0 if percent else SLACK_PEOPLE)
    _refuse_odd(figures, too_many & (residents > 0), "western and non-western")
    return _normalised(values), secret


def _filled(figures: RawTable, codes: list[str], columns: list[str], what: str, notes: list[str]) -> np.ndarray:
    """Return shares of classes that together are all residents; unknown rows get those of the municipality."""
    municipalities = sorted({f"GM{c[2:6]}" for c in codes})
    everywhere = [*codes, *[p for p in municipalities if p in figures.rows]]
    values = _values(figures, everywhere, columns)
    residents = _values(figures, everywhere, ["residents"])[:, 0]
    percent = figures.columns[columns[0]].unit.strip() == "%"
    whole, slack = (np.full(len(everywhere), 100.0), 5.0) if percent else (residents, SLACK_PEOPLE)
    odd = np.abs(values.sum(axis=1) - whole) > whole * SLACK + slack
    _refuse_odd(figures, odd & (residents > 0), what)
    return _with_municipality(_normalised(values), everywhere, codes, what, notes)


def _values(figures: RawTable, codes: list[str], columns: list[str]) -> np.ndarray:
    return np.array([[figures.rows[c][k] for k in columns] for c in codes], dtype=np.float64).reshape(len(codes), -1)


def _normalised(values: np.ndarray) -> np.ndarray:
    total = values.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, values / total, np.nan)


def _with_municipality(
    values: np.ndarray, everywhere: list[str], codes: list[str], what: str, notes: list[str]
) -> np.ndarray:
    """Fill unknown rows with those of the municipality, which follow those of the areas."""
    row = {code: at for at, code in enumerate(everywhere)}
    own = values[: len(codes)].copy()
    unknown = np.isnan(own).any(axis=1)
    for at in np.flatnonzero(unknown):
        municipality = row.get(f"GM{codes[at][2:6]}")
        if municipality is None or np.isnan(values[municipality]).any():
            raise InputError(f"the {what} of {codes[at]} are kept secret, and those of its municipality are not known")
        own[at] = values[municipality]
    if unknown.any():
        notes.append(
            f"The {what} of {counted(int(unknown.sum()), 'area')} are kept secret: taken from the municipality."
        )
    return own


def _refuse_odd(figures: RawTable, odd: np.ndarray, what: str) -> None:
    if odd.mean() > MOST_ODD:
        raise InputError(
            f"CBS table {figures.identifier}: the {what} do not add up to the residents in {odd.sum()} of {len(odd)} "
            "areas: its columns do not mean what conf/cbs_tables.yaml takes them for"
        )
