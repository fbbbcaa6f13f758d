"""Common parts of the commands that list something: language, search, and layout."""

import textwrap
from collections.abc import Iterable, Sequence

from experiments.options.help import WIDTH
from scenarios.errors import InputError

LANGUAGES = ("en", "nl")


def read_search(words: Sequence[str]) -> tuple[str, str]:
    """The language, and the text searched for.

    Raises
    ------
    InputError
    """
    language, searched = "en", []
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            searched.append(word)
        elif key != "language" or value not in LANGUAGES:
            raise InputError(f"{word} is not allowed; allowed is language=en or language=nl")
        else:
            language = value
    return language, " ".join(searched).lower()


def entry(name: str, texts: Iterable[str], indent: int = 4) -> str:
    """A name on a line of its own, and its texts wrapped below it."""
    lines = [name]
    for text in texts:
        lines += textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2))
    return "\n".join(lines)


def nothing_like(text: str, what: str, command: str) -> InputError:
    """The error for a search that finds nothing."""
    return InputError(
        f"no {what} is like '{text}' (all: thuis {command})",
        f"niets gevonden dat lijkt op '{text}' (alles: thuis {command} language=nl)",
    )
