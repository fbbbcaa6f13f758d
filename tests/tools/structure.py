"""The shape of the code, counted from its syntax trees: who imports whom, circles, long signatures, repeated facts.

`python -m tests.tools.structure [FOLDER]` prints the counts of this tree, or of another one (such as an older commit).
Imports are those that stand anywhere in a file: at its head, inside functions, and under TYPE_CHECKING.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOMS = ("conf", "sim", "scenarios", "agents", "experiments", "browser")
"""From the lowest to the highest: imports point from a room to those before it."""

FOLDERS = (
    "options", "simulation", "results", "run", "sweep", "analysis", "emulate", "compare", "levers", "plan", "limits",
    "validate", "hindcast", "calibrate", "sensitivity", "verify", "odd", "cli",
)  # fmt: skip
"""Folders of experiments/, from the lowest to the highest; what lies beside them is the door above all of them."""

MOST_PARAMETERS = 6
MOTIVES = ("labour_eu", "knowledge", "study", "family", "asylum", "other_eu")
FACTS = {
    "65536, the unit of shares": r"\b65536\b|\b65536\.0\b|1 << 16\b",
    "the list of motives": r"labour_eu\W[^#]*\bknowledge\W[^#]*\bstudy\W",
    "index of a kind of facility": r"\bkind [!=]= \d|\b(?:PARK|SCHOOL|ASSOCIATION)\b.* = \d",
    "the sum of b*": r"effect_ties\b.*\*|\*.*effect_ties\b",
}
"""Facts that should stand in one place, and the pattern that finds a place."""


def files(root: Path) -> dict[str, Path]:
    """Every Python file of the rooms (and `thuis.py`) by its module name."""
    found = {}
    for path in [*(p for room in ROOMS for p in (root / room).rglob("*.py")), root / "thuis.py"]:
        if path.is_file():
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.AST, modules: dict[str, Path]) -> Iterator[str]:
    """The modules among `modules` that a syntax tree imports, each as often as it stands there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in modules else node.module for name in inside]
        else:
            continue
        yield from (name for name in names if name in modules)


def import_graph(root: Path) -> dict[str, set[str]]:
    """Module to the modules it imports."""
    modules = files(root)
    graph = {}
    for name, path in modules.items():
        graph[name] = set(imported(ast.parse(path.read_text(encoding="utf-8")), modules)) - {name}
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of nodes that reach each other (Tarjan's strongly connected components of two nodes and more)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    sys.setrecursionlimit(10_000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def folder_of(path: Path, root: Path) -> str:
    """The folder in which a file lies."""
    return "/".join(path.relative_to(root).parts[:-1]) or "thuis.py"


def folder_graph(graph: dict[str, set[str]], root: Path) -> dict[str, set[str]]:
    """Folder to the folders whose modules it imports."""
    folder = {name: folder_of(path, root) for name, path in files(root).items()}
    found: dict[str, set[str]] = {}
    for name, others in graph.items():
        found.setdefault(folder[name], set()).update(folder[other] for other in others if folder[other] != folder[name])
    return found


def level(module: str) -> tuple[int, int]:
    """How high a module stands: by room, and in experiments by folder."""
    room, _, rest = module.partition(".")
    if room not in ROOMS:
        return len(ROOMS), 0
    folder = rest.partition(".")[0]
    inside = FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS)
    return ROOMS.index(room), inside if room == "experiments" else 0


def upward(graph: dict[str, set[str]]) -> list[str]:
    """Imports that point up, as lines."""
    return [
        f"{name} imports {other}"
        for name, others in sorted(graph.items())
        for other in sorted(others)
        if level(other) > level(name)
    ]


def signatures(root: Path) -> Iterator[tuple[str, int]]:
    """Every function as path:line name, and how many parameters it has besides self and cls."""
    for path in files(root).values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                count = sum(arg.arg not in ("self", "cls") for arg in every)
                yield f"{path.relative_to(root)}:{node.lineno} {node.name}", count


def long_signatures(root: Path) -> list[str]:
    """Functions with more than `MOST_PARAMETERS`, the longest first."""
    found = [(count, where) for where, count in signatures(root) if count > MOST_PARAMETERS]
    return [f"{where} ({count})" for count, where in sorted(found, reverse=True)]


def lines_with(root: Path, pattern: str) -> list[str]:
    """Lines of code in which a pattern occurs, as path:line."""
    compiled = re.compile(pattern)
    return [
        f"{path.relative_to(root)}:{number}"
        for path in files(root).values()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if compiled.search(line)
    ]


def counts(root: Path) -> dict[str, int]:
    """All counts by name."""
    graph = import_graph(root)
    folders = folder_graph(graph, root)
    found = {
        "files": len(graph),
        "folders": len(folders),
        "imports between files": sum(map(len, graph.values())),
        "imports between folders": sum(map(len, folders.values())),
        "circles of files": len(circles(graph)),
        "files in circles": sum(map(len, circles(graph))),
        "circles of folders": len(circles(folders)),
        "folders in circles": sum(map(len, circles(folders))),
        "functions": sum(1 for _ in signatures(root)),
        f"functions with more than {MOST_PARAMETERS} parameters": len(long_signatures(root)),
        "fmt: skip": len(lines_with(root, r"# fmt: skip")),
    }
    return found | {f"places of {fact}": len(lines_with(root, pattern)) for fact, pattern in FACTS.items()}


def report(root: Path) -> str:
    """What is printed."""
    graph = import_graph(root)
    lines = [f"{number:>6,}  {name}" for name, number in counts(root).items()]
    sizes = Counter(folder_of(path, root) for path in files(root).values())
    lines += ["", "files per folder", *(f"{number:>6}  {folder}" for folder, number in sorted(sizes.items()))]
    lines += ["", "circles of files", *(f"  {', '.join(group)}" for group in circles(graph))]
    lines += ["", "circles of folders", *(f"  {', '.join(group)}" for group in circles(folder_graph(graph, root)))]
    lines += ["", "longest signatures", *(f"  {where}" for where in long_signatures(root)[:20])]
    for fact, pattern in FACTS.items():
        lines += ["", f"places of {fact}", *(f"  {where}" for where in lines_with(root, pattern))]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
