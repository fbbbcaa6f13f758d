"""Material of a report: tables, texts and the names of policies, in one language."""

from pathlib import Path
from typing import Any

import polars as pl
from markupsafe import Markup

from experiments.compare.report.words import number, rough, round_euro, words_of
from experiments.results.html import marked
from scenarios.areas import AreaTable
from scenarios.titles import title_of_places

PER_THOUSAND = 1000


class Report:
    """One report in one language: its words, tables and the names of its policies.

    Parameters
    ----------
    table : AreaTable or None
        Where the neighbourhoods lie; needed for maps alone.

    Attributes
    ----------
    matters : float
        Smallest effect that matters, people per 1,000.
    """

    def __init__(self, folder: Path, summary: dict[str, Any], table: AreaTable | None, language: str) -> None:
        self.folder, self.summary, self.areas, self.language = folder, summary, table, language
        self.words = words_of(language)
        self.frames = {
            name: pl.read_parquet(folder / f"{name}.parquet")
            for name in ("people", "effects", "by_group", "by_neighbourhood", "over_time", "costs", "replicates")
        }
        policies = summary["policies"]
        self.titles = {p["name"]: p["title"].get(language) or p["name"] for p in policies}
        self.reference = self.titles[policies[0]["name"]]
        self.compared = {p["name"]: self.titles[p["name"]] for p in policies[1:]}
        kind = self.words["units"]["draws" if summary["parameters_drawn"] else "replicates"]
        self.usual = {
            "place": place_of(summary, self.language),
            "time": self.time(summary["years"]),
            "reference": quoted(self.reference, language),
            "kind": kind,
            "units": str(summary["units"]),
        }
        self.matters = float(summary["configuration"]["matters"])

    @property
    def table(self) -> AreaTable:
        """Where the neighbourhoods lie."""
        if self.areas is None:
            raise ValueError("a report without a table of areas has no maps")
        return self.areas

    def time(self, years: int) -> str:
        """A number of years in words."""
        return self.words["one_year"] if years == 1 else self.words["some_years"].format(count=years)

    def number(self, value: float | None, digits: int, sign: bool = False) -> str:
        """A number in the local style."""
        return number(value, digits, self.language, sign)

    def rough(self, value: float | None, anchor: float, sign: bool = False) -> str:
        """A number in the local style, rounded to what is known: to where the anchor has two digits."""
        return rough(value, anchor, self.language, sign)

    def euro(self, value: float | None) -> str:
        """An amount of euro in two digits."""
        return round_euro(value, self.language, self.words)

    def people(self, count: float) -> str:
        """A number of people in two digits, and never in parts."""
        return self.rough(count, max(count, 10.0))

    def percent(self, share: float) -> str:
        """A share as a whole percentage."""
        return f"{self.number(100 * share, 0)}{self.words['percent']}"

    def at_home(self, name: str, group: str = "everyone", part: str = "both") -> dict[str, Any]:
        """The effect of a policy on how many of a group feel at home, per 1,000 adults; empty without the group."""
        found = self.summary["people"][name].get(group)
        return per_thousand(found["at_home"][part]) if found else {}

    def say(self, text: str, **values: Any) -> Markup:
        """A text of the report with its values filled in, which are escaped."""
        return marked(text, **{**self.usual, **values})

    def joined(self, names: list[str]) -> str:
        """Names as in a sentence."""
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {self.words['and']} {names[-1]}"


def per_thousand(row: dict[str, Any]) -> dict[str, Any]:
    """A difference of shares, its range and errors, per 1,000."""
    scaled = ("first", "difference", "low", "high", "sd", "error", "chance")
    return {k: v * PER_THOUSAND if k in scaled and v is not None else v for k, v in row.items()}


def place_of(summary: dict[str, Any], language: str) -> str:
    """The names of the municipalities, or how many they are."""
    return title_of_places(summary["municipality_names"], language)


def anchor_of(row: dict[str, Any]) -> float:
    """The largest end of a range, or the value where there is none: its rounding depends on it."""
    return max(abs(row[key] or 0.0) for key in ("difference", "low", "high"))


def quoted(text: str, language: str) -> str:
    """A policy's title in a sentence."""
    return f"‘{text}’" if language == "nl" else f"“{text}”"
