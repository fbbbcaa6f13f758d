"""Ranges hold what they promise, the draws hold the shipped values, and the number needed gives the power it names."""

import numpy as np
import pytest

from experiments.compare.design import Replicate, design_from, drawn_parameters, plan
from experiments.compare.draws import draw_parameters, posterior_rows, window
from experiments.compare.variance import FEWEST, interval, mean_power, needed, reduction, t_factor
from scenarios.errors import InputError
from sim.parameters import Parameters
from sim.parameters.declaration import describe

CHANCE = {"seed": 20261128}


def generator() -> np.random.Generator:
    """The same random numbers for every test."""
    return np.random.Generator(np.random.PCG64(CHANCE["seed"]))


def nested(draws: int, each: int) -> list[Replicate]:
    """Replicates of so many draws, each with as many starting populations."""
    return [Replicate(n, n // each, n % each, 0, n // each) for n in range(draws * each)]


@pytest.mark.parametrize(("draws", "each"), [(4, 5), (8, 2), (10, 2), (40, 2)])
@pytest.mark.parametrize("shape", ["normal", "lognormal"])
def test_a_range_over_draws_holds_a_further_draw(draws: int, each: int, shape: str) -> None:
    """A known truth, itself one more draw, lies in the range in 93 to 99 of 100 comparisons, with three times less
    chance than parameters; with few draws the longer tail of a lognormal effect costs one or two of them."""
    chance, comparisons = generator(), 4000
    of = chance.normal if shape == "normal" else lambda size: np.exp(0.5 * chance.normal(size=size))
    effects, truth = of(size=(draws, 1, comparisons)), of(size=comparisons)
    values = effects + chance.normal(size=(draws, each, comparisons)) / 3
    found = interval(values.reshape(draws * each, comparisons), nested(draws, each), drawn=True)
    held = ((found.low <= truth) & (truth <= found.high)).mean()
    assert 0.93 <= held <= 0.99


def test_an_interval_over_replicates_holds_the_mean() -> None:
    chance = generator()
    found = interval(chance.normal(size=(6, 4000)) + 1, nested(6, 1), drawn=False)
    assert ((found.low <= 1) & (found.high >= 1)).mean() == pytest.approx(0.95, abs=0.01)


def test_more_draws_narrow_the_error_of_the_mean_and_not_the_range() -> None:
    chance, width, error = generator(), {}, {}
    for draws in (10, 160):
        found = interval(chance.normal(size=(draws, 2000)), nested(draws, 1), drawn=True)
        width[draws], error[draws] = np.median(found.high - found.low), np.median(found.error)
    assert width[160] > 3.8 and error[160] == pytest.approx(error[10] / 4, rel=0.1)


def test_units_count_once_and_those_that_do_not_exist_do_not_count() -> None:
    twice = [Replicate(n, n // 2, 0, n % 2, n // 2) for n in range(8)]
    values = np.repeat([1.0, 2.0, 3.0, 4.0], 2)
    found = interval(values, twice, drawn=False)
    half = t_factor(4) * np.std([1, 2, 3, 4], ddof=1) / 2
    assert found.units == 4 and float(found.mean) == 2.5 and float(found.high) - 2.5 == pytest.approx(half)
    assert float(found.chance) == 0 and t_factor(4) == pytest.approx(3.1824, abs=1e-4)
    # Of ten replicates a row exists in five: as wide as five alone, not as ten.
    rare = np.concatenate([np.arange(5.0), np.full(5, np.nan)])
    few, alone = interval(rare, nested(10, 1), False), interval(rare[:5], nested(5, 1), False)
    assert few.units == 5 and float(few.high) == float(alone.high)
    assert reduction(values + 1, values, nested(8, 1))["variance_reduction"] is None


def test_too_few_give_no_range() -> None:
    for drawn in (True, False):
        found = interval(np.arange(3.0), nested(3, 1), drawn)
        assert FEWEST == 4 and np.isnan(found.low) and np.isnan(found.high) and float(found.mean) == 1


@pytest.mark.parametrize("ratio", [0.3, 0.5, 0.7, 1.0, 2.0, 5.0])
def test_the_number_needed_has_the_power_it_names(ratio: float) -> None:
    """Found in 75 to 91 of 100 comparisons that take as many as was said (whole numbers overshoot where few do)."""
    chance, comparisons = generator(), 4000
    for known in (True, False):
        found = 0.0
        pilots = np.full(1, ratio) if known else ratio * chance.normal(size=(60, 8)).std(axis=1, ddof=1)
        for sd in pilots:
            units = needed(sd, 1.0, None if known else 8)
            assert units is not None
            drawn = interval(
                1 + ratio * chance.normal(size=(max(units, 2), comparisons // len(pilots))),
                nested(units, 1),
                drawn=False,
            )
            limit = t_factor(units) * drawn.error
            found += float((np.abs(drawn.mean) > limit).mean()) / len(pilots)
        assert 0.75 <= found <= 0.92, (known, found)
    assert needed(0.0, 1.0) == 2 and needed(float("nan"), 1.0) is None
    assert mean_power(2, np.array([1e6])) == 1.0


def test_every_shipped_value_can_be_drawn() -> None:
    """By default: from the calibrated sample with the shipped values as one more row, the rest around them."""
    design = design_from({"replicates": 2000})
    sets = [drawn_parameters(design, r) for r in plan(design) if r.start == 0]
    rows = posterior_rows("calibrated")
    for name, d in describe(Parameters).items():
        values = np.array([getattr(each, name) for each in sets])
        assert values.min() >= d.low and values.max() <= d.high
        if name in rows[0]:
            assert values.min() <= d.default <= values.max(), name
        elif d.uncertain:
            low, high = window(d, d.default, 100)
            assert low <= d.default <= high and np.abs(values - d.default).min() < 0.01 * (d.high - d.low), name
            assert np.ptp(values) > 0.7 * (high - low), name
        else:
            assert (values == d.default).all(), name


def test_other_values_are_drawn_around_and_a_sample_can_be_left_out() -> None:
    given = Parameters().changed(effect_amenities=0.05)
    around = [draw_parameters(given, None, 20, generator()), draw_parameters(given, "none", 20, generator())]
    low, high = window(describe(Parameters)["effect_amenities"], 0.05, 20)
    assert around[0] == around[1] and low < around[0].effect_amenities < high
    assert low == pytest.approx(0.045) and high == pytest.approx(0.06)


def test_a_sample_out_of_range_is_refused_before_anything_runs(tmp_path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("effect_ties,other\n0.05,1\n3,2\n")
    with pytest.raises(InputError, match=r"row 3: effect_ties=3.0 is out of range; allowed is 0.02 to 0.15"):
        design_from({"posterior": str(path)})
