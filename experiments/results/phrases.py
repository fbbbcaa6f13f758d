"""Texts of figures and page in English and Dutch, from phrases.yaml."""

import re
from functools import cache
from typing import Any

from markupsafe import Markup

from conf.files import read_yaml
from experiments.results.html import marked


@cache
def all_phrases() -> dict[str, Any]:
    """Both languages, as in the file."""
    return read_yaml("experiments.results", "phrases.yaml")


def phrases(language: str) -> dict[str, Any]:
    """The texts of one language, nested as in the file.

    Parameters
    ----------
    language : {"en", "nl"}
    """

    return in_language(all_phrases(), language)


def in_language(texts: Any, language: str) -> Any:
    """Nested texts with every pair of English and Dutch replaced by the one of this language."""
    if not isinstance(texts, dict):
        return texts
    if set(texts) == {"en", "nl"}:
        return texts[language]
    return {key: in_language(value, language) for key, value in texts.items()}


def fill_plain(text: str, language: str, **values: Any) -> str:
    """A text with its values, for a terminal; in Dutch 1,234.5 is written 1.234,5."""

    def one(found: re.Match[str]) -> str:
        value = values[found.group(1)]
        shown = found.group(0).format(**{found.group(1): value})
        turned = language == "nl" and isinstance(value, int | float)
        return shown.translate(str.maketrans(",.", ".,")) if turned else shown

    return re.sub(r"\{(\w+)(?::[^}]*)?\}", one, text)


def fill(text: str, language: str, **values: Any) -> str:
    """A text with its values, of which a page shows every sign as it is; in Dutch 1,234.5 is written 1.234,5.

    Only numbers are turned round, each on its own, so that points and commas of the sentence stay.
    """
    if language != "nl":
        return marked(text, **values)

    def one(found: re.Match[str]) -> str:
        value = values[found.group(1)]
        shown = marked(found.group(0), **{found.group(1): value})
        return shown.translate(str.maketrans(",.", ".,")) if isinstance(value, int | float) else shown

    return Markup(re.sub(r"\{(\w+)(?::[^}]*)?\}", one, text))  # noqa: S704  a text of ours, each value escaped


def written(value: float | None, digits: int, language: str, sign: bool = False) -> str:
    """A number in the style of the language; a dash where there is none, and no sign where it is nothing."""
    if value is None:
        return "–"
    rounded = round(float(value), digits) or 0.0  # -0.0 is written with a sign
    plus = "+" if sign and rounded > 0 else ""
    return plus + fill_plain(f"{{value:,.{digits}f}}", language, value=rounded)
