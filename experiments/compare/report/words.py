"""Texts of the report in English and Dutch, from words.yaml, and numbers in the local style."""

from functools import cache
from importlib import resources
from typing import Any

import yaml

MINUS = "−"


@cache
def all_words() -> dict[str, Any]:
    """Both languages as they stand in the file."""
    return yaml.safe_load((resources.files("experiments.compare.report") / "words.yaml").read_text(encoding="utf-8"))


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


def round_euro(value: float | None, language: str, words: dict[str, Any]) -> str:
    """Euro in three digits, in words: 4.5 million euro, 4,5 miljoen euro; small amounts in whole euro."""
    if value is None or value != value:
        return "–"
    for size, name in ((1e9, words["billion"]), (1e6, words["million"])):
        if abs(value) >= size:
            return f"{number(value / size, 1 if abs(value) < 100 * size else 0, language)} {name}"
    digits = max(len(str(int(abs(value)))) - 3, 0)
    return number(round(value / 10**digits) * 10**digits, 0, language)
