"""Areas that a measure affects: codes and names of municipalities and neighbourhoods, as rows."""

from dataclasses import dataclass

import numpy as np

from scenarios.areas import AreaTable
from scenarios.errors import InputError, bedoelt_u, close_matches
from scenarios.policy.measures import Measure


@dataclass(frozen=True)
class Rows:
    """Rows of the areas that a measure affects; `scope` is 0 for all, 1 for municipalities, 2 for neighbourhoods."""

    areas: np.ndarray
    municipalities: np.ndarray
    scope: int


def rows_of(measure: Measure, table: AreaTable, here: str = "") -> Rows:
    """The neighbourhoods and municipalities of a measure.

    Raises
    ------
    InputError
        An unknown area; a neighbourhood for a lever that can only differ per municipality.
    """
    if not measure.where:
        return Rows(np.arange(len(table)), np.arange(len(table.municipality_code)), 0)
    areas, municipalities = np.zeros(len(table), bool), np.zeros(len(table.municipality_code), bool)
    scope = 1
    for word in measure.where:
        found = _municipalities(word, table)
        if found:
            municipalities[found] = True
            areas |= np.isin(table.municipality, found)
            continue
        area = _area(word, table, here)
        _refuse_neighbourhood(measure, word, table, area, here)
        areas[area] = True
        scope = 2
    return Rows(np.flatnonzero(areas), np.flatnonzero(municipalities), scope)


def _municipalities(word: str, table: AreaTable) -> list[int]:
    wanted = word.strip().lower()
    named = zip(table.municipality_code, table.municipality_name, strict=True)
    return [k for k, (code, name) in enumerate(named) if wanted in (code.lower(), name.lower())]


def _area(word: str, table: AreaTable, here: str) -> int:
    wanted = word.strip().lower()
    for j, code in enumerate(table.code):
        if code.lower() == wanted:
            return j
    named = [j for j, name in enumerate(table.name) if name.strip().lower() == wanted]
    if len(named) > 1:
        codes = ", ".join(table.code[j] for j in named)
        raise InputError(f"{here}'{word}' is the name of {len(named)} neighbourhoods; give a code (allowed: {codes})")
    if named:
        return named[0]
    known = {*table.code, *table.name, *table.municipality_code, *table.municipality_name}
    raise InputError(
        f"{here}unknown place '{word}'{close_matches(word, known)} "
        "(allowed: everywhere, codes or names of municipalities and neighbourhoods in the run)",
        f"{here}onbekende plaats '{word}'{bedoelt_u(word, known)} "
        "(toegestaan: overal, of codes of namen van gemeenten en buurten in de berekening)",
    )


def _refuse_neighbourhood(measure: Measure, word: str, table: AreaTable, area: int, here: str) -> None:
    for setting in measure.settings:
        if setting.lever.level == "municipality":
            municipality = table.municipality_code[int(table.municipality[area])]
            raise InputError(
                f"{here}{setting.full_name} can differ per municipality, not per neighbourhood; "
                f"'{word}' is a neighbourhood (allowed: {municipality})"
            )
