"""Extra tables joined to a table of areas by code: income, moving rates, facilities, positions.

A row's code is that of an area or of a municipality; a municipality's value holds for each of its areas (numbers of
things are divided over them by residents). Column names are those of one's own areas (``docs/own_areas.md``), or one
of `ALIASES`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenarios.cbs_words import in_cbs_words
from scenarios.columns import COUNTED, VALUE_RANGES, z_score
from scenarios.errors import wrong
from scenarios.notes import Note, in_dutch
from scenarios.table import Table
from scenarios.tables import read_table

ALIASES = {
    "gm": "code",
    "GM_CODE": "code",
    "WKC": "code",
    "WK_CODE": "code",
    "BU_CODE": "code",
    "statcode": "code",
    "income2021_keur": "income",
    "Gemiddeld gestandaardiseerd inkomen van huishoudens (x1000 euro)": "income",
    "Moving_Count_MEAN": "moving_rate",
    "YEAR": "year",
    "population": "residents",
}
"""Other names of columns, as published: the name in the file, and what it means here."""

HIGHEST_MOVING_RATE = 0.5
"""A higher rate is that of a new estate being filled, not of residents who move."""

SAME_AREA = 1.5
"""A code whose residents differ by more than this factor is assumed to be re-used for another area."""


@dataclass(frozen=True)
class Extra:
    """One extra table, with the columns that were recognised.

    Attributes
    ----------
    file, digest : str
    row : dict of str to int
        Row per code.
    values : dict of str to float64[N]
    """

    file: str
    digest: str
    row: dict[str, int]
    values: dict[str, np.ndarray]


def read_extra(path: str | Path, year: int) -> Extra:
    """Read an extra table; of several years it takes per code the one nearest to ``year``.

    Raises
    ------
    InputError
        When there is no column with codes, none that is recognised, or a code occurs twice.
    """
    return extra_of(read_table(path), year)


def extra_of(table: Table, year: int) -> Extra:
    """An extra table of a table that was read; see `read_extra`."""
    for name, meaning in ALIASES.items():
        if name in table.columns and meaning not in table.columns:
            table = table.rename({name: meaning})
    if "code" not in table.columns:
        table = in_cbs_words(table)
        if {"code", "period"} <= set(table.columns):
            table = table.rename({"period": "year"})
    table.need("code")
    for water in ("WATER", "H2O"):
        if water in table.columns:
            table = table.filter(np.array([v == "NEE" for v in table.text(water)]))
    known = [c for c in table.columns if c in VALUE_RANGES]
    if not known:
        allowed = "income, socio_economic, x, y, facility_<kind>, moving_rate, … (see docs/own_areas.md)"
        raise wrong("has no column that is known", file=table.file, allowed=allowed)
    row = _row_per_code(table, year)
    values = {c: table.numbers(c, *VALUE_RANGES[c], zero_is_unknown=c == "dwellings") for c in known}
    if "moving_rate" in values:
        # These tables write 0 where nothing is known.
        values["moving_rate"][values["moving_rate"] == 0.0] = np.nan
        values["moving_rate"] = np.minimum(values["moving_rate"], HIGHEST_MOVING_RATE)
    if "residents" in table.columns:
        values["residents"] = table.numbers("residents", 0)
    return Extra(table.file, table.digest, row, values)


def joined(
    extras: list[Extra], code: list[str], municipality: list[str], residents: np.ndarray
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Join extra tables to J areas.

    Returns
    -------
    dict of str to float64[J], list of str
        Columns, nan where unknown (the first table that knows a value gives it), and notes.
    """
    result: dict[str, np.ndarray] = {}
    notes: list[str] = []
    for extra in extras:
        own = np.array([extra.row.get(c, -1) for c in code])
        own, dropped = _same_areas(extra, own, residents)
        whole = np.array([extra.row.get(c, -1) for c in municipality])
        share = _share_of_municipality(municipality, residents)
        for column, values in extra.values.items():
            if column == "residents":
                continue
            by_area = np.where(own >= 0, values[own], np.nan)
            by_municipality = np.where(whole >= 0, values[whole], np.nan) * (share if column in COUNTED else 1.0)
            value = np.where(np.isnan(by_area), by_municipality, by_area)
            earlier = result.setdefault(column, np.full(len(code), np.nan))
            result[column] = np.where(np.isnan(earlier), value, earlier)
        matched = int(((own >= 0) | (whole >= 0)).sum())
        notes.append(
            Note(
                f"{extra.file} was joined by code to {matched} of {len(code)} areas.",
                f"{extra.file} is op code gekoppeld aan {matched} van de {len(code)} gebieden.",
            )
        )
        if dropped:
            notes.append(
                Note(
                    f"{extra.file}: {dropped} areas were left out: their code seems to be re-used there.",
                    f"{extra.file}: {dropped} gebieden zijn weggelaten: hun code lijkt daar opnieuw gebruikt.",
                )
            )
    return result, notes


def socio_economic(columns: dict[str, np.ndarray], residents: np.ndarray) -> tuple[np.ndarray, Note | None]:
    """Return a z-score, float64[J], from the best available columns, and a note on its source.

    In order: ``socio_economic`` as it is; ``income_high`` and ``income_low`` (shares of people with a high and a low
    income, published per district: the z-score of the difference of their z-scores); ``income`` in any unit, which
    is often known per municipality only.
    """
    parts = []
    if "socio_economic" in columns:
        parts.append((columns["socio_economic"], Note("as given", "de tabel zelf")))
    if "income_high" in columns and "income_low" in columns:
        both = z_score(columns["income_high"], residents) - z_score(columns["income_low"], residents)
        how = Note(
            "the shares of people with a high and a low income", "de aandelen mensen met een hoog en een laag inkomen"
        )
        parts.append((z_score(both, residents), how))
    if "income" in columns:
        parts.append((z_score(columns["income"], residents), Note("income", "het inkomen")))
    score = np.full(len(residents), np.nan)
    used = []
    for values, name in parts:
        if (np.isnan(score) & ~np.isnan(values)).any():
            used.append(name)
        score = np.where(np.isnan(score), values, score)
    if not used:
        return score, None
    return score, Note(
        f"The socio-economic score comes from: {' and '.join(used)} (z-scores weighted by residents of the whole "
        "table).",
        f"De sociaal-economische score komt uit: {' en '.join(in_dutch(used))} (z-scores, gewogen naar de bewoners van "
        "de hele tabel).",
    )


def _row_per_code(table: Table, year: int) -> dict[str, int]:
    codes = table.text("code")
    distance = np.abs(table.numbers("year") - year) if "year" in table.columns else None
    row: dict[str, int] = {}
    for at, code in enumerate(codes):
        if code not in row:
            row[code] = at
        elif distance is None:
            raise wrong("occurs twice", file=table.file, row=int(table.rows[at]), column="code", value=code)
        elif distance[at] < distance[row[code]]:
            row[code] = at
    return row


def _same_areas(extra: Extra, own: np.ndarray, residents: np.ndarray) -> tuple[np.ndarray, int]:
    """Drop matches whose residents differ too much, where the extra table has them."""
    if "residents" not in extra.values:
        return own, 0
    theirs = extra.values["residents"][own]
    unlike = (own >= 0) & ~((theirs < residents * SAME_AREA) & (residents < theirs * SAME_AREA))
    return np.where(unlike, -1, own), int(unlike.sum())


def _share_of_municipality(municipality: list[str], residents: np.ndarray) -> np.ndarray:
    _, index = np.unique(municipality, return_inverse=True)
    return residents / np.bincount(index, residents)[index]
