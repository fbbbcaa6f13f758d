"""Tables and columns of Statistics Netherlands (CBS): their names, and recognition of columns by their titles."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from conf.files import read_yaml
from scenarios.errors import InputError, close_matches


@dataclass(frozen=True)
class Property:
    """One column: its key, its title, its unit and the titles of the groups above it, nearest first."""

    key: str
    title: str
    unit: str = ""
    groups: tuple[str, ...] = ()


@cache
def catalogue() -> dict[str, Any]:
    """Return the content of ``conf/cbs_tables.yaml``."""
    return read_yaml("conf", "cbs_tables.yaml")


@cache
def short_names() -> dict[str, list[str]]:
    """Return the content of ``conf/cbs_names.yaml``."""
    return read_yaml("conf", "cbs_names.yaml")


def plain_title(title: str) -> str:
    """Return a title in lower case with single spaces."""
    return " ".join(title.replace("\xa0", " ").lower().split())


def recognised(rules: dict[str, dict[str, Any]], properties: list[Property], table: str) -> dict[str, Property]:
    """Find columns by title and group, as the rules of ``conf/cbs_tables.yaml`` say.

    Earlier titles of a rule are preferred; of several columns with one title the first in the table is taken, after
    the group has been compared.

    Raises
    ------
    InputError
        When a column that is needed has no match, naming the nearest title.
    """
    found: dict[str, Property] = {}
    for column, rule in rules.items():
        match = first_match(rule, properties)
        if match is not None:
            found[column] = match
        elif rule.get("need"):
            near = close_matches(rule["titles"][0], [plain_title(p.title) for p in properties])
            raise InputError(
                f"CBS table {table} has no column titled '{rule['titles'][0]}', needed for {column}{near}; "
                "the titles are in conf/cbs_tables.yaml"
            )
    return found


def first_match(rule: dict[str, Any], properties: list[Property]) -> Property | None:
    """Return the column that a rule means, or None."""
    must, rather = rule.get("group", ""), rule.get("prefer", "")
    for title in rule["titles"]:
        alike = [p for p in properties if plain_title(p.title) == title and _within(p, must)]
        if alike:
            return next((p for p in alike if rather and _within(p, rather)), alike[0])
    return None


def _within(one: Property, word: str) -> bool:
    """Whether a group above a column has this word in its title; without a word, always."""
    return not word or any(word in plain_title(group) for group in one.groups)
