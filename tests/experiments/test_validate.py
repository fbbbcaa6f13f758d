"""The outside test: measures with known answers, bad outcome tables, and a run from words to validation.json."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.cli.command import main
from experiments.validate.benchmarks import constant, many_columns, one_column
from experiments.validate.measures import (
    CALIBRATED,
    Scores,
    agreement,
    correlation,
    correlation_interval,
    outcome_table,
)
from experiments.validate.outcomes import Measured, read_outcomes
from experiments.validate.outside import expected, intervals, too_few
from scenarios.errors import InputError
from sim import measures as o
from tests.tools.worlds import small_table

HEADER = "code,construct,value,scale_min,scale_max\n"
KNOWN = ["WK0000", "WK0001", "WK0002", "GM0000", "GM0363"]


def test_agreement_by_hand():
    found = agreement([1, 2, 3, 4], [2, 4, 6, 9])
    assert found["n"] == 4
    assert found["pearson"] == pytest.approx(np.corrcoef([1, 2, 3, 4], [2, 4, 6, 9])[0, 1])
    assert found["spearman"] == pytest.approx(1)
    assert found["rmse"] == pytest.approx(np.sqrt((1 + 4 + 9 + 25) / 4))
    assert found["slope"] == pytest.approx(2.3)
    assert found["bias"] == pytest.approx(-2.75)
    assert np.isnan(agreement([1, 1, 1], [1, 2, 3])["pearson"])


def test_the_interval_of_a_correlation_is_that_of_scipy_and_few_places_are_said_to_be_few():
    from scipy.stats import pearsonr

    x, y = np.array([1, 2, 3, 4, 6.0, 7]), np.array([2, 4, 3, 9, 5.0, 8])
    by_scipy = pearsonr(x, y).confidence_interval()
    assert correlation_interval(correlation(x, y), 6) == pytest.approx(tuple(by_scipy))
    low, high = correlation_interval(correlation(x, y), 6, of_ranks=True)
    assert low < by_scipy.low and high > by_scipy.high
    for perfect, ends in ((1.0, (-0.8, 1.0)), (-1.0, (-1.0, 0.8))):  # of four places one in twelve is in perfect order
        low, high = correlation_interval(perfect, 4, of_ranks=True)
        assert (low, high) == pytest.approx(ends, abs=0.1) and low <= perfect <= high
    assert np.isnan(correlation_interval(0.9, 3)).all() and np.isnan(correlation_interval(None, 9)).all()
    for n, said in ((4, "home: 4 places are too few to tell a correlation of 0.90 from none"), (9, "")):
        found = {"n": n, "pearson": 0.9, "spearman": 0.9}
        assert said in " ".join(too_few("home", found | intervals(found)))
        assert bool(too_few("home", found | intervals(found))) == bool(said)


def test_spearman_of_ties_is_that_of_scipy():
    from scipy.stats import spearmanr

    x, y = np.array([1, 2, 2, 3, 5.0]), np.array([3, 1, 4, 4, 5.0])
    assert agreement(x, y)["spearman"] == pytest.approx(spearmanr(x, y).statistic)


def test_scores_of_a_municipality_weigh_adults():
    table = small_table()
    sums = np.zeros((5, 4, 24), np.int64)
    sums[:, 0, o.ADULTS] = [10, 5, 30, 5, 20]
    sums[:, 0, o.BELONGING] = sums[:, 0, o.ADULTS] * (np.array([0.5, 0.6, 0.7, 0.8, 0.9]) * 65536).round().astype(int)
    scored = outcome_table(sums, table)
    at = scored.code.index("GM0000")  # areas 0, 2 and 4
    assert scored.home[at] == pytest.approx((10 * 0.5 + 30 * 0.7 + 20 * 0.9) / 60, abs=1e-4)
    assert scored.adults[at] == 60


def test_benchmarks_leave_the_place_itself_out():
    rng = np.random.default_rng(1)
    x, noise = rng.normal(size=12), rng.normal(size=12)
    y = 3 * x + 0.1 * noise
    for predict in (lambda v: one_column(x, v), lambda v: many_columns(np.column_stack([x, noise]), v), constant):
        changed = y.copy()
        changed[4] += 100
        assert predict(changed)[4] == pytest.approx(predict(y)[4])
    kept = np.delete(np.arange(12), 4)
    slope, level = np.polyfit(x[kept], y[kept], 1)
    assert one_column(x, y)[4] == pytest.approx(slope * x[4] + level)
    assert agreement(many_columns(np.column_stack([x, noise]), y), y)["pearson"] > 0.99


def test_a_regression_on_noise_is_no_better_than_the_mean():
    rng = np.random.default_rng(2)
    columns, y = rng.normal(size=(15, 10)), rng.normal(size=15)
    assert agreement(many_columns(columns, y), y)["rmse"] < 1.5 * agreement(constant(y), y)["rmse"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code,value\nWK0000,1\n", "column construct: the column is missing"),
        (HEADER + "WK0000,hom,3,0,10\n", "row 2, column construct: 'hom' is not a construct; did you mean home?"),
        (HEADER + "WK0000,home,13,0,10\n", "row 2, column value: '13' is outside scale_min to scale_max"),
        (HEADER + "WK0000,home,3,10,0\n", "row 2, column scale_max: '0' is not above scale_min"),
        (HEADER + "WK0000,home,3,0,10\nWK0000,home,4,0,10\n", "row 3, column code: 'WK0000' is in row 2"),
        (HEADER + "WK0000,home,high,0,10\n", "row 2, column value"),
        (HEADER + "WK0000,home,3,0,10\nWK0001,home,3,1,10\n", "another scale of home"),
        (HEADER + "A,home,3,0,10\nB,home,3,0,10\nC,home,3,0,10\n", "0 of the places with construct home"),
        (HEADER, "header but no rows"),
        ("", "the file is empty"),
    ],
)
def test_a_bad_outcome_table_gets_one_clear_line(tmp_path: Path, text: str, says: str):
    path = tmp_path / "outcomes.csv"
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        read_outcomes(path, KNOWN)
    assert says in str(raised.value)
    assert "outcomes.csv" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_codes_of_municipalities_may_be_numbers_and_unknown_ones_are_told(tmp_path: Path):
    path = tmp_path / "outcomes.csv"
    path.write_text(HEADER + "363,Home,5,0,10\nWK0001,home,6,0,10\nWK0002,home,7,0,10\nGM9999,home,7,0,10\n")
    found, left_out = read_outcomes(path, KNOWN)
    assert found[0].code == ["GM0363", "WK0001", "WK0002"]
    assert left_out.codes == ["GM9999"] and left_out.suppressed == 0 and left_out.years == ()


def test_suppressed_values_are_left_out_and_years_averaged(tmp_path: Path):
    path = tmp_path / "outcomes.csv"
    rows = ["WK0000,2017,home,6,1,10", "WK0000,2019,home,8,1,10", "WK0001,2017,home,.,1,10", "WK0001,2019,home,5,1,10"]
    rows += ["WK0002,2017,home,7,1,10", "WK0002,2019,home,x,1,10", "GM0000,2019,home,,1,10"]
    path.write_text("code,year,construct,value,scale_min,scale_max\n" + "\n".join(rows) + "\n")
    found, left_out = read_outcomes(path, KNOWN)
    assert dict(zip(found[0].code, found[0].value, strict=True)) == {"WK0000": 7, "WK0001": 5, "WK0002": 7}
    assert left_out.suppressed == 3 and left_out.years == ("2017", "2019")
    path.write_text(path.read_text() + "WK0000,2017,home,6,1,10\n")
    with pytest.raises(InputError, match=r"row 9.*is in row 2 with construct home and year 2017 too"):
        read_outcomes(path, KNOWN)


@pytest.mark.parametrize(
    ("construct", "low", "high", "says"),
    [
        ("cohesion", 0, 10, 5.8), ("cohesion", 1, 10, 5.8), ("cohesion", 0, 100, 58), ("cohesion", 1, 5, 3.32),
        ("home", 1, 10, 8.2), ("home", 0, 10, 8.2), ("home", 0, 100, 55), ("home", 1, 5, 3.48),
    ],
)  # fmt: skip
def test_scores_on_the_scales_of_surveys(construct: str, low: float, high: float, says: float):
    """Cohesion .58; belonging .62, a mark .20 above it; 55 percent at home."""
    one = np.array([0.58]), np.array([0.62]), np.array([0.55])
    scored = Scores(["WK0000"], np.ones(1), one[1], one[0], one[2])
    measured = Measured(construct, ["WK0000"], np.array([low + 0.5]), low, high, np.array([np.nan]), np.array([np.nan]))
    assert expected(measured, scored, np.array([0]), 0.20) == pytest.approx(says)


def test_a_construct_may_be_any_share_that_the_model_counts(tmp_path: Path):
    sums = np.zeros((5, 4, 24), np.int64)
    sums[:, 0, o.WORKING_AGE], sums[:, 0, o.EMPLOYED_COUNT] = 100, [50, 60, 70, 80, 90]
    scored = outcome_table(sums, small_table())
    path = tmp_path / "outcomes.csv"
    rows = [f"WK000{i},employed,{value},0,100" for i, value in enumerate((55, 60, 68, 81, 88))]
    path.write_text(HEADER + "\n".join(rows) + "\n")
    (measured,), _ = read_outcomes(path, scored.code)
    assert expected(measured, scored, np.arange(5), 0.2) == pytest.approx([50, 60, 70, 80, 90])
    with pytest.raises(InputError, match=r"column construct.*'employed' is not a construct.*home, cohesion"):
        read_outcomes(path, scored.code, CALIBRATED)


def own_areas(folder: Path) -> tuple[Path, Path]:
    """Twelve areas of one's own and what was measured in them: less at home and less cohesion with more diversity."""
    rng = np.random.default_rng(3)
    share = np.linspace(0.05, 0.6, 12)
    areas = pl.DataFrame(
        {
            "code": [f"A{i:02d}" for i in range(12)],
            "municipality": ["town"] * 12,
            "residents": [400] * 12,
            "origin_dutch": 1 - share,
            "origin_western": share / 2,
            "origin_other_non_western": share / 2,
        }
    )
    areas.write_csv(folder / "areas.csv")
    home = 8 - 2 * share + 0.1 * rng.normal(size=12)
    cohesion = 6 - 3 * share + 0.1 * rng.normal(size=12)
    rows = [f"A{i:02d},home,{home[i]:.3f},1,10" for i in range(12)]
    rows += [f"A{i:02d},cohesion,{cohesion[i]:.3f},0,10" for i in range(12)]
    (folder / "outcomes.csv").write_text(HEADER + "\n".join(rows) + "\n")
    return folder / "areas.csv", folder / "outcomes.csv"


def test_from_words_to_validation_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    areas, outcomes = own_areas(tmp_path)
    out = tmp_path / "out"
    words = ["validate", "region=file", f"region.table={areas}", f"outcomes={outcomes}", f"out={out}", "years=1",
             "progress=none"]  # fmt: skip
    assert main(words) == 0, capsys.readouterr().err
    found = json.loads((out / "validation.json").read_text())
    for construct in ("home", "cohesion"):
        for predictor in ("simulator", "constant", "diversity", "inputs"):
            assert {"n", "pearson", "spearman", "rmse", "slope"} <= set(found[construct][predictor])
            assert found[construct][predictor]["n"] == 12
        assert found[construct]["constant"]["pearson"] is None
        assert found[construct]["diversity"]["pearson"] > 0.8
    assert found["cohesion"]["simulator"]["pearson"] > 0.5
    assert any("beats the simulator" in line for line in found["verdict"])
    assert "beats the simulator" in capsys.readouterr().out
    neighbourhoods = pl.read_csv(out / "places.csv")
    assert neighbourhoods.height == 24
    first = json.loads((out / "validation.json").read_text())
    assert main(words) == 2  # a finished result is not replaced unasked
    other = out.with_name("again")
    assert main([word if not word.startswith("out=") else f"out={other}" for word in words]) == 0
    again = json.loads((other / "validation.json").read_text())
    assert again["home"] == first["home"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["outcomes=x.csv"], "outcomes needs a region"),
        (["region=vaals", "outcomes=nowhere.csv"], "nowhere.csv"),
        (["--fast"], "unknown flag --fast"),
        (["quick=maybe"], "quick='maybe' is not allowed"),
        (["seeds=0"], "seeds=0 is out of range"),
        (["patterns=[SF1,SF99]"], "unknown pattern 'SF99'"),
        (["people=true"], "people is not an option of validate"),
        (["outcome=x.csv"], "outcome"),
    ],
)
def test_wrong_words_are_refused_in_one_line(words: list[str], says: str, capsys: pytest.CaptureFixture[str]):
    assert main(["validate", *words]) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.count("\n") == 1
