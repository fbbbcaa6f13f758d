"""The notebooks run from top to bottom and are stored without outputs; two of them give the same again."""

from pathlib import Path

import pytest

from tests.tools.paths import REPOSITORY

nbformat = pytest.importorskip("nbformat", reason="no nbformat: pip install 'thuis[notebooks]'")
nbclient = pytest.importorskip("nbclient", reason="no nbclient: pip install 'thuis[notebooks]'")

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def test_the_notebooks_are_there() -> None:
    assert {path.stem for path in NOTEBOOKS} == {
        "first_run",
        "mesa",
        "own_behaviour",
        "own_city",
        "sensitivity",
        "sweep",
    }


AGAIN = ("first_run", "mesa")
"""Run twice: a run, and Mesa's tools on the model."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    first = shown_by(path, tmp_path / "first")
    assert sum(map(bool, first)) >= 3
    if path.stem in AGAIN:
        assert first == shown_by(path, tmp_path / "again")


def shown_by(path: Path, folder: Path) -> list[list[dict]]:
    """What each cell of code shows when the notebook is run in an empty folder; what is said on the side left out."""
    folder.mkdir()
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells and not any(cell.outputs for cell in cells), f"{path.name} holds outputs: clear them before you commit"
    client = nbclient.NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(folder)}})
    client.execute()  # raises with the cell and its error
    shown = [[output for output in cell.outputs if output.get("name") != "stderr"] for cell in cells]
    return [[{"text": output.get("text"), "data": output.get("data")} for output in outputs] for outputs in shown]
