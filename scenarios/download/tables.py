"""Which table of CBS holds which year: read from ``conf/cbs_tables.yaml``."""

from dataclasses import dataclass

from scenarios.cbs_catalogue import catalogue
from scenarios.errors import InputError

LEVELS = {"wijk": "WK", "buurt": "BU"}
"""Kinds of area that can be fetched, and the letters their codes begin with."""


@dataclass(frozen=True)
class TableChoice:
    """One table of CBS that was chosen for a year.

    Attributes
    ----------
    kind : str
        ``key_figures``, ``facilities`` or ``socio_economic``.
    identifier : str
        For example 85318NED.
    year : int or None
        Year of the table; None for a table with several years.
    certain : bool
        False when the identifier was recalled and not yet checked against the source.
    """

    kind: str
    identifier: str
    year: int | None
    certain: bool


def known_years() -> list[int]:
    """Years for which the table of key figures is known."""
    return sorted(catalogue()["key_figures"])


def choose_tables(year: int) -> list[TableChoice]:
    """Return the tables for a year: key figures, facilities of the nearest year, socio-economic scores.

    Raises
    ------
    InputError
        For a year of which no table is known.
    """
    known = catalogue()
    if year not in known["key_figures"]:
        first, last = known_years()[0], known_years()[-1]
        raise InputError(f"no CBS table of key figures is known for year '{year}' (allowed: {first} to {last})")
    nearest = min(known["facilities"], key=lambda y: (abs(y - year), y))
    chosen = [("key_figures", year, known["key_figures"][year]), ("facilities", nearest, known["facilities"][nearest])]
    choices = [TableChoice(kind, entry["id"], y, entry["certainty"] == "S") for kind, y, entry in chosen]
    scores = known["socio_economic"]
    return [*choices, TableChoice("socio_economic", scores["id"], None, scores["certainty"] == "S")]
