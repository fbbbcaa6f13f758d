"""The twenty patterns: targets as data, measures with known answers, and a small run from words to a table."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from experiments.cli.command import main
from experiments.validate.flow_patterns import motive_order, transience
from experiments.validate.following import Follower, still_tied, tied_pairs
from experiments.validate.frame import frame_of, unbiased_diversity
from experiments.validate.patterns import read_patterns, rows_of, verdict
from experiments.validate.people_patterns import dissimilarity, segregation
from experiments.validate.scenes import typology, with_supply
from experiments.validate.simulated import simulate
from sim.machine.threads import ThreadPool
from sim.parameters.declaration import CERTAINTY
from sim.phases.month import PHASES, Clock, pass_month
from tests.tools.paths import REPOSITORY
from tests.tools.worlds import small_table, small_world

KNOWN, MIXES = read_patterns()


def test_every_pattern_has_targets_within_bands_a_source_and_a_mark():
    assert list(KNOWN) == [f"SF{i}" for i in range(1, 21)]
    for name, about in KNOWN.items():
        assert about["certainty"] in CERTAINTY, name
        assert len(about["source"]) > 10, name
        assert about["title"]["nl"], name
        for part in about["parts"].values():
            assert part["low"] is None or part["low"] <= part["target"], name
            assert part["high"] is None or part["target"] <= part["high"], name


def test_nothing_recalled_is_presented_as_known():
    text = (REPOSITORY / "docs" / "evidence.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.endswith("| R |"):
            assert "unverified" in line
    for figure in re.findall(r"\*\*\[R[^\]]*\]\*\*", text):
        assert "unverified" in figure or "authors" in text


def test_survival_of_known_hazards():
    follower = Follower(120)
    follower.present[:] = 1_000_000
    for motive, hazard in enumerate((0.015, 0.02, 0.01, 0.005, 0.004, 0.01)):
        follower.leaving[motive] = round(1_000_000 * hazard)
    follower.present[:, 0] = follower.leaving[:, 0] = 0
    order = motive_order(follower)
    assert order["knowledge"] == pytest.approx(0.98**60)
    assert order["order"] == pytest.approx(0.996**60 - 0.995**60)
    gone = transience(follower, 2, {"one": {"study": 1.0}, "two": {"asylum": 1.0}})
    assert gone["one"] == pytest.approx(100 * (1 - 0.99**24))
    assert gone["all"] == pytest.approx((gone["one"] + gone["two"]) / 2)
    assert transience(Follower(24), 5, MIXES) == {}


def test_arrivals_are_followed_through_a_run():
    table, pool, follower = small_table(), ThreadPool(1), Follower(24)
    looks = {"before_leaving": follower.look, "after_leaving": follower.look_after}
    simulated = simulate(table, seed=3, scale=1, years=2, pool=pool, **looks)
    assert follower.present.sum() > 0
    assert (follower.leaving <= follower.present).all()
    assert follower.present[:, 0].sum() == 0  # the month of arrival ends after everybody has decided
    world = simulated.world
    arrived = world.population.arrived[world.population.serial != 0]
    here = int(((arrived >= 0) & (arrived < 23)).sum())
    assert follower.present[:, 1].sum() >= here
    assert frame_of(simulated).adults.sum() == pytest.approx(frame_of(simulated, municipalities=True).adults.sum())


def test_ties_are_found_again_and_lost_when_people_leave():
    world, pool = small_world(settling_months=24), ThreadPool(1)
    pairs = tied_pairs(world)
    followed, alive = still_tied(world, pairs)
    assert followed == alive == len(pairs) > 100
    for _ in range(24):
        pass_month(world, pool, Clock(), PHASES)
    followed, later = still_tied(world, pairs)
    assert 0 < later < followed < len(pairs)


def test_dissimilarity_and_diversity_by_hand():
    people = np.array([[30, 10, 0], [10, 20, 10]])
    assert dissimilarity(people, np.array([0, 0]), 1)[0] == pytest.approx(0.5 * (abs(0.75 - 0.25) + abs(0.25 - 0.75)))
    found = segregation(people, people, np.array([0, 0]), ["GM1783"])
    assert found == {"westland": 0.5, "change": 0}
    assert unbiased_diversity(np.array([[1, 1], [5, 0]])).tolist() == [1.0, 0.0]


def test_a_pattern_holds_when_all_its_parts_do():
    about = KNOWN["SF13"]
    good = {"cohesion": 0.64, "born_here": 64.0, "gap": -7.0}
    bad = good | {"cohesion": 0.58}
    rows = rows_of("SF13", about, "here", [good, good | {"cohesion": 0.65}])
    assert verdict(rows, "SF13", "here") is True
    assert rows[0].low < 0.645 < rows[0].high
    assert verdict(rows_of("SF13", about, "here", [bad]), "SF13", "here") is False
    assert verdict(rows, "SF13", "elsewhere") is None
    assert rows_of("SF13", about, "here", [{}]) == []


def test_supply_of_a_quartile_is_the_same_everywhere():
    table = typology()
    low, high = with_supply(table, 25), with_supply(table, 75)
    assert (np.ptp(low.facilities, axis=0) == 0).all()
    assert (low.facilities < high.facilities).all()


def test_from_words_to_a_table_of_patterns(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "out"
    words = ["validate", "patterns=[SF1,SF4,SF5,SF13]", "scale=300", "years=1", "seeds=1", f"out={out}",
             "progress=none"]  # fmt: skip
    assert main(words) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "real districts skipped: no real districts" in said
    found = json.loads((out / "validation.json").read_text())
    assert found["patterns"]["SF5"]["typology"] in (True, False)
    assert "SF1" not in found["patterns"] or not found["patterns"]["SF1"]  # one year cannot tell of five
    rows = {(row["pattern"], row["part"]) for row in found["rows"]}
    assert ("SF13", "gap") in rows
    assert (out / "patterns.md").read_text().startswith("| pattern |")
    assert (out / "patterns.png").stat().st_size > 1000
