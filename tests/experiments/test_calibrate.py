"""The calibration: the converter of Amsterdam's table, the stand-in, leaving out by weights, and a study resumed."""

import numpy as np
import pytest

from experiments.calibrate.best_fit import best_fit, predicted_without
from experiments.calibrate.design import sobol_points
from experiments.calibrate.emulator import fit_emulator
from experiments.calibrate.posterior import HIGH, LOW, Likelihood, left_out
from experiments.calibrate.space import BOUNDS, NAMES, SPACE, decay_of, parameters_of
from experiments.cli.calibrate import read_options
from scenarios.errors import InputError
from sim.parameters import Parameters
from sim.parameters.declaration import describe
from tests.tools.paths import shared_data

needs_data = pytest.mark.skipif(shared_data() is None, reason="no ../shared/data (see THUIS_SHARED_DATA)")


def test_the_space_lies_within_the_ranges() -> None:
    known = describe(Parameters)
    for name, (low, high) in SPACE.items():
        assert known[name].low <= low < high <= known[name].high, name


def test_ties_last_as_long_as_measured_whatever_is_kept_on_moving() -> None:
    for kept in (0.75, 0.8, 0.85):
        total = decay_of(kept) + 0.0022 + 0.011 * (1 - kept)
        assert (1 - total) ** 84 == pytest.approx(0.48, abs=0.015)
    assert parameters_of({"tie_kept_moving": 0.8}).tie_decay == pytest.approx(decay_of(0.8))


def test_the_stand_in_finds_a_quadratic_and_knows_its_error() -> None:
    points = sobol_points(256, 1)
    x = 2 * (points - BOUNDS[:, 0]) / (BOUNDS[:, 1] - BOUNDS[:, 0]) - 1
    noise = 0.05 * np.random.default_rng(1).normal(size=len(x))
    bent = 3 * x[:, 0] - 2 * x[:, 5] + 0.5 * x[:, 0] * x[:, 1]
    emulator = fit_emulator(points, ["bent", "noisy"], np.column_stack([bent, x[:, 2] + noise]))
    assert (emulator.explained > 0.98).all()
    assert 0.04 < emulator.error[1] < 0.09
    fresh = sobol_points(256, 2)
    there = 2 * (fresh - BOUNDS[:, 0]) / (BOUNDS[:, 1] - BOUNDS[:, 0]) - 1
    assert np.corrcoef(emulator.predict(fresh)[:, 1], there[:, 2])[0, 1] > 0.99


def test_leaving_out_by_weights_is_fitting_to_the_others() -> None:
    """A level measured in six places with known spread: without one of them it is the mean of the other five."""
    value, spread = np.array([0.50, 0.52, 0.55, 0.51, 0.58, 0.54]), 0.05
    like = Likelihood(
        np.zeros(6, int),
        value,
        np.full(6, spread),
        list("ABCDEF"),
        np.zeros(6),
        ["x"] * 6,
        np.zeros(0, int),
        np.zeros((0, 3)),
    )
    draws = value.mean() + spread / np.sqrt(6) * np.random.default_rng(2).normal(size=(40_000, 1))
    found, worth = left_out(like, draws, np.zeros(len(draws)))
    assert found == pytest.approx((value.sum() - value) / 5, abs=0.002)
    assert 0.3 < min(worth.values()) <= max(worth.values()) <= 1


def test_the_best_fit_predicts_a_place_from_the_others() -> None:
    """One level is measured in three places: without one of them the fit finds the mean of the other two."""
    points = sobol_points(512, 1)
    level = 0.5 + 0.1 * (points[:, 0] - BOUNDS[0, 0]) / (BOUNDS[0, 1] - BOUNDS[0, 0])
    emulator = fit_emulator(points, ["level", "pattern"], np.column_stack([level, 10 * level]))
    value = np.array([0.53, 0.56, 0.57])
    like = Likelihood(
        np.zeros(3, int),
        value,
        np.full(3, 1e-4),
        list("ABC"),
        np.zeros(3),
        ["level"] * 3,
        np.array([1]),
        np.array([[5.0, 5.9, 0.01]]),
    )
    fit, middle = best_fit(emulator, like), (LOW + HIGH) / 2
    assert emulator.predict(fit[None, :-1])[0, 0] == pytest.approx(value.mean(), abs=1e-3)
    assert fit[5:] == pytest.approx(middle[5:], rel=0.02)  # what is not measured stays in the middle
    assert predicted_without(emulator, like) == pytest.approx((value.sum() - value) / 2, abs=1e-3)


@pytest.mark.parametrize("word", ["first=many", "workers=0", "nothing=1", "first"])
def test_wrong_words_are_refused(word: str) -> None:
    with pytest.raises(InputError):
        read_options(["data=x", word])


@needs_data
@pytest.mark.parametrize("year", [2013, 2017])
def test_amsterdam_as_a_plain_table(year: int) -> None:
    from experiments.calibrate.amsterdam import plain_table
    from scenarios.plain import read_plain

    table = plain_table(shared_data() / "amsterdam" / "areas_inputs_2005_2018.csv", year)
    assert len(table) == 22 and table.null_count().sum_horizontal().item() == 0
    areas = read_plain(table)
    assert areas.scheme.name == "cbs7"
    assert 700_000 < areas.residents.sum() < 900_000
    assert (areas.moving_rate > 0.05).all() and (areas.moving_rate < 0.4).all()
    assert np.ptp(areas.facilities, axis=0).min() > 0.1


@needs_data
@pytest.mark.slow
def test_a_design_is_resumed_and_another_one_refused(tmp_path) -> None:
    from experiments.calibrate.design import read_design, run_design
    from experiments.calibrate.targets import load_targets

    points, done = sobol_points(2, 1), []
    run_design(tmp_path, shared_data(), points[:1], 1)
    kept = (tmp_path / "00000.json").stat().st_mtime_ns
    run_design(tmp_path, shared_data(), points, 1, report=done.append)
    assert done == [2] and (tmp_path / "00000.json").stat().st_mtime_ns == kept
    found, names, outputs = read_design(tmp_path)
    assert found == pytest.approx(points) and outputs.shape == (2, len(names)) and len(NAMES) == found.shape[1]
    assert {row[0] for row in load_targets(shared_data()).measured()} <= set(names)
    with pytest.raises(InputError, match="another design"):
        run_design(tmp_path, shared_data(), points[::-1], 1)
