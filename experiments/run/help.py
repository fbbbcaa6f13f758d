"""`thuis run --help`: what any command says of itself, and all parameters of the model."""

import textwrap

from experiments.options.help import WIDTH, entry, help_of
from experiments.options.requests import RUN


def parameter_lines() -> str:
    """The parameters of the model with default, range, unit and meaning."""
    from sim.parameter import describe
    from sim.parameters import Parameters

    described = describe(Parameters).values()
    return "\n".join(
        entry(d.name, f"{d.default:g} ({d.low:g}..{d.high:g} {d.unit}) [{d.certainty}] {d.text}", 26) for d in described
    )


def run_help() -> str:
    """The whole text."""
    from dataclasses import replace

    from sim.parameter import CERTAINTY

    sure = textwrap.fill("; ".join(f"{letter} {meaning}" for letter, meaning in CERTAINTY.items()), WIDTH - 2)
    notes = f"""\
Parameters of the model: parameters.NAME=VALUE, default (range unit) and how sure it is
{textwrap.indent(sure, "  ")}
{parameter_lines()}

A value with signs is quoted twice: "out='my folder'"."""
    return help_of(replace(RUN, notes=notes), full=True)
