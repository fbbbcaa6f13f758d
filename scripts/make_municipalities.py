"""Make `conf/municipalities/2024.csv`, the figures of all municipalities, from public tables of Statistics Netherlands.

    python scripts/make_municipalities.py ../shared/data/netherlands        # compares; --write renews the file

What each column is, of which year and how it was made, stands in `conf/municipalities/sources.yaml`.
"""

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from scenarios.areas import AGES
from scenarios.columns import z_score
from scenarios.download.outlines import centre
from scenarios.regions.neighbourhoods import layout
from scenarios.regions.origin_groups import PARTS, THREE, divide_outside, national_parts, same_areas, seven_groups
from scenarios.regions.register import COLUMNS, TABLE, figures_of_row, municipalities, seven_counts
from scenarios.synthesis import dissimilarity, diversity, solve, spread, whole_parts, with_parameters

OFFICIAL = {"Fryslan": "Fryslân"}
OLD_PARTS = ("Westerse", "Marokkaanse", "Nederlands Antilliaanse en Arubaanse", "Surinaamse", "Turkse")
FEWEST = 100
"""Districts with fewer residents count with the others: no neighbourhood of so few is made up."""
MAPS, NEAR_ENOUGH = 8, 0.012
"""Maps that are tried at most, and how far dissimilarity and spread of diversity may be off together to stop."""
OF_A_SIZE = 1000
"""The spread of diversity is that over districts of this many residents or more, where there are two of them."""


def seven_of_2020(path: Path, merged: dict[str, str]) -> dict[str, np.ndarray]:
    """Shares of the seven groups in 2020 by municipality of 2024; municipalities that merged are added up."""
    table = pl.read_csv(path, infer_schema_length=None).filter(pl.col("H2O") == "NEE")
    named = {c.split(" migratieachtergrond")[0]: c for c in table.columns if " migratieachtergrond" in c}
    old = np.column_stack([table[named[part]].to_numpy() for part in OLD_PARTS]) / 100.0
    non_western = table[named["Niet-westerse"]].to_numpy() / 100.0
    other = np.maximum(non_western - old[:, 1:].sum(axis=1), 0.0)
    shares = np.column_stack([1.0 - old[:, 0] - non_western, old, other])
    people = shares * table["Aantal inwoners"].to_numpy()[:, None]
    sums: dict[str, np.ndarray] = {}
    for code, row in zip(table["GM_CODE"], people, strict=True):
        into = merged.get(code, code)
        sums[into] = sums.get(into, 0.0) + row
    return {code: row / row.sum() for code, row in sums.items()}


def seven_of_2017(path: Path, districts: pl.DataFrame, municipality: np.ndarray) -> np.ndarray:
    """Shares of the seven groups by district: of 2017 where code and name agree, else the municipality's."""
    old = pl.read_csv(path, infer_schema_length=None).filter(pl.col("WATER") == "NEE")
    western, non_western = old["P_WEST_AL"].to_numpy() / 100.0, old["P_N_W_AL"].to_numpy() / 100.0
    named = np.column_stack([old[c].to_numpy() for c in ("P_MAROKKO", "P_ANT_ARU", "P_SURINAM", "P_TURKIJE")]) / 100.0
    other = np.maximum(non_western - named.sum(axis=1), 0.0)
    shares = np.column_stack([1.0 - western - non_western, western, named, other])
    row = same_areas(
        districts["code"].to_list(), districts["name"].to_list(), old["WK_CODE"].to_list(), old["WK_NAAM"].to_list()
    )
    found = (row >= 0) & ~np.isnan(shares[row]).any(axis=1)
    return np.where(found[:, None], shares[row], municipality)


def centres(path: Path) -> dict[str, tuple[float, float]]:
    """Centre of each district in km on the Dutch grid."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["code"]: centre(f["geometry"]) for f in features}


def scores(path: Path) -> dict[str, float]:
    """Socio-economic score of districts in 2022: z-score of the shares of people with a high and a low income."""
    table = pl.read_csv(path).drop_nulls(["income_high", "income_low"]).filter(pl.col("population") > 0)
    people = table["population"].to_numpy().astype(float)
    both = z_score(table["income_high"].to_numpy(), people) - z_score(table["income_low"].to_numpy(), people)
    return dict(zip(table["code"], z_score(both, people).tolist(), strict=True))


def status(districts: pl.DataFrame, score: dict[str, float], counts: np.ndarray) -> tuple[float, float, float]:
    """Mean, spread and correlation with a migration background of the scores of a municipality's districts."""
    known = np.array([code in score for code in districts["code"]])
    if not known.any():
        return 0.0, 0.0, 0.0
    values = np.array([score[c] for c in districts["code"].to_list() if c in score])
    weight = districts["residents"].to_numpy()[known].astype(float)
    weight /= weight.sum()
    mean = float(weight @ values)
    spread = float(np.sqrt(weight @ (values - mean) ** 2))
    share = 1.0 - (counts[:, 0] / counts.sum(axis=1))[known]
    away = share - weight @ share
    both = spread * float(np.sqrt(weight @ away**2))
    r = float(weight @ (away * (values - mean))) / both if known.sum() > 4 and both > 0 else -0.5
    return mean, spread, float(np.clip(r, -0.95, 0.95))


def spread_of(counts: np.ndarray) -> float:
    """Standard deviation of diversity over districts of a size."""
    people = counts.sum(axis=1)
    taken = counts[people >= OF_A_SIZE] if (people >= OF_A_SIZE).sum() > 1 else counts
    return float(diversity(taken / taken.sum(axis=1, keepdims=True)).std())


def make(folder: Path, search: bool) -> pl.DataFrame:
    """The table, a row per municipality, sorted by code."""
    merged = yaml.safe_load((TABLE.parent / "names.yaml").read_text(encoding="utf-8"))["merged"]
    into = {old: entry["into"] for old, entry in merged.items()}
    now = pl.read_csv(folder / "2024/gm_wk_bu_2024.csv", infer_schema_length=None, null_values=".")
    municipality_rows = now.filter(pl.col("kind") == "Gemeente").sort("code")
    districts = now.filter((pl.col("kind") == "Wijk") & (pl.col("residents") > 0)).sort("code")
    figures = pl.read_csv(folder / "2024/gm_2023_key_figures.csv", infer_schema_length=None).sort("GM_CODE")
    assert municipality_rows["code"].to_list() == figures["GM_CODE"].to_list()
    provinces = pl.read_csv(folder / "wijken_2022.csv")
    province = {
        into.get(f"GM{c[2:6]}", f"GM{c[2:6]}"): OFFICIAL.get(p, p)
        for c, p in provinces.select("code", "province").rows()
    }
    before = seven_of_2020(folder / "gemeenten_2020.csv", into)
    municipality_seven = np.stack([before[code] for code in municipality_rows["code"]])
    three = municipality_rows.select([f"origin_{g}" for g in THREE]).to_numpy().astype(float)
    parts = divide_outside(municipality_seven, three[:, 2], national_parts())
    whole = np.stack([whole_parts(row, int(n)) for row, n in zip(parts, three[:, 2], strict=True)])
    score, middle = scores(folder / "wijken_2022.csv"), centres(folder / "2024/wijken_2023_outlines.geojson")
    rows = []
    for at, municipality in enumerate(municipality_rows.iter_rows(named=True)):
        own = districts.filter(pl.col("municipality") == municipality["code"])
        counts = districts_in_seven(folder, own, municipality_seven[at], whole[at])
        sizes = own["residents"].to_numpy()
        sizes = sizes[sizes >= FEWEST] if (sizes >= FEWEST).any() else sizes
        mean, apart, r = status(own, score, counts)
        weighted = [(middle[c], n) for c, n in own.select("code", "residents").rows() if c in middle]
        weight = np.array([n for _, n in weighted], dtype=float)
        x, y = weight @ np.array([p for p, _ in weighted]) / weight.sum()
        key = figures.row(at, named=True)
        rows.append({
            "code": municipality["code"], "name": municipality["name"], "province": province[municipality["code"]],
            "residents": municipality["residents"], **{f"age_{a}": municipality[f"age_{a}"] for a in AGES},
            **{f"origin_{g}": municipality[f"origin_{g}"] for g in THREE},
            **{f"outside_{part}": int(n) for part, n in zip(PARTS, whole[at], strict=True)},
            "one_person": key["P_EENP_HH"] / 100, "with_children": key["P_HH_M_K"] / 100,
            "household_size": key["GEM_HH_GR"], "address_density": round(key["OAD"]),
            "land_area": municipality["land_ha"], "dwellings": municipality["dwellings"], "neighbourhoods": len(sizes),
            "size_spread": round(float(np.log(sizes).std()), 3), "dissimilarity": round(dissimilarity(counts), 4),
            "diversity_spread": round(spread_of(counts), 4), "position_mean": round(mean, 3),
            "position_spread": round(apart, 3), "position_correlation": round(r, 2),
            "x": round(float(x), 2), "y": round(float(y), 2),
        })  # fmt: skip
    return with_solutions(pl.DataFrame(rows), search)


def districts_in_seven(folder: Path, own: pl.DataFrame, municipality: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Residents of the districts of one municipality in seven groups, float64[J, 7]."""
    before = seven_of_2017(folder / "wijk_2017.csv", own, np.tile(municipality, (len(own), 1)))
    three = own.select([f"origin_{g}" for g in THREE]).to_numpy().astype(float)
    empty = three.sum(axis=1) == 0  # suppressed in districts of a few residents
    three[empty, 0] = own["residents"].to_numpy()[empty]
    return seven_groups(three, divide_outside(before, three[:, 2], np.maximum(totals, 1e-9)))


def with_solutions(table: pl.DataFrame, search: bool) -> pl.DataFrame:
    """Add the map and the parameters of `scenarios.synthesis` that come nearest, so that nobody has to search again."""
    counts = np.sum([seven_counts(row) for row in table.iter_rows(named=True)], axis=0)
    national = counts / counts.sum()
    rows = list(table.iter_rows(named=True))
    known = [None if search else kept(row) for row in rows]
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(nearest, rows, [national] * len(rows), known))
    columns = [pl.Series("draw", [draw for draw, _ in found]), pl.Series("solution", [text for _, text in found])]
    return table.with_columns(columns).select(COLUMNS)


def kept(row: dict[str, Any]) -> tuple[int, str] | None:
    """What was found before for the same figures."""
    before = municipalities().get(row["code"]) if TABLE.is_file() else None
    same = before is not None and all(before[column] == value for column, value in row.items())
    return (before["draw"], before["solution"]) if before is not None and same else None


def nearest(row: dict[str, Any], national: np.ndarray, known: tuple[int, str] | None) -> tuple[int, str]:
    """The number of the map and the parameters on it whose neighbourhoods come nearest to the targets."""
    if known is not None:
        return known
    best: tuple[float, int, str] = (np.inf, 0, "")
    for draw in range(MAPS):
        *_, targets, gradient, preference = layout(figures_of_row({**row, "draw": draw, "solution": ""}, national))
        found = solve(targets, gradient, preference)
        counts = with_parameters(found, targets, gradient, preference)
        off = abs(dissimilarity(counts) - targets.dissimilarity) + abs(spread(counts) - targets.spread)
        best = min(best, (round(off, 6), draw, " ".join(f"{p:g}" for p in found)))
        if best[0] < NEAR_ENOUGH or len(counts) == 1:
            break
    return best[1], best[2]


def main() -> int:
    """Compare the table with the one that is there, or write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument(
        "--search", action="store_true", help="search maps for all municipalities, not for changed ones"
    )
    options = parser.parse_args()
    text = make(options.folder, options.search).write_csv()
    if options.write:
        TABLE.write_text(text, encoding="utf-8")
        print(f"{TABLE}: written, {text.count(chr(10)) - 1} municipalities")
        return 0
    same = TABLE.is_file() and TABLE.read_text(encoding="utf-8") == text
    print(f"{TABLE}: {'as made now' if same else 'differs from what is made now; --write renews it'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
