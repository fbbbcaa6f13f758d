"""Sweeps on a Slurm that the test starts and on a local Dask cluster: the table of threads, a worker killed or not."""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from experiments.cli.command import main
from experiments.sweep.plan import load_plan
from experiments.sweep.running import Quiet, run_plan
from experiments.sweep.table import open_sweep
from tests.experiments.test_sweep import SLOW_FUNCTION, SMALL, planned
from tests.tools.paths import REPOSITORY
from tests.tools.slurm_node import SlurmNode, missing

pytestmark = pytest.mark.cluster


def worker_pids(folder: Path) -> list[int]:
    """Processes that hold a claim on a chunk."""
    found = []
    for path in (folder / "claims").glob("[0-9]*"):
        try:
            found.append(int(path.read_text().split()[1]))
        except (OSError, IndexError):
            continue
    return [pid for pid in found if pid != os.getpid()]


def run(words: list[str], folder: Path, engine: str, kill: bool = False) -> pl.DataFrame:
    """The table of a sweep; with `kill` a worker is killed when some chunks are done."""
    planned(words, folder)
    plan, killed = load_plan(folder), threading.Event()

    def killer() -> None:
        while not killed.is_set():
            if len(list((folder / "shards").glob("*.parquet"))) >= 5 and (pids := worker_pids(folder)):
                os.kill(pids[0], signal.SIGKILL)
                killed.set()
            time.sleep(0.02)

    if kill:
        threading.Thread(target=killer, daemon=True).start()
    run_plan(folder, plan, engine, {"workers": 2}, Quiet())
    assert killed.is_set() == kill
    return open_sweep(folder).pl()


@pytest.fixture(scope="module")
def functions() -> Iterator[None]:
    """Let workers import the functions of the tests."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), before or ""])
    yield
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory, functions: None) -> pl.DataFrame:
    return run(SLOW_FUNCTION, tmp_path_factory.mktemp("threads") / "slow", "threads")


@pytest.fixture(scope="module")
def slurm() -> Iterator[SlurmNode]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="slurm") as folder:
        node = SlurmNode(Path(folder))
        os.environ |= node.environment
        yield node
        subprocess.run(["scancel", "--full", "--user=root"], check=False, capture_output=True)
        node.end()
        for name in node.environment:
            del os.environ[name]


def test_slurm_array_with_a_worker_killed(slurm: SlurmNode, unbroken: pl.DataFrame, tmp_path: Path) -> None:
    assert run(SLOW_FUNCTION, tmp_path / "slurm", "slurm", kill=True).equals(unbroken)


def test_slurm_gives_the_digests_of_threads(slurm: SlurmNode, tmp_path: Path) -> None:
    assert run(SMALL, tmp_path / "slurm", "slurm").equals(run(SMALL, tmp_path / "threads", "threads"))


def test_slurm_launches_runs_of_hydra(slurm: SlurmNode, tmp_path: Path) -> None:
    pytest.importorskip("hydra_plugins.hydra_submitit_launcher", reason="needs: pip install 'thuis[cluster]'")
    words = ["run", "-m", "region=vaals", "scale=100", "years=1", "seed=1,2", "threads=1"]
    assert main([*words, f"out={tmp_path / 'here'}"]) == 0
    assert main([*words, f"out={tmp_path / 'slurm'}", "hydra/launcher=slurm", "hydra.launcher.timeout_min=5"]) == 0
    for number in ("0", "1"):
        here, there = (
            json.loads((tmp_path / name / number / "summary.json").read_text()) for name in ("here", "slurm")
        )
        assert here["digest"] == there["digest"]


def test_dask_with_a_worker_killed(unbroken: pl.DataFrame, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="no distributed: pip install 'thuis[cluster]'")
    assert run(SLOW_FUNCTION, tmp_path / "dask", "dask", kill=True).equals(unbroken)


def test_dask_gives_the_digests_of_threads(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="no distributed: pip install 'thuis[cluster]'")
    assert run(SMALL, tmp_path / "dask", "dask").equals(run(SMALL, tmp_path / "threads", "threads"))
