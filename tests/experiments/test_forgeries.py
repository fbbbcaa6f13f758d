"""`thuis verify`: every forgery is found out and its file named; what is honest is confirmed, resumed runs too."""

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from experiments.cli.command import main as thuis
from experiments.results.folders import SUMMARY, write_json
from experiments.verify.apart import OF_A_COMPARISON, OF_A_RUN, taken_over
from experiments.verify.comparison import ComparisonMaker
from experiments.verify.files import difference
from experiments.verify.run import RunMaker
from tests.tools.forgeries import SMALL, cases, fault_line, forged, make_results, said_by_verify


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Honest results."""
    return make_results(tmp_path_factory.mktemp("honest"))


def test_honest_results_are_confirmed_on_another_number_of_threads(results: dict[str, Path]) -> None:
    for kind in ("run", "comparison"):
        code, said = said_by_verify(results[kind], "threads=2")
        assert code == 0 and f"{results[kind]}: confirmed" in said, said
        files = [path for path in results[kind].rglob("*") if path.is_file()]
        assert all(f"same     {path.relative_to(results[kind])}" in said for path in files), said


def test_every_forgery_is_found_out(results: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them against one making: what is asked of it is the same unless the configuration was forged."""
    made: dict[str, Path] = {}
    for kind, maker in (("run", RunMaker), ("comparison", ComparisonMaker)):
        real, apart = maker.make, OF_A_RUN if kind == "run" else OF_A_COMPARISON
        requested = json.loads((results[kind] / SUMMARY).read_text())["configuration"]

        def make(
            self: Any,
            folder: Path,
            other_code: bool,
            kind: str = kind,
            real: Any = real,
            requested: Any = requested,
            apart: Any = apart,
        ) -> None:
            if self.summary["configuration"] != requested or kind not in made:
                real(self, folder, other_code)
                if self.summary["configuration"] == requested:
                    made[kind] = shutil.copytree(folder, tmp_path / f"made-{kind}")
                return
            shutil.copytree(made[kind], folder, dirs_exist_ok=True)
            write_json(folder / SUMMARY, taken_over(json.loads((folder / SUMMARY).read_text()), self.summary, apart))

        monkeypatch.setattr(maker, "make", make)
    for kind in ("run", "comparison"):
        assert said_by_verify(results[kind])[0] == 0
    missed, count = [], 0
    for kind, folder, other, forgery in cases(results):
        code, said = said_by_verify(forged(folder, other, forgery, tmp_path))
        count += 1
        if not code or not fault_line(said, forgery.file):
            missed.append((kind, forgery.file, forgery.what, said))
    assert not missed and count >= 60


def test_a_resumed_run_is_confirmed_and_repeats_itself(tmp_path: Path) -> None:
    """Another policy from month 6, another parameter from month 12: told, repeated by its own words, confirmed."""
    first = ["run", *SMALL, "progress=none", "stop_after=6", f"out={tmp_path / 'a'}"]
    assert thuis(first) == 0 and not (tmp_path / "a").exists()
    second = ["policy=libraries", "years=2", "stop_after=12", f"out={tmp_path / 'b'}"]
    assert thuis(["run", f"resume={tmp_path / 'a.checkpoint'}", *second]) == 0
    last = ["parameters.base=0.6", "years=2", "language=nl", f"out={tmp_path / 'c'}"]
    assert thuis(["run", f"resume={tmp_path / 'b.checkpoint'}", *last]) == 0
    summary = json.loads((tmp_path / "c" / SUMMARY).read_text())
    assert [part["until"] for part in summary["earlier"]] == [6, 12]
    assert [part["policy"]["name"] for part in summary["earlier"]] == ["baseline", "libraries"]
    page = (tmp_path / "c" / "page.html").read_text(encoding="utf-8")
    assert "Maand 1 tot en met 6" in page and "Maand 7 tot en met 12" in page and "Vanaf maand 13" in page
    code, said = said_by_verify(tmp_path / "c", "threads=2")
    assert code == 0, said
    words = re.search(r"<pre>(.*?)</pre>", page, re.S)
    assert words is not None
    for line in words.group(1).splitlines():
        parts = [word.replace("part-", f"{tmp_path}/part-") for word in shlex.split(line)[1:]]
        assert thuis([*parts, *([] if any(w.startswith("out=") for w in parts) else [f"out={tmp_path / 'd'}"])]) == 0
    again = json.loads((tmp_path / "d" / SUMMARY).read_text())
    assert again["digest"] == summary["digest"] and again["earlier"] == summary["earlier"]
    for path in (tmp_path / "c").rglob("*"):
        if path.is_file() and path.name != SUMMARY:
            assert difference(path, tmp_path / "d" / path.relative_to(tmp_path / "c"), True) is None, path
    summary["earlier"][0]["until"] = 5
    write_json(tmp_path / "c" / SUMMARY, summary)
    assert said_by_verify(tmp_path / "c")[0] == 1


def test_a_run_resumed_unchanged_is_confirmed_as_one_that_never_stopped(tmp_path: Path) -> None:
    """A budget that binds on both sides of the break is told of both."""
    policy = tmp_path / "tight.yaml"
    policy.write_text("name: tight\nlibraries: {facilities: library, funding: 2.0, budget: 1000}\n")
    same = [*SMALL, "progress=none", f"policy={policy}"]
    assert thuis(["run", *same, "stop_after=5", f"out={tmp_path / 'a'}"]) == 0
    assert thuis(["run", f"resume={tmp_path / 'a.checkpoint'}", "years=1", f"out={tmp_path / 'b'}"]) == 0
    summary = json.loads((tmp_path / "b" / SUMMARY).read_text())
    assert summary["earlier"] == [] and any("libraries" in note for note in summary["notes"])
    assert said_by_verify(tmp_path / "b", "threads=2")[0] == 0


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("threads=two", "not a whole number"),
        ("thread=2", "not an option of verify"),
        ("other_code=maybe", "true or false"),
    ],
)
def test_a_wrong_word_gives_one_line(word: str, said: str) -> None:
    code, line = said_by_verify(Path("nowhere"), word)
    assert code == 2 and said in line and line.count("\n") == 1
