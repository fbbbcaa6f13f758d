"""The calibration: the converter of Amsterdam's table, the loss, the parameter space, and a small study resumed."""

import numpy as np
import polars as pl
import pytest
from paths import shared_data

from experiments.calibrate.command import read_words
from experiments.calibrate.objective import beyond, loss
from experiments.calibrate.space import SPACE, decay_of, parameters_of
from experiments.calibrate.targets import BANDS
from scenarios.errors import InputError
from sim.parameter import describe
from sim.parameters import Parameters

needs_data = pytest.mark.skipif(shared_data() is None, reason="no ../shared/data (see THUIS_SHARED_DATA)")


def test_the_space_lies_within_the_ranges() -> None:
    known = describe(Parameters)
    for name, (low, high) in SPACE.items():
        assert known[name].low <= low < high <= known[name].high, name
        assert low <= getattr(Parameters(), name) <= high, name


def test_ties_last_as_long_as_measured_whatever_is_kept_on_moving() -> None:
    for kept in (0.75, 0.8, 0.85):
        total = decay_of(kept) + 0.0022 + 0.011 * (1 - kept)
        assert (1 - total) ** 84 == pytest.approx(0.48, abs=0.015)
    assert parameters_of({"tie_kept_moving": 0.8}).tie_decay == pytest.approx(decay_of(0.8))


def test_loss_counts_what_lies_beyond_a_band() -> None:
    assert beyond(0.5, 0.4, 0.6, 0.1) == 0
    assert beyond(0.2, 0.4, 0.6, 0.1) == pytest.approx(4)
    inside = {name: (low + high) / 2 for name, (low, high, _) in BANDS.items()}
    found = inside | {"municipal_rmse": 0.0, "municipal_r": 0.95, "home_2013": 0.9, "cohesion_2013": 0.8}
    assert sum(loss(found).values()) == 0
    assert loss(found | {"cohesion_2013": 0.71})["cohesion_2013"] == pytest.approx(4)


@pytest.mark.parametrize("word", ["trials=many", "workers=0", "nothing=1", "trials"])
def test_wrong_words_are_refused(word: str) -> None:
    with pytest.raises(InputError):
        read_words(["data=x", word])


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
def test_a_study_is_resumed(tmp_path) -> None:
    from experiments.calibrate.study import completed, open_study, search
    from experiments.calibrate.targets import load_targets

    targets = load_targets(shared_data())
    search(tmp_path, targets, 1, seed=1)
    search(tmp_path, targets, 1, seed=1)
    table = completed(open_study(tmp_path, 1))
    assert len(table) == 2 and isinstance(table, pl.DataFrame)
    assert table["municipal_r"].is_between(-1, 1).all()
