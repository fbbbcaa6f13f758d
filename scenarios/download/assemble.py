"""From tables of CBS to one plain table of areas, as ``docs/own_areas.md`` describes it."""

import math
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from scenarios.areas import AGES
from scenarios.columns import z_score
from scenarios.download.raw import RawTable
from scenarios.download.shares import Shares, age_shares, origin_shares
from scenarios.download.words import counted
from scenarios.errors import InputError

PLAIN_NUMBERS = ("dwellings", "household_size", "density", "land_area", "income")
FEWEST_FOR_LINE = 10
"""With fewer areas the score is not estimated from income."""
DISTANCES = ("distance_shops", "distance_library", "distance_park", "distance_sports", "distance_school")


@dataclass
class Assembled:
    """The plain table while it is assembled.

    Attributes
    ----------
    frame : polars.DataFrame
    scheme : str
        cbs7 or cbs3.
    notes : list of str
        One plain sentence per area left out, value filled in, or substitute used.
    """

    frame: pl.DataFrame
    scheme: str
    notes: list[str] = field(default_factory=list)


def assemble(
    figures: RawTable,
    scheme: str,
    facilities: RawTable | None,
    scores: RawTable | None,
    centres: dict[str, tuple[float, float]],
    letters: str,
) -> Assembled:
    """Build the plain table.

    Parameters
    ----------
    figures : RawTable
        Key figures, of the municipalities (GM) too: their shares replace those of an area that are suppressed.
    scheme : str
        Origin scheme of the columns of ``figures``.
    facilities, scores : RawTable, optional
    centres : dict of str to (x, y) in km
    letters : str
        Beginning of the codes of the areas: WK or BU.

    Raises
    ------
    InputError
        When no area has residents, or shares do not belong to the residents.
    """
    notes: list[str] = []
    codes = _lived_in(figures, letters, notes)
    data: dict[str, list[object]] = {
        "code": list(codes),
        "name": [figures.names[c] for c in codes],
        "municipality": [_municipality(c) for c in codes],
        "municipality_name": [figures.names.get(_municipality(c), _municipality(c)) for c in codes],
        "residents": [round(figures.rows[c]["residents"]) for c in codes],
    }
    origin = origin_shares(figures, codes, scheme, notes)
    age = age_shares(figures, codes, notes)
    numbers = {c: _column(figures, codes, c) for c in PLAIN_NUMBERS if c in figures.columns}
    shares = _group("origin", origin) | _group("age", age) | _households(figures, codes)
    numbers = {"dwellings": numbers.pop("dwellings", np.full(len(codes), np.nan))} | shares | numbers
    if scores is not None:
        score = _scores(scores, codes, notes)
        numbers["socio_economic"] = _from_income(score, numbers.get("income"), notes)
    numbers |= _distances(figures, facilities, codes, notes)
    if centres:
        numbers["x"] = np.array([centres.get(c, (math.nan, math.nan))[0] for c in codes])
        numbers["y"] = np.array([centres.get(c, (math.nan, math.nan))[1] for c in codes])
    frame = pl.DataFrame(data).with_columns(
        [pl.Series(name, _tidy(name, values)).fill_nan(None) for name, values in numbers.items()]
    )
    for name, values in numbers.items():
        unknown = int(np.isnan(values).sum())
        if unknown:
            notes.append(f"{name} is unknown in {unknown} of {len(codes)} areas.")
    return Assembled(frame, scheme, notes)


def _lived_in(figures: RawTable, letters: str, notes: list[str]) -> list[str]:
    """Return the codes of areas with residents, sorted; say how many are left out."""
    areas = sorted(c for c in figures.rows if c.startswith(letters))
    if not areas:
        raise InputError(f"CBS table {figures.identifier} holds no areas of the municipalities asked for")
    unknown = [c for c in areas if math.isnan(figures.rows[c]["residents"])]
    empty = [c for c in areas if figures.rows[c]["residents"] < 1]
    if unknown:
        notes.append(
            f"Left out: {counted(len(unknown), 'area')} whose number of residents is unknown, such as {unknown[0]}."
        )
    if empty:
        notes.append(f"Left out: {counted(len(empty), 'area')} without residents, such as {empty[0]}.")
    left = [c for c in areas if figures.rows[c]["residents"] >= 1]
    if not left:
        raise InputError(f"CBS table {figures.identifier}: nobody lives in the areas asked for")
    return left


def _municipality(code: str) -> str:
    """WK036301 and BU03630102 lie in GM0363."""
    return f"GM{code[2:6]}"


def _column(table: RawTable, codes: list[str], column: str) -> np.ndarray:
    return np.array([table.rows.get(c, {}).get(column, math.nan) for c in codes], dtype=np.float64)


def _group(prefix: str, shares: Shares) -> dict[str, np.ndarray]:
    return {f"{prefix}_{name}": values for name, values in zip(shares.names, shares.values.T, strict=True)}


def _households(figures: RawTable, codes: list[str]) -> dict[str, np.ndarray]:
    """Return the two shares of households; CBS rounds counts, so that their sum may be above the total."""
    total = _column(figures, codes, "households")
    kinds = {}
    for name in ("one_person_households", "households_with_children"):
        values = _column(figures, codes, name)
        kinds[name] = values / 100.0 * total if figures.columns[name].unit.strip() == "%" else values
    total = np.fmax(total, sum(np.nan_to_num(v) for v in kinds.values()))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: np.where(total > 0, values / total, np.nan) for name, values in kinds.items()}


def _scores(scores: RawTable, codes: list[str], notes: list[str]) -> np.ndarray:
    """Return z-scores: 0 is the average Dutch household's district, 1 is a standard deviation between districts."""
    districts = [c for c in scores.rows if c.startswith("WK")]
    values = _column(scores, districts, "socio_economic")
    weights = _column(scores, districts, "score_households")
    weights = np.nan_to_num(weights) if np.nansum(weights) > 0 else np.ones(len(districts))
    known = np.isfinite(values) & (weights > 0)
    if known.sum() < 2:
        notes.append("The socio-economic scores are too few to be used.")
        return np.full(len(codes), np.nan)
    mean = np.average(values[known], weights=weights[known])
    spread = math.sqrt(np.average((values[known] - mean) ** 2, weights=weights[known]))
    if not z_score(values[known], weights[known]).any():
        return np.zeros(len(codes))
    notes.append(
        f"The socio-economic score is SES-WOA of {scores.period[:4]} as z-score over {known.sum()} districts of the "
        f"Netherlands (mean {mean:.3f}, SD {spread:.3f}, weighted by households)."
    )
    return np.clip((_column(scores, codes, "socio_economic") - mean) / spread, -4.0, 4.0)


def _from_income(score: np.ndarray, income: np.ndarray | None, notes: list[str]) -> np.ndarray:
    """Fill unknown scores from income, by the straight line through the areas where both are known."""
    if income is None:
        return score
    both, only = np.isfinite(score) & np.isfinite(income), np.isnan(score) & np.isfinite(income)
    if both.sum() < FEWEST_FOR_LINE or not only.any() or np.ptp(income[both]) == 0:
        return score
    slope, start = np.polyfit(income[both], score[both], 1)
    notes.append(f"The socio-economic score of {counted(int(only.sum()), 'area')} is estimated from mean income.")
    return np.where(only, np.clip(start + slope * income, -4.0, 4.0), score)


def _distances(
    figures: RawTable, facilities: RawTable | None, codes: list[str], notes: list[str]
) -> dict[str, np.ndarray]:
    """Return distances in km; key figures are of the year itself and go before the table of facilities."""
    found: dict[str, np.ndarray] = {}
    for name in (*DISTANCES, "distance_supermarket"):
        for table in (figures, facilities):
            if table is not None and name in table.columns:
                values = _column(table, codes, name)
                found[name] = np.where(np.isnan(found[name]), values, found[name]) if name in found else values
    supermarket = found.pop("distance_supermarket", None)
    if supermarket is not None and "distance_shops" not in found:
        found["distance_shops"] = supermarket
        notes.append("The distance to shops is that to a large supermarket, for that to daily shops is not known.")
    return {name: found[name] for name in DISTANCES if name in found and np.isfinite(found[name]).any()}


def _tidy(name: str, values: np.ndarray) -> np.ndarray:
    """Round to the meaningful digits, so that the same input gives the same bytes on every machine."""
    shares = name.startswith(("origin_", *(f"age_{a}" for a in AGES))) or "households" in name
    return np.round(values, 6 if shares else 4)
