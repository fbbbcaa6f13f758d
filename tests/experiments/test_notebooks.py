"""The notebooks run from top to bottom, and are stored without outputs."""

from pathlib import Path

import pytest

from tests.tools.paths import REPOSITORY

nbformat = pytest.importorskip("nbformat", reason="no nbformat: pip install 'thuis[notebooks]'")
nbclient = pytest.importorskip("nbclient", reason="no nbclient: pip install 'thuis[notebooks]'")

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def test_the_notebooks_are_there() -> None:
    assert {path.stem for path in NOTEBOOKS} == {"first_run", "own_behaviour", "own_city", "sensitivity", "sweep"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells and not any(cell.outputs for cell in cells), f"{path.name} holds outputs: clear them before you commit"
    client = nbclient.NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()  # raises with the cell and its error
    assert sum(bool(cell.outputs) for cell in cells) >= 3
