"""The study: read two tables, match them, simulate the years between, and compare."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from experiments.hindcast.measures import MatchedAreas, agreement, cities, parity, same_groups, spread_of_cities
from experiments.hindcast.simulation import Simulated, simulate_years
from experiments.options.settings import Settings
from experiments.results.folders import HINDCAST
from experiments.results.version import version
from experiments.simulation.progress import Progress
from experiments.simulation.simulate import load_table
from scenarios.areas import AreaTable
from scenarios.counts import Counts, kind_of, read_counts, year_of
from scenarios.errors import InputError
from scenarios.homes import read_known_years
from scenarios.known_years import country
from scenarios.matching import Match, match_areas

LONGEST = 50
NEAR = 0.01  # how far the residents of a whole country may be from the figure known
LEVELS = ("municipalities", "areas")


@dataclass(frozen=True)
class Tables:
    """The two tables, read and matched.

    Attributes
    ----------
    table : AreaTable
        What the simulation begins with.
    first, first_towns, later, later_towns : Counts
    areas, towns : Match
    first_year, last_year : int
    """

    table: AreaTable
    first: Counts
    first_municipalities: Counts
    later: Counts
    later_municipalities: Counts
    areas: Match
    municipalities: Match
    first_year: int
    last_year: int

    @property
    def years(self) -> int:
        """Years between them."""
        return self.last_year - self.first_year


@dataclass(frozen=True)
class Study:
    """What was found: the places of each of `LEVELS` that are reported on, and all numbers as plain values."""

    tables: Tables
    compared: dict[str, MatchedAreas]
    simulated: Simulated
    result: dict[str, Any]


def read_tables(settings: Settings, own: dict[str, Any], first_year: int | None) -> Tables:
    """Read and match the tables.

    Raises
    ------
    InputError
        A table that cannot be read, years that do not follow one another, or no place that is in both.
    """
    earlier, later = settings.region["table"], own["later"]
    begin, end = year_of(earlier, first_year), year_of(later, own["later_year"])
    if not begin < end <= begin + LONGEST:
        raise InputError(
            f"later={later} is of {end} and the first table of {begin}; allowed is 1 to {LONGEST} years later"
        )
    table = load_table(settings.region)
    kind = kind_of(table.code)
    first, first_municipalities = read_counts(earlier, kind)
    found, found_municipalities = read_counts(later, kind)
    chosen = set(table.code)
    first = first.rows(np.array([i for i, code in enumerate(first.code) if code in chosen], np.int64))
    here = set(table.municipality_code)
    first_municipalities = first_municipalities.rows(
        np.array([i for i, c in enumerate(first_municipalities.code) if c in here], np.int64)
    )
    areas, municipalities = (
        match_areas(first, found),
        match_areas(first_municipalities, found_municipalities, municipalities=True),
    )
    if len(areas.first) == 0 and len(municipalities.first) == 0:
        raise InputError(f"later={later}: no area or municipality is in both tables with the same code and name")
    return Tables(table, first, first_municipalities, found, found_municipalities, areas, municipalities, begin, end)


def study(settings: Settings, own: dict[str, Any], tables: Tables, progress: Progress) -> Study:
    """Simulate the years between and compare."""
    known = read_known_years(own["arrivals"], own["homes"], tables.table, tables.first_year, tables.years)
    simulated = simulate_years(settings, tables.table, tables.years, known, progress)
    compared = compared_places(tables, simulated, own["municipalities"], own["at_least"])
    seed = settings.options.seed
    found = {level: agreement(one, seed) for level, one in compared.items() if len(one)}
    rows = cities(compared["areas"], residents_at_first(tables))
    result = {
        "kind": HINDCAST, "version": version(), "first_year": tables.first_year, "last_year": tables.last_year,
        "municipalities_reported": own["municipalities"], "later": own["later"], "arrivals": own["arrivals"],
        "homes": own["homes"],
        "matched": {"municipalities": matched(tables.municipalities), "areas": matched(tables.areas)},
        "compared": {level: len(one) for level, one in compared.items()}, "at_least": own["at_least"],
        "country": country_of(tables, simulated), "agreement": found,
        "diversity_of_all_groups": same_groups(compared["areas"]),
        "dissimilarity": {"cities": rows, "agreement": spread_of_cities(rows, seed)},
        "configuration": settings.as_dict() | {"parameters": asdict(settings.parameters)},
        "data": tables.table.digest, "data_source": tables.table.source, "notes": list(tables.table.notes),
    }  # fmt: skip
    return Study(tables, compared, simulated, result)


def compared_places(tables: Tables, simulated: Simulated, which: str, at_least: int) -> dict[str, MatchedAreas]:
    """The places of each of `LEVELS`, counted and simulated: of municipalities with odd or even codes, or of all."""
    municipalities = aligned(
        tables.first_municipalities,
        tables.later_municipalities,
        tables.municipalities,
        simulated.start.municipalities({}),
        simulated.end.municipalities({}),
        1,
    )
    areas = aligned(tables.first, tables.later, tables.areas, simulated.start, simulated.end, at_least)
    return {"municipalities": chosen(municipalities, which), "areas": chosen(areas, which)}


def residents_at_first(tables: Tables) -> dict[str, float]:
    """Residents of every municipality in the earlier table, by code."""
    first = tables.first_municipalities
    return dict(zip(first.code, (float(n) for n in first.residents), strict=True))


def aligned(first: Counts, later: Counts, match: Match, start: Counts, end: Counts, at_least: int) -> MatchedAreas:
    """The matched places of four counts in one order, those with enough residents at first."""
    at = {code: row for row, code in enumerate(start.code)}
    kept = [k for k, row in enumerate(match.first) if first.code[row] in at and first.residents[row] >= at_least]
    rows = np.array([at[first.code[match.first[k]]] for k in kept], np.int64)
    index = np.array(kept, np.int64)
    return MatchedAreas(
        first.rows(match.first[index]), later.rows(match.later[index]), start.rows(rows), end.rows(rows)
    )


def chosen(compared: MatchedAreas, which: str) -> MatchedAreas:
    """The places whose municipality has an odd or an even code, or all.

    Raises
    ------
    InputError
        A code has no digit to tell.
    """
    if which == "all":
        return compared
    told = [parity(code) for code in compared.before.municipality]
    if None in told:
        code = compared.before.municipality[told.index(None)]
        raise InputError(f"municipalities={which}: the code {code} has no digit (allowed: municipalities=all)")
    return compared.rows(np.flatnonzero(np.array(told) == (which == "odd")))


def matched(match: Match) -> dict[str, Any]:
    """How many places were matched, renamed and left out, by reason."""
    reasons: dict[str, int] = {}
    for one in match.left_out:
        reasons[one.reason] = reasons.get(one.reason, 0) + 1
    return {"matched": len(match.first), "renamed": len(match.renamed), "left_out": reasons}


def country_of(tables: Tables, simulated: Simulated) -> dict[str, Any]:
    """All residents together, counted and simulated; of the whole country also year by year, beside its own figures."""
    known = country()["population"] if is_country(tables) else {}
    years = [
        {"year": year, "simulated": passed, "counted": dict(known.get(year, {}))}
        for year, passed in enumerate(simulated.years, tables.first_year)
    ]
    if known:
        residents = tables.first.residents.sum(), tables.later.residents.sum()
        start, end = simulated.start.residents.sum(), simulated.end.residents.sum()
    else:  # of a part of the country only what lies within unchanged borders can be told
        pairs = aligned(
            tables.first_municipalities,
            tables.later_municipalities,
            tables.municipalities,
            simulated.start.municipalities({}),
            simulated.end.municipalities({}),
            1,
        )
        residents = pairs.before.residents.sum(), pairs.after.residents.sum()
        start, end = pairs.start.residents.sum(), pairs.end.residents.sum()
    return {
        "whole_country": bool(known),
        "residents_first": float(residents[0]),
        "residents_counted": float(residents[1]),
        "residents_start": float(start),
        "residents_simulated": float(end),
        "difference": float(end / residents[1] - 1) if residents[1] else float("nan"),
        "years": years,
    }


def is_country(tables: Tables) -> bool:
    """Whether both tables hold the whole country, by the number of residents known of their years."""
    known = country()["population"]
    pairs = ((tables.first_year, tables.first), (tables.last_year, tables.later))
    return (
        all(
            year in known and abs(counts.residents.sum() / known[year]["residents"] - 1) < NEAR
            for year, counts in pairs
        )
        and abs(tables.table.residents.sum() / tables.first.residents.sum() - 1) < NEAR
    )
