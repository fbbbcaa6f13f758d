"""Hindcast: which place is which, measures with a known answer, what is known of the years, and the command."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.cli.command import main
from experiments.compare.command import COMMAND as COMPARE
from experiments.hindcast.measures import MatchedAreas, agreement, cities, dissimilarity, parity
from experiments.options.requests import RUN
from experiments.options.settings import settings_from
from experiments.options.words import read_words
from experiments.simulation.simulate import load_table
from experiments.sweep.request import SWEEP
from scenarios.counts import Counts, kind_of, read_counts, year_of
from scenarios.errors import InputError
from scenarios.homes import homes_built
from scenarios.known_years import KnownYears, country, known_arrivals, national_arrivals
from scenarios.matching import match_areas, same_name
from scenarios.plain import read_plain
from scenarios.policy import Schedule, policy_from
from scenarios.start_cache import table_digest
from sim.machine.threads import ThreadPool
from sim.motives import MOTIVES
from sim.parameters import Parameters
from sim.phases.month import Clock, pass_month
from tests.tools.worlds import small_table, small_world


def counts(**columns) -> Counts:
    """Places with these columns; what is left out is alike everywhere."""
    size = len(columns["code"])
    background = np.array(columns.pop("background", [0.2] * size))
    columns = {
        name: np.array(value, float) if name in ("residents", "land") else value for name, value in columns.items()
    }
    usual = {
        "name": columns["code"],
        "municipality": columns["code"],
        "residents": np.full(size, 1000.0),
        "land": np.full(size, 100.0),
        "dwellings": np.full(size, 450.0),
        "groups": ["dutch", "other"],
        "origin": np.stack([1 - background, background], axis=1),
        "age": np.tile([0.2] * 5, (size, 1)),
    }
    return Counts(**(usual | columns))


def test_a_place_is_the_same_by_code_name_and_borders():
    first = counts(
        code=["WK01", "WK02", "WK03", "WK04", "WK05", "WK06"],
        name=["Wijk 00", "Wijk 02 De Hoven", "Vlietzone", "Middelburg", "Zeist", "Gone"],
        land=[100, 100, 100, 100, 100, 100],
    )
    later = counts(
        code=["WK01", "WK02", "WK03", "WK04", "WK05", "WK07"],
        name=["Wijk 00 Annen", "De Hoven", "Camminghaburen", "Binnenstad", "Zeist", "New"],
        land=[101, 100, 300, 100, 130, 100],
        residents=[1100, 3000, 900, 1010, 1000, 50],
    )
    match = match_areas(first, later)
    assert [first.code[i] for i in match.first] == ["WK01", "WK02", "WK04"]
    assert [later.code[j] for j in match.later] == ["WK01", "WK02", "WK04"]
    assert match.renamed == [("WK04", "Middelburg", "Binnenstad")]
    assert {one.code: one.reason for one in match.left_out} == {
        "WK03": "other_name",
        "WK05": "other_borders",
        "WK06": "gone",
        "WK07": "new",
    }


def test_without_land_a_code_used_again_is_told_by_its_name_and_borders_of_towns_by_their_residents():
    first = counts(code=["GM0001", "GM0002", "GM0003"], name=["Rijswijk", "Noordwijk", "Druten"], land=[np.nan] * 3)
    later = counts(
        code=["GM0001", "GM0002", "GM0003"],
        name=["Rijswijk (ZH.)", "Noordwijk", "Other"],
        land=[np.nan] * 3,
        residents=[1100, 1700, 1000],
    )
    match = match_areas(first, later, municipalities=True)
    assert [one.reason for one in match.left_out] == ["other_borders", "other_name"]
    assert [first.code[i] for i in match.first] == ["GM0001"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("'s-Gravenhage", "s Gravenhage (gemeente)", True), ("Súdwest", "Sudwest", True), ("Wijk 12 Noord", "Noord", True),
     ("Centrum Zeist", "Zeist Centrum", False), ("Meerwijk", "De Kwakel", False)],
)  # fmt: skip
def test_names_alike(one, other, same):
    assert same_name(one, other) is same


def test_measures_of_a_pair_of_tables_with_a_known_answer():
    """Counted growth is twice the simulated one; the rise of the share is half of it at first, simulated minus that."""
    rng = np.random.default_rng(1)
    code = [f"GM{n:04d}" for n in range(60)]
    share, size = rng.uniform(0.05, 0.4, 60), rng.uniform(1e3, 1e5, 60)
    growth = rng.normal(0.02, 0.02, 60)
    before = counts(code=code, residents=size, background=share)
    areas = MatchedAreas(
        before,
        counts(code=code, residents=size * (1 + 2 * growth), background=share * 1.5),
        before,
        counts(code=code, residents=size * (1 + growth), background=share * 0.5),
    )
    found = agreement(areas, seed=1)
    assert found["growth"]["r"]["value"] == pytest.approx(1)
    assert found["growth"]["rmse"] == pytest.approx(np.sqrt(np.mean(growth**2)))
    assert found["growth"]["rmse_nothing_changes"] == pytest.approx(2 * np.sqrt(np.mean(growth**2)))
    assert found["growth"]["counted"]["mean"] == pytest.approx(np.average(2 * growth, weights=size))
    rise = found["background"]
    assert rise["counted"]["slope_on_start"]["value"] == pytest.approx(0.5)
    assert rise["simulated"]["slope_on_start"]["value"] == pytest.approx(-0.5)
    assert rise["r"] == pytest.approx({"value": -1, "low": -1, "high": -1})
    trend = np.average(share / 2, weights=size)
    assert rise["rmse_trend_of_the_country"] == pytest.approx(np.sqrt(np.mean((share / 2 - trend) ** 2)))
    slopes = found["growth"]["counted"]["r_with_start"]
    assert slopes["low"] < slopes["value"] < slopes["high"]


def test_the_interval_of_r_holds_the_truth_about_as_often_as_it_says():
    inside = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=80)
        y = 0.5 * x + np.sqrt(0.75) * rng.normal(size=80)
        code = [f"GM{n}" for n in range(80)]
        size = np.full(80, 1e4)
        before = counts(code=code, residents=size)
        end = counts(code=code, residents=size * (1 + 0.01 * x))
        after = counts(code=code, residents=size * (1 + 0.01 * y))
        r = agreement(MatchedAreas(before, after, before, end), seed)["growth"]["r"]
        inside += r["low"] < 0.5 < r["high"]
    assert 51 <= inside <= 60


def test_dissimilarity_by_hand_and_only_where_most_of_a_city_is_known():
    two = counts(code=["WK000101", "WK000102"], residents=[100, 100], background=[0.5, 0.1])
    assert dissimilarity(two) == pytest.approx((abs(50 / 60 - 50 / 140) + abs(10 / 60 - 90 / 140)) / 2)
    code = [f"WK{n:06d}" for n in range(5)]
    city = counts(code=code, municipality=["GM0001"] * 5, residents=[20_000] * 5, background=[0.1, 0.2, 0.3, 0.4, 0.5])
    areas = MatchedAreas(city, city, city, city)
    assert len(cities(areas, {"GM0001": 100_000})) == 1
    assert cities(areas, {"GM0001": 200_000}) == []  # half of it has no match


def test_parity_is_of_the_municipality():
    assert [parity(code) for code in ("GM0518", "GM0363", "Stad")] == [0, 1, None]


def test_a_table_with_counts_of_several_kinds_is_read_as_one_with_shares(tmp_path):
    (tmp_path / "kinds_2024.csv").write_text(
        "code,name,municipality,residents,origin_netherlands,origin_europe,origin_outside_europe,land_area\n"
        "NL00,Land,,3000,2100,300,600,\nGM0001,Town,GM0001,3000,2100,300,600,90\n"
        "WK000101,One,GM0001,2000,1500,200,300,50\nWK000102,Two,GM0001,1000,600,100,300,40\n"
    )
    (tmp_path / "shares.csv").write_text(
        "code,name,municipality,residents,origin_europe,origin_netherlands,origin_outside_europe,land_area\n"
        "WK000101,One,GM0001,2000,10,75,15,50\nWK000102,Two,GM0001,1000,10,60,30,40\nWK000103,Lake,GM0001,0,,,,7\n"
    )
    areas, municipalities = read_counts(tmp_path / "kinds_2024.csv", "WK")
    same, summed = read_counts(tmp_path / "shares.csv", "WK")
    np.testing.assert_allclose(areas.origin, same.origin)
    np.testing.assert_allclose(municipalities.background, summed.background)
    assert areas.groups == same.groups and municipalities.residents == summed.residents == 3000
    assert summed.land == 97  # that of areas without residents is part of the municipality
    assert year_of(tmp_path / "kinds_2024.csv", None) == 2024
    with pytest.raises(InputError, match="of which year is this table"):
        year_of(tmp_path / "shares.csv", None)
    assert kind_of(areas.code) == "WK"


def test_history_multiplies_the_levers_and_holds_after_its_last_year():
    table = small_table()
    growth = np.array([[0.012] * 5, [np.nan, -0.1, 0.0, 0.006, 0.03]])
    known = KnownYears(known_arrivals("history", 2017, 3), growth)
    policy = policy_from({"more": {"migrants": "asylum", "arrivals": 2.0}})
    schedule = Schedule(policy, table, known=known)
    asylum = MOTIVES.index("asylum")
    usual = national_arrivals(2018)[asylum] / known.arrivals[1, asylum]
    for month, year in ((0, 0), (11, 0), (12, 1), (35, 2), (200, 2)):
        found = known.applied(schedule.conditions(month), month, Parameters().building)
        expected = 2 * national_arrivals(2017 + year)[asylum] / usual
        np.testing.assert_allclose(found.arrivals[:, asylum], expected, rtol=1e-5)
        np.testing.assert_allclose(found.building, [2] * 5 if year == 0 else [1, 0, 0, 1, 5], rtol=1e-5)
    np.testing.assert_allclose(known.most_homes(), [0.012, 0.012, 0.012, 0.012, 0.03])
    with pytest.raises(InputError, match=r"parameters\.building, which is 0"):
        known.applied(schedule.conditions(0), 0, 0.0)


def test_a_table_that_tells_homes_built_has_so_many_built():
    growth = np.array([0.0, 0.12, np.nan, 0.03, 0.0])
    table = small_table((2000, 2000, 2000, 2000, 2000), dwellings_growth=growth)
    world = small_world(table=table, years=2, settling_months=1)
    schedule, pool, before = Schedule(policy_from({}), table), ThreadPool(1), world.stocks.homes.copy()
    for _ in range(24):
        schedule.begin_month(world, pool)
        pass_month(world, pool, Clock())
    built = (world.stocks.homes - world.stocks.shared - before) / before / 2
    expected = np.where(np.isnan(growth), world.parameters.building, growth)
    np.testing.assert_allclose(built, expected, atol=0.006)


def test_arrivals_of_the_country_add_up_and_scenarios_are_ordered():
    for year, row in country()["arrivals"].items():
        assert national_arrivals(year).sum() == row["total"], year
    low, middle, high = (national_arrivals(2030, name).sum() for name in ("low", "middle", "high"))
    assert low < middle < high
    with pytest.raises(InputError, match="begins in 2017"):
        known_arrivals("history", 2010, 3)
    with pytest.raises(InputError, match="arrivals=past is not allowed"):
        known_arrivals("past", 2018, 3)


def made_up_country(folder: Path) -> tuple[Path, Path]:
    """An earlier and a later table of six municipalities of three districts; GM0005 gets other borders."""
    rng = np.random.default_rng(7)
    rows = []
    for k in range(6):
        for n in range(3):
            share = 0.05 + 0.08 * k + 0.02 * n
            rows.append(
                {
                    "code": f"WK{k:04d}{n:02d}",
                    "name": f"Wijk {n:02d} Place {'abcdef'[k]}{n}",
                    "municipality": f"GM{k:04d}",
                    "municipality_name": f"Town {'abcdef'[k]}",
                    "residents": 700 + 90 * k + 40 * n,
                    "origin_netherlands": 1 - share,
                    "origin_europe": share / 3,
                    "origin_outside_europe": 2 * share / 3,
                    "age_0_14": 0.16,
                    "age_15_24": 0.12,
                    "age_25_44": 0.26,
                    "age_45_64": 0.28,
                    "age_65_plus": 0.18,
                    "dwellings": 300 + 40 * k,
                    "land_area": 100.0,
                }
            )
    first = pl.DataFrame(rows)
    first.write_csv(folder / "areas_2017.csv")
    grown = (first["residents"] * pl.Series(rng.uniform(0.98, 1.08, 18))).round().cast(pl.Int64)
    later = first.with_columns(
        residents=grown,
        dwellings=(pl.col("dwellings") * 1.04).round(),
        land_area=pl.when(pl.col("municipality") == "GM0005").then(170.0).otherwise(pl.col("land_area")),
        origin_netherlands=pl.col("origin_netherlands") - 0.02,
        origin_europe=pl.col("origin_europe") + 0.02,
    )
    later.write_csv(folder / "areas_2019.csv")
    return folder / "areas_2017.csv", folder / "areas_2019.csv"


def test_the_command_from_words_to_page(tmp_path, capsys):
    first, later = made_up_country(tmp_path)
    words = ["hindcast", "region=file", f"region.table={first}", f"later={later}", "arrivals=history",
             f"homes=[{first},{later}]", "municipalities=even", "at_least=100", f"out={tmp_path / 'out'}",
             "progress=none", "threads=2"]  # fmt: skip
    assert main([*words, "language=nl"]) == 0
    shown = capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "hindcast.json").read_text())
    assert (found["first_year"], found["last_year"]) == (2017, 2019)
    assert found["matched"]["municipalities"]["left_out"] == {"other_borders": 1}
    assert found["compared"] == {"municipalities": 3, "areas": 9}
    assert found["agreement"]["areas"]["background"]["counted"]["mean"] == pytest.approx(0.02)
    assert set(found["agreement"]["areas"]) == {"growth", "background", "age_0_14", "age_65_plus", "diversity"}
    assert found["diversity_of_all_groups"] is True
    areas = pl.read_csv(tmp_path / "out" / "places.csv")
    assert areas.filter(pl.col("level") == "areas")["municipality"].unique().sort().to_list() == [
        "GM0000",
        "GM0002",
        "GM0004",
    ]
    assert (areas["residents_start"] > 0).all()
    page = (tmp_path / "out" / "page.html").read_text()
    assert "Gemeenten met een even code" in page or "gemeenten met een even code" in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    assert "GM0005" in (tmp_path / "out" / "left_out.csv").read_text()
    assert "municipalities: even" in shown and shown.rstrip().endswith("s)")
    assert main([*words[:-3], f"out={tmp_path / 'again'}", "progress=none", "threads=1"]) == 0
    again = json.loads((tmp_path / "again" / "hindcast.json").read_text())
    assert again["agreement"] == found["agreement"]  # whatever the language and the number of threads


def test_homes_between_two_tables_are_those_of_the_area(tmp_path):
    first, later = made_up_country(tmp_path)
    growth = homes_built([str(later), str(first)], read_plain(first), 2017, 4)
    assert growth.shape == (4, 18)
    homes = pl.read_csv(first)["dwellings"].to_numpy()
    expected = ((homes * 1.04).round() / homes - 1) / 2
    np.testing.assert_allclose(growth[0][:15], expected[:15])
    np.testing.assert_allclose(growth[3], growth[0])
    assert np.isnan(growth[:, 15:]).all()  # other borders
    with pytest.raises(InputError, match="two tables of different years"):
        homes_built([str(first)], read_plain(first), 2017, 2)


def test_any_region_takes_arrivals_and_homes_by_year(tmp_path):
    """As options of a region, so that a run, a comparison and a sweep have them alike."""
    first, later = made_up_country(tmp_path)
    words = ["region=file", f"region.table={first}", "arrivals=high", f"homes=[{first},{later}]", "scale=20"]
    for command in (RUN, COMPARE, SWEEP):
        assert read_words(command, words).region["arrivals"] == "high"
    settings = settings_from(read_words(RUN, words).nested())
    table, plain = load_table(settings.region), load_table(settings.region | {"arrivals": "none", "homes": None})
    assert plain.arrivals_by_year is None and plain.first_year is None
    known = KnownYears.of_table(table)
    np.testing.assert_array_equal(known.homes[0], homes_built([str(first), str(later)], table, 2017, 1)[0])
    year = country()["scenarios"]["high"]["arrivals"] / national_arrivals(2018).sum()
    assert known.arrivals[known.year(12 * 40)].mean() == pytest.approx(year, rel=0.25)
    np.testing.assert_array_equal(table.select([table.code[3]]).homes_by_year, table.homes_by_year[:, [3]])
    assert table.notes[-1].startswith("The run begins in 2017") and table_digest(table) != table_digest(plain)
    begun, usual = (Schedule(policy_from({}), one, 20).known for one in (table, plain))
    assert usual is None and begun is not None and begun.first_year == 2017
    np.testing.assert_array_equal(begun.arrivals, table.arrivals_by_year)
    with pytest.raises(InputError, match="arrivals=few is not allowed"):
        load_table(settings.region | {"arrivals": "few"})


BOTH = ["region=file", "region.table={first}", "later={later}"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["later={later}"], "hindcast needs a table of an earlier year"),
        (["region=file", "region.table={first}"], "later is missing"),
        (["region=file", "region.table={first}", "later={first}"], "allowed is 1 to 50 years later"),
        ([*BOTH, "municipalities=some"], "allowed is all or odd or even"),
        (["region=file", "region.table={first}", "later={later}", "years=3"], "years is not an option of hindcast"),
        ([*BOTH, "later_year=soon"], "later_year='soon' is not a whole number"),
        (["region=file", "region.table={first}", "later={later}", "arrivals=some"], "arrivals=some is not allowed"),
    ],
)
def test_wrong_words_are_refused_in_one_line(words, says, tmp_path, capsys):
    first, later = made_up_country(tmp_path)
    given = [word.format(first=first, later=later) for word in words]
    assert main(["hindcast", *given, f"out={tmp_path / 'out'}"]) == 2
    line = capsys.readouterr().err.strip()
    assert says in line and "\n" not in line
    assert not (tmp_path / "out").exists()
