"""The text of the documentation on the model, made into that of one run.

Numbers in the prose are followed by a comment that names what declares them; the value is put in from there.
"""

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.odd.equations import equation

DOCS_ONLY = re.compile(r"<!-- only in the documentation -->.*?<!-- end -->\n?", re.DOTALL)
NUMBER = re.compile(r"(\d+(?:\.\d+)?)<!-- ([\w. /]+?) -->")
GENERATED = re.compile(r"^<!-- generated: ([a-z_]+) -->$", re.MULTILINE)
THIS_RUN = re.compile(r"^<!-- this run: ([a-z_]+) -->$", re.MULTILINE)
INCLUDED = re.compile(r"^```\{literalinclude\} \.\./(\S+)\n:pyobject: (\w+)\n```$", re.MULTILINE)
ANCHOR = re.compile(r"^\([a-z-]+\)=\n", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)([^)#]*)[^)]*\)")
WITHIN = (
    "",
    "model.md",
    "equations.md",
    "parameters.md",
    "policies.md",
    "glossary.md",
)  # pages whose content is in the description, too
HEADING = re.compile(r"^(#+) ", re.MULTILINE)


def page(name: str) -> str:
    """A page of the documentation: beside this file in an installed package, in docs/ in the source."""
    here = Path(__file__).resolve().parent
    neighbourhoods = [here / "pages" / f"{name}.md", here.parents[1] / "docs" / f"{name}.md"]
    return next(place for place in neighbourhoods if place.is_file()).read_text(encoding="utf-8")


def declared_number(expression: str, values: Mapping[str, float]) -> float:
    """The number that an expression names: a parameter of the run, or a dotted name, which may be divided."""
    if expression.startswith("parameter "):
        return values[expression.removeprefix("parameter ")]
    path, _, divisor = (part.strip() for part in expression.partition("/"))
    parts = path.split(".")
    last = next(at for at in range(len(parts), 0, -1) if is_module(".".join(parts[:at])))
    found: Any = import_module(".".join(parts[:last]))
    for part in parts[last:]:
        found = getattr(found, part)
    return float(found) / int(divisor or 1)


def is_module(name: str) -> bool:
    """Whether a dotted name is a module."""
    try:
        import_module(name)
    except ModuleNotFoundError:
        return False
    return True


def named(link: re.Match[str]) -> str:
    """What a link is called; of a page that is not in the description, that it is of the documentation."""
    return link[1] if link[2] in WITHIN else f"{link[1]} (in the documentation of Thuis)"


def run_text(name: str, parts: Mapping[str, Callable[[], str]], values: Mapping[str, float], deeper: int = 0) -> str:
    """A page with its generated parts, its equations and its numbers, without its title.

    Parameters
    ----------
    parts : mapping
        What makes each generated part and each part of this run, by name.
    values : mapping
        Parameters of the run.
    deeper : int
        Levels that headings go down.
    """
    text = DOCS_ONLY.sub("", page(name)).partition("\n")[2]
    text = NUMBER.sub(lambda found: f"{declared_number(found[2], values):g}", text)
    text = LINK.sub(named, ANCHOR.sub("", text))
    text = HEADING.sub(lambda found: "#" * (len(found[1]) + deeper) + " ", text)
    text = INCLUDED.sub(lambda found: equation(found[1], found[2], values), text)
    for kind in (GENERATED, THIS_RUN):
        text = kind.sub(lambda found: parts[found[1]](), text)
    return text.strip()
