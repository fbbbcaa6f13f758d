"""Any municipality by name: spellings, figures that add up, neighbourhoods that match them."""

import numpy as np
import pytest

from scenarios.areas import AGES
from scenarios.errors import InputError
from scenarios.notes import Note, in_dutch
from scenarios.regions.names import municipality_codes, municipality_keys, region_key, search
from scenarios.regions.origin_groups import (
    PARTS,
    THREE,
    divide_outside,
    national_parts,
    same_areas,
    seven_groups,
)
from scenarios.regions.region import load_region, region_line, settled_region
from scenarios.regions.register import municipalities, seven_counts, spellings
from scenarios.regions.spelling import simplified
from scenarios.synthesis import dissimilarity, spread

SPELLED = {
    "gouda": "gouda", "GOUDA": "gouda", "gemeente Gouda": "gouda", "GM0513": "gouda", "0513": "gouda", "513": "gouda",
    "'s-Gravenhage": "the_hague", "s-gravenhage": "the_hague", "den haag": "the_hague", "The Hague": "the_hague",
    "’s-Gravenhage (gemeente)": "the_hague", "denhaag": "the_hague", "Súdwest-Fryslân": "sudwest_fryslan",
    "sudwest fryslan": "sudwest_fryslan", "Bergen (L.)": "bergen_l", "Bergen NH": "bergen_nh",
    "bergen limburg": "bergen_l", "Den Bosch": "s_hertogenbosch", "Nuenen": "nuenen_gerwen_en_nederwetten",
    "Alphen a/d Rijn": "alphen_aan_den_rijn", "alphen aan de rijn": "alphen_aan_den_rijn", "hengelo": "hengelo_o",
    "St. Michielsgestel": "sint_michielsgestel", "zuid-holland": "province_zuid_holland", "utrecht": "utrecht",
    "provincie Utrecht": "province_utrecht", "friesland": "province_fryslan", "all": "all",
    "[gouda, 's-Gravenhage]": "gouda+the_hague", "Waddinxveen+Gouda": "waddinxveen+gouda",
}  # fmt: skip


@pytest.mark.parametrize("written", SPELLED)
def test_a_name_is_known_however_it_is_written(written: str) -> None:
    key = region_key(written)
    assert key == SPELLED[written] and region_key(key) == key


def test_every_municipality_has_a_name_of_its_own() -> None:
    keys = municipality_keys()
    assert len(keys) == len(set(keys)) == 342 and all(region_key(key) == key for key in keys)
    for code, row in municipalities().items():
        assert municipality_codes(region_key(row["name"])) == municipality_codes(region_key(code)) == [code]
    assert set(spellings()["names"].values()) <= set(municipalities())
    assert {entry["into"] for entry in spellings()["merged"].values()} <= set(municipalities())
    by_province = [municipality_codes(region_key(f"province {name}")) for name in spellings()["provinces"]]
    assert sorted(code for codes in by_province for code in codes) == sorted(municipalities())


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("goda", "did you mean gouda"),
        ("bergen", r"bergen_nh \(GM0373, Noord-Holland\) or bergen_l"),
        ("Weesp", "part of Amsterdam since 2022"),
        ("9999", "unknown region '9999'"),
        ("", "region is empty"),
    ],
)
def test_an_unknown_name_is_answered_with_what_may_be_meant(written: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        region_key(written)


def test_searching_finds_parts_of_names_and_provinces() -> None:
    assert search("waddinx") == ["GM0627"] and len(search("zeeland")) == 13 and search("xyzzy") == []


def test_figures_add_up_to_the_person() -> None:
    rows = municipalities().values()
    assert sum(row["residents"] for row in rows) == 17_942_942
    for row in rows:
        assert sum(row[f"origin_{g}"] for g in THREE) == row["residents"] == sum(row[f"age_{a}"] for a in AGES)
        assert sum(row[f"outside_{p}"] for p in PARTS) == row["origin_outside_europe"]
        assert seven_counts(row).sum() == row["residents"] and seven_counts(row)[0] == row["origin_netherlands"]


@pytest.mark.parametrize("name", ["dordrecht", "utrecht", "schiermonnikoog", "oostzaan", "deurne"])
def test_neighbourhoods_match_the_figures(name: str) -> None:
    table = load_region(name)
    row = municipalities()[table.municipality_code[0]]
    counts = table.origin * table.residents[:, None]
    np.testing.assert_allclose(counts.sum(axis=0), seven_counts(row), atol=1e-6)
    assert len(table) == row["neighbourhoods"] and table.dwellings.sum() == row["dwellings"]
    assert dissimilarity(counts) == pytest.approx(row["dissimilarity"], abs=0.01)
    assert spread(counts) == pytest.approx(row["diversity_spread"], abs=0.01)
    weight = table.residents / table.residents.sum()
    np.testing.assert_allclose(weight @ table.age, [row[f"age_{a}"] / row["residents"] for a in AGES], atol=1e-4)
    assert weight @ table.one_person == pytest.approx(row["one_person"], abs=1e-3)
    assert not set(in_dutch([*table.notes, table.source])) & {*table.notes, table.source}


def test_several_lie_side_by_side_and_a_year_chooses_the_figures() -> None:
    both = load_region(["gouda", "waddinxveen"])
    assert both.municipality_name == ["Gouda", "Waddinxveen"] and both.dwellings is not None
    assert len(both) == len(load_region("gouda")) + len(load_region("waddinxveen"))
    away = np.hypot(*(both.x[0] - both.x[-1], both.y[0] - both.y[-1]))
    assert 3 < away < 15 and both.residents.sum() == 75_758 + 34_000
    assert (
        load_region("vaals").digest == load_region("vaals", year=2017).digest != load_region("vaals", year=2024).digest
    )
    assert len(load_region("zeeland").municipality_code) == 13


def test_the_districts_of_gouda_come_with_thuis() -> None:
    table = load_region("gouda")
    assert settled_region({"name": "gouda"}) == {"name": "gouda", "areas": "wijken", "year": 2024}
    assert "Binnenstad" in table.name and table.outlines and table.neighbours is not None
    row = municipalities()["GM0513"]
    assert table.residents.sum() == pytest.approx(row["residents"], abs=5 * len(table))  # CBS rounds to fives
    origin = table.residents @ table.origin
    assert origin[0] == pytest.approx(row["origin_netherlands"], abs=5 * len(table))
    made_up = load_region("gouda", areas="made_up")
    assert made_up.name[0] == "Gouda 1" and made_up.digest != table.digest


def test_what_was_asked_is_recorded_with_everything_said() -> None:
    assert settled_region({"name": "GM0505"}) == {"name": "dordrecht", "areas": "made_up", "year": 2024}
    settled = settled_region({"name": "Vaals", "areas": None, "year": None})
    assert settled == {"name": "vaals", "areas": "made_up", "year": 2017} and settled_region(settled) == settled
    assert settled_region({"name": "file", "table": "x.csv"})["year"] == 2017
    assert "region.areas=wijken" in region_line(settled_region({"name": "dordrecht"}))
    with pytest.raises(InputError, match=r"no figures of gouda to make up neighbourhoods \(allowed: 2024\)"):
        settled_region({"name": "gouda", "areas": "made_up", "year": 2019})
    with pytest.raises(InputError, match=r"region\.areas=wyken is not allowed; did you mean wijken"):
        settled_region({"name": "gouda", "areas": "wyken"})
    with pytest.raises(InputError, match=r"region\.areas does not belong to region=cbs"):
        load_region("cbs", table="x.csv", areas="wijken")


def test_three_groups_are_kept_when_seven_are_estimated() -> None:
    rng = np.random.default_rng(1)
    before = rng.dirichlet(np.ones(7), 40)
    three = np.round(rng.dirichlet(np.ones(3), 40) * 1000)
    totals = national_parts()
    parts = divide_outside(before, three[:, 2], totals)
    seven = seven_groups(three, parts)
    np.testing.assert_allclose(parts.sum(axis=1), three[:, 2], rtol=1e-12)
    np.testing.assert_allclose(seven[:, 0], three[:, 0])
    np.testing.assert_allclose(seven.sum(axis=1), three.sum(axis=1))
    np.testing.assert_allclose(parts.sum(axis=0) / parts.sum(), totals, atol=1e-9)
    # Where an area had twice the Turkish share among the same others, it keeps the more.
    more = before.copy()
    more[0, 5] *= 2
    assert divide_outside(more, three[:, 2], totals)[0, 4] > parts[0, 4]


def test_a_code_used_again_for_another_area_is_not_the_same_area() -> None:
    codes, names = ["WK076201", "WK076202", "WK076203"], ["Wijk 01 Centrum", "Wijk 02 Zeilberg", "Neerkant"]
    row = same_areas(codes, names, ["WK076202", "WK076201"], ["Zeilberg", "Wijk 01 Liessel"])
    assert row.tolist() == [-1, 0, -1]
    assert simplified("'s-Gravenhage") == "s_gravenhage" and isinstance(load_region("gouda").notes[0], Note)
