"""Policies written in Dutch: their words are translated by conf/policy_words.yaml."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from conf.files import read_yaml
from scenarios.errors import InputError

NAMING = ("facilities", "migrants", "where")
"""Keys whose values are words too."""


@cache
def dutch_words() -> dict[str, dict[str, str]]:
    """Dutch words and those of the model, by kind: about, levers, targets."""
    return read_yaml("conf", "policy_words.yaml")


def in_english(values: Mapping[str, Any], here: str = "") -> dict[str, Any]:
    """A policy with the model's words in place of Dutch ones; names of measures stay as they are.

    Raises
    ------
    InputError
        The same in both languages: of the two only one would count.
    """
    about = dutch_words()["about"]
    found: dict[str, Any] = {}
    for key, value in values.items():
        english = about.get(key, key)
        if isinstance(value, Mapping) and english not in ("title", "text"):
            put(found, key, measure_in_english(value, f"{here}{key}: "), key, here)
        else:
            put(found, english, target_in_english(value) if english == "where" else value, key, here)
    return found


def in_dutch(words: Iterable[str]) -> list[str]:
    """Words of the model as they are written in Dutch; those that have no Dutch one as they are."""
    dutch = {english: word for kind in ("about", "levers") for word, english in dutch_words()[kind].items()}
    return [dutch.get(word, word) for word in words]


def measure_in_english(values: Mapping[str, Any], here: str) -> dict[str, Any]:
    """A measure with the model's words."""
    words = dutch_words()["about"] | dutch_words()["levers"]
    found: dict[str, Any] = {}
    for key, value in values.items():
        english = words.get(key, key)
        put(found, english, target_in_english(value) if english in NAMING else value, key, here)
    return found


def target_in_english(value: Any) -> Any:
    """A motive, a facility, all or everywhere; or a list of them. Names of areas stay as they are."""
    if isinstance(value, list):
        return [target_in_english(one) for one in value]
    return dutch_words()["targets"].get(value, value) if isinstance(value, str) else value


def put(found: dict[str, Any], english: str, value: Any, key: str, here: str) -> None:
    """Set a value, where it was not set before under its other name."""
    if english in found:
        raise InputError(f"{here}{key} and {english} are the same; give one of them")
    found[english] = value
