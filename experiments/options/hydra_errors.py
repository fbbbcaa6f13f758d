"""Hydra's errors as one line: what is wrong, and what is allowed."""

import re
from collections.abc import Callable

from experiments.options.declaration import unknown_option
from experiments.options.settings import known_keys, names_in
from scenarios.errors import InputError, close_matches
from scenarios.regions.names import region_key

FLAGS = {
    "--multirun": 0, "-m": 0, "--run": 0, "-r": 0, "--resolve": 0, "--hydra-help": 0, "--cfg": 1, "-c": 1,
    "--info": 1, "-i": 1, "--config-dir": 1, "-cd": 1, "--config-name": 1, "-cn": 1, "--package": 1, "-p": 1,
}  # fmt: skip
HEEDED = ("hydra.launcher", "hydra.sweep", "hydra.searchpath", "hydra.verbose")  # of Hydra's own keys


def check_word(word: str) -> None:
    """Refuse an unknown flag, a word that is not KEY=VALUE, and a key of Hydra's that would change nothing.

    Raises
    ------
    InputError
    """
    if word.startswith("-"):
        flag = word.split("=")[0]
        if flag not in FLAGS:
            raise InputError(f"unknown flag {flag}{close_matches(flag, FLAGS)} (options are written KEY=VALUE)")
    elif word.lstrip("+~").startswith("hydra.") and not word.lstrip("+~").startswith(HEEDED):
        key = word.partition("=")[0]
        raise InputError(f"{key} changes nothing here: out=FOLDER says where results go, -m asks for several runs")
    elif re.fullmatch(r"[A-Za-z_.]+", word) and word not in ("job", "hydra", "all", "defaults", "config", "plugins"):
        hint = close_matches(word, known_keys())
        raise InputError(f"'{word}' has no value; options are written KEY=VALUE{hint}")


def in_one_line(error: Exception, words: list[str]) -> Exception:
    """The error to report in place of one of Hydra's about these words; others stay themselves."""
    if type(error).__module__.split(".")[0] not in ("hydra", "omegaconf", "antlr4"):
        return error
    if type(error).__name__ == "OverrideParseException":
        return unreadable(error.override)  # type: ignore[attr-defined]
    text = str(error)
    for pattern, answer in ANSWERS:
        found = re.search(pattern, text)
        if found and answer is not_an_option:
            return not_an_option(found.group(1), words)
        if found:
            return answer(*found.groups())
    return InputError(" ".join(text.split()))


def unreadable(word: str) -> InputError:
    """For a word that Hydra's grammar cannot read."""
    return InputError(
        f"cannot read '{word}': write KEY=VALUE, and quote a value with blanks or signs, as in \"out='my folder'\""
    )


def no_such_choice(group: str, name: str) -> InputError:
    """For a region or policy that does not exist."""
    if group == "region":
        try:
            region_key(name)
        except InputError as error:
            return error
    choices = names_in(f"conf.{group}") if group == "policy" else []
    allowed = f" (allowed: {', '.join(choices)})" if choices else ""
    return InputError(f"unknown {group} '{name}'{close_matches(name, choices)}{allowed}")


def not_an_option(key: str, words: list[str]) -> InputError:
    """For a key that the configuration does not have."""
    if not key.startswith("policy."):
        return unknown_option(key, known_keys(), "run")
    from experiments.options.policy_words import changeable, not_in_package
    from scenarios.policy.packages import read_package

    name = next((word.split("=", 1)[1] for word in words if word.startswith("policy=")), "baseline")
    return not_in_package(key, name, changeable(read_package(name)))


ANSWERS: list[tuple[str, Callable[..., InputError]]] = [
    (r"Could not find '(\w+)/([^']*)'", no_such_choice),
    (r"Could not override '([^']+)'", not_an_option),
    (
        r"Could not append to config\. An item is already at '([^']+)'",
        lambda key: InputError(f"{key} exists; write {key}=VALUE without the +"),
    ),
    (
        r"Interpolation key '([^']+)' not found",
        lambda key: InputError(f"${{{key}}} refers to an option that does not exist"),
    ),
    (
        r"Additional config directory '([^']+)' not found",
        lambda folder: InputError(f"--config-dir {folder}: no such folder"),
    ),
    (r"Cannot find primary config '([^']+)'", lambda name: InputError(f"--config-name {name}: no such configuration")),
]
