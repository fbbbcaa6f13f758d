"""Values as written on the command line, and their meaning."""

import re
from typing import Any, ClassVar

import yaml

from scenarios.errors import InputError

MOST_NUMBERS = 100_000
_RANGE = re.compile(r"range\((-?\d+),\s*(-?\d+)(?:,\s*(-?\d+))?\)")


class _Reader(yaml.SafeLoader):
    """YAML of which plain words are what they look like: no dates, octal numbers or `no` for false (YAML 1.2)."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _first in (
    ("null", r"null|~|", ["n", "~", ""]),
    ("bool", r"true|True|false|False", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Reader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first)


def read_value(key: str, text: str) -> Any:
    """A value: a number, true or false, null, a text, a list [A,B], or range(low, high[, step]) of whole numbers.

    Raises
    ------
    InputError
        It cannot be read.
    """
    found = _RANGE.fullmatch(text.strip())
    if found:
        numbers = list(range(*(int(part) for part in found.groups() if part is not None)))
        if not 0 < len(numbers) <= MOST_NUMBERS:
            raise InputError(f"{key}={text} is {len(numbers)} numbers; allowed is 1 to {MOST_NUMBERS:,}")
        return numbers
    if text in ("inf", "-inf", "nan"):
        return float(text)
    if text[:1] not in ("[", "{", "'", '"') and (": " in text or " #" in text or text[:1] in "@`%&*!|>"):
        return text
    try:
        return yaml.load(text, _Reader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(
            f"cannot read '{key}={text}': write {key}=VALUE or a list {key}=[A,B], and quote a value with signs twice, "
            f"as in \"{key}='my folder'\""
        ) from error


def read_text(key: str, text: str) -> str | None:
    """A text or the name of a file as it stands, without the quotes that may be around it; None for null.

    Raises
    ------
    InputError
        The quotes do not match.
    """
    if text == "null":
        return None
    return str(read_value(key, text)) if text[:1] in ("'", '"') else text
