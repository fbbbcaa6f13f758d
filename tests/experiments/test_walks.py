"""The page "How a run flows" is true: every function it names is called, in the order it says."""

import ast
import re

import pytest

from tests.tools.paths import REPOSITORY
from tests.tools.walks import Call, climbs, small_run, walk_of_settings

PAGE = (REPOSITORY / "docs" / "how_a_run_flows.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\| `([\w/]+\.py)` \| `([\w.]+)` \| (.*?) \|$", re.M)
WALKS = {part.split("\n", 1)[0]: STEP.findall(part) for part in PAGE.split("\n## ")[1:]}
COMPILED = "compiled:"


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    return small_run(tmp_path_factory.mktemp("walk"))


def functions_in(file: str) -> set[str]:
    """Qualified names of the functions and methods of a file."""
    found = set()
    for node in ast.parse((REPOSITORY / file).read_text(encoding="utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        before = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        found |= {before + each.name for each in inside if isinstance(each, ast.FunctionDef)}
    return found


def test_there_are_three_walks_and_all_they_name_exists() -> None:
    steps = {name: walk for name, walk in WALKS.items() if walk}
    assert list(steps) == ["A parameter", "A lever", "A table of neighbourhoods"]
    for walk in steps.values():
        for file, function, _ in walk:
            assert function in functions_in(file), f"{file} has no {function}"


@pytest.mark.parametrize("name", ["A parameter", "A lever", "A table of neighbourhoods"])
def test_a_run_calls_them_in_this_order(name: str, calls: list[Call]) -> None:
    at = 0
    for file, function, what in WALKS[name]:
        if what.startswith(COMPILED):
            continue
        later = [n for n in range(at, len(calls)) if (calls[n].file, calls[n].function) == (file, function)]
        assert later, f"{name}: {function} of {file} is not called after the step before it"
        at = later[0] + 1


def test_the_settings_of_a_run_pass_few_files(calls: list[Call]) -> None:
    walk = walk_of_settings(calls)
    assert len(set(walk)) <= 12 and climbs(walk) <= 6, walk
