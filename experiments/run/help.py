"""`thuis run --help`: the help of the command; with --parameters also all parameters of the model."""

import textwrap
from dataclasses import replace

from experiments.options.help import WIDTH, entry, help_of
from experiments.options.requests import RUN


def parameter_lines(text: str = "") -> list[str]:
    """The parameters of the model whose name or meaning contains a text: default, range, unit and meaning."""
    from sim.parameters import Parameters
    from sim.parameters.declaration import describe

    return [
        entry(d.name, f"{d.default:g} ({d.low:g}..{d.high:g} {d.unit}) [{d.certainty}] {d.text}", 26)
        for d in describe(Parameters).values()
        if text in f"{d.name} {d.text}".lower()
    ]


def certainty_lines() -> str:
    """Meaning of the letters of certainty."""
    from sim.parameters.declaration import CERTAINTY

    return textwrap.fill("; ".join(f"{letter} {meaning}" for letter, meaning in CERTAINTY.items()), WIDTH - 2)


def run_help(parameters: bool = False) -> str:
    """The whole text, with all parameters where requested."""
    quoted = "A value with signs is quoted twice: \"out='my folder'\"."
    if not parameters:
        count = len(parameter_lines())
        listed = f"The {count} parameters of the model: thuis run --parameters, or thuis parameters TEXT."
        return help_of(replace(RUN, notes=f"{listed}\n{quoted}"), full=True)
    notes = [
        "Parameters of the model: parameters.NAME=VALUE, default (range unit) and how sure it is",
        textwrap.indent(certainty_lines(), "  "),
        *parameter_lines(),
        "",
        quoted,
    ]
    return help_of(replace(RUN, notes="\n".join(notes)), full=True)
