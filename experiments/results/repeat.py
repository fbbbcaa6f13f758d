"""Settings by period of a run that was resumed, and the command that repeats a run."""

from itertools import pairwise
from typing import Any

from experiments.options.repeat import (
    command_line,
    parameter_words,
    plain_words,
    policy_word,
    policy_words,
    region_words,
)
from experiments.options.settings import Options, defaults
from experiments.results.phrases import fill

SAID = ("years", "seed", "scale", "people", "language", "behaviour")  # options that can change what a page says


def parts_of_run(summary: dict[str, Any], words: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """Title and lines of each part of the run, in order; one without a title when nothing changed on the way."""
    from scenarios.policy import policy_from, policy_in_words

    last, first = summary["configuration"]["parameters"], 1
    found: list[dict[str, Any]] = []
    for part in summary["earlier"]:
        title = fill(words["until"], language, first=first, until=part["until"])
        lines: list[str] = list(policy_in_words(policy_from(part["policy"]), language))
        for name, value in part["parameters"].items():
            if value != last[name]:
                lines.append(fill(words["other_parameter"], language, name=name, value=value, last=last[name]))
        found.append({"title": title, "lines": lines})
        first = part["until"] + 1
    since = fill(words["since"], language, first=first) if found else ""
    now = policy_from(summary["configuration"]["policy"])
    return [*found, {"title": since, "lines": list(policy_in_words(now, language))}]


def repeat_commands(summary: dict[str, Any]) -> list[str]:
    """The commands that make the same run, one after another; a single one when nothing changed on the way."""
    requested, earlier = summary["configuration"], summary["earlier"]
    if not earlier:
        return [command_of(requested)]
    plain = Options()
    held = [*earlier, {key: requested[key] for key in ("policy", "parameters")}]
    begin = {**requested, **held[0], "years": years_of(held[0]), "people": plain.people, "language": plain.language}
    found = [f"{command_of(begin)} stop_after={held[0]['until']} out=part-1"]
    for at, (before, now) in enumerate(pairwise(held), 1):
        words = ["thuis", "run", f"resume=part-{at}.checkpoint", *changes(before, now)]
        if "until" in now:
            words += [f"years={years_of(now)}", f"stop_after={now['until']}", f"out=part-{at + 1}"]
        else:
            words.append(f"years={requested['years']}")
            words += [
                f"{key}={str(requested[key]).lower()}"
                for key in ("people", "language")
                if requested[key] != getattr(plain, key)
            ]
        found.append(command_line(words))
    return found


def years_of(part: dict[str, Any]) -> int:
    """Whole years that reach to the end of a part."""
    return -(-part["until"] // 12)


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The words that change policy and parameters."""
    words: list[str] = []
    if before["policy"] != now["policy"]:
        words = policy_words(now["policy"])
        if not any(word.startswith("policy=") for word in words):
            words.insert(0, f"policy={policy_word(now['policy'])}")
    return words + [f"parameters.{k}={v!r}" for k, v in now["parameters"].items() if v != before["parameters"][k]]


def command_of(configuration: dict[str, Any]) -> str:
    """The arguments that repeat a run: all that differ from the defaults."""
    usual = defaults()
    plain = {key: configuration[key] for key in SAID if key in configuration}
    return command_line(
        [
            "thuis",
            "run",
            *region_words(configuration["region"], usual["region"]),
            *policy_words(configuration["policy"]),
            *plain_words(plain, usual, always=("years", "seed"), never=()),
            *parameter_words(configuration["parameters"], usual["parameters"]),
        ]
    )
