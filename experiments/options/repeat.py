"""The command that repeats a request: all arguments that differ from the defaults."""

import shlex
from collections.abc import Collection, Mapping
from typing import Any

from scenarios.errors import InputError

PARTS = ("region", "policy", "policies", "parameters")


def command_line(words: list[str]) -> str:
    """Words as a line to paste into a shell."""
    return " ".join(shlex.quote(word) for word in words)


def region_words(region: Mapping[str, Any], usual: Mapping[str, Any]) -> list[str]:
    """The region, and its options that differ from the usual ones."""
    changed = [key for key, value in region.items() if key != "name" and value != usual.get(key)]
    return [f"region={region['name']}", *(f"region.{key}={value_word(region[key])}" for key in changed)]


def plain_words(
    configuration: Mapping[str, Any], usual: Mapping[str, Any], always: Collection[str], never: Collection[str]
) -> list[str]:
    """Plain options that differ from the usual ones.

    Parameters
    ----------
    always, never : collection of str
        Options that are said even when they are as usual, and those that do not change a result.
    """
    said = (key for key in configuration if key not in PARTS and key not in never)
    return [
        f"{key}={value_word(configuration[key])}"
        for key in said
        if key in always or configuration[key] != usual.get(key, configuration[key])
    ]


def parameter_words(parameters: Mapping[str, float], usual: Mapping[str, float]) -> list[str]:
    """Parameters of the model that differ from their defaults."""
    return [f"parameters.{key}={value!r}" for key, value in parameters.items() if value != usual[key]]


def policy_word(policy: Mapping[str, Any]) -> str:
    """How a policy is named on the command line: a package by its name, an own one by its file."""
    from scenarios.policy.packages import package_names

    name = str(policy.get("name", "baseline"))
    return str(policy.get("file") or (name if name in package_names() else f"{name}.yaml"))


def policy_words(policy: Mapping[str, Any]) -> list[str]:
    """A policy and the changes of its package; an own one by its file, and what differs from it where it is there."""
    from scenarios.policy.packages import read_package

    name = policy_word(policy)
    try:
        usual = read_package(name)
    except InputError:
        return [f"policy={name}"]
    words = [] if name == "baseline" else [f"policy={name}"]
    for key, value in policy.items():
        nested = value.items() if isinstance(value, dict) and key not in ("title", "text") else [(None, value)]
        for inner, one in nested:
            base = usual.get(key, {}).get(inner) if inner is not None else usual.get(key)
            if one != base and key not in ("title", "text", "defaults", "file"):
                dotted = f"policy.{key}.{inner}" if inner is not None else f"policy.{key}"
                words.append(f"++{dotted}={value_word(one)}")
    return words


def value_word(value: Any) -> str:
    """A value as it is written on the command line."""
    if isinstance(value, list | tuple):
        return f"[{','.join(value_word(each) for each in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    text = "null" if value is None else str(value)
    safe = all(sign.isalnum() or sign in "._-/+:%@" for sign in text)
    return text if safe and text else "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
