"""What a report is made of: tables, words and the names of policies, in one language."""

from pathlib import Path
from typing import Any

import polars as pl
from markupsafe import Markup

from experiments.compare.report.words import number, words_of
from experiments.results.html import marked
from scenarios.areas import AreaTable


class Report:
    """One report in one language: its words, tables and the names of its policies.

    Parameters
    ----------
    table : AreaTable or None
        Where the neighbourhoods lie; needed for maps alone.
    """

    def __init__(self, folder: Path, summary: dict[str, Any], table: AreaTable | None, language: str) -> None:
        self.summary, self.areas, self.language = summary, table, language
        self.words = words_of(language)
        self.frames = {
            name: pl.read_parquet(folder / f"{name}.parquet")
            for name in ("effects", "by_group", "by_neighbourhood", "over_time", "costs")
        }
        policies = summary["policies"]
        self.titles = {p["name"]: p["title"].get(language) or p["name"] for p in policies}
        self.reference = self.titles[policies[0]["name"]]
        self.compared = {p["name"]: self.titles[p["name"]] for p in policies[1:]}
        self.usual = {
            "place": summary["title"], "years": str(summary["years"]), "reference": quoted(self.reference, language),
        }  # fmt: skip

    @property
    def table(self) -> AreaTable:
        """Where the neighbourhoods lie."""
        if self.areas is None:
            raise ValueError("a report without a table of areas has no maps")
        return self.areas

    def number(self, value: float | None, digits: int, sign: bool = False) -> str:
        """A number in the local style."""
        return number(value, digits, self.language, sign)

    def say(self, text: str, **values: Any) -> Markup:
        """A text of the report with its values filled in, which are shown as they are, whatever signs they hold."""
        return marked(text, **{**self.usual, **values})

    def joined(self, names: list[str]) -> str:
        """Names as in a sentence."""
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {self.words['and']} {names[-1]}"


def quoted(text: str, language: str) -> str:
    """A policy's title in a sentence."""
    return f"‘{text}’" if language == "nl" else f"“{text}”"
