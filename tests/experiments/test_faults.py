"""Faults put into running commands: survived, or refused in one line with nothing half done and nothing older lost.

The quickest of `tests/tools/faults.py`, which has them all.
"""

import random
from pathlib import Path

import pytest

from experiments.results.folders import new_result, restore
from experiments.results.hidden import hidden_folder, hidden_folders
from tests.tools import faults
from tests.tools.faults import start, thuis

QUICK = ("view killed", "disk full", "permission lost", "out of memory")


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_fault_is_survived_or_refused(name: str, tmp_path: Path) -> None:
    assert faults.FAULTS[name].inject(tmp_path, random.Random(name))


def test_what_a_killed_run_left_hidden_is_removed_by_the_next(tmp_path: Path) -> None:
    process = start([*faults.RUN, "years=100", f"out={tmp_path / 'run'}"])
    faults.wait_for(lambda: list(tmp_path.glob(".run.*.part/.months*")), process)
    assert faults.kill(process) and len(faults.left_over(tmp_path)) == 1
    assert thuis([*faults.RUN, "years=1", f"out={tmp_path / 'run'}"])[0] == 0
    assert faults.left_over(tmp_path) == [] and faults.digest_of(tmp_path / "run")


def test_hidden_folders_of_the_living_are_left_alone(tmp_path: Path) -> None:
    with hidden_folder(tmp_path / "a") as first:
        (first / "file").write_text("mine")
        with hidden_folder(tmp_path / "a") as second:
            assert (first / "file").exists() and first != second
        assert hidden_folders(tmp_path / "a", "part") == [first]
    assert list(tmp_path.iterdir()) == []


def test_a_result_whose_successor_was_killed_comes_back(tmp_path: Path) -> None:
    """Killed between the two renames of `put_in_place`: the older result waits in a hidden folder."""
    aside = tmp_path / ".run.abc.old" / "result"
    aside.mkdir(parents=True)
    (aside / "summary.json").write_text('{"kind": "thuis result 1", "files": ["summary.json"]}')
    restore(tmp_path / "run")
    assert (tmp_path / "run" / "summary.json").exists()
    with new_result(tmp_path / "run", replace=True) as hidden:
        (hidden / "summary.json").write_text('{"kind": "thuis result 1", "newer": 1}')
    assert "newer" in (tmp_path / "run" / "summary.json").read_text() and faults.left_over(tmp_path) == []
