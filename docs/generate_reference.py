"""Pages of the documentation that are made from the code each time it is built, so that they cannot say anything else.

A page asks for a part by a line of its own, ``<!-- generated: parameters -->``; `fill` puts the part in its place.
``python docs/generate_reference.py parameters`` prints one.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import fields
from inspect import getdoc, getsource
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The project's folder, and not this one: here `conf` is Sphinx's file, there it is the configuration.
sys.path[:] = [str(HERE.parent), *(path for path in sys.path if Path(path).resolve() != HERE)]

MARKER = re.compile(r"^<!-- generated: ([a-z_]+) -->$", re.MULTILINE)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def sections() -> list[tuple[str, list[str]]]:
    """Parameters by the comment that stands above them in sim/parameters.py."""
    from sim.parameters import Parameters

    found: list[tuple[str, list[str]]] = []
    for line in getsource(Parameters).splitlines():
        if comment := re.fullmatch(r" {4}# (.+)", line):
            found.append((comment[1], []))
        elif name := re.match(r" {4}(\w+): float = parameter\(", line):
            found[-1][1].append(name[1])
    return [(title, names) for title, names in found if names]


def parameters() -> str:
    """Every parameter with default, range, unit, certainty, meaning and source."""
    from sim.parameter import CERTAINTY, describe
    from sim.parameters import Parameters

    known = describe(Parameters)
    letters = "; ".join(f"**{letter}** {text}" for letter, text in CERTAINTY.items())
    parts = [f"{len(known)} parameters. How sure a default is: {letters}."]
    for title, names in sections():
        rows = []
        for d in (known[name] for name in names):
            kept = "" if d.uncertain else " (not varied in sensitivity analysis)"
            span = f"{d.low:g} to {d.high:g}"
            rows.append([f"`{d.name}`", f"{d.default:g}", span, d.unit, d.certainty, d.text + kept, d.source])
        head = ["parameter", "default", "range", "unit", "", "meaning", "source"]
        parts += [f"## {title}", table(head, rows)]
    return "\n\n".join(parts)


def options() -> str:
    """Options of a run."""
    from experiments.options.declaration import range_of
    from experiments.options.settings import Options

    rows = []
    for f in fields(Options):
        default = "" if f.default is None else f"`{str(f.default).lower()}`"
        rows.append([f"`{f.name}`", f.metadata["text"], range_of(f.metadata), default])
    return table(["option", "meaning", "allowed", "default"], rows)


def regions() -> str:
    """Regions and their options."""
    from experiments.options.help import REGION_TEXT
    from scenarios.archetypes import archetype_names

    names = ", ".join(f"`{name}`" for name in archetype_names())
    known = f"any municipality by name or code (`thuis regions`), several in a list, a province or `all`; {names} have"
    rows = [[f"`{key}`", text] for key, text in REGION_TEXT.items()]
    intro = f"`region=` takes {known} their figures of 2017 by default; or `cbs`, `netherlands`, `file` with a table."
    return f"{intro}\n\n" + table(["option", "meaning"], rows)


def policies() -> str:
    """Names of the policies that come with Thuis."""
    from scenarios.policy.packages import load_policy, package_names

    return table(["`policy=`", "what it is"], [[f"`{n}`", load_policy(n).title["en"]] for n in package_names()])


def phases() -> str:
    """The phases of a month and of a month of settling, in their order."""
    from sim.month import PHASES, SETTLING_PHASES

    rows = []
    for number, (name, phase) in enumerate(PHASES.items(), 1):
        text = str(getdoc(phase.function.py_func)).split("\n\n")[0].replace("\n", " ")
        shared = str(getdoc(phase.share))
        rows.append([str(number), f"`{name}`", text, shared, "yes" if name in SETTLING_PHASES else ""])
    settling = " → ".join(f"`{name}`" for name in SETTLING_PHASES)
    head = ["", "phase", "what it does", "shared out by", "while settling"]
    return table(head, rows) + f"\n\nA month of settling passes {settling}."


def rules() -> str:
    """Every rule by name, with the first line of what it says."""
    import sim.rules

    rows = []
    for name in sim.rules.__all__:
        rule = getattr(sim.rules, name)
        module = rule.py_func.__module__.rsplit(".", 1)[-1]
        text = str(getdoc(rule.py_func)).split("\n\n")[0].replace("\n", " ")
        rows.append([f"`{name}`", f"`sim/rules/{module}.py`", text])
    return table(["rule", "file", "equation"], rows)


def measures() -> str:
    """What is counted every month."""
    from sim.measures import CLASSES, COUNT_NAMES, MEASURES

    named = ", ".join(f"`{name}`" for name in COUNT_NAMES)
    rows = [[f"`{m.name}`", m.english, m.unit, f"{m.part} / {m.whole}" if m.whole else m.part] for m in MEASURES]
    return (
        f"Classes of residents: {'; '.join(CLASSES)}.\n\nCounted of each, per neighbourhood: {named}. Reported:\n\n"
        + table(["measure", "what it is", "unit", "count"], rows)
    )


def commands() -> str:
    """The sub-commands that are there."""
    from experiments.cli.command import find_command
    from experiments.cli.commands import COMMANDS

    rows = [[f"`thuis {name}`", text] for name, (_, text) in COMMANDS.items() if find_command(name)]
    return table(["command", "what it does"], rows)


def patterns() -> str:
    """The patterns that the simulator is checked against."""
    from experiments.validate.patterns import read_patterns
    from experiments.validate.report import band_text

    rows = []
    for name, about in read_patterns()[0].items():
        parts = [f"{part}: {p['target']:g} ({band_text(p['low'], p['high'])})" for part, p in about["parts"].items()]
        rows.append(
            [name, about["title"]["en"], about["measure"], "<br>".join(parts), about["source"], about["certainty"]]
        )
    return table(["", "pattern", "measure", "target (band)", "source", ""], rows)


def found() -> str:
    """The pages that no other table of contents names: comparing, sweeping, calibrating, validating."""
    named = (HERE / "index.md").read_text(encoding="utf-8").splitlines()
    others = sorted(path.stem for path in HERE.glob("*.md") if path.stem not in [*named, "index"])
    lines = ["```{toctree}", ":caption: Questions asked of it", ":maxdepth: 1", "", *others, "```"]
    return "\n".join(lines) if others else ""


PARTS: dict[str, Callable[[], str]] = {
    part.__name__: part
    for part in (parameters, options, regions, policies, phases, rules, measures, commands, patterns, found)
}


def fill(text: str) -> str:
    """The text with every generated part in its place; an unknown part is a KeyError."""
    return MARKER.sub(lambda found: PARTS[found[1]](), text)


if __name__ == "__main__":
    print(PARTS[sys.argv[1]]())
