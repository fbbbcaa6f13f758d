"""Of several runs one that fails does not stop the others."""

import json
from pathlib import Path

import pytest

import thuis
from experiments.cli.command import main
from experiments.run.command import with_named_policy
from experiments.run.several_runs import failure_of, report_failures, run_each
from scenarios.errors import InputError, StoppedError


def test_a_failed_run_is_recorded_and_the_rest_go_on(tmp_path: Path) -> None:
    done = []

    def fails() -> None:
        raise InputError("no room")

    with pytest.raises(InputError, match="1 of 3 runs failed, the others are done; the first: no room"):
        run_each([tmp_path / str(i) for i in range(3)], [lambda: done.append(0), fails, lambda: done.append(2)])
    assert done == [0, 2]
    assert [file.name for file in tmp_path.iterdir()] == ["1.error"]
    assert (tmp_path / "1.error").read_text() == "InputError: no room\n"


def test_the_policy_whose_levers_are_set_need_not_be_named() -> None:
    words = ["policy.libraries.funding=0.5,1"]
    assert with_named_policy(words) == [*words, "policy=libraries"]
    assert with_named_policy(["policy.counter.one_stop=1", "seed=2"])[-1] == "policy=one_counter"
    for words in (["policy=work", "policy.libraries.funding=1"], ["policy.nothing.funding=1"], ["policy.start=3"]):
        assert with_named_policy(words) == words


def test_what_a_launcher_left_is_read(tmp_path: Path) -> None:
    for number, (name, text) in enumerate([("summary.json", "{}"), ("nothing", "")]):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / name).write_text(text)
    (tmp_path / "2.error").write_text("InputError: no room\n")
    failures = [failure_of(tmp_path / str(number)) for number in range(3)]
    assert failures == [None, "StoppedError: ended without a result", "InputError: no room"]
    with pytest.raises(StoppedError, match="2 of 3 runs failed, the others are done; the first: ended without"):
        report_failures(failures)


def test_an_unknown_launcher_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-m", "hydra/launcher=slurn", "seed=1,2", f"out={tmp_path / 'x'}"]) == 2
    said = capsys.readouterr().err
    assert "did you mean slurm" in said and said.count("\n") == 1 and not (tmp_path / "x").exists()


def test_processes_of_hydra_go_on_after_a_failed_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The start that the first run keeps does not suit the second, which has another seed; it suits the third."""
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher", reason="needs: pip install 'thuis[cluster]'")
    words = [
        "-m",
        "region=vaals",
        "scale=100",
        "years=1",
        "seed=1,2,1",
        f"start={tmp_path / 'kept'}",
        f"out={tmp_path / 'm'}",
    ]
    assert main(["run", *words, "hydra/launcher=processes", "hydra.launcher.n_jobs=1"]) == 2
    assert "1 of 3 runs failed, the others are done" in capsys.readouterr().err
    check_one_table(tmp_path / "m", capsys)
    digests = [json.loads((tmp_path / "m" / name / "summary.json").read_text())["digest"] for name in ("0", "2")]
    assert digests[0] == digests[1]
    assert (
        "InputError" in (tmp_path / "m" / "1.error").read_text() and not (tmp_path / "m" / "1" / "page.html").exists()
    )


def check_one_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The runs that were finished are one table, on the terminal, in Python and in SQL."""
    found = thuis.read(folder)
    runs, months = found.pl(), found.pl("months")
    assert runs["run"].to_list() == ["0", "2"] and runs["digest"].n_unique() == 1 and found.varied == []
    assert months.filter(run="2")["residents"].sum() == found.pandas("months").query("run == '0'")["residents"].sum()
    summary = folder / "2" / "summary.json"
    values = json.loads(summary.read_text())
    values["configuration"]["seed"] = 7
    values["configuration"]["policy"] = {"name": "work", "text": {"en": "", "nl": ""}, "jobs": {"support": 0.5}}
    summary.write_text(json.dumps(values))
    assert thuis.read(folder).pl().select("seed", "policy", "policy.jobs.support").rows() == [
        (1, "baseline", None),
        (7, "work", 0.5),
    ]
    capsys.readouterr()
    assert main(["results", str(folder)]) == 0 and "2 runs; all columns" in capsys.readouterr().out
    assert main(["results", "query", str(folder), "select sum(seed) as total from runs"]) == 0
    assert "8" in capsys.readouterr().out
    summary.write_text(json.dumps(values | {"configuration": values["configuration"] | {"seed": 1}}))
