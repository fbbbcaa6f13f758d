"""`thuis bench` measures everything that its table and the comparison with an earlier commit read."""

import json
from pathlib import Path

from experiments.cli.command import main


def test_bench_measures_both_numbers_of_threads_and_the_memory(tmp_path: Path, capsys) -> None:
    out = tmp_path / "bench.json"
    assert main(["bench", "region=urk", "months=1", "rounds=1", "agent_months=1", f"out={out}"]) == 0
    found = json.loads(out.read_text())
    for kind in ("compiled", "compiled_with_report", "triad_bytes_per_second"):
        assert set(found[kind]) == {"1", "2"} and min(each["best"] for each in found[kind].values()) > 0
    assert "observe" not in found["nanoseconds_by_phase"]["1"] and found["report_nanoseconds"]["1"] > 0
    assert found["agents"]["months"] == 1 and "written to" in capsys.readouterr().out
