"""Options as they are declared, fields of a dataclass with default, range and explanation; and how they are checked."""

from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from pathlib import Path
from typing import Any

from scenarios.errors import InputError, bedoelt_u, close_matches


def whole(default: int | None, low: int, high: int, text: str) -> Any:
    """Declare an option that is a whole number."""
    return field(default=default, metadata={"kind": "whole", "low": low, "high": high, "text": text})


def number(default: float | None, low: float, high: float, text: str) -> Any:
    """Declare an option that is a number."""
    return field(default=default, metadata={"kind": "number", "low": low, "high": high, "text": text})


def choice(default: str, choices: tuple[str, ...], text: str) -> Any:
    """Declare an option that is one of a few words."""
    return field(default=default, metadata={"kind": "choice", "choices": choices, "text": text})


def yes_or_no(text: str, default: bool = False) -> Any:
    """Declare an option that is true or false."""
    return field(default=default, metadata={"kind": "flag", "text": text})


def file_path(text: str, default: str | None = None) -> Any:
    """Declare an option that is a file or folder, none unless given."""
    return field(default=default, metadata={"kind": "path", "text": text})


def words(text: str, default: str | None = None) -> Any:
    """Declare an option that is a text."""
    return field(default=default, metadata={"kind": "text", "text": text})


def several(text: str, default: tuple[str, ...] = ()) -> Any:
    """Declare an option that is a list of names."""
    return field(default=default, metadata={"kind": "list", "text": text})


def declared(options: type) -> dict[str, Mapping[str, Any]]:
    """What is declared of each option of a dataclass, by name; `default` included."""
    return {f.name: {**f.metadata, "default": f.default} for f in fields(options)}


def options_from[Declared](options: type[Declared], values: Mapping[str, Any], command: str) -> Declared:
    """Check values by name, as words or Python gave them.

    Parameters
    ----------
    options : type
        A dataclass of declared options.
    command : str
        What the options belong to, for errors.

    Raises
    ------
    InputError
        An unknown option, or a value that is not allowed: one line.
    """
    known = declared(options)
    for key in values:
        if key not in known:
            raise unknown_option(key, known, command)
    return options(**{key: check_option(key, value, known[key]) for key, value in values.items()})


def unknown_option(key: str, known: Any, command: str) -> InputError:
    """The error for an option that does not exist, with those that look like it."""
    of_model = key.startswith("parameters.")
    what = "is not a parameter of the model" if of_model else f"is not an option of {command}"
    wat = "is geen parameter van het model" if of_model else f"is geen optie van {command}"
    return InputError(
        f"{key} {what}{close_matches(key, known)} (list: thuis {command} --help)",
        f"{key} {wat}{bedoelt_u(key, known)} (lijst: thuis {command} --help)",
    )


def check_option(key: str, value: Any, about: Mapping[str, Any]) -> Any:
    """One option's value in its own type.

    Raises
    ------
    InputError
        What is wrong with it, and what is allowed.
    """
    kind = about["kind"]
    if value is None and about.get("default", 0) is None:
        return None
    if kind == "whole":
        return check_whole(key, value, about["low"], about["high"])
    if kind == "number":
        return check_number(key, value, about["low"], about["high"])
    if kind == "flag":
        if not isinstance(value, bool):
            raise not_allowed(key, repr(value), ("true", "false"))
        return value
    if kind == "choice":
        if value not in about["choices"]:
            raise not_allowed(key, value, about["choices"])
        return value
    if kind == "list":
        return check_list(key, value)
    return check_text(key, value, "the name of a file or folder" if kind == "path" else "a text")


def not_allowed(key: str, value: Any, choices: Sequence[str]) -> InputError:
    """The error for a value that is none of some words."""
    near, dichtbij = (asked(str(value), choices) for asked in (close_matches, bedoelt_u))
    return InputError(
        f"{key}={value} is not allowed; allowed is {' or '.join(choices)}{near}",
        f"{key}={value} kan niet; kies uit {', '.join(choices)}{dichtbij}",
    )


def out_of_range(key: str, value: Any, ends: tuple[str, str], kinds: tuple[str, str] | None) -> InputError:
    """The error for a number that is none (`kinds` says in English and Dutch what was expected), or out of range."""
    low, high = ends
    shown = f"{value}" if kinds is None else f"{value!r}"
    problem, probleem = (f"is not {kinds[0]}", f"is geen {kinds[1]}") if kinds else ("is out of range", "kan niet")
    return InputError(
        f"{key}={shown} {problem}; allowed is {low} to {high}",
        f"{key}={shown} {probleem}; toegestaan is {low} tot en met {high}",
    )


def check_whole(key: str, value: Any, low: int, high: int) -> int:
    """A whole number in its range."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise out_of_range(key, value, (f"{low}", f"{high}"), ("a whole number", "heel getal"))
    if not low <= value <= high:
        raise out_of_range(key, value, (f"{low}", f"{high}"), None)
    return value


def check_number(key: str, value: Any, low: float, high: float) -> float:
    """A number in its range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise out_of_range(key, value, (f"{low:g}", f"{high:g}"), ("a number", "getal"))
    if not low <= value <= high:
        raise out_of_range(key, value, (f"{low:g}", f"{high:g}"), None)
    return float(value)


def check_list(key: str, value: Any) -> tuple[Any, ...]:
    """One name or several as a tuple; a text may name several, with commas between them."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not value:
        raise InputError(f"{key}={value!r} is not a list of names; allowed is {key}=[A,B]")
    return tuple(value)


def check_text(key: str, value: Any, what: str) -> str | None:
    """A text that says something; None stays None."""
    if value is None:
        return None
    if not isinstance(value, str | Path | int | float):
        more = ", such as mine.py:NAME for a function or class of your own" if callable(value) else ""
        raise InputError(f"{key} is a {type(value).__name__}, which is not allowed; allowed is {what}{more}")
    if not str(value).strip():
        raise InputError(f"{key}={value} is not allowed; allowed is {what}")
    return str(value)


def range_of(about: Mapping[str, Any]) -> str:
    """What an option allows, in a few words."""
    if about["kind"] in ("whole", "number"):
        return f"{about['low']}..{'2^63-1' if about['high'] == 2**63 - 1 else about['high']}"
    fixed = {"flag": "true|false", "path": "FILE", "text": "TEXT", "list": "[A,B]"}
    return "|".join(about["choices"]) if about["kind"] == "choice" else fixed[about["kind"]]
