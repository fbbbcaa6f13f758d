"""A row of a sweep made again as a full run has the state and the measures of the row."""

import json
from pathlib import Path
from typing import Any

import pytest

import thuis
from experiments.cli.command import main

SWEEP = ["sweep", "region=vaals", "scale=40", "engine=threads", "workers=1", "out=s"]
MEASURES = ("residents", "belonging", "at_home", "cohesion", "withdrawn", "ties")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_row_is_reopened_as_a_full_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Every kind of factor varies; a row of one policy by the command, of the other in Python."""
    factors = ["factors.policy=[baseline,libraries]", "factors.policy.libraries.funding=[0.5,2]"]
    factors += ["factors.parameters.effect_ties=[0.03,0.12]", "factors.years=[1,2]", "factors.region=[vaals,urk]"]
    assert main([*SWEEP, *factors, "design=latin_hypercube", "runs=2", "replicates=2", "policy.start=3"]) == 0
    sweep = thuis.read("s")
    libraries, baseline = (
        sweep.query(f"select * from runs where policy = '{policy}' order by run").to_dicts()[1]
        for policy in ("libraries", "baseline")
    )
    assert main(["run", f"from=s#{libraries['run']}", "out=full", "language=nl"]) == 0
    assert f"the same state as s#{libraries['run']}, to the last bit" in capsys.readouterr().out
    check_equal(json.loads(Path("full/summary.json").read_text()), libraries)
    check_equal(sweep.rerun(baseline["run"]).summary, baseline)


def check_equal(summary: dict[str, Any], row: dict[str, Any]) -> None:
    """The run has the state, the months and the measures of the row."""
    assert summary["digest"] == row["digest"] and summary["months"] == 12 * row["years"]
    assert [summary["end"][name] for name in MEASURES] == pytest.approx([row[name] for name in MEASURES])
    assert summary["euro_spent"] == pytest.approx(row["spent"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["from=s"], "from=s is not a row of a sweep; allowed is from=FOLDER#RUN"),
        (["from=none#0"], "none holds no sweep"),
        (["from=s#9"], "there is no run 9 (allowed: 0 to 0)"),
        (["from=s#0", "seed=3"], "seed= does not go with from=s#0"),
        (["from=s#0", "policy.libraries.funding=2"], "policy.libraries.funding= does not go with"),
        (["from=s#0", "-m"], "reopens one run"),
        (["from=s#0", "lenguage=nl"], "did you mean language"),
    ],
)
def test_what_cannot_be_reopened_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SWEEP, "years=1", "start=own"]) == 0
    assert main(["run", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_shared_start_is_no_start_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SWEEP, "years=1", "start=shared", "factors.parameters.base=[0.5,0.6]"]) == 0
    assert main(["run", "from=s#1"]) == 2
    assert "the sweep has start=shared" in capsys.readouterr().err


def test_a_damaged_result_of_a_row_is_said_not_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SWEEP, "years=1"]) == 0
    Path("s/shards/shard-000000.parquet").write_bytes(b"PAR1")
    assert main(["run", "from=s#0", "out=full"]) == 0
    assert "s#0 has no result to compare with: shard-000000.parquet cannot be read" in capsys.readouterr().out
    Path("s/design.parquet").write_bytes(b"")
    assert main(["run", "from=s#0"]) == 2
    assert "design.parquet cannot be read" in capsys.readouterr().err
