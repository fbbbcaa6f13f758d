"""`thuis run --help`: what most runs need; --options has every option and --parameters every parameter of the model."""

import textwrap
from dataclasses import replace

from experiments.options.help import WIDTH, entry, help_of
from experiments.options.requests import RUN

USUAL = ("years", "seed", "scale", "threads", "out", "replace", "language")
EXAMPLES = 8
QUOTED = "A value with signs is quoted twice: \"out='my folder'\"."


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


def run_help() -> str:
    """What most runs need; the rest is referred to."""
    count = len(parameter_lines())
    notes = [
        "thuis run --options      every option: areas, checkpoints, drivers, starts",
        f"thuis run --parameters   the {count} parameters of the model (thuis parameters TEXT searches them)",
        QUOTED,
    ]
    return help_of(replace(RUN, examples=RUN.examples[:EXAMPLES], notes="\n".join(notes)), only=USUAL)


def all_options() -> str:
    """Every option, also those of a region."""
    return help_of(replace(RUN, notes=QUOTED), full=True)


def all_parameters() -> str:
    """Every parameter of the model."""
    head = "Parameters of the model: parameters.NAME=VALUE, default (range unit) and how sure it is"
    return "\n".join([head, textwrap.indent(certainty_lines(), "  "), *parameter_lines()])
