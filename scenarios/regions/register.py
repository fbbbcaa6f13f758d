"""The municipalities of the Netherlands with their figures, from ``conf/municipalities``."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from conf.files import read_yaml
from scenarios.areas import AGES
from scenarios.arrivals import arrival_rates
from scenarios.origins import MOTIVES, load_scheme
from scenarios.regions.origin_groups import PARTS, SEVEN, THREE, seven_groups
from scenarios.regions.spelling import simplified

YEAR = 2024
FOLDER = Path(str(resources.files("conf.municipalities")))
TABLE = FOLDER / f"{YEAR}.csv"
TEXT = ("code", "name", "province", "solution")
COUNTS = ("residents", *(f"age_{a}" for a in AGES), *(f"origin_{g}" for g in THREE), *(f"outside_{p}" for p in PARTS),
          "dwellings", "neighbourhoods", "draw")  # fmt: skip
PLAIN = ("one_person", "with_children", "household_size", "address_density", "land_area", "size_spread",
         "dissimilarity", "diversity_spread")  # fmt: skip
COLUMNS = (*TEXT[:3], *COUNTS[:-1], *PLAIN, "position_mean", "position_spread", "position_correlation", "x", "y",
           "draw", "solution")  # fmt: skip
"""Columns of the table, in their order; numbers are whole in `COUNTS` and decimal otherwise."""

Row = Mapping[str, Any]


@cache
def municipalities() -> dict[str, dict[str, Any]]:
    """Return the row of every municipality by its code, such as GM0513."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: {c: _read(c, row[c]) for c in COLUMNS} for row in csv.DictReader(file)}


def _read(column: str, text: str) -> Any:
    if column in TEXT:
        return text
    return int(text) if column in COUNTS else float(text)


@cache
def spellings() -> dict[str, Any]:
    """Return the content of ``names.yaml``."""
    return read_yaml("conf.municipalities", "names.yaml")


def key_of(code: str, name: str) -> str:
    """Return the key of a municipality: gouda, bergen_l, the_hague."""
    return spellings()["keys"].get(code) or simplified(name)


def title_of(code: str, name: str) -> dict[str, str]:
    """Return what readers call a municipality, by language; its own name where they have no other."""
    return spellings()["titles"].get(code, {"nl": name, "en": name})


def seven_counts(row: Row) -> np.ndarray:
    """Return residents in the seven groups, int64[7]."""
    three = np.array([[row[f"origin_{g}"] for g in THREE]])
    return seven_groups(three, np.array([[row[f"outside_{p}"] for p in PARTS]]))[0]


@cache
def national_composition() -> tuple[float, ...]:
    """Return the shares of the seven groups in the country."""
    counts = np.sum([seven_counts(row) for row in municipalities().values()], axis=0)
    return tuple((counts / counts.sum()).tolist())


def municipality_figures(code: str) -> dict[str, Any]:
    """Return the cited figures of a municipality, in the form of ``conf/municipality/*.yaml``."""
    return figures_of_row(municipalities()[code], np.array(national_composition()))


def figures_of_row(row: Row, national: np.ndarray) -> dict[str, Any]:
    """Return the figures of one row of the table; ``national`` are shares of the seven groups in the country."""
    counts = seven_counts(row)
    composition = counts / counts.sum()
    rates = arrival_rates(composition[None], national, load_scheme("cbs7"))[0]
    ages = np.array([row[f"age_{a}"] for a in AGES])
    values: dict[str, Any] = {key: row[key] for key in PLAIN} | {
        "population": row["residents"],
        "neighbourhoods": row["neighbourhoods"],
        "dwellings": row["dwellings"],
        "composition": dict(zip(SEVEN, composition.tolist(), strict=True)),
        "ages": (ages / ages.sum()).tolist(),
        "socio_economic": {part: row[f"position_{part}"] for part in ("mean", "spread", "correlation")},
        "arrivals": {motive: 1000.0 * rate for motive, rate in zip(MOTIVES, rates.tolist(), strict=True)},
        "moving_rate": None,
        "centre": [row["x"], row["y"]],
    }
    told = _sources()
    return {
        "name": key_of(row["code"], row["name"]),
        "map": f"{row['code']}.{row['draw']}" if row["draw"] else row["code"],
        "code": row["code"],
        "title": title_of(row["code"], row["name"]),
        "scheme": "cbs7",
        "year": YEAR,
        "solution": [float(part) for part in row["solution"].split()],
        **{key: {"value": value, **told[key]} for key, value in values.items()},
    }


@cache
def _sources() -> dict[str, dict[str, str]]:
    return read_yaml("conf.municipalities", "sources.yaml")
