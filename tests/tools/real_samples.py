"""Real figures of a few municipalities, served as CBS and PDOK serve them: tables and outlines for `ProtocolServer`.

Key figures of 2024 are those of the collection of public statistics. In the place of the table of 2022 stands that of
2017, the last of which the collection has districts with seven origin groups.
"""

import json
from pathlib import Path
from typing import Any

import polars as pl

from tests.tools.paths import shared_data
from tests.tools.protocol_server import FakeTable, ProtocolServer, key_figures

MUNICIPALITIES = {"GM0344": "Utrecht", "GM0513": "Gouda", "GM0762": "Deurne"}
AGES = ("0_14", "15_24", "25_44", "45_64", "65_plus")


def real_server() -> ProtocolServer:
    """Return a server of Gouda, Utrecht and Deurne."""
    folder = shared_data() / "netherlands"
    now = pl.read_csv(folder / "2024/gm_wk_bu_2024.csv", infer_schema_length=None, null_values=".")
    now = now.filter(pl.col("municipality").is_in(list(MUNICIPALITIES)) & (pl.col("kind") != "Buurt"))
    tables = [_table_of_2024(now), _table_of_2017(pl.read_csv(folder / "wijk_2017.csv", infer_schema_length=None))]
    return ProtocolServer({t.identifier: t for t in tables}, years=(2024,), page_size=7, shapes=_outlines(folder, now))


def _table_of_2024(now: pl.DataFrame) -> FakeTable:
    municipalities = pl.read_csv(shared_data() / "netherlands/2024/gm_2023_key_figures.csv", infer_schema_length=None)
    municipality = {row["GM_CODE"]: row for row in municipalities.iter_rows(named=True)}
    rows: dict[tuple[str, str], list[Any]] = {}
    for row in now.iter_rows(named=True):
        told = municipality[row["municipality"]]
        households = round(row["residents"] / told["GEM_HH_GR"])
        origin = [row[f"origin_{g}"] for g in ("netherlands", "europe", "outside_europe")]
        homes = [households, round(households * told["P_EENP_HH"] / 100), round(households * told["P_HH_M_K"] / 100)]
        rows[row["code"], ""] = [
            row["residents"], *(row[f"age_{a}"] for a in AGES), *origin, *origin, *homes, f"  {told['GEM_HH_GR']}",
            row["dwellings"] or ".", None, None, row["land_ha"], told["OAD"],
        ]  # fmt: skip
    named = dict(now.select("code", "name").rows())
    made = key_figures("85984NED", 2024, first_suffix=6)
    return FakeTable("85984NED", made.title, made.columns, rows, 6, names=named)


def _table_of_2017(old: pl.DataFrame) -> FakeTable:
    old = old.filter(pl.col("GM_CODE").is_in(list(MUNICIPALITIES)) & (pl.col("WATER") == "NEE"))
    rows: dict[tuple[str, str], list[Any]] = {}
    sums: dict[str, list[int]] = {}
    for row in old.iter_rows(named=True):
        n = row["AANT_INW"]
        columns = ["P_00_14_JR", "P_15_24_JR", "P_25_44_JR", "P_45_64_JR", "P_65_EO_JR", "P_WEST_AL", "P_N_W_AL"]
        columns += ["P_MAROKKO", "P_ANT_ARU", "P_SURINAM", "P_TURKIJE"]
        people = [round(n * (row[c] or 0) / 100) for c in columns]
        homes = [round(row["AANTAL_HH"] or 1), round((row["AANTAL_HH"] or 1) * (row["P_EENP_HH"] or 0) / 100), 0, 2.1]
        rows[row["WK_CODE"], ""] = [int(n), *people, *homes, ".", None, None, row["OPP_LAND"], row["OAD"]]
        before = sums.setdefault(row["GM_CODE"], [0] * 12)
        sums[row["GM_CODE"]] = [a + b for a, b in zip(before, [int(n), *people], strict=True)]
    for code, people in sums.items():
        rows[code, ""] = [*people, people[0] // 2, people[0] // 5, 0, 2.1, ".", None, None, 1000, 1000]
    made = key_figures("85318NED", 2022)
    named = dict(old.select("WK_CODE", "WK_NAAM").rows()) | MUNICIPALITIES
    return FakeTable("85318NED", made.title, made.columns, rows, 5, names=named)


def _outlines(folder: Path, now: pl.DataFrame) -> list[dict[str, Any]]:
    """Outlines of 2023; a district that is new in 2024 has that of another one of its municipality."""
    features = json.loads((folder / "2024/wijken_2023_outlines.geojson").read_text(encoding="utf-8"))["features"]
    shape = {f["properties"]["code"]: f["geometry"] for f in features}
    other = {f["properties"]["municipality"]: f["geometry"] for f in features}
    found = []
    for code, municipality in now.filter(pl.col("kind") == "Wijk").select("code", "municipality").rows():
        told = {"wijkcode": code, "gemeentecode": municipality, "water": "NEE"}
        found.append({"type": "Feature", "properties": told, "geometry": shape.get(code, other[municipality])})
    return found
