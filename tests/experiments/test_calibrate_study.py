"""A whole study of `thuis calibrate` on a stand-in city whose truth is known: found again, and resumed to the byte."""

from functools import cache, partial

import numpy as np
import polars as pl
import pytest

from experiments.calibrate import change, design, study, targets
from experiments.calibrate.space import BOUNDS, NAMES
from experiments.calibrate.targets import BANDS, load_targets
from experiments.cli.calibrate import main
from sim.parameters import Parameters
from tests.tools.paths import shared_data

TRUTH = {"effect_diversity": 0.06, "base": 0.66, "cohesion_harmony": 4.5}
MOVES = {"destination_own_group": 1.1, "fertility": 0.92}
WORDS = ["first=64", "second=16", "sample=8", "change=40"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shared_data() is None, reason="no ../shared/data (see THUIS_SHARED_DATA)"),
]


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Instead of the simulator: at the truth every place is as measured, elsewhere each place is off by its own slopes.

    Returns a list that grows by one with every trial.
    """
    trials: list[int] = []
    read_once = cache(load_targets)
    known = read_once(shared_data()).measured()
    slopes = np.random.default_rng(4).normal(0, 0.02, (len(known), len(TRUTH)))
    at = [NAMES.index(name) for name in TRUTH]

    def outputs_of(parameters: Parameters, asked: object, seed: int) -> dict[str, float]:
        trials.append(seed)
        off = np.array([getattr(parameters, name) - true for name, true in TRUTH.items()])
        moved = slopes @ (off / np.ptp(BOUNDS[at], axis=1))
        found = {row[0]: row[3] - 0.2 * (row[2] == "home") + m for row, m in zip(known, moved, strict=True)}
        inside = 0.1 * off[0] / np.ptp(BOUNDS[at[0]])
        return found | {name: (low + high) / 2 + inside * (high - low) for name, (low, high, _) in BANDS.items()}

    def compared_change(known: None, parameters: Parameters, which: str) -> dict[str, float]:
        own, births = (getattr(parameters, name) - true for name, true in MOVES.items())
        off = {"births": births, "rise_slope": 0.2 * own + 0.1 * births, "district_rise_slope": 0.15 * own}
        return {name: (low + high) / 2 + off.get(name, 1e-4 * own) for name, (low, high, _) in change.BANDS.items()}

    for name in ("_change", "load_change"):
        monkeypatch.setattr(change, name, lambda *given: None)
    monkeypatch.setattr(change, "simulate_change", lambda known, parameters, seed: parameters)
    monkeypatch.setattr(change, "compared_change", compared_change)
    for module in (design, study):
        monkeypatch.setattr(module, "outputs_of", outputs_of)
    for module in (targets, design, study):
        monkeypatch.setattr(module, "load_targets", read_once)
    monkeypatch.setattr(study, "sample_posterior", partial(study.sample_posterior, steps=600))
    monkeypatch.setattr(change, "STEPS", 600)
    return trials


def test_a_study_finds_the_truth_and_is_resumed(simulated: list[int], tmp_path, capsys) -> None:
    words = [f"data={shared_data()}", f"out={tmp_path}", *WORDS]
    assert main(words) == 0 and len(simulated) == 64 + 16 + 8 + 1  # the last: both fits together
    said = capsys.readouterr().out
    assert "128 trials" in said and said.rstrip().endswith("calibration.json")
    agreement = pl.read_csv(tmp_path / "agreement.csv")
    without = agreement.filter(pl.col("predictor").is_in(["left_out", "best_left_out", "left_out_simulated"]))
    assert len(without) == 3 * 7 and without["pearson"].min() > 0.97
    fitted = pl.read_csv(tmp_path / "parameters.csv")
    for name, true in TRUTH.items():
        low, high = BOUNDS[NAMES.index(name)]
        row = fitted.row(by_predicate=pl.col("parameter") == name, named=True)
        assert abs(row["mean"] - true) < 0.12 * (high - low) and abs(row["best_fit"] - true) < 0.12 * (high - low)
        assert row["share_of_prior"] < 0.4
    free = fitted.filter(~pl.col("parameter").is_in([*TRUTH, "home_mark"]))
    assert free["share_of_prior"].median() > 0.7
    assert (pl.read_csv(tmp_path / "patterns.csv")["share_inside"] == 1).all()
    drawn = pl.read_parquet(tmp_path / "posterior.parquet")
    assert len(drawn) == 200 and set(drawn.columns) == {*NAMES, "home_mark", "tie_decay", *change.NAMES}
    moves = pl.read_csv(tmp_path / "moves.csv")
    for name, true in MOVES.items():
        row = moves.row(by_predicate=pl.col("parameter") == name, named=True)
        assert row["mean"] == pytest.approx(true, abs=0.05) and row["share_of_prior"] < 0.5
    figures = pl.read_csv(tmp_path / "change.csv")
    slope = figures.row(by_predicate=pl.col("figure") == "rise_slope", named=True)
    assert slope["odd"] == slope["even"] == pytest.approx(slope["emulated"], abs=0.002)

    written = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.suffix in (".csv", ".parquet", ".json")}
    (tmp_path / "first" / "00007.json").unlink()
    for name in written:
        (tmp_path / name).unlink()
    assert main(words) == 0 and len(simulated) == 89 + 1 + 1
    assert {name: (tmp_path / name).read_bytes() for name in written} == written
