"""`thuis bench` measures everything that its table and the comparison with an earlier commit read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.common_workload.compare import same_work
from experiments.cli.command import main


def test_bench_measures_both_numbers_of_threads_and_the_memory(tmp_path: Path, capsys) -> None:
    out = tmp_path / "bench.json"
    assert main(["bench", "region=urk", "months=1", "rounds=1", "agent_months=1", f"out={out}"]) == 0
    found = json.loads(out.read_text())
    for kind in ("compiled", "compiled_with_report", "triad_bytes_per_second"):
        assert set(found[kind]) == {"1", "2"} and min(each["best"] for each in found[kind].values()) > 0
    assert "observe" not in found["nanoseconds_by_phase"]["1"] and found["report_nanoseconds"]["1"] > 0
    assert found["agents"]["months"] == 1 and "written to" in capsys.readouterr().out


def test_programs_of_the_common_workload_do_the_same_work() -> None:
    """The two that need no other framework; `compare` checks the others before it gives a ratio."""
    programs = Path(__file__).parents[2] / "benchmarks" / "common_workload"
    words = ["--agents", "200000", "--steps", "3", "--threads", "2"]
    known = os.environ | {"PYTHONPATH": str(programs.parents[1])}
    told = []
    for program in ("thuis_engine", "plain_numpy"):
        command = [sys.executable, str(programs / f"{program}.py"), *words]
        done = subprocess.run(command, env=known, capture_output=True, text=True, check=True)
        told.append(json.loads(done.stdout))
    same_work(*told)
    told[1]["state"]["moved"] += 0.001
    with pytest.raises(SystemExit, match="other work"):
        same_work(*told)
