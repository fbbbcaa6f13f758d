"""Pages of the documentation that are made from the code each time it is built, so that they cannot say anything else.

A page asks for a part by a line of its own, ``<!-- generated: parameters -->``; `fill` puts the part in its place.
``python docs/generate_reference.py parameters`` prints one.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The project's folder, and not this one: here `conf` is Sphinx's file, there it is the configuration.
sys.path[:] = [str(HERE.parent), *(path for path in sys.path if Path(path).resolve() != HERE)]

from experiments.odd.declared import measures, parameters, patterns, phases, rules, table  # noqa: E402

MARKER = re.compile(r"^<!-- generated: ([a-z_]+) -->$", re.MULTILINE)


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
    from scenarios.regions.archetypes import archetype_names

    names = ", ".join(f"`{name}`" for name in archetype_names())
    known = f"any municipality by name or code (`thuis regions`), several in a list, a province or `all`; {names} have"
    rows = [[f"`{key}`", text] for key, text in REGION_TEXT.items()]
    intro = f"`region=` takes {known} their figures of 2017 by default; or `cbs`, `netherlands`, `file` with a table."
    return f"{intro}\n\n" + table(["option", "meaning"], rows)


def policies() -> str:
    """Names of the policies that come with Thuis."""
    from scenarios.policy.packages import load_policy, package_names

    return table(["`policy=`", "what it is"], [[f"`{n}`", load_policy(n).title["en"]] for n in package_names()])


def commands() -> str:
    """The sub-commands that are there."""
    from experiments.cli.command import find_command
    from experiments.cli.commands import COMMANDS

    rows = [[f"`thuis {name}`", text] for name, (_, text) in COMMANDS.items() if find_command(name)]
    return table(["command", "what it does"], rows)


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
