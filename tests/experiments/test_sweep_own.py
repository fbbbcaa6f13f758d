"""Own behaviour, own outcomes, an own end, and years and scale as factors: in a sweep, a run and a comparison."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import thuis
from experiments.cli.command import main
from experiments.sweep.table import open_sweep
from scenarios.errors import InputError

OWN = """
class Lonely:
    def belong(self):
        super().belong()
        if self.tie_count == 0:
            self.belonging = max(self.belonging - 0.05, 0.0)

class Nothing:
    pass

def lonely(model):
    people = model.world.population
    return {"lonely": float((people.tie_count[people.serial != 0] == 0).mean()), "places": len(model.neighbourhoods)}

def enough(model):
    return model.month >= 7

def taken(model):
    return {"belonging": 1.0}
"""
WORDS = ["sweep", "region=vaals", "scale=40", "years=1", "engine=threads", "workers=1"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(OWN)


def runs_of(*words: str) -> pl.DataFrame:
    """The table of a sweep."""
    assert main([*WORDS, *words, "out=s"]) == 0
    return open_sweep("s").pl()


def test_a_reporter_adds_its_numbers_and_changes_no_other() -> None:
    plain = runs_of("factors.policy=[baseline,libraries]")
    Path("s").rename("plain")
    own = runs_of("factors.policy=[baseline,libraries]", "reporter=mine.py:lonely", "monthly=true")
    assert own["month"].to_list() == [*range(1, 13)] * 2 and own["lonely"].is_between(0.01, 0.9).all()
    last = own.filter(pl.col("month") == 12)
    assert last["digest"].to_list() == plain["digest"].to_list() and last["places"].to_list() == [4, 4]
    assert last["belonging"].to_list() == plain["belonging"].to_list()
    assert last["spent"].to_list() == pytest.approx(plain["spent"].to_list())
    assert open_sweep("s").frame_for("lonely")["lonely"].to_list() == last["lonely"].to_list()


def test_a_run_ends_when_the_users_function_says_so() -> None:
    frame = runs_of("stop=mine:enough", "behaviour=mine.py:Lonely", "replicates=2")
    assert frame["month"].to_list() == [7, 7] and frame["digest"].n_unique() == 2
    Path("s").rename("other")
    usual = runs_of("stop=mine:enough", "replicates=2")
    assert (frame["belonging"] < usual["belonging"]).all()


def test_years_and_scale_vary() -> None:
    frame = runs_of("factors.scale=[20,40]", "factors.years=[1,2]").sort("run")
    assert frame.select("scale", "years").rows() == [(20, 1), (20, 2), (40, 1), (40, 2)]
    assert frame["month"].to_list() == [12, 24, 12, 24] and frame["residents"].is_between(9000, 11000).all()
    assert open_sweep("s").frame_for("belonging").height == 4
    Path("s").rename("factors")
    alone = runs_of("scale=20", "years=2")
    assert alone["digest"][0] == frame["digest"][1]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("behaviour=mine.py:Nothing", "no method of a resident"),
        ("behaviour=mine.py:nowhere", "there is no nowhere in mine.py"),
        ("behaviour=none.py:X", "there is no file"),
        ("reporter=lonely", "allowed is FILE.py:NAME or MODULE:NAME"),
        ("stop=mine.py:OWN_NUMBER", "there is no OWN_NUMBER"),
        ("factors.scale=[0,1]", "factors.scale=0 is out of range"),
        ("factors.years=[1.5,2]", "factors.years=1.5 is not a whole number"),
        ("factors.region=[vaals,nowhere_at_all]", "nowhere_at_all"),
    ],
)
def test_what_is_wrong_is_said_before_the_first_run(word: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, word, "out=s"]) == 2
    assert said in capsys.readouterr().err and not Path("s").exists()


def test_a_function_in_place_of_its_name_is_refused_with_the_way_to_name_it() -> None:
    with pytest.raises(InputError, match=r"reporter is a function, .*such as mine\.py:NAME"):
        thuis.sweep("vaals", factors={"seed": [1, 2]}, reporter=lambda model: 1)


def test_a_reporter_that_takes_a_name_fails_its_run_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "reporter=mine.py:taken", "out=s"]) == 1
    assert "'belonging' is an outcome of Thuis already" in capsys.readouterr().out


def test_behaviour_goes_with_a_run_and_a_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["region=vaals", "scale=40", "years=1", "behaviour=mine.py:Lonely"]
    assert main(["run", *words, "out=r"]) == 0
    summary: dict[str, Any] = json.loads(Path("r/summary.json").read_text())
    assert summary["driver"] == "agents" and len(summary["behaviour"]["mine.py:Lonely"]) == 64
    assert "behaviour=mine.py:Lonely" in Path("r/page.html").read_text()
    compared_words = ["policies=[baseline,libraries]", "replicates=2", "parameters_drawn=false", "roads=0", "out=c"]
    assert main(["compare", *words, *compared_words]) == 0
    compared = json.loads(Path("c/summary.json").read_text())
    assert compared["start"]["end"]["belonging"] < compared["start"]["start"]["belonging"] - 0.03
    Path("wrong.py").write_text("class Wrong:\n    def belong(self):\n        1 / 0\n")
    capsys.readouterr()
    assert main(["run", *words[:-1], "behaviour=wrong.py:Wrong", "out=w"]) == 1
    assert "thuis: wrong.py, line 3, in belong: ZeroDivisionError: division by zero\n" in capsys.readouterr().err
    Path("mine.py").write_text(OWN.replace("0.05", "0.04"))
    assert main(["verify", "r"]) == 1 and "NOT CONFIRMED" in capsys.readouterr().out
