"""What stands in for columns that a table of one's own areas does not have."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.validate.outcomes import read_outcomes
from scenarios.imputation import Unknown, coefficients, density_of, reach_of
from scenarios.notes import in_dutch
from scenarios.plain import read_plain
from tests.tools.paths import shared_data

SHARE = np.linspace(0.1, 0.7, 7)


def city(**columns: list | np.ndarray) -> pl.DataFrame:
    """Seven areas of one city, ever more of whose residents have a background."""
    frame = {"code": [f"A{i}" for i in range(7)], "residents": [1000] * 7, "origin_dutch": 1 - SHARE}
    return pl.DataFrame(frame | {"origin_western": SHARE / 2, "origin_turkish": SHARE / 2} | columns)


def test_unknown_columns_follow_the_share_with_a_background() -> None:
    table = read_plain(city())
    municipality = np.full(7, 0.4)
    score = coefficients()["socio_economic"]
    wanted = score["constant"] + (score["apart"] + score["town_apart"] * municipality) * (SHARE - municipality)
    np.testing.assert_allclose(table.socio_economic, wanted, atol=1e-5)
    assert np.ptp(table.density) > 0 and 1887 < table.density.mean() < 5000
    assert (np.diff(table.one_person) > 0).all() and (np.diff(table.age[:, 4]) < 0).all()
    np.testing.assert_allclose(table.age.sum(axis=1), 1)
    for word in ("Address density: unknown everywhere", "R2 0.30 over 2,370 Dutch districts", "The age classes"):
        assert any(word in note for note in table.notes), word
    dutch = in_dutch(table.notes)
    assert not set(dutch) & set(table.notes)
    assert any("Adressendichtheid: overal onbekend" in note and "2.370" not in note for note in dutch)


def test_names_and_number_of_groups_have_no_say() -> None:
    """Only the host background counts: the same columns follow, whatever the other groups are and are called."""
    one = read_plain(city())
    merged = city().with_columns(origin_x=pl.col("origin_western") + pl.col("origin_turkish"))
    other = read_plain(merged.select("code", "residents", "origin_x", "origin_dutch"))
    assert other.scheme.name == "custom" and other.scheme.groups[0] == "dutch"
    for name in ("density", "socio_economic", "one_person", "with_children", "household_size", "age"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_known_columns_are_left_as_they_are() -> None:
    shares = np.full(7, 0.3)
    known = {"density": np.arange(1, 8) * 500.0, "socio_economic": np.arange(7) / 10, "one_person_households": shares}
    known |= {"households_with_children": shares, "household_size": shares + 2}
    table = read_plain(city(**known))
    np.testing.assert_array_equal(table.density, known["density"])
    np.testing.assert_array_equal(table.socio_economic, known["socio_economic"])
    np.testing.assert_array_equal(table.one_person, shares)
    np.testing.assert_array_equal(table.household_size, known["household_size"])


def test_what_is_known_of_some_areas_moves_the_others() -> None:
    """A city denser than its composition tells is denser in the areas of which that is not known too."""
    bare = read_plain(city()).density
    dense = density_of(np.minimum(reach_of(bare) + 0.1, 1))
    table = read_plain(city(density=[*dense[:4], None, None, None]))
    np.testing.assert_array_equal(table.density[:4], dense[:4])
    np.testing.assert_allclose(table.density[4:], dense[4:], rtol=0.01)
    assert any("Address density: unknown in 3 of 7 areas" in note for note in table.notes)


def test_predictions_stay_within_bounds() -> None:
    """Whatever the composition."""
    rng = np.random.default_rng(1)
    origin = rng.dirichlet(np.full(4, 0.2), 400)
    unknown = Unknown(origin, np.full(400, 50), np.arange(400) // 40)
    nothing = np.full(400, np.nan)
    assert 0 <= unknown.completed("reach", nothing).min() <= unknown.completed("reach", nothing).max() <= 1
    assert np.abs(unknown.completed("socio_economic", nothing)).max() <= 4
    one = unknown.completed("one_person", nothing)
    children = unknown.completed("with_children", nothing)
    assert (one + children <= 1.2).all() and unknown.completed("household_size", nothing).min() >= 1.1
    ages = unknown.ages(np.full((400, 5), np.nan))
    assert ages.min() > 0 and np.abs(ages.sum(axis=1) - 1).max() < 1e-9


def test_codes_of_cbs_tell_the_municipality() -> None:
    frame = city().with_columns(
        code=pl.Series([f"WK0363{i:02d}" for i in range(4)] + [f"BU0599{i:04d}" for i in range(3)])
    )
    table = read_plain(frame)
    assert table.municipality_code == ["GM0363", "GM0599"] and table.municipality.tolist() == [0] * 4 + [1] * 3
    municipalities = read_plain(city().with_columns(code=pl.Series([f"GM000{i}" for i in range(7)])))
    assert len(municipalities.municipality_code) == 7


def test_gaps_in_the_needed_columns() -> None:
    """No residents: left out. Composition unknown: the mean; known in part: what is left, divided as in the table."""
    frame = city().with_columns(
        residents=pl.Series([0, None, 1000, 1000, 1000, 1000, 1000]),
        origin_dutch=pl.Series([0.9, 0.8, None, 0.6, None, 0.4, 0.3]),
        origin_western=pl.Series([0.05, 0.1, None, 0.2, 0.3, 0.3, 0.35]),
        origin_turkish=pl.Series([0.05, 0.1, None, 0.2, None, 0.3, 0.35]),
    )
    table = read_plain(frame)
    assert table.code == ["A2", "A3", "A4", "A5", "A6"]
    known = table.origin[1:].mean(axis=0)
    np.testing.assert_allclose(table.origin[0], known)
    assert table.origin[2, 1] == pytest.approx(0.3) and table.origin.sum(axis=1) == pytest.approx(1)
    assert table.origin[2, 0] > table.origin[2, 4]
    for word in (
        "2 areas without residents",
        "In 1 areas the origin groups came",
        "In 1 areas unknown columns origin_*",
    ):
        assert any(word in note for note in table.notes), word


def test_headers_and_codes_in_other_dress(tmp_path: Path) -> None:
    frame = city().with_columns(code=pl.Series(range(1, 8)))
    plain = read_plain(frame)
    dressed = read_plain(frame.rename({"code": "Code", "residents": "Population", "origin_dutch": "Origin Dutch"}))
    np.testing.assert_array_equal(plain.origin, dressed.origin)
    assert any("Population → residents" in note for note in dressed.notes)
    path = tmp_path / "outcomes.csv"
    path.write_text("Code,Construct,Value,Scale_min,scale max\n001,home,6,1,10\n 2 ,home,7,1,10\n3.0,home,8,1,10\n")
    assert read_outcomes(path, plain.code)[0][0].code == ["1", "2", "3"]


def test_a_share_below_one_with_a_decimal_comma_is_no_thousand(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("code;residents;origin_a;origin_b\nA;10;0,125;0,875\n")
    assert read_plain(path).origin[0].tolist() == [0.125, 0.875]


@pytest.mark.skipif(shared_data() is None, reason="no ../shared/data")
def test_the_relations_are_those_of_the_districts(monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy
    import sys

    script = Path(__file__).parents[2] / "scripts" / "fit_relations.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(shared_data() / "netherlands")])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(script), run_name="__main__")
    assert ended.value.code == 0
