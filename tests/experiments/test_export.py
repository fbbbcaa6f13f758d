"""Results for other programs, opened again with readers that have nothing to do with Thuis."""

import csv
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest

from experiments.cli.results import main as results
from experiments.results.downloads import shortened, write_run
from experiments.results.export import FORMATS, export_result
from experiments.results.export_tables import TABLES, meaning_of
from experiments.run.command import main as run
from scenarios.errors import InputError
from tests.tools.odd_tables import districts, outlines

CODES = [f"WK0513{at:02d}" for at in range(4)]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of four districts with outlines."""
    folder = tmp_path_factory.mktemp("export")
    (folder / "areas.csv").write_text(districts(residents="9000"))
    (folder / "map.geojson").write_text(outlines(CODES))
    words = [f"region.table={folder}/areas.csv", f"region.geometry={folder}/map.geojson", f"out={folder}/result"]
    assert run(["region=file", "scale=10", "years=1", "people=true", "progress=none", *words]) == 0
    return folder / "result"


def test_the_buttons_of_a_page_lead_to_its_numbers(result: Path) -> None:
    for name in ("page.html", "page-nl.html"):
        links = re.findall(r'<a class="button" href="([^"/]*)"', (result / name).read_text())
        assert len(links) == 4 and all((result / link).is_file() for link in links), name
    months, end = pl.read_parquet(result / "months.parquet"), 12
    last = months.filter(pl.col("month") == end).sort("neighbourhood")["belonging"].to_list()
    header, *rows = openpyxl.load_workbook(result / "run.xlsx")["areas"].iter_rows(values_only=True)
    at = header.index("belonging")
    assert [row[at] for row in sorted(rows, key=lambda row: row[header.index("neighbourhood")])] == pytest.approx(last)
    with zipfile.ZipFile(result / "run-csv.zip") as archive:
        years = list(csv.DictReader(archive.read("areas_by_year.csv").decode().splitlines()))
        assert len(years) == 2 * len(CODES) and {row["year"] for row in years} == {"0", "1"}
        assert len(archive.read("groups.csv").splitlines()) == 1 + 2 * 4 * len(CODES)
    with sqlite3.connect(result / "run.gpkg") as database:
        found = database.execute("select neighbourhood, belonging, geom is not null from areas order by 1").fetchall()
    assert [row[1] for row in found] == pytest.approx(last) and all(row[2] for row in found)
    again = result.parent / "again"
    again.mkdir()
    for table in (*TABLES, "outlines"):
        for path in result.glob(f"{table}.*"):
            shutil.copy(path, again)
    write_run(again, False)
    assert all((again / name).read_bytes() == (result / name).read_bytes() for name in ("run-csv.zip", "run.gpkg"))


def test_a_table_that_would_take_long_keeps_start_and_end_and_says_so() -> None:
    """Under another name; where that is still much, nothing is written."""
    frame = pl.DataFrame({"month": [0, 12, 24] * 60_000, "x": 1.0})
    assert shortened("areas_by_year", frame.head(9)) is not None
    name, kept = shortened("areas_by_year", frame) or ("", pl.DataFrame())
    assert name == "areas_start_end" and kept["month"].unique().sort().to_list() == [0, 24]
    assert shortened("groups", pl.concat([frame] * 2)) is None


def test_every_column_of_a_result_has_a_meaning_in_both_languages(result: Path) -> None:
    for name in TABLES:
        for column in pl.read_parquet_schema(result / f"{name}.parquet"):
            meaning = meaning_of(column)
            assert meaning["unit"] and meaning["en"] and meaning["nl"], column


def test_a_geopackage_is_read_by_sqlite(result: Path, tmp_path: Path) -> None:
    path = export_result(result, "gpkg", tmp_path / "a.gpkg")
    months = pl.read_parquet(result / "months.parquet")
    with sqlite3.connect(path) as database:
        layers = dict(database.execute("select table_name, data_type from gpkg_contents"))
        assert layers["areas"] == layers["areas_by_year"] == "features" and layers["months"] == "attributes"
        assert database.execute("select srs_id from gpkg_geometry_columns where table_name='areas'").fetchone() == (
            4326,
        )
        areas = dict(database.execute("select neighbourhood, belonging from areas"))
        last = months.filter(pl.col("month") == 12)
        assert areas == pytest.approx(dict(last.select("neighbourhood", "belonging").iter_rows()))
        assert database.execute("select count(*) from months").fetchone() == (len(months),)
        assert database.execute("select count(distinct year), count(*) from areas_by_year").fetchone() == (2, 8)
        shape = database.execute("select geom from areas where neighbourhood=?", (CODES[0],)).fetchone()[0]
        assert shape[:2] == b"GP"  # the beginning of a geometry in a GeoPackage


def test_geoparquet_says_what_its_geometry_is(result: Path, tmp_path: Path) -> None:
    folder = export_result(result, "geoparquet", tmp_path / "geo")
    told = json.loads(pq.read_metadata(folder / "areas.parquet").metadata[b"geo"])
    assert told["primary_column"] == "geometry" and told["columns"]["geometry"]["encoding"] == "WKB"
    assert told["columns"]["geometry"]["bbox"] == pytest.approx([4.70, 52.01, 4.74, 52.02])
    assert pq.read_table(folder / "areas_by_year.parquet").num_rows == 8


def test_a_workbook_is_read_by_openpyxl(result: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export_result(result, "xlsx", tmp_path / "a.xlsx"), read_only=True)
    assert book.sheetnames == ["run", "columns", *TABLES]
    months = pl.read_parquet(result / "months.parquet")
    rows = list(book["months"].iter_rows(values_only=True))
    assert list(rows[0]) == months.columns and len(rows) == len(months) + 1
    at = months.columns.index("belonging")
    assert [row[at] for row in rows[1:]] == pytest.approx(months["belonging"].to_list())
    meanings = {(row[0], row[1]): row[2:] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
    assert {(name, c) for name in TABLES for c in pl.read_parquet_schema(result / f"{name}.parquet")} == set(meanings)
    assert "zich thuis voelen" in meanings["months", "belonging"][2]
    told = dict(row[:2] for row in book["run"].iter_rows(values_only=True))
    assert told["digest"] == json.loads((result / "summary.json").read_text())["digest"]


def test_text_for_excel_in_dutch(result: Path, tmp_path: Path) -> None:
    folder = export_result(result, "csv", tmp_path / "nl", dutch=True)
    content = (folder / "months.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    value = float(rows[0]["belonging"].replace(",", "."))
    assert "," in rows[0]["belonging"] and value == pytest.approx(
        pl.read_parquet(result / "months.parquet")["belonging"][0]
    )
    plain = export_result(result, "csv", tmp_path / "en")
    assert pl.read_csv(plain / "months.csv")["residents"].to_list() == [int(row["residents"]) for row in rows]


def test_a_wrong_request_is_refused_and_what_is_there_stays(result: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "there.xlsx").write_text("mine")
    for words, message in (
        (["format=docx"], "format=docx is unknown .allowed: xlsx, gpkg, geoparquet, csv"),
        (["format=xlsx", "dutch=true"], "dutch=true belongs to format=csv"),
        (["format=gpkg", f"out={tmp_path}/a.xlsx"], "must end in .gpkg"),
        (["format=xlsx", f"out={tmp_path}/there.xlsx"], "exists already"),
        (["form=xlsx"], "unknown word 'form'; did you mean format"),
    ):
        with pytest.raises(InputError, match=message):
            results(["export", str(result), *words])
    with pytest.raises(InputError, match="holds no result of a run"):
        results(["export", str(tmp_path), "format=csv"])
    assert (tmp_path / "there.xlsx").read_text() == "mine"
    assert results(["export", str(result), "format=csv", f"out={tmp_path}/ok"]) == 0
    assert "written" in capsys.readouterr().out and set(FORMATS) == {"xlsx", "gpkg", "geoparquet", "csv", "png"}
