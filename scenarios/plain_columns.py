"""Columns of a table of areas: the values read, what was decided noted, and shares that add up."""

from pathlib import Path

import numpy as np

from scenarios.areas import MAXIMUM_RESIDENTS
from scenarios.codes import CODE
from scenarios.columns import VALUE_RANGES
from scenarios.errors import wrong
from scenarios.extra import Extra, joined
from scenarios.imputation import describe_imputation
from scenarios.shares import adding_up, read_shares
from scenarios.table import Table
from scenarios.titles import UNNAMED, name_from_file

ZERO_IS_UNKNOWN = ("dwellings", "household_size", "land_area")
SHOWN = 5


class PlainColumns:
    """One table: the rows that are areas with residents, and their columns."""

    def __init__(self, table: Table, chosen: np.ndarray):
        self.found = table.found
        kept = self.one_per_code(table)
        table, chosen = table.filter(kept), chosen[kept]
        residents = table.numbers("residents", 0, MAXIMUM_RESIDENTS, whole=True)
        lived_in = np.nan_to_num(residents) > 0
        if not lived_in.any():
            raise wrong("no area has residents", file=table.file, column="residents", allowed="at least one area")
        if not (lived_in & chosen).any():
            raise wrong("no residents live in the areas asked for", file=table.file, column="residents")
        left_out = np.flatnonzero(~lived_in & chosen)
        if len(left_out):
            codes = table.text("code")
            names = ", ".join(codes[r] for r in left_out[:SHOWN])
            more = (f" and {len(left_out) - SHOWN} more", f" en nog {len(left_out) - SHOWN}")
            more = more if len(left_out) > SHOWN else ("", "")
            self.say(
                f"{len(left_out)} areas without residents, or with an unknown number, were left out: {names}{more[0]}.",
                f"{len(left_out)} gebieden zonder bewoners, of met een onbekend aantal, zijn weggelaten: "
                f"{names}{more[1]}.",
            )
        table = table.filter(lived_in)
        self.table, self.code, self.residents = table, table.text("code"), residents[lived_in]
        self.chosen = chosen[lived_in]
        values = [c for c in table.columns if c in VALUE_RANGES]
        self.columns = {c: self.values(c) for c in values}

    def one_per_code(self, table: Table) -> np.ndarray:
        """Rows that are the first of their code, bool[N]; a duplicate is refused where it was requested."""
        seen: dict[str, int] = {}
        first = np.ones(len(table), dtype=bool)
        for at, code in enumerate(table.text("code")):
            if not code or code in seen:
                problem = f"is the code of row {seen[code]} too" if code else "is empty"
                bad = np.arange(len(table)) == at
                table.refuse(bad, "code", problem, "one code per area")
                first[at] = False
            seen.setdefault(code, int(table.rows[at]))
        return first

    def values(self, column: str) -> np.ndarray:
        """Return a column of numbers; 0 dwellings or a household size of 0 where people live counts as unknown."""
        zero = column in ZERO_IS_UNKNOWN
        percent = column in ("moving_rate", "income_low", "income_high")
        values = self.table.numbers(column, *VALUE_RANGES[column], percent=percent, zero_is_unknown=zero)
        count = int((self.table.numbers(column) == 0).sum()) if zero and np.isnan(values).any() else 0
        if count:
            self.say(
                f"In {count} areas with residents {column} is 0: it counts as unknown.",
                f"In {count} gebieden met bewoners is {column} 0: dat geldt als onbekend.",
            )
        return values / 100 if column == "moving_rate" and self.table.has_percent_signs(column) else values

    def add(self, extras: list[Extra], municipality: list[str]) -> None:
        """Join extra tables, for values that are unknown in this one."""
        columns, notes = joined(extras, self.code, municipality, self.residents)
        for note in notes:
            self.say(note, getattr(note, "dutch", note))
        for column, values in columns.items():
            own = self.columns.get(column, np.full(len(self.code), np.nan))
            self.columns[column] = np.where(np.isnan(own), values, own)

    def say(self, english: str, dutch: str) -> None:
        """Note what was assumed, in both languages."""
        self.found.say(english, dutch)

    def column(self, name: str, default: float = np.nan) -> np.ndarray:
        """Return a column with unknown values replaced."""
        values = self.columns.get(name, np.full(len(self.code), np.nan))
        return np.where(np.isnan(values), default, values)

    def names(self) -> list[str]:
        """Return the names, or the code where there is none."""
        names = self.table.text("name") if "name" in self.table.columns else self.code
        return [name or code for name, code in zip(names, self.code, strict=True)]

    def municipalities(self) -> tuple[list[str], list[str], np.ndarray]:
        """Return codes and names of municipalities, and the index of each area's."""
        if "municipality" not in self.table.columns:
            own = [f"GM{c[2:6]}" if CODE.fullmatch(c) else "" for c in self.code]
            if "" in own:
                return ["all"], [self.name_of_all()], np.zeros(len(self.code), dtype=np.int32)
            self.say(
                "There is no column municipality: it is read from the codes, which are those of CBS.",
                "Er is geen kolom municipality: de gemeente is gelezen uit de codes, die van het CBS zijn.",
            )
            municipality_codes, first, index = np.unique(own, return_index=True, return_inverse=True)
            names = self.table.text("municipality_name") if "municipality_name" in self.table.columns else own
            if all(code == location for code, location in zip(self.code, own, strict=True)):
                names = self.names()
            return [str(p) for p in municipality_codes], [names[i] or own[i] for i in first], index.astype(np.int32)
        own = self.table.text("municipality")
        self.table.refuse(np.array([not one for one in own]), "municipality", "is empty")
        municipality_codes, first, index = np.unique(own, return_index=True, return_inverse=True)
        column = "municipality_name" if "municipality_name" in self.table.columns else "municipality"
        names = self.table.text(column)
        return [str(p) for p in municipality_codes], [names[i] or own[i] for i in first], index.astype(np.int32)

    def name_of_all(self) -> str:
        """What areas without a column municipality are together called: as a column says, else after their file."""
        said = set(self.table.text("municipality_name")) if "municipality_name" in self.table.columns else set()
        stem = Path(str(self.table.file).removesuffix(".gz")).stem
        known = said.pop() if len(said) == 1 else ""
        after = "" if known or stem in UNNAMED else name_from_file(stem)
        self.say(
            "There is no column municipality: all areas are taken to be one municipality"
            + (f", called {after} after the file (a column municipality_name gives its name)." if after else "."),
            "Er is geen kolom municipality: alle gebieden gelden als één gemeente"
            + (f", die naar het bestand {after} heet (een kolom municipality_name geeft haar naam)." if after else "."),
        )
        return known or after or stem

    def shares(self, columns: list[str]) -> np.ndarray:
        """Return columns of shares that add up to 1 in each row; nan where nothing of a row is known.

        Unknown ones of a row divide the remainder, in the proportions of the table.
        """
        values, unit = read_shares(self.table, columns, self.residents)
        return adding_up(self.table, columns, self.remainder(values, columns), unit)

    def remainder(self, values: np.ndarray, columns: list[str]) -> np.ndarray:
        """Return shares in which the unknown ones of a partly known row divide the remainder."""
        unknown = np.isnan(values)
        part = unknown.any(axis=1) & ~unknown.all(axis=1)
        if not part.any():
            return values
        kind = columns[0].split("_")[0]
        self.say(
            f"In {part.sum()} areas unknown columns {kind}_* divide what the known ones leave of the whole.",
            f"In {part.sum()} gebieden verdelen onbekende kolommen {kind}_* wat de bekende van het geheel overlaten.",
        )
        known = np.where(unknown, 0.0, values)
        weight = np.array([(self.residents * k).sum() for k in known.T]) + 1e-9
        share = np.where(unknown, weight, 0.0)
        total, left = np.zeros(len(values)), np.ones(len(values))
        for at in range(values.shape[1]):
            total, left = total + share[:, at], left - known[:, at]
        filled = share * (np.maximum(left, 0.0) / np.maximum(total, 1e-300))[:, None]
        return np.where(part[:, None] & unknown, filled, values)

    def follows(self, missing: np.ndarray, relation: str) -> None:
        """Note that unknown values were imputed as among the districts of the Netherlands."""
        if missing.any():
            note = describe_imputation(relation, int(missing.sum()), len(missing))
            self.say(note, note.dutch)
