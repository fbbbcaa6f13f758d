"""The shape of the code stays as it is drawn: no circles, and every import points down."""

import ast
from pathlib import Path

import pytest

from tests.tools.paths import REPOSITORY
from tests.tools.structure import FOLDERS, circles, files, folder_graph, import_graph, imported, report, upward

GRAPH = import_graph(REPOSITORY)


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(GRAPH) == []


def test_imports_point_down() -> None:
    assert upward(GRAPH) == []


def test_no_folders_import_each_other_in_a_circle() -> None:
    assert circles(folder_graph(GRAPH, REPOSITORY)) == []


def test_every_folder_of_experiments_has_its_place_in_the_order() -> None:
    folders = {path.parent.name for path in (REPOSITORY / "experiments").glob("*/*.py")}
    assert folders == set(FOLDERS)


def test_a_settled_world_begins_in_one_place() -> None:
    """Only `scenarios.start_cache.settled_start` builds and settles; a Mesa model settles a world handed over to it."""
    makers = {"build_world", "settle"}
    found = {
        name
        for name, path in files(REPOSITORY).items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and str(node.module).startswith("scenarios.")
        and makers & {alias.name for alias in node.names}
    }
    assert found == {"scenarios.start_cache", "agents.model"}


def test_a_circle_and_an_import_that_points_up_are_seen(tmp_path: Path) -> None:
    """Also where they hide: under TYPE_CHECKING, and inside a function."""
    sources = {
        "sim/world.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from agents.model import Model\n",
        "agents/model.py": "def build():\n    from sim import world\n    return world\n",
        "experiments/options/words.py": "from experiments.run.job import prepare\n",
        "experiments/run/job.py": "import sim.world\n",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
        (tmp_path / name).with_name("__init__.py").touch()
    graph = import_graph(tmp_path)
    assert circles(graph) == [["agents.model", "sim.world"]]
    assert upward(graph) == [
        "experiments.options.words imports experiments.run.job",
        "sim.world imports agents.model",
    ]
    assert "     1  circles of files" in report(tmp_path)


@pytest.mark.parametrize("line", ["import a.b", "from a import b", "from a.b import c"])
def test_every_way_to_import_is_seen(line: str) -> None:
    modules = {"a": Path(), "a.b": Path()}
    assert list(imported(ast.parse(line), modules)) == ["a.b"]


def test_every_signature_is_laid_out_by_the_formatter() -> None:
    """What is marked `fmt: skip` are tables of data, a row a line."""
    found = []
    for path in files(REPOSITORY).values():
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                signature = text.splitlines()[node.lineno - 1 : node.body[0].lineno - 1]
                found += [f"{path}: {line}" for line in signature if "fmt: skip" in line]
    assert found == []
