"""Equations as they stand in the code, each with the parameters and constants that it uses."""

import ast
from collections.abc import Mapping
from functools import cache
from inspect import isfunction
from typing import Any

from experiments.odd.constants import ROOT, as_written, meaning_of_constant, tree_of, used_constants, value_of
from experiments.odd.declared import each_one, first_paragraph, table

EXPLAINED_ONCE = ("sim.machine.arithmetic", "sim.machine.draws")  # `experiments.odd.this_run.reading`
HOLDERS = ("c", "coefficients", "parameters")  # what compiled code calls the parameters


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
    phases = sorted((ROOT / "sim" / "phases").glob("*.py"))
    trees = [tree_of(f"sim/phases/{path.name}")[1] for path in phases]
    calls = (n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call))
    return [call for call in calls if getattr(call.func, "id", None) == name]


def called_functions(file: str, node: ast.AST) -> dict[str, str]:
    """What a function calls beside the rules, arithmetic and chance: name, and the first paragraph of what it says."""
    import sim.rules

    calls = [n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    found = {name: value_of(file, name) for name in dict.fromkeys(calls) if name not in sim.rules.__all__}
    described = {name: getattr(value, "py_func", value) for name, value in found.items()}
    own = {name: value for name, value in described.items() if isfunction(value)}
    return {name: first_paragraph(value) for name, value in own.items() if value.__module__ not in EXPLAINED_ONCE}


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
    constants = used_constants(file, node)
    rows += [[f"`{n}`", as_written(v), "", meaning_of_constant(file, n)] for n, v in constants.items()]
    if rows:
        parts.append(table(["in this run", "value", "unit", "meaning"], rows))
    if calls := called_functions(file, node):
        parts.append(table(["it calls", "which does this"], [[f"`{n}`", each_one(text)] for n, text in calls.items()]))
    return "\n\n".join(parts)
