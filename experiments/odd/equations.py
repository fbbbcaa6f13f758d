"""Equations as they stand in the code, each with the parameters and constants that it uses."""

import ast
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from experiments.odd.declared import table

HOLDERS = ("c", "coefficients", "parameters")  # what compiled code calls the parameters


@cache
def tree_of(file: str) -> tuple[str, ast.Module]:
    """Source of a file of the program, and what it consists of."""
    text = (Path(__file__).resolve().parents[2] / file).read_text(encoding="utf-8")
    return text, ast.parse(text)


def function_of(file: str, name: str) -> tuple[str, ast.AST]:
    """Source of a function or class, with its decorators, and its tree."""
    text, tree = tree_of(file)
    node = next(n for n in tree.body if getattr(n, "name", None) == name)
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno]), node


def parameter_read(node: ast.AST, known: Mapping[str, Any]) -> str | None:
    """The parameter that an expression such as ``c.base`` or ``s.c.base`` reads; None for any other."""
    if not isinstance(node, ast.Attribute) or node.attr not in known:
        return None
    holder = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return node.attr if holder in HOLDERS else None


def used_parameters(name: str, node: ast.AST, known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a function calls the model's parameters that it reads or is given, and their names."""
    read = (parameter_read(n, known) for n in ast.walk(node))
    found = [(each, each) for each in read if each]
    arguments = [argument.arg for argument in getattr(getattr(node, "args", None), "args", [])]
    for call in calls_of(name):
        for argument, value in zip(arguments, call.args, strict=False):
            if given := parameter_read(value, known):
                found.append((argument, given))
    return list(dict.fromkeys(found))


@cache
def calls_of(name: str) -> list[ast.Call]:
    """Calls of a rule by the phases of the month."""
    folder = Path(__file__).resolve().parents[2] / "sim" / "phases"
    trees = [tree_of(f"sim/phases/{path.name}")[1] for path in sorted(folder.glob("*.py"))]
    calls = (n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call))
    return [call for call in calls if getattr(call.func, "id", None) == name]


def used_constants(file: str, node: ast.AST) -> dict[str, Any]:
    """Numbers that a function takes from its module, by name."""
    return numbers_of(file, {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id.isupper()})


def numbers_of(file: str, names: set[str]) -> dict[str, Any]:
    """Those of some names of a file that stand for a number; the plain one, nothing and half are left out."""
    module = vars(import_module(file.removesuffix(".py").replace("/", ".")))
    return {
        name: module[name]
        for name in sorted(names - {"ONE", "ZERO", "HALF"})
        if isinstance(module.get(name), int | float | np.number)
    }


def constant(value: Any) -> str:
    """A constant as it is written: whole numbers whole."""
    return f"{int(value):,}" if isinstance(value, int | np.integer) else f"{float(value):.7g}"


def equation(file: str, name: str, values: Mapping[str, float]) -> str:
    """A function as it stands in the code, and what its parameters and constants are in this run."""
    from sim.parameters import Parameters
    from sim.parameters.declaration import describe

    code, node = function_of(file, name)
    parts = [f"`{file}`\n\n```python\n{code}\n```"]
    known = describe(Parameters)
    rows = []
    for called, given in used_parameters(name, node, known):
        label = f"`{given}`" if called == given else f"`{called}`, which is `{given}`"
        rows.append([label, f"{values[given]:.7g}", known[given].unit, known[given].text])
    rows += [[f"`{n}`", constant(v), "", "constant"] for n, v in used_constants(file, node).items()]
    if rows:
        parts.append(table(["in this run", "value", "unit", "meaning"], rows))
    return "\n\n".join(parts)


def constants_of(file: str) -> str:
    """The numbers that a file of the program declares for itself, by name."""
    _, tree = tree_of(file)
    targets = (target for n in tree.body if isinstance(n, ast.Assign) for target in n.targets)
    named = {t.id for target in targets for t in ast.walk(target) if isinstance(t, ast.Name)}
    rows = [[f"`{name}`", constant(value)] for name, value in numbers_of(file, named).items()]
    return table(["constant", "value"], rows)
