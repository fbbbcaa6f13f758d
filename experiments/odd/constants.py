"""Numbers that the code declares beside the parameters: value and meaning, as they stand where they are declared."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from experiments.odd.declared import table

DRAWS = "sim/machine/draws.py"  # its numbers tell draws apart
ROOT = Path(__file__).resolve().parents[2]
NUMBER = (int, float, np.number)
WITHOUT_WORDS = "constant of the code"
PLAIN = {"ONE", "ZERO", "HALF"}  # need no row of their own
COMMENT = re.compile(r"\s*# (?!fmt: |type: |noqa)(.+?)(?:  # .*)?$")


@cache
def tree_of(file: str) -> tuple[str, ast.Module]:
    """Source of a file of the program, and what it consists of."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return text, ast.parse(text)


def value_of(file: str, name: str) -> Any:
    """What a name of a file stands for; None for no such name."""
    return vars(import_module(file.removesuffix(".py").replace("/", "."))).get(name)


def is_declared_number(value: Any) -> bool:
    """Whether a value is a number, or a list or mapping of numbers."""
    if isinstance(value, dict):
        return bool(value) and all(is_declared_number(each) for each in value.values())
    if isinstance(value, tuple | list | np.ndarray):
        return len(value) > 0 and all(is_declared_number(each) for each in value)
    return isinstance(value, NUMBER) and not isinstance(value, bool)


def as_written(value: Any) -> str:
    """A number as it is written, whole ones whole; a list or mapping as its parts."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {as_written(each)}" for key, each in value.items())
    if isinstance(value, tuple | list | np.ndarray):
        return ", ".join(as_written(each) for each in value)
    return f"{int(value):,}" if isinstance(value, int | np.integer) else f"{float(value):.7g}"


def names_in(node: ast.Assign | ast.AnnAssign) -> list[str]:
    """Names that a statement gives values to."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [t.id for target in targets for t in ast.walk(target) if isinstance(t, ast.Name)]


@cache
def meanings_in(file: str) -> dict[str, str]:
    """What is said of each name where a file gives it its value: beside it, in the text that follows, or above it.

    What stands above holds for all values that follow without a blank line and have nothing of their own.
    """
    text, tree = tree_of(file)
    lines, block, end = text.splitlines(), "", 0
    found: dict[str, str] = {}
    for at, node in enumerate(tree.body):
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        after = tree.body[at + 1] if at + 1 < len(tree.body) else None
        block = above(lines, node.lineno - 1) or (block if node.lineno == end + 1 else "")
        end = node.end_lineno or node.lineno
        found |= dict.fromkeys(names_in(node), beside(lines, node) or described(after) or block)
    return found


def beside(lines: list[str], node: ast.stmt) -> str:
    """The comment at the end of a statement of one line."""
    if node.end_lineno != node.lineno:
        return ""
    comment = COMMENT.match(lines[node.lineno - 1][node.end_col_offset :])
    return comment[1].strip() if comment else ""


def described(node: ast.stmt | None) -> str:
    """A text that stands by itself after a statement."""
    value = node.value if isinstance(node, ast.Expr) else None
    text = value.value if isinstance(value, ast.Constant) else None
    return " ".join(text.split()) if isinstance(text, str) else ""


def above(lines: list[str], at: int) -> str:
    """The comment that stands directly above a line."""
    said: list[str] = []
    while at > 0 and (comment := COMMENT.fullmatch(lines[at - 1])) and lines[at - 1].startswith("#"):
        said.insert(0, comment[1].strip())
        at -= 1
    return " ".join(said)


@cache
def home_of(file: str, name: str) -> tuple[str, str]:
    """The file that declares a name which a file uses (itself, or the one it imports it from), and its name there."""
    _, tree = tree_of(file)
    for node in tree.body:
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        path = node.module.replace(".", "/") + ".py"
        for imported in node.names:
            if (imported.asname or imported.name) == name and (ROOT / path).is_file():
                return home_of(path, imported.name)
    return file, name


def meaning_of_constant(file: str, name: str) -> str:
    """What is said of a constant where it is declared."""
    home, declared = home_of(file, name)
    return "what the draw is for" if home == DRAWS else meanings_in(home).get(declared) or WITHOUT_WORDS


def used_constants(file: str, node: ast.AST) -> dict[str, Any]:
    """Numbers that a function takes from its module, by name; the plain one, nothing and half are left out."""
    used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id.isupper()} - PLAIN
    values = {name: value_of(file, name) for name in sorted(used)}
    return {name: value for name, value in values.items() if is_declared_number(value)}


def constants_of(file: str) -> str:
    """The numbers that a file of the program declares for itself: name, value and meaning."""
    _, tree = tree_of(file)
    nodes = (node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign))
    names = dict.fromkeys(name for node in nodes for name in names_in(node))
    values = {name: value_of(file, name) for name in names if name.isupper()}
    rows = [
        [f"`{name}`", as_written(value), meaning_of_constant(file, name)]
        for name, value in values.items()
        if is_declared_number(value)
    ]
    return table(["constant", "value", "meaning"], rows)
