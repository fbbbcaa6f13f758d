"""A table of areas from a city's own files, and results beside what was observed there."""

import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.cli.command import main as thuis
from experiments.results.folders import KIND
from experiments.validate.observed import agreement
from scenarios.errors import InputError
from scenarios.preparation import files_of, prepare, read_recipe
from scenarios.regions.region import load_region
from tests.tools.paths import shared_data

RECIPE = """
title: Two quarters and a harbour
attribution: City of Somewhere
municipality: Somewhere
areas: {file: areas.geojson, code: key, name: called, marks: {x: 2}}
columns:
  residents: people
  land_area: m2 / 10000
  age_0_14: young * 0.8
  age_15_24: young * 0.2
  age_25_44: middle * 0.5
  age_45_64: middle * 0.5
  age_65_plus: old
  one_person_households: alone / homes
  count_shops: shops
  observed_turnover: left / people
groups:
  file: origin.csv
  area: quarter
  group: origin
  count: number
  where: {year: 2019}
  marks: {column: secret, x: 2}
  renamed: {Old name: B}
  columns: {origin_here: [here], origin_elsewhere: [there, yonder]}
"""
SQUARE = [[4.0, 52.0], [4.1, 52.0], [4.1, 52.1], [4.0, 52.1], [4.0, 52.0]]
FIGURES = [
    {"key": "A", "called": "Quarter A", "people": 1000, "m2": 500000, "young": "200", "middle": 600, "old": "200",
     "alone": "150,5", "homes": 500, "shops": 12, "left": 100},
    {"key": "B", "called": "Quarter B", "people": 500, "m2": 250000, "young": "x", "middle": 300, "old": None,
     "alone": "-", "homes": 200, "shops": 0, "left": 100},
    {"key": "H", "called": "Harbour", "people": None, "m2": 1, "young": None, "middle": None, "old": None,
     "alone": None, "homes": None, "shops": 3, "left": None},
]  # fmt: skip
ORIGIN = """quarter;origin;year;number;secret
A;here;2019;700;
A;there;2019;200;
A;yonder;2019;100;
A;here;2018;1;
Old name;here;2019;400;
Old name;there;2019;98;
Old name;yonder;2019;;x
Gone;here;2019;5;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the recipe, and the recipe."""
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    features = [{"type": "Feature", "properties": figures, "geometry": shape} for figures in FIGURES]
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (tmp_path / "origin.csv").write_text(ORIGIN)
    (tmp_path / "city.yaml").write_text(RECIPE)
    return tmp_path


def test_the_table_is_what_the_recipe_says(folder: Path) -> None:
    made = prepare(read_recipe(folder / "city.yaml"), folder)
    a, b = made.table.to_dicts()
    assert (a["code"], a["name"], a["residents"], a["land_area"]) == ("A", "Quarter A", 1000, 50)
    assert a["age_0_14"] == pytest.approx(0.16) and a["one_person_households"] == pytest.approx(0.301)
    assert (a["origin_here"], b["origin_elsewhere"]) == (0.7, 0.2)  # 98 and a secret 2 of 500
    assert b["age_65_plus"] == pytest.approx(a["age_65_plus"]) and b["one_person_households"] == pytest.approx(0.301)
    assert (a["observed_turnover"], b["observed_turnover"]) == (0.1, 0.2)
    assert set(made.outlines) == {"A", "B"}
    told = " ".join(made.notes)
    for said in (
        "1 numbers of origin.csv are kept secret (x counts as 2)",
        "1 areas without residents",
        "such as Gone",
        "age_0_14 is the mean of all areas",
    ):
        assert said in told


def test_the_command_writes_what_can_be_simulated(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["data", "prepare", str(folder / "city.yaml"), "--source", str(folder), "--folder", str(folder / "made")]
    assert thuis(words) == 0
    said = capsys.readouterr().out
    assert "2 areas, 1,500 residents" in said and "City of Somewhere" in said
    table, outlines = folder / "made" / "city.csv", folder / "made" / "city.geojson"
    areas = load_region("file", table=table, geometry=outlines)
    assert areas.code == ["A", "B"] and areas.outlines is not None and areas.residents.tolist() == [1000, 500]
    assert any("counts per resident (column count_shops)" in note for note in areas.notes)
    assert thuis(["data", "check", str(table)]) == 0
    assert "observed_turnover" not in capsys.readouterr().out.split("assumed")[0]
    told = json.loads((folder / "made" / "city.json").read_text())
    assert set(told["sources"]) == {"areas.geojson", "origin.csv"} and told["files"].keys() == {
        table.name,
        outlines.name,
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("residents: people", "residents: peple", "column residents: 'peple' cannot be worked out"),
        ("key, name", "kee, name", "column kee: the column is missing; did you mean key?"),
        ("file: origin.csv", "file: origins.csv", "/origins.csv' does not exist; did you mean origin.csv?"),
        ("[there, yonder]", "[there, yondr]", "no group 'yondr'; did you mean yonder?"),
        ("columns:\n  residents", "colums:\n  residents", "the recipe has no key 'colums'; did you mean columns?"),
        ("  residents: people\n", "", "columns needs 'residents'"),
        ("title:", "{", "is not readable as YAML"),
    ],
)
def test_a_wrong_recipe_is_one_clear_line(folder: Path, old: str, new: str, said: str) -> None:
    (folder / "city.yaml").write_text(RECIPE.replace(old, new))
    with pytest.raises(InputError) as caught:
        prepare(read_recipe(folder / "city.yaml"), folder)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def result_of(folder: Path, turnover: list[float]) -> Path:
    """A result folder with areas 0, 1, ... of this turnover, and an area too small to count."""
    areas = [str(n) for n in range(len(turnover))] + ["small"]
    frames = [
        pl.DataFrame(
            {
                "month": pl.Series([month] * len(areas), dtype=pl.Int16),
                "neighbourhood": areas,
                "residents": [500] * len(turnover) + [20],
                "turnover": [*(t + month / 1000 for t in turnover), 9.0],
            }
        )
        for month in (0, 11, 12)
    ]
    folder.mkdir()
    pl.concat(frames).write_parquet(folder / "months.parquet")
    (folder / "summary.json").write_text(json.dumps({"kind": KIND}))
    return folder


def test_results_beside_what_was_observed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    simulated = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    result = result_of(tmp_path / "result", simulated)
    observed = [1, 2, 3, 4, 6, 5]  # two of six changed about: rho = 1 - 6*2/(6*35)
    rows = [f"{n},{value}" for n, value in enumerate(observed)] + ["small,0", "elsewhere,3"]
    (tmp_path / "seen.csv").write_text("code,observed_turnover\n" + "\n".join(rows))
    (found,) = agreement(result, tmp_path / "seen.csv")
    assert (found.measure, found.areas) == ("turnover", 6)
    assert found.rank == pytest.approx(1 - 12 / 210) and found.low < found.rank < found.high < 1
    assert found.linear == pytest.approx(np.corrcoef(simulated, observed)[0, 1])
    assert found.simulated == pytest.approx(0.35 + 0.0115) and found.observed == 3.5
    assert thuis(["data", "observed", str(result), str(tmp_path / "seen.csv"), "at_least=10"]) == 0
    assert "turnover: 7 areas, rank correlation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("code,turnover", "no column observed_<measure>"),
        ("code,observed_turnovr", "a result has no 'turnovr'; did you mean turnover?"),
        ("code,observed_turnover", "only 1 areas are both in table and result"),
    ],
)
def test_what_cannot_be_compared(tmp_path: Path, header: str, said: str) -> None:
    result = result_of(tmp_path / "result", [0.1, 0.2])
    (tmp_path / "seen.csv").write_text(f"{header}\n0,1\n")
    with pytest.raises(InputError, match=said.replace("?", r"\?").replace("<", r"\<")):
        agreement(result, tmp_path / "seen.csv")


def test_a_map_in_degrees_is_not_stretched(folder: Path) -> None:
    """At 52 degrees a degree of longitude is 0.62 as long as one of latitude."""
    from experiments.results.map_figure import map_of, values_on_map
    from experiments.results.map_svg import draw_map

    thuis(["data", "prepare", str(folder / "city.yaml"), "--source", str(folder), "--folder", str(folder)])
    areas = load_region("file", table=folder / "city.csv", geometry=folder / "city.geojson")
    codes = pl.DataFrame({"neighbourhood": areas.code})
    located = codes.with_columns(name=pl.lit("a"), x=pl.Series(areas.x), y=pl.Series(areas.y))
    last = codes.with_columns(belonging=pl.Series([0.6, 0.7]), at_home=pl.lit(0.5), residents=pl.lit(1000))
    shown = map_of(located, areas.outlines or {}, values_on_map(located, last), "feel at home")
    assert shown.kind == "map" and shown.stretch == pytest.approx(1 / np.cos(np.deg2rad(52.05)), abs=0.002)
    paths = re.findall(r'<path d="(M[^h"]*)" ', draw_map(shown, 7.2, 5.2, "en"))
    corners = [np.array(re.findall(r"[\d.]+", path), float).reshape(-1, 2) for path in paths]
    drawn, ring = np.ptp(np.concatenate(corners), axis=0), np.ptp(np.concatenate(shown.rings), axis=0)
    assert drawn[1] / drawn[0] == pytest.approx(ring[1] * shown.stretch / ring[0], rel=0.01)


@pytest.mark.skipif(shared_data() is None, reason="no ../shared/data (see THUIS_SHARED_DATA)")
def test_the_hague_from_its_own_files() -> None:
    source = shared_data()
    assert source is not None
    made = prepare(read_recipe("the_hague_2019"), source / "the_hague")
    table = made.table
    assert len(table) == len(made.outlines) == 109 and table["residents"].sum() == 538_775
    origin = [c for c in table.columns if c.startswith("origin_")]
    assert np.allclose(table.select(origin).to_numpy().sum(axis=1), 1)
    whole = np.average(table["origin_dutch"].to_numpy(), weights=table["residents"].to_numpy())
    assert whole == pytest.approx(244_296 / 538_775, abs=0.002)  # as the city counts them
    assert files_of(made, "x").keys() == {"x.csv", "x.geojson", "x.json"}
    assert not table.select(pl.exclude("observed_turnover", "income", "dwellings")).null_count().sum_horizontal().item()
