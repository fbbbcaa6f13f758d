"""Maps in every kind of file and coordinates: the same areas at the same places."""

import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pytest

from scenarios.errors import InputError
from scenarios.findings import Findings
from scenarios.geometry import read_outlines
from scenarios.plain import read_plain
from tests.tools.odd_tables import districts, outlines
from tests.tools.paths import shared_data

CODES = [f"WK0513{at:02d}" for at in range(4)]
FIGURES = {
    "aantal_inwoners": [1000, 2000, 900, 1500],
    "percentage_met_herkomstland_nederland": [80, 70, 60, 90],
    "percentage_met_herkomstland_uit_europa_excl_nl": [10, 10, 20, 5],
    "percentage_met_herkomstland_buiten_europa": [10, 20, 20, 5],
    "gemeentecode": ["GM0513"] * 4,
    "gemeentenaam": ["Gouda"] * 4,
    "water": ["NEE"] * 4,
    "omgevingsadressendichtheid": [1000, -99997, 900, 1200],
}
needs_data = pytest.mark.skipif(shared_data() is None, reason="no ../shared/data")


@pytest.fixture
def frame(tmp_path: Path) -> geopandas.GeoDataFrame:
    """Four squares with figures as CBS names them, in Dutch coordinates."""
    path = tmp_path / "map.geojson"
    path.write_text(outlines(CODES, ["A", "B", "C", "D"]))
    found = geopandas.read_file(path).rename(columns={"code": "wijkcode", "name": "wijknaam"}).to_crs("EPSG:28992")
    return found.assign(**FIGURES)


def written(frame: geopandas.GeoDataFrame, folder: Path, kind: str) -> Path:
    """The map as a file of a kind."""
    path = folder / f"areas.{kind}"
    if kind == "zip":
        inside = folder / "inside"
        inside.mkdir()
        frame[["wijkcode", "wijknaam", "geometry"]].to_file(inside / "areas.shp")
        with zipfile.ZipFile(path, "w") as archive:
            for part in sorted(inside.iterdir()):
                archive.write(part, part.name)
    elif kind == "gpkg":
        frame.assign(wijkcode=lambda f: f.wijkcode.str.replace("WK", "BU") + "00").to_file(path, layer="buurten")
        frame.to_file(path, layer="wijken")
    else:
        frame[["wijkcode", "wijknaam", "geometry"]].to_file(path)
    return path


@pytest.mark.parametrize("kind", ["gpkg", "shp", "zip", "fgb"])
def test_outlines_in_any_file_lie_where_they_lie(kind: str, frame: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    plain = read_outlines(tmp_path / "map.geojson")
    found = read_outlines(written(frame, tmp_path, kind))
    assert sorted(found.shapes) == CODES and found.names == dict(zip(CODES, "ABCD", strict=True))
    for code in CODES:
        np.testing.assert_allclose(found.centre[code], plain.centre[code], atol=2e-3)  # km
    assert any("EPSG:28992" in note for note in found.notes)
    (tmp_path / "areas.csv").write_text(districts())
    areas = read_plain(tmp_path / "areas.csv", geometry=tmp_path / f"areas.{kind}")
    assert areas.neighbours is not None and [pair[:2] for pair in areas.neighbours] == [(0, 1), (1, 2), (2, 3)]
    assert areas.neighbours[0][2] == pytest.approx(1.112, abs=2e-3)


def test_a_map_with_figures_is_a_table_with_outlines(frame: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    path = written(frame, tmp_path, "gpkg")
    found = Findings()
    areas = read_plain(path, found=found)
    assert areas.code == CODES and areas.residents.tolist() == FIGURES["aantal_inwoners"]
    assert areas.scheme.name == "cbs3" and areas.origin[0].tolist() == [0.8, 0.1, 0.1]
    assert areas.municipality_name == ["Gouda"] and areas.density[[0, 2]].tolist() == [1000, 900]
    assert np.isfinite(areas.x).all() and set(areas.outlines or {}) == set(CODES)
    assert any("the layer 'wijken' was read, not buurten" in note for note in found.notes)
    assert read_plain(path, level="buurten").code[0] == "BU05130000"


def test_damaged_maps_are_refused_in_one_line(frame: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    whole = written(frame, tmp_path, "gpkg").read_bytes()
    for name, content in {
        "cut.gpkg": whole[: len(whole) // 3],
        "text.shp": b"no map",
        "link.gpkg": b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource>",
        "empty.zip": b"PK\x05\x06" + b"\0" * 18,
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=name) as caught:
            read_outlines(tmp_path / name)
        assert "\n" not in str(caught.value)


@needs_data
def test_districts_of_2024_on_outlines_of_2023() -> None:
    data = shared_data() / "netherlands" / "2024"
    municipalities = {
        "GM0513": (9, 9),
        "GM0344": (10, 10),
        "GM0762": (8, 5),
    }  # Gouda, Utrecht, Deurne: districts, with outlines
    for code, (count, located) in municipalities.items():
        found = Findings()
        areas = read_plain(
            data / "wijken_2024.csv", [code], geometry=data / "wijken_2023_outlines.geojson", found=found
        )
        assert (len(areas), len(areas.outlines or {})) == (count, located), code
        assert any("another name" in note for note in found.notes) == (code == "GM0762")


@needs_data
def test_every_neighbourhood_of_2024_is_read() -> None:
    table = shared_data() / "netherlands" / "2024" / "gm_wk_bu_2024.csv"
    areas = read_plain(table, level="buurten")
    assert len(areas) == 14_096 and len(areas.municipality_code) == 342
    assert abs(int(areas.residents.sum()) - 17_942_942) < 100
    assert areas.composition() == pytest.approx([0.7213, 0.0935, 0.1853], abs=5e-4)
