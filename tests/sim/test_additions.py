"""A measure and a lever are added as docs/contributing.md says, in a copy of the project, and a run has them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.tools.paths import REPOSITORY

ROOMS = ("sim", "agents", "scenarios", "conf", "experiments")
ADDITION = re.compile(r'<!-- addition: (\S+), (at the end|after "([^\n]*)") -->\n```\w+\n(.*?)```', re.DOTALL)
POLICY = """
title: {nl: Taalcafes, en: Language cafes}
cafes: {language_cafes: 30}
"""
RUN = "import sys; from experiments.cli.command import main; sys.exit(main(sys.argv[1:]))"


def add(project: Path, page: str) -> list[str]:
    """Make the additions of the page in a copy of the project; the files that changed."""
    changed = []
    for name, where, anchor, text in ADDITION.findall(page):
        path = project / name
        before = path.read_text(encoding="utf-8")
        assert where == "at the end" or before.count(f"{anchor}\n") == 1, f"{name}: {anchor}"
        after = (
            before.rstrip() + "\n\n" + text
            if where == "at the end"
            else before.replace(f"{anchor}\n", f"{anchor}\n{text}")
        )
        path.write_text(after, encoding="utf-8")
        changed.append(name)
    return changed


def months_of(project: Path, folder: Path, *words: str) -> pl.DataFrame:
    """Run a small region with the code of a project."""
    command = [sys.executable, "-c", RUN, "run", "region=urk", "scale=50", "years=1", f"out={folder}", *words]
    environment = os.environ | {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=project, env=environment, text=True, capture_output=True, timeout=1500)
    assert done.returncode == 0, done.stderr
    return pl.read_parquet(folder / "months.parquet")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with both additions made."""
    project = tmp_path_factory.mktemp("added") / "copy"
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, project / room, ignore=shutil.ignore_patterns("__pycache__"))
    changed = add(project, (REPOSITORY / "docs" / "contributing.md").read_text(encoding="utf-8"))
    assert set(changed) == {"sim/measures.py", "conf/levers.yaml", "sim/conditions.py", "sim/phases/rates.py"}
    (project / "cafes.yaml").write_text(POLICY, encoding="utf-8")
    return project


def test_a_measure_and_a_lever_are_known_once_declared(project: Path) -> None:
    """The tables, the list of levers and a policy take them from their declarations, without another file."""
    told = (
        "from experiments.results.record import COLUMNS; from scenarios.policy import load_policy; "
        "print('pupil_share' in COLUMNS, load_policy('cafes.yaml').measures)"
    )
    environment = os.environ | {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", told]
    done = subprocess.run(command, cwd=project, env=environment, text=True, capture_output=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True") and "language_cafes" in done.stdout and "30" in done.stdout


@pytest.mark.campaign
@pytest.mark.slow
def test_a_run_has_the_measure_and_follows_the_lever(project: Path, tmp_path: Path) -> None:
    baseline = months_of(project, tmp_path / "baseline")
    cafes = months_of(project, tmp_path / "cafes", "policy=cafes.yaml")
    share = baseline["pupils"] / baseline["residents"]
    assert (baseline["pupil_share"] - share).abs().max() < 1e-7  # the table holds single precision
    assert cafes["language"].mean() > baseline["language"].mean()
