"""Analysis of sweeps of functions whose answers are known on paper."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.analysis import (
    discover,
    interaction,
    main_effects,
    morris_effects,
    pareto_front,
    response_surface,
    robust_choice,
)
from experiments.analysis.pareto import nondominated
from experiments.cli.command import main
from experiments.sweep.table import Sweep, open_sweep
from tests.experiments.test_sweep import run

FACTORS = ["factors.x=[0,1]", "factors.y=[0,2]"]


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("analysis") / "plane"
    run(["design=latin_hypercube", "runs=400", "model=tests.tools.sweep_functions:plane", *FACTORS], folder)
    return open_sweep(folder)


def test_main_effects_and_surface_find_the_slopes(plane: Sweep) -> None:
    effects = main_effects(plane, "height")
    for factor, slope in (("x", 3.0), ("y", 1.0)):
        part = effects.filter(effects["factor"] == factor)
        assert np.polyfit(part["value"], part["mean"], 1)[0] == pytest.approx(slope, abs=0.15)
    surface = response_surface(plane, "height")
    assert surface.explained > 0.999 and surface(np.array([[0.5, 1.0]]))[0] == pytest.approx(2.5, abs=1e-9)
    assert dict(zip(surface.terms, surface.coefficients))["x"] == pytest.approx(1.5, abs=0.02)
    assert len(interaction(plane, "height", "x", "y")) > 10
    assert main(["sweep", "analyse", str(plane.folder), "outcome=height", "below=1"]) == 0
    for name in ("surface_height", "conditions_height"):
        assert {path.suffix for path in (plane.folder / "analysis").glob(f"{name}.*")} == {".csv", ".png", ".svg"}


def test_conditions_are_found(plane: Sweep) -> None:
    """Cases are x above 0.7 and y above 1."""
    box = discover(plane, "corner", above=0.5)[-1]
    assert box.density >= 0.9 and box.coverage > 0.8
    assert box.limits["x"][0] == pytest.approx(0.7, abs=0.08) and box.limits["y"][0] == pytest.approx(1.0, abs=0.15)
    assert set(box.limits) == {"x", "y"} and all(chance < 0.01 for chance in box.chances.values())


def test_morris_of_a_plane(tmp_path: Path) -> None:
    run(["design=morris", "runs=10", "model=tests.tools.sweep_functions:plane", *FACTORS], tmp_path / "morris")
    found = morris_effects(open_sweep(tmp_path / "morris"), "height")
    assert np.allclose(found["mean"], [3.0, 2.0]) and np.allclose(found["spread"], 0, atol=1e-9)


def test_front_and_robust_choice(tmp_path: Path) -> None:
    values = np.array([[1.0, 5.0], [2.0, 3.0], [3.0, 4.0], [2.0, 3.0], [4.0, 1.0]])
    assert nondominated(values).tolist() == [True, True, False, True, True]
    run(["model=tests.tools.sweep_functions:plane", "factors.x=[0,0.5,1]", "factors.y=[0,1,2]"], tmp_path / "grid")
    sweep = open_sweep(tmp_path / "grid")
    assert pareto_front(sweep, {"height": "low", "corner": "high"}).rows() == [(0.0, 0, 0.0, 0.0), (1.0, 2, 5.0, 1.0)]
    assert robust_choice(sweep, "height", ["x"])["x"].to_list() == [1.0, 0.5, 0.0]
    assert main(["sweep", "analyse", str(tmp_path / "grid"), "outcome=height", "choice=x"]) == 0
    folder = tmp_path / "grid" / "analysis"
    for name in ("effects_height", "interaction_height", "choice_height"):
        assert {path.suffix for path in folder.glob(f"{name}.*")} == {".csv", ".png", ".svg"}
    assert main(["sweep", "analyse", str(tmp_path / "grid"), "front=height:low,corner:high"]) == 0
    assert main(["sweep", "analyse", str(tmp_path / "grid"), "outcome=heigth"]) == 2


def test_a_search_finds_levers_that_hold_whatever_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """More library costs more and never harms: its ends are on the front. What is done is not done again."""
    model = ["region=vaals", "scale=100", "years=1"]
    factors = ["factors.policy.libraries.funding=[0.5,2]", "factors.parameters.base=[0.5,0.55]"]
    words = ["sweep", "search", *model, *factors, "conditions=3", "trials=24", f"out={tmp_path / 'search'}"]
    assert main(words) == 0
    trials = pl.read_csv(tmp_path / "search" / "trials.csv")
    front = pl.read_csv(tmp_path / "search" / "front.csv")
    assert len(trials) == 24 and trials["trial"].to_list() == list(range(24))
    assert {trials["spent"].min(), trials["belonging"].max()} <= {*front["spent"], *front["belonging"]}
    shards = sorted((tmp_path / "search").rglob("*.parquet"))
    times = [path.stat().st_mtime_ns for path in shards if path.name.startswith("shard")]
    assert main(words) == 0
    assert times == [path.stat().st_mtime_ns for path in shards if path.name.startswith("shard")]
    assert pl.read_csv(tmp_path / "search" / "trials.csv").equals(trials)
    assert (tmp_path / "search" / "front_spent_belonging.png").exists()
    assert main([*words, "goals=belonging:up"]) == 2 and "write belonging:high" in capsys.readouterr().err
