"""The emulator's answer to a comparison, said before the first replicate."""

from functools import partial

from experiments.compare.design import Design, drawn_parameters, plan
from experiments.emulate.answers import Change, NotCovered, Run, answers_for, unlike
from experiments.emulate.emulator import Emulator, read_emulator
from experiments.results.phrases import fill_plain, phrases, written
from experiments.sweep.plan import code_of_sweeps
from scenarios.areas import AreaTable
from scenarios.policy import policy_from
from sim.parameters import Parameters

TIMES = {"at_home": (1000.0, 1), "belonging": (1.0, 4), "gap": (1.0, 4), "spent": (1.0, 0)}
"""Of each outcome what it is multiplied by, and its digits."""


def emulated_lines(design: Design, table: AreaTable) -> list[str]:
    """What the emulator of emulator= says, a line per policy; nothing where none is named.

    Raises
    ------
    InputError
        No emulator there.
    """
    folder, language = design.options.emulator, design.options.language
    if folder is None:
        return []
    words, say = phrases(language)["terminal"], partial(fill_plain, language=language)
    emulator = read_emulator(folder)
    policies = [policy_from(policy) for policy in design.policies]
    run = Run(design.region, table, design.options.years, design.options.scale)
    units = {replicate.draw: replicate for replicate in plan(design)}
    draws = [drawn_parameters(design, replicate) for replicate in units.values()]
    try:
        found = answers_for(emulator, run, policies, draws)
    except NotCovered as reason:
        return [say(words["emulated_none"], folder=folder, reason=reason_of(reason, language))]
    lines = [say(words["emulated"], folder=folder, runs=emulator.about["sweep"]["runs"])]
    titles = {policy.name: policy.title.get(language) or policy.name for policy in policies}
    for name in design.names[1:]:
        if name in found.missing:
            why = reason_of(found.missing[name], language)
            lines.append(say(words["emulated_missing"], policy=titles[name], reason=why))
            continue
        lines.append(say(words["emulated_policy"], policy=titles[name]))
        lines += [f"    {in_words(outcome, change, design)}" for outcome, change in found.changes[name].items()]
    return lines + cautions(emulator, draws, language)


def reason_of(reason: NotCovered, language: str) -> str:
    """Why there is no answer."""
    return fill_plain(phrases(language)["terminal"]["emulated_reasons"][reason.key], language, known=reason.known)


def cautions(emulator: Emulator, draws: list[Parameters], language: str) -> list[str]:
    """What makes the emulator's runs other runs than those of the comparison."""
    words, say = phrases(language)["terminal"], partial(fill_plain, language=language)
    held = sorted({name for draw in draws for name in unlike(emulator, draw)})
    lines = [say(words["emulated_held"], count=len(held))] if held else []
    if emulator.about["sweep"]["code"] != code_of_sweeps():
        lines.append(words["emulated_other"])
    return lines


def in_words(outcome: str, change: Change, design: Design) -> str:
    """The change of one outcome with its range over the draws and its error."""
    language = design.options.language
    words, say = phrases(language)["terminal"], partial(fill_plain, language=language)
    times, digits = TIMES[outcome]
    times /= design.options.years if outcome == "spent" else 1

    def number(value: float, sign: bool = True) -> str:
        return written(times * value, digits, language, sign)

    about = [say(words["emulated_error"], error=number(change.error, False), share=100 * change.share)]
    ends = {"low": number(change.low), "high": number(change.high)}
    if ends["low"] != ends["high"]:
        about.insert(0, say(words["emulated_draws"], draws=change.draws, **ends))
    return f"{say(words['emulated_outcomes'][outcome], mean=number(change.mean))} ({'; '.join(about)})"
