"""Texts of the report in English and Dutch, from words.yaml, and numbers in the local style."""

from collections.abc import Sequence
from functools import cache
from math import floor, isfinite, log10
from typing import Any

from conf.files import read_yaml

MINUS = "−"


@cache
def all_words() -> dict[str, Any]:
    """Both languages, as in the file."""
    return read_yaml("experiments.compare.report", "words.yaml")


def words_of(language: str) -> dict[str, Any]:
    """The texts of one language, nested as in the file."""

    def pick(node: Any) -> Any:
        if isinstance(node, dict):
            return node[language] if set(node) == {"en", "nl"} else {key: pick(value) for key, value in node.items()}
        return node

    return pick(all_words())


def number(value: float | None, digits: int, language: str, sign: bool = False) -> str:
    """1,234.5 in English and 1.234,5 in Dutch, with a real minus; a dash where there is none.

    Parameters
    ----------
    digits : int
        Decimals shown.
    sign : bool
        Show a plus too; zero has no sign.
    """
    if value is None or value != value:
        return "–"
    text = f"{abs(value):,.{digits}f}"
    zero = not any(digit in "123456789" for digit in text)
    if language == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    return text if zero else (MINUS if value < 0 else "+" if sign else "") + text


def rough(value: float | None, anchor: float, language: str, sign: bool = False) -> str:
    """A number to the place at which the anchor has two digits: 24.6 of 36.2 is 25, 0.01172 of 0.0171 is 0.012."""
    if value is None or value != value:
        return "–"
    decimals = 1 - floor(log10(abs(anchor))) if anchor and isfinite(anchor) else 0
    return number(round(value, decimals), max(decimals, 0), language, sign)


def whole_percents(parts: Sequence[float]) -> list[int]:
    """Parts of a whole as whole percentages that add up to 100; those whose fractions are largest are rounded up."""
    total = sum(parts)
    exact = [100 * part / total for part in parts]
    found = [floor(value) for value in exact]
    by_fraction = sorted(range(len(parts)), key=lambda n: found[n] - exact[n])
    for n in by_fraction[: 100 - sum(found)]:
        found[n] += 1
    return found


def round_euro(value: float | None, language: str, words: dict[str, Any], digits: int = 2) -> str:
    """Euro in two digits, in words: 4.5 million euro, 4,5 miljoen euro; small amounts in whole euro."""
    if value is None or value != value:
        return "–"
    rounded = round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0
    for size, name in ((1e9, words["billion"]), (1e6, words["million"])):
        if abs(rounded) >= size:
            decimals = max(digits - 1 - floor(log10(abs(rounded) / size)), 0)
            amount = rounded / size
            return f"{number(amount, 0 if amount == int(amount) else decimals, language)} {name}"
    return number(rounded, 0 if abs(rounded) >= 10 or rounded == int(rounded) else 1, language)
