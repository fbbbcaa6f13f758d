"""Tables of areas: one's own, with everything that can be wrong with them, and those of CBS."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from scenarios.areas import FACILITIES
from scenarios.cbs import read_cbs
from scenarios.errors import InputError
from scenarios.notes import Note, in_dutch
from scenarios.origins import MOTIVES
from scenarios.plain import read_plain
from scenarios.regions.region import load_region
from tests.tools.paths import REPOSITORY, shared_data

needs_data = pytest.mark.skipif(shared_data() is None, reason="no ../shared/data")
SMALL = "code,residents,origin_native,origin_other\nA,1000,0.8,0.2\nB,2000,0.6,0.4\n"


def write(folder: Path, text: str | bytes, name: str = "areas.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def example() -> str:
    page = (REPOSITORY / "docs" / "own_areas.md").read_text(encoding="utf-8")
    return page.split("```csv\n")[1].split("```")[0]


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    table = load_region("file", table=write(tmp_path, example()))
    assert table.code == ["C1", "C2", "C3", "M1"] and table.municipality_name == ["Millbrook", "Portville"]
    assert table.scheme.groups == ["native", "neighbour_countries", "elsewhere"]
    assert table.facilities[0, FACILITIES.index("library")] == 1.4
    assert table.arrival_rate[1, MOTIVES.index("study")] == pytest.approx(0.009)
    assert table.residents @ table.socio_economic == pytest.approx(0, abs=0.1)
    assert np.isnan(table.moving_rate[3]) and any("Moving rate" in note for note in table.notes)
    assert len(table.digest) == 64


def test_three_columns_are_enough_and_every_default_is_noted(tmp_path: Path) -> None:
    table = read_plain(write(tmp_path, SMALL))
    assert len(table) == 2 and table.name == ["A", "B"]
    for word in ("municipality", "age classes", "Household size", "density", "socio-economic", "Arrivals", "position"):
        assert any(word in note for note in table.notes), word


def test_the_same_table_in_other_dress_is_the_same(tmp_path: Path) -> None:
    plain = read_plain(write(tmp_path, example()))
    semicolons = example().replace(",", ";").replace(".", ",")
    percents = pl.read_csv(example().encode()).with_columns(pl.col("^(origin|age)_.*$") * 100)
    percents.write_parquet(tmp_path / "areas.parquet")
    others = [
        write(tmp_path, b"\xef\xbb\xbf" + semicolons.encode(), "semicolons.csv"),
        write(tmp_path, example().replace(",", "\t").replace("\n", "\r\n"), "tabs.tsv"),
        write(tmp_path, "\n" + example().replace("\nC2", "\n\nC2"), "empty_lines.csv"),
        tmp_path / "areas.parquet",
    ]
    for path in others:
        table = read_plain(path)
        np.testing.assert_allclose(table.origin, plain.origin, err_msg=path.name)
        np.testing.assert_allclose(table.socio_economic, plain.socio_economic)
        assert table.code == plain.code
    np.testing.assert_array_equal(read_plain(pl.read_csv(example().encode())).residents, plain.residents)


def test_a_known_scheme_is_recognised_or_asked_for(tmp_path: Path) -> None:
    three = SMALL.replace("origin_native,origin_other", "origin_netherlands,origin_europe,origin_outside_europe")
    path = write(tmp_path, three.replace("0.2\n", "0.1,0.1\n").replace("0.4\n", "0.1,0.3\n"))
    assert read_plain(path).scheme.name == "cbs3"
    part = write(tmp_path, SMALL.replace("native", "dutch").replace("other", "western"), "part.csv")
    assert read_plain(part, scheme="cbs7").origin.shape == (2, 7)
    with pytest.raises(InputError, match="column origin_native: is not a group of the scheme cbs7"):
        read_plain(write(tmp_path, SMALL), scheme="cbs7")


HEAD = "code,residents,origin_native,origin_other"
WRONG = {
    "missing column": ("code,origin_a,origin_b\nA,0.8,0.2\n", "column residents: the column is missing"),
    "near miss": (SMALL.replace("residents", "resident"), "column residents.*did you mean resident"),
    "no origins": ("code,residents\nA,10\n", "no column"),
    "one origin": ("code,residents,origin_a\nA,10,1\n", r"1 column\(s\) origin_"),
    "text in a number": (SMALL.replace("2000", "many"), r"areas.csv, row 3, column residents: 'many' is not a number"),
    "negative": (SMALL.replace("2000", "-5"), "row 3, column residents: '-5' is outside the range .allowed: .*0 to"),
    "nobody": (SMALL.replace("2000", "0").replace("1000", "0"), "column residents: no area has residents"),
    "half a person": (SMALL.replace("2000", "2000.5"), "'2000.5' is not a whole number"),
    "absurd": (SMALL.replace("2000", "9e15"), "'9e15' is outside the range"),
    "infinite": (SMALL.replace("2000", "inf"), "'inf' is outside the range"),
    "no origin known": (SMALL.replace("0.6,0.4", ",").replace("0.8,0.2", ","), "origin_<group> is unknown for every"),
    "not adding up": (
        SMALL.replace("0.4", "0.3"),
        r"row 3, column origin_\*: the shares add up to 0.9 .allowed: 0.98 to",
    ),
    "percents not adding up": (f"{HEAD}\nA,10,80,15\n", "the percents add up to 95 .allowed: 98 to 102"),
    "neither shares nor numbers": (f"{HEAD}\nA,1000,800,900\n", "column origin_native: '800' is outside the range"),
    "negative share": (f"{HEAD}\nA,10,1.2,-0.2\n", "'-0.2' is outside the range"),
    "duplicate code": (SMALL.replace("B,", "A,"), "row 3, column code: 'A' is the code of row 2 too"),
    "empty code": (SMALL.replace("B,", ","), "row 3, column code.*is empty"),
    "empty file": ("", "the file is empty"),
    "header only": (HEAD + "\n", "a header but no rows"),
    "column twice": (SMALL.replace("origin_other", "origin_native"), "column origin_native: the column occurs twice"),
    "one column": ("code\nA\n", "only one column"),
    "UTF-16": (SMALL.encode("utf-16"), "looks like UTF-16"),
    "Latin-1": (SMALL.replace("B,", "Bé,").encode("latin-1"), "row 3: is not in UTF-8"),
    "ragged": (SMALL.replace("0.6,0.4", "0,6,0,4"), "row 3: has 6 cells; decimal commas need ;"),
    "two ways to read": (SMALL.replace("2000", "2.000"), r"'2.000' can be read in two ways.*allowed: 2000, or 2.0000"),
    "point and comma": (SMALL.replace("2000", '"2.000,5"'), "'2.000,5' is not a whole number"),
    "age class missing": (f"{HEAD},age_0_14\nA,10,0.8,0.2,0.5\n", "column age_15_24: the column is missing"),
    "misspelled": (f"{HEAD},facility_libary\nA,10,0.8,0.2,1\n", "facility_libary: the column is unknown; did you mean"),
    "households": (
        f"{HEAD},one_person_households,households_with_children\nA,10,0.8,0.2,0.7,0.6\n",
        "the two shares add up to 1.3",
    ),
    "household size": (
        f"{HEAD},household_size\nA,10,0.8,0.2,0.4\n",
        "column household_size: '0.4' is outside the range",
    ),
    "CBS table": ("WK_CODE,AANT_INW,P_WEST_AL\nA,10,5\n", "region=cbs"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_table_is_answered_by_one_clear_line(case: str, tmp_path: Path) -> None:
    content, message = WRONG[case]
    with pytest.raises(InputError, match=message) as caught:
        load_region("file", table=write(tmp_path, content))
    assert "\n" not in str(caught.value) and "areas.csv" in str(caught.value)


def test_wrong_files(tmp_path: Path) -> None:
    parquet = tmp_path / "areas.parquet"
    pl.read_csv(SMALL.encode()).write_parquet(parquet)
    cases = {
        tmp_path / "area.parquet": "does not exist; did you mean areas.parquet",
        tmp_path: "is a folder",
        write(tmp_path, parquet.read_bytes()[:-20], "cut.parquet"): "cut.parquet: cannot be read as Parquet",
        write(tmp_path, SMALL, "areas.docx"): "unknown kind '.docx'",
    }
    for path, message in cases.items():
        with pytest.raises(InputError, match=message):
            read_plain(path)
    with pytest.raises(InputError, match="unknown code 'Z'"):
        read_plain(write(tmp_path, SMALL), codes=["A", "Z"])


def squares() -> str:
    """Two unit squares of 0.01 degree side by side."""

    def ring(west: float) -> list[list[float]]:
        east = round(west + 0.01, 2)
        return [[west, 52.0], [east, 52.0], [east, 52.01], [west, 52.01], [west, 52.0]]

    features = [
        {"type": "Feature", "properties": {"code": c}, "geometry": {"type": "Polygon", "coordinates": [ring(w)]}}
        for c, w in (("A", 5.0), ("B", 5.01))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_outlines_give_positions_and_borders(tmp_path: Path) -> None:
    table = read_plain(write(tmp_path, SMALL), geometry=write(tmp_path, squares(), "a.geojson"))
    assert table.x[1] - table.x[0] == pytest.approx(0.01 * 111.195 * np.cos(np.radians(52)), rel=1e-3)
    assert table.neighbours is not None and table.neighbours[0][:2] == (0, 1)
    assert table.neighbours[0][2] == pytest.approx(1.112, rel=1e-3)
    assert set(table.outlines or {}) == {"A", "B"}
    with pytest.raises(InputError, match="column wijk: is missing in feature 1"):
        read_plain(tmp_path / "areas.csv", geometry=tmp_path / "a.geojson", geometry_code="wijk")


@needs_data
def test_the_cbs_table_of_2017() -> None:
    table = load_region("netherlands", table=shared_data() / "netherlands" / "wijk_2017.csv")
    assert table.residents.sum() == 17_078_610 and len(table.municipality_code) == 388
    composition = table.composition()
    assert composition[0] == pytest.approx(0.775, abs=0.003)
    assert 1 - (composition**2).sum() == pytest.approx(0.385, abs=0.005)
    weight = table.residents / table.residents.sum()
    np.testing.assert_allclose(weight @ table.facilities, 1.0, atol=0.01)
    people = np.bincount(table.municipality, table.residents)
    assert people @ table.arrival_rate.sum(axis=1) == pytest.approx(191_000 * 17.0786 / 17.2, rel=0.01)
    assert any("393 areas" in note for note in table.notes)


@needs_data
def test_cbs_codes_extras_and_outlines_go_together() -> None:
    data = shared_data() / "netherlands"
    moving = shared_data() / "moving_rates" / "wijk_moving_rate_2009_2022.csv"
    table = load_region(
        "cbs",
        table=data / "wijk_2017.csv",
        codes=["GM1783", "WK036300"],
        extra=[data / "wijken_2022.csv", data / "municipalities_2017_2021.csv", data / "gemeenten_2020.csv", moving],
        geometry=data / "wijken_2022.geojson",
    )
    assert table.municipality_name == ["Amsterdam", "Westland"] and len(table) == 11
    assert np.isfinite(table.x).all() and np.hypot(table.x[0] - table.x[1], table.y[0] - table.y[1]) > 40
    assert 0.06 < np.nanmean(table.moving_rate) < 0.16 and np.abs(table.socio_economic).max() > 0.1
    assert len(table.neighbours or []) > 10 and table.facilities.std(axis=0).min() > 0
    assert len(read_cbs(data / "gem_2017.csv", "Urk")) == 1
    with pytest.raises(InputError, match=r"unknown code 'WK178399'.*did you mean WK1783"):
        read_cbs(data / "wijk_2017.csv", ["WK178399"])
    with pytest.raises(InputError, match="no column that is known"):
        read_cbs(data / "wijk_2017.csv", extra=data / "veiligheidsmonitor_2021_calibration.csv")


@needs_data
def test_facilities_of_municipalities_from_distances() -> None:
    """Where the distance is known the national mean supply is 1; the note counts where it is not, kind by kind."""
    data = shared_data() / "netherlands"
    table = load_region("cbs", table=data / "gem_2017.csv", extra=data / "gemeenten_2020.csv")
    supplied = table.residents @ table.facilities / table.residents.sum()
    for kind in ("shops", "library", "sports", "school"):
        assert supplied[FACILITIES.index(kind)] == pytest.approx(1, abs=0.01)
    told = next(note for note in table.notes if "where it is not known" in note)
    assert "shops in 45 of 388 areas" in told and "park everywhere" in told


CBS_HEAD = (
    "WK_CODE,GM_CODE,GM_NAAM,WATER,AANT_INW,P_00_14_JR,P_15_24_JR,P_25_44_JR,P_45_64_JR,P_65_EO_JR,P_EENP_HH,P_HH_M_K,"
    "GEM_HH_GR,P_WEST_AL,P_N_W_AL,P_MAROKKO,P_ANT_ARU,P_SURINAM,P_TURKIJE\n"
)
CBS_ROW = "WK1,GM1,Place,NEE,500,20,20,20,20,20,30,30,2.2,10,5,1,1,1,1\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CBS_HEAD + CBS_ROW + CBS_ROW, "row 3, column WK_CODE: 'WK1' is the code of row 2 too"),
        (CBS_HEAD + CBS_ROW.replace("500", "five"), "row 2, column AANT_INW: 'five' is not a number"),
        (CBS_HEAD + CBS_ROW.replace(",10,5,", ",90,30,"), "row 2, column P_WEST_AL and P_N_W_AL: the percents add up"),
        (CBS_HEAD + CBS_ROW.replace(",10,5,", ",-99999999,,"), "column P_WEST_AL or P_N_W_AL is unknown for every"),
        (CBS_HEAD.replace("P_TURKIJE", "TURKS") + CBS_ROW, "column P_TURKIJE: the column is missing"),
        (CBS_HEAD + CBS_ROW.replace("NEE", "JA"), "no residents"),
    ],
)
def test_a_wrong_cbs_table_is_answered_by_one_clear_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        load_region("cbs", table=write(tmp_path, text))
    suppressed = read_cbs(write(tmp_path, CBS_HEAD + CBS_ROW.replace(",1,1,1,1", ",,,,"), "fine.csv"))
    np.testing.assert_allclose(suppressed.origin[0], [0.85, 0.10, 0, 0, 0, 0, 0.05])


def test_what_is_assumed_of_a_table_of_ones_own_is_told_in_dutch(tmp_path: Path) -> None:
    rows = ("code,residents,origin_here,origin_there", "a,900,0.6,0.4", "b,0,0.5,0.5", "c,800,0.9,0.1")
    table = read_plain(write(tmp_path, "\n".join(rows)))
    assert len(table.notes) >= 8 and all(isinstance(note, Note) and note.dutch != note for note in table.notes)
    assert any("overal onbekend" in note for note in in_dutch(table.notes))


@pytest.mark.parametrize(
    ("name", "more", "title"),
    [
        ("new_town_2020.csv", "", "New town"),
        ("aalborg.csv", "", "Aalborg"),
        ("2020.csv", "", "2020"),
        ("x.csv", "Kolding", "Kolding"),
    ],
)
def test_a_plain_table_is_called_after_its_column_or_else_its_file(
    tmp_path: Path, name: str, more: str, title: str
) -> None:
    first, *rows = SMALL.splitlines()
    lines = [f"{first},municipality_name", *(f"{row},{more}" for row in rows)] if more else [first, *rows]
    table = read_plain(write(tmp_path, "\n".join(lines), name))
    assert table.municipality_name == [title]
    assert any("after the file" in note for note in table.notes) == (not more)
