"""Fit what stands in for unknown columns of one's own areas, over the real districts of CBS: `conf/relations.yaml`.

    python scripts/fit_relations.py ../shared/data/netherlands        # compares; --write renews the file

Each relation is least squares over districts, weighted by residents. Composition counts only as the share
of residents with a migration background, whichever, in the district and in its municipality.
"""

import argparse
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from scenarios.areas import AGES, AreaTable
from scenarios.cbs import read_cbs
from scenarios.extra import joined, read_extra, socio_economic
from scenarios.imputation import RELATIONS, backgrounds, reach_of

DISTRICTS, INCOMES = "wijk_2017.csv", "wijken_2022.csv"
HEAD = """\
# What stands in for unknown columns of one's own areas (scenarios/imputation.py). Made by scripts/fit_relations.py from
# the districts of the CBS Wijk- en Buurtkaart 2017 and incomes of districts 2022 (Kadaster / CBS, CC BY 4.0); do not
# edit by hand. Least squares weighted by residents [C]; r2 is the share of variance explained, rmse what is left.
# background: share with a migration background in the area; town: in its municipality; apart = background - town;
# reach = log(1 + addresses per km2 / 100) / log 61.
"""


def columns_of(table: AreaTable, score: np.ndarray) -> dict[str, np.ndarray]:
    """Everything that the relations are between, float64 [J] each; nan = unknown."""
    background, municipality = backgrounds(table.origin, table.residents, table.municipality)
    known = {
        "background": background,
        "town": municipality,
        "apart": background - municipality,
        "town_apart": municipality * (background - municipality),
        "reach": reach_of(table.density),
        "socio_economic": score,
        "one_person": table.one_person,
        "with_children": table.with_children,
        "household_size": table.household_size,
    }
    return known | {f"age_{a}": table.age[:, at] for at, a in enumerate(AGES)}


def fitted(known: dict[str, np.ndarray], weight: np.ndarray, what: str, by: tuple[str, ...]) -> dict[str, Any]:
    """Coefficients of one relation, how many districts it is of, and how well it fits."""
    y = known[what]
    there = np.isfinite(y)
    x = np.column_stack([np.ones(len(y)), *(known[name] for name in by)])[there]
    y, root = y[there], np.sqrt(weight[there])
    beta = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0].round(4)
    left = root**2 @ (y - x @ beta) ** 2 / (root**2).sum()
    spread = root**2 @ (y - root**2 @ y / (root**2).sum()) ** 2 / (root**2).sum()
    found: dict[str, Any] = {"constant": float(beta[0]), **{n: float(b) for n, b in zip(by, beta[1:], strict=True)}}
    return found | {"r2": round(float(1 - left / spread), 2), "rmse": round(float(left**0.5), 4), "districts": len(y)}


def fit(folder: Path) -> dict[str, Any]:
    """All relations, and the digests of the tables that they come from."""
    table = read_cbs(folder / DISTRICTS)
    codes = [table.municipality_code[k] for k in table.municipality]
    extra, _ = joined([read_extra(folder / INCOMES, 2017)], table.code, codes, table.residents)
    score, _ = socio_economic(extra, table.residents)
    known, weight = columns_of(table, score), table.residents.astype(float)
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (DISTRICTS, INCOMES)}
    return {"sources": files, "relations": {what: fitted(known, weight, what, by) for what, by in RELATIONS.items()}}


def main() -> int:
    """Compare, or renew the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    path = Path(__file__).parents[1] / "conf" / "relations.yaml"
    found = fit(options.folder)
    if options.write:
        text = HEAD + yaml.safe_dump(found, sort_keys=False, default_flow_style=None, width=110)
        path.write_text(text, encoding="utf-8")
    same = yaml.safe_load(path.read_text(encoding="utf-8")) == found
    print(f"{path.name} is {'as fitted' if same else 'not as fitted: renew it with --write'}")
    return int(not same)


if __name__ == "__main__":
    raise SystemExit(main())
