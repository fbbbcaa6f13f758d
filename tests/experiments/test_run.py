"""`thuis run` from words to a result folder: what is in it, and that a run can be stopped, resumed and repeated."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from experiments.cli.command import main
from experiments.compare.design import command_of, design_from
from experiments.options.settings import Options, known_keys, settings_from
from experiments.results.chart_svg import draw_chart
from experiments.results.figures import Material, belonging_over_time
from experiments.results.folders import new_result
from experiments.results.page import sentences
from experiments.results.phrases import phrases
from experiments.results.record import corrected, quantiles
from experiments.run.checkpoints import check_data
from experiments.run.job import stopped_on_request
from scenarios.errors import InputError
from scenarios.regions.archetypes import archetype_names
from scenarios.regions.region import KINDS
from scenarios.start_cache import source_digest
from tests.tools.paths import REPOSITORY
from tests.tools.worlds import small_table

TABLES = ("months", "groups", "municipalities", "neighbourhoods", "cohorts", "people")
FIGURES = ("belonging_over_time", "map", "diversity_belonging", "who_stays")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of Vaals, one agent per five residents, two years."""
    folder = tmp_path_factory.mktemp("run") / "vaals"
    words = "run region=vaals scale=5 years=2 threads=1 people=true language=nl policy=one_counter parameters.base=0.55"
    assert main([*words.split(), f"out={folder}"]) == 0
    return folder


def summary_of(folder: Path) -> dict:
    return json.loads((folder / "summary.json").read_text())


def test_summary_says_what_scripts_rely_on(result: Path) -> None:
    summary = summary_of(result)
    assert re.fullmatch("[0-9a-f]{64}", summary["digest"])
    assert summary["months"] == 24 and summary["agents"] * 5 == summary["residents"]
    assert summary["seconds"] > 0 and summary["peak_memory_bytes"] > 1 << 24
    assert summary["version"] and "Vaals" in summary["data_source"]
    assert summary["conservation"]["holds"] and 0 < summary["end"]["at_home"] < 1
    assert settings_from(summary["configuration"]).parameters.base == 0.55


def test_tables_agree_with_each_other(result: Path) -> None:
    months, groups = (pl.read_parquet(result / f"{name}.parquet") for name in ("months", "groups"))
    assert len(months) == 25 * 4 and len(groups) == 25 * 4 * 4
    keys = ["month", "neighbourhood"]
    both = months.join(groups.group_by(keys).agg(pl.col("residents", "adults").sum()), on=keys, suffix="_groups")
    assert (both["residents"] == both["residents_groups"]).all() and (both["adults"] == both["adults_groups"]).all()
    assert (months["households"] + months["vacant"] == months["dwellings"]).all()
    assert (months["households"] <= months["residents"]).all() and months["households"].min() > 0
    share = months.select(pl.col("at_home", "employed", "members", "withdrawn", "pupils_new", "unsafe", "diversity"))
    assert share.min_horizontal().min() >= 0 and share.max_horizontal().max() <= 1
    people = pl.read_parquet(result / "people.parquet")
    last = months.filter(pl.col("month") == 24)
    assert len(people) * 5 == last["residents"].sum() and people["serial"].n_unique() == len(people)
    adults = people.filter(pl.col("age") >= 15).group_by("neighbourhood").agg(pl.col("belonging").mean())
    joined = last.join(adults, on="neighbourhood", suffix="_people")
    np.testing.assert_allclose(joined["belonging"], joined["belonging_people"], atol=1e-4)
    cohorts = pl.read_parquet(result / "cohorts.parquet")
    assert (cohorts["still_here"] <= cohorts["arrived"]).all()
    assert cohorts["arrived"].sum() == months["arrived_abroad"].sum()


def test_page_and_figures_are_whole(result: Path) -> None:
    assert {path.name for path in (result / "figures").iterdir()} == {
        f"{name}.{kind}" for name in FIGURES for kind in ("svg", "csv")
    }
    page = (result / "page.html").read_text()
    assert '<html lang="nl">' in page and page.count("data:image/") == len(FIGURES)
    assert (
        "http:" not in page and "https:" not in page and "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    )
    assert "voelen <b>" in page and "geen voorspelling" in page
    assert (
        "thuis run region=vaals region.areas=made_up region.year=2017 policy=one_counter years=2 seed=1 scale=5 "
        "people=true language=nl parameters.base=0.55" in page
    )
    assert not [path for path in result.parent.iterdir() if path.name.startswith(".")]


def test_the_words_of_the_page_repeat_the_run(result: Path, tmp_path: Path) -> None:
    page = (result / "page.html").read_text()
    words = re.search(r"<pre>thuis (.*)</pre>", page).group(1).split()  # type: ignore[union-attr]
    assert main([*words, f"out={tmp_path / 'again'}", "threads=2"]) == 0
    assert summary_of(tmp_path / "again")["digest"] == summary_of(result)["digest"]
    assert (tmp_path / "again/months.parquet").read_bytes() == (result / "months.parquet").read_bytes()


def test_an_own_policy_is_repeated_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plans.yaml").write_text("name: inner\nopen:\n  facilities: library\n  funding: 1.5\n")
    words = ["region=urk", "scale=40", "years=1"]
    assert main(["run", *words, "policy=plans.yaml", "policy.open.funding=2", "out=one"]) == 0
    said = re.search(r"<pre>thuis (.*)</pre>", Path("one/page.html").read_text()).group(1)  # type: ignore[union-attr]
    assert "policy=plans.yaml" in said and "++policy.open.funding=2" in said
    assert main([*said.split(), "out=two"]) == 0
    assert summary_of(Path("two"))["digest"] == summary_of(Path("one"))["digest"]
    design = design_from({"region": "urk", "policies": ["baseline", "plans.yaml"]})
    assert "policies=[baseline,plans.yaml]" in command_of(design).replace("'", "")


def test_resumed_is_unbroken(result: Path, tmp_path: Path) -> None:
    same = "region=vaals scale=5 threads=1 people=true policy=one_counter parameters.base=0.55"
    assert main(["run", *same.split(), "years=1", "checkpoint_every=12", f"out={tmp_path / 'half'}"]) == 0
    checkpoint = tmp_path / "half.checkpoint"
    assert main(["run", f"resume={checkpoint}", "years=2", "threads=2", f"out={tmp_path / 'whole'}"]) == 0
    assert summary_of(tmp_path / "whole")["digest"] == summary_of(result)["digest"]
    for name in TABLES:
        found, wanted = (pl.read_parquet(folder / f"{name}.parquet") for folder in (tmp_path / "whole", result))
        assert found.equals(wanted), name


def test_a_checkpoint_cut_short_is_refused(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *["region=vaals", "scale=20", "years=1", "checkpoint_every=6"], f"out={tmp_path / 'a'}"]) == 0
    path = tmp_path / "a.checkpoint"
    path.write_bytes(path.read_bytes()[:-2000])
    capsys.readouterr()
    assert main(["run", f"resume={path}", "years=2", f"out={tmp_path / 'b'}"]) == 2
    assert capsys.readouterr().err.count("\n") == 1 and not (tmp_path / "b").exists()


def test_the_agents_driver_gives_the_same_result(tmp_path: Path) -> None:
    digests = set()
    for driver, threads in (("compiled", 1), ("compiled", 2), ("agents", 1)):
        out = tmp_path / f"{driver}{threads}"
        words = f"run region=urk scale=40 years=1 driver={driver} threads={threads} out={out}"
        assert main(words.split()) == 0
        digests.add(summary_of(out)["digest"])
    assert len(digests) == 1


def test_several_runs_with_hydra(tmp_path: Path) -> None:
    assert main(["run", "-m", "region=vaals", "scale=50", "years=1", "seed=1,2", f"out={tmp_path / 'two'}"]) == 0
    assert summary_of(tmp_path / "two/0")["digest"] != summary_of(tmp_path / "two/1")["digest"]


@pytest.mark.parametrize(
    ("policy", "said"), [({"name": "baseline"}, "this change is drift"), ({"m": {"building": 2}}, "thuis compare")]
)
def test_what_changes_by_itself_is_said_to_be_drift(result: Path, policy: dict, said: str) -> None:
    summary = summary_of(result)
    summary["configuration"]["policy"] = policy
    summary["start"]["at_home"], summary["end"]["at_home"] = 0.60, 0.63
    lines = sentences(summary, phrases("en")["page"], "en")
    assert "63 in 100" in lines[0] and said in lines[1]
    summary["end"]["at_home"] = 0.601
    assert not any(said in line for line in sentences(summary, phrases("en")["page"], "en"))


def test_an_older_result_gives_way_and_other_things_do_not(result: Path, tmp_path: Path) -> None:
    target = tmp_path / "result"
    with pytest.raises(RuntimeError), new_result(target) as hidden:
        (hidden / "half").write_text("half")
        raise RuntimeError
    assert not list(tmp_path.iterdir())
    for word in ("first", "second"):
        with new_result(target, replace=True) as hidden:
            (hidden / "summary.json").write_text((result / "summary.json").read_text())
            (hidden / word).write_text(word)
    assert {path.name for path in target.iterdir()} == {"summary.json", "second"}
    with pytest.raises(InputError, match="holds a finished result"), new_result(target):
        pass
    (target / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds notes\.txt, which Thuis did not write"), new_result(target, True):
        pass
    assert (target / "notes.txt").read_text() == "mine"
    (tmp_path / "own").mkdir()
    (tmp_path / "own/letter").write_text("mine")
    with pytest.raises(InputError, match="not a result"), new_result(tmp_path / "own"):
        pass
    assert [path.name for path in tmp_path.rglob("*") if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("asked", "sent", "kept"),
    [
        (["checkpoint_every=1200"], signal.SIGINT, ["long.checkpoint"]),
        ([], signal.SIGINT, []),
        ([], signal.SIGTERM, ["long.checkpoint"]),
    ],
)
def test_stopped_from_outside(asked: list[str], sent: int, kept: list[str], tmp_path: Path) -> None:
    """After the month under way: exit code 130, nothing half in place; a checkpoint when asked for, or of a cluster."""
    words = ["run", "region=vaals", "years=100", "threads=1", "progress=none", *asked]
    command = [sys.executable, "-m", "experiments", *words, f"out={tmp_path / 'long'}"]
    process = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pieces = ".long.*.part/.months-*.arrow"
    wait_until(lambda: list(tmp_path.glob(pieces)) or process.poll() is not None)
    process.send_signal(sent)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in err and out == ""
    assert (f"resume={tmp_path / 'long.checkpoint'}" in err) == bool(kept)
    assert [path.name for path in tmp_path.iterdir()] == kept


def test_a_cluster_that_ends_a_run_is_heard_as_ctrl_c_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second signal at once, to its group of processes, is the same request; a later one stops the run."""
    seconds = iter([0.0, 5.0, 5.1, 9.0])
    monkeypatch.setattr("experiments.run.job.time", SimpleNamespace(monotonic=lambda: next(seconds)))
    before = signal.getsignal(signal.SIGTERM)
    with stopped_on_request() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(("code", "said"), [("another", "made by other code"), (None, "made from other data")])
def test_a_checkpoint_of_other_code_or_data_is_refused(code: str | None, said: str) -> None:
    extra = {"code": code or source_digest(), "version": "0", "data_digest": "of another table"}
    with pytest.raises(InputError, match=said):
        check_data(Path("kept.ckpt"), extra, small_table())


def wait_until(ready, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not ready() and time.monotonic() < end:
        time.sleep(0.05)


def test_a_run_imports_neither_the_compiler_nor_matplotlib(tmp_path: Path) -> None:
    """Each takes half a second or more of a run that takes one and a half."""
    words = f"run region=vaals scale=50 years=1 progress=none out={tmp_path / 'a'}".split()
    script = (
        "import sys; from experiments.cli.command import main; assert main(sys.argv[1:]) == 0; "
        "print(sorted({'numba', 'scipy', 'matplotlib', 'pandas', 'mesa'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script, *words]
    process = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert process.stdout.splitlines()[-1] == "[]"


def test_help_is_quick_and_complete(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "experiments", "--help"]
    process = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    heavy = [word for word in ("numpy", "numba", "hydra", "polars", "mesa") if f" {word}\n" in process.stderr]
    assert not heavy and "thuis run region=vaals" in process.stdout
    assert main(["run", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(word in text for word in ("years=", "out=", "language=", "westland", "wrr_agenda", "Examples"))
    assert "newcomer_start" not in text and text.count("\n") <= 40
    assert main(["run", "--options"]) == 0
    more = capsys.readouterr().out
    assert all(f"  {word}=" in more for word in (*vars(Options()), "region.geometry"))
    assert main(["run", "--parameters"]) == 0
    assert "newcomer_start" in capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 120


def test_completion_in_bash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def complete(line: str) -> list[str]:
        words = re.findall(r"[^\s=]+|=", line) + ([""] if line.endswith((" ", "=")) else [])
        script = (
            f"{text}\nCOMP_WORDS=({' '.join(map(repr, words))}); COMP_CWORD={len(words) - 1}; COMP_LINE={line!r}; "
            "COMP_POINT=${#COMP_LINE}; compopt() { :; }; _thuis; echo ${COMPREPLY[@]}"
        )
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path).stdout.split()

    assert main(["--completion", "bash"]) == 0
    text = capsys.readouterr().out
    assert complete("thuis ru") == ["run"]
    assert complete("thuis run region=va") == ["vaals", "valkenburg_aan_de_geul", "valkenswaard"]
    assert complete("thuis run years=2 parameters.newcomer_s") == ["parameters.newcomer_start="]
    (tmp_path / "table.csv").touch()
    assert complete("thuis run region=file region.table=ta") == ["table.csv"]
    for shell in ("zsh", "fish"):
        assert main(["--completion", shell]) == 0
        assert "region=westland" in capsys.readouterr().out


def test_configuration_and_readers_know_the_same_regions() -> None:
    files = {path.stem for path in (REPOSITORY / "conf/region").glob("*.yaml")}
    assert files == {*archetype_names(), *KINDS}
    assert "parameters.base" in known_keys()


def test_quantiles_and_corrected_shares() -> None:
    even = np.full((1, 50), 4)
    np.testing.assert_allclose(quantiles(even)[0], [0.1, 0.25, 0.5, 0.75, 0.9])
    assert np.isnan(quantiles(np.zeros((1, 50), int))).all()
    found = corrected(np.array([0.8, 0.5, 0.25, np.nan]), np.array([0.5, 0.5, 0.5, 0.5]))
    np.testing.assert_allclose(found, [0.6, 0, -0.5, np.nan])


def test_a_thread_that_is_not_the_main_one_can_run(tmp_path: Path) -> None:
    found: list[int] = []
    thread = threading.Thread(
        target=lambda: found.append(main(f"run region=vaals scale=50 years=1 out={tmp_path / 'a'}".split()))
    )
    thread.start()
    thread.join()
    assert found == [0] and os.path.exists(tmp_path / "a/page.html")


def test_the_figure_of_belonging_says_so_where_there_are_no_adults(result: Path) -> None:
    months = pl.scan_parquet(result / "months.parquet").with_columns(adults=pl.lit(0))
    groups = pl.scan_parquet(result / "groups.parquet").with_columns(adults=pl.lit(0))
    nobody = Material(months, groups, pl.DataFrame(), pl.DataFrame(), pl.DataFrame(), {}, "nl")
    data, text, chart = belonging_over_time(nobody)
    assert data.is_empty() and text == phrases("nl")["figures"]["no_adults"] == chart.nothing
    assert text in draw_chart(chart, 7.2, 4.2, "nl")
