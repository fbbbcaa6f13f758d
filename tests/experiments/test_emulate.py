"""The emulator of a sweep: a surface with known chance is found again, and it says no more than it knows."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import thuis
from experiments.cli.command import main
from experiments.emulate.emulator import FILE, read_emulator
from experiments.emulate.process import Points, Process
from experiments.sweep.table import Sweep
from scenarios.errors import InputError
from tests.tools.sweep_functions import true_height

MODEL = "tests.tools.sweep_functions:noisy"
FACTORS = {"x": [0, 1], "y": [0, 1], "z": [0, 1]}
SHARED, OWN = 0.2, (0.1, 0.3)  # standard deviations of chance, see `noisy`


@pytest.fixture(scope="module")
def surface(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("emulate") / "surface"
    return thuis.sweep(model=MODEL, factors=FACTORS, design="latin_hypercube", runs=150, replicates=6, out=folder)


def test_a_surface_and_its_chance_are_found_again(surface: Sweep) -> None:
    emulator = thuis.emulate(surface, ["height", "still"])
    points = pl.DataFrame(np.random.default_rng(1).random((200, 3)), schema=list("xyz"))
    found = emulator.predict(points)
    truth = np.array([true_height(x, y) for x, y, _ in points.iter_rows()])
    off = found["height"].to_numpy() - truth
    off -= off.mean()  # the seeds of the sweep share a part of their chance, which shifts the whole surface
    assert off.std() < 0.1 * truth.std()
    reach = (found["height_high"] - found["height"]).to_numpy()
    assert (np.abs(off) < reach).mean() > 0.8 and reach.mean() < 0.15
    assert np.allclose(found["still"], 2 * points["x"] - points["z"], atol=1e-6)
    ends = emulator.predict([{"x": x, "y": 0.5, "z": 0.5} for x in (0.0, 1.0)], ["height"], of="run")
    spread = (ends["height_high"] - ends["height"]).to_numpy() / 1.96
    assert spread == pytest.approx(np.hypot(OWN, SHARED), rel=0.35)
    row = emulator.table().row(0, named=True)
    assert 0.9 <= row["coverage_points"] <= 0.99 and 0.9 <= row["coverage_runs"] <= 0.99
    assert row["chance"] == pytest.approx(np.sqrt(np.mean(np.linspace(*OWN, 99) ** 2) / 6), rel=0.3)


def test_its_file_makes_it_again_and_tells_when_it_was_changed(
    surface: Sweep, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["emulate", str(surface.path), "outcomes=height"]) == 0
    assert "| height | 150 | 900 |" in capsys.readouterr().out
    path, point = surface.path / FILE, {"x": 0.3, "y": 0.6, "z": 0.1}
    kept = thuis.emulate(surface, ["height"])
    assert kept.predict(point).equals(read_emulator(path).predict(point))
    assert kept.about["sweep"]["digest"] == surface.plan.digest and "scikit-learn" in kept.about["versions"]
    values = json.loads(path.read_text())
    values["fitted"][0]["points"]["mean"][3] += 0.5
    changed = path.with_name("changed.json")
    changed.write_text(json.dumps(values))
    with pytest.raises(InputError, match="the points of height were changed"):
        read_emulator(changed)
    for point, line in (
        ({"x": 0.3, "y": 0.6}, "a point has no z"),
        ({"x": 0.3, "y": 0.6, "z": 0.1, "w": 1}, "w is not a factor"),
        ({"x": 0.3, "y": 1.5, "z": 0.1}, r"point 1: y=1.5 is beyond the sweep.*allowed is 0 to 1"),
        ({"x": 0.3, "y": float("nan"), "z": 0.1}, "point 1: y=nan"),
    ):
        with pytest.raises(InputError, match=line):
            kept.predict(point)


def test_what_cannot_be_learned_is_said(tmp_path: Path) -> None:
    few = thuis.sweep(model=MODEL, factors=FACTORS, design="latin_hypercube", runs=8, out=tmp_path / "few")
    with pytest.raises(InputError, match="8 points have height; an emulator needs 20 or more"):
        thuis.emulate(few, ["height"])
    with pytest.raises(InputError, match="outcome=hight"):
        thuis.emulate(few, ["hight"])
    with pytest.raises(InputError, match="no emulator there; make it with: thuis emulate"):
        read_emulator(tmp_path / "few")


def test_a_bent_parameter_does_not_hide_what_levers_do() -> None:
    random = np.random.default_rng(2)

    def height(unit: np.ndarray) -> np.ndarray:
        return np.tanh(4 * unit[:, 0]) + 0.02 * unit[:, 2] * (1 + unit[:, 1]) + 0.02 * unit[:, 3]

    unit = random.uniform(-1, 1, (120, 4))
    points = Points(unit, height(unit), np.full(120, np.nan), np.ones(120))
    held = np.repeat(random.uniform(-1, 1, (60, 1, 4)), 4, axis=1)
    held[:, :, 2:] = random.uniform(-1, 1, (60, 4, 2))  # draws of the parameters, each with four settings of the levers
    flat = held.reshape(-1, 4)

    def apart(values: np.ndarray) -> np.ndarray:
        return (values.reshape(60, 4) - values.reshape(60, 4).mean(axis=1, keepdims=True)).ravel()

    levers, true = np.array([False, False, True, True]), apart(height(flat))
    errors = [np.std(apart(Process(points, levers=chosen).mean(flat)) - true) / true.std() for chosen in (None, levers)]
    assert errors[1] < 0.1 and errors[1] < 0.5 * errors[0], errors
