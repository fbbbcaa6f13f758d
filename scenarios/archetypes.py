"""The municipalities of the WRR typology, with neighbourhoods synthesised from cited figures.

Figures stand in ``conf/municipality/*.yaml``, each with its source and how sure it is. The neighbourhoods are not real
ones: they reproduce the municipality's composition, segregation and spread of diversity, not its map.
"""

import hashlib
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import yaml

from scenarios.areas import AreaTable
from scenarios.errors import InputError, close_matches
from scenarios.facilities import supply
from scenarios.notes import Note
from scenarios.origins import MOTIVES, load_scheme
from scenarios.synthesis import (
    Targets,
    hexagons,
    normal_quantile,
    normal_ranks,
    raked,
    synthesise,
    uniforms,
    whole_parts,
)

SIZE_SPREAD = 0.35
"""Standard deviation of the logarithm of the size of neighbourhoods [E]."""
CENTRE_DENSITY = 0.35
"""How much denser, in logarithms, one standard deviation nearer to the centre [E]."""
CENTRE_AGE = np.array([-0.08, 0.10, 0.15, -0.05, -0.10])
"""How the centre differs in age: fewer children and elderly, more young adults [E]."""

FIGURES_NL = {
    "neighbourhoods": "aantal wijken",
    "diversity_18": "diversiteit naar 18 groepen",
    "diversity_spread": "spreiding van de diversiteit",
    "arrivals": "komst uit het buitenland",
    "moving_rate": "hoe vaak men verhuist",
    "socio_economic": "sociaal-economische positie",
    "dissimilarity": "segregatie",
}


def archetype_names() -> list[str]:
    """Names of the municipalities that come with Thuis."""
    folder = resources.files("conf.municipality")
    return sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))


def figures(name: str) -> dict[str, Any]:
    """Return the cited figures of a municipality, as in its YAML file (``value``, ``source``, ``certainty``).

    Raises
    ------
    InputError
        For an unknown name, with the nearest that are known.
    """
    if name not in archetype_names():
        known = archetype_names()
        raise InputError(f"unknown municipality '{name}' (allowed: {', '.join(known)}){close_matches(name, known)}")
    return yaml.safe_load(_text(name))


@cache
def archetype(name: str) -> AreaTable:
    """Return the neighbourhoods of a municipality of the typology.

    Raises
    ------
    InputError
        For an unknown name.
    """
    data = figures(name)
    value = {key: entry["value"] for key, entry in data.items() if isinstance(entry, dict) and "value" in entry}
    residents, centres, neighbours, targets, gradient, preference = layout(name)
    known = data.get("solution")
    counts = synthesise(targets, gradient, preference, tuple(known) if known else None)
    scheme = load_scheme(data["scheme"])
    density, surroundings = _surroundings(value, residents, centres)
    facilities, facility_notes = supply({}, density, residents)
    title = data["title"]["en"]
    count = len(residents)
    rates = [value["arrivals"][motive] / 1000.0 for motive in MOTIVES]
    moving = np.nan if value["moving_rate"] is None else value["moving_rate"]
    return AreaTable.validated(
        code=[f"{name}_{i + 1:02d}" for i in range(count)],
        name=[f"{title} {i + 1}" for i in range(count)],
        municipality=np.zeros(count),
        municipality_code=[data["code"]],
        municipality_name=[title],
        residents=residents,
        scheme=scheme,
        origin=counts / residents[:, None],
        **surroundings,
        density=density,
        socio_economic=_scores(name, value["socio_economic"], residents, counts),
        facilities=facilities,
        x=centres[:, 0],
        y=centres[:, 1],
        moving_rate=np.full(count, moving),
        arrival_rate=[rates],
        dwellings=np.full(count, np.nan),
        neighbours=neighbours,
        notes=_notes(data, count) + facility_notes,
        source=Note(
            f"{title}: CBS figures of {data['year']}, synthesised neighbourhoods (conf/municipality/{name}.yaml)",
            f"{title}: cijfers van het CBS over {data['year']}, nagebootste wijken (conf/municipality/{name}.yaml)",
        ),
        digest=hashlib.sha256(_text(name).encode()).hexdigest(),
    )


def _text(name: str) -> str:
    return resources.files("conf.municipality").joinpath(f"{name}.yaml").read_text(encoding="utf-8")


Layout = tuple[np.ndarray, np.ndarray, list[tuple[int, int, float]], Targets, np.ndarray, np.ndarray]


def layout(name: str) -> Layout:
    """Return the empty map of a municipality and what its neighbourhoods must show together.

    Returns
    -------
    residents int64[J], centres float64[J, 2] in km, neighbours, targets, gradient float64[J], preference float64[J, G]
        The last three as `scenarios.synthesis.solve` wants them.
    """
    data = figures(name)
    count, population = data["neighbourhoods"]["value"], data["population"]["value"]
    groups = load_scheme(data["scheme"]).groups
    composition = data["composition"]["value"]
    per_group = whole_parts(np.array([composition[g] for g in groups]), population)
    spacing = float(np.sqrt(data["land_area"]["value"] / 100.0 / count * 2.0 / np.sqrt(3.0)))
    centres, neighbours = hexagons(count, spacing)
    gradient = normal_ranks(_waves(f"{name}/gradient", centres, spacing))
    # Neighbourhoods far from the average are the smaller ones, as in the districts of CBS.
    size = np.exp(SIZE_SPREAD * normal_quantile(uniforms(f"{name}/size", count)) - 0.15 * np.abs(gradient))
    residents = whole_parts(np.round(size, 6), population, least=100)
    preference = np.stack([normal_ranks(_waves(f"{name}/{g}", centres, spacing)) for g in groups], axis=1)
    targets = Targets(residents, per_group, data["dissimilarity"]["value"], data["diversity_spread"]["value"])
    return residents, centres, neighbours, targets, gradient, preference


def _waves(name: str, centres: np.ndarray, spacing: float) -> np.ndarray:
    """Return a smooth random field over the map with some noise, so that like neighbourhoods lie together."""
    draw = uniforms(name, 12 + len(centres))
    width = max(float(np.ptp(centres)), spacing)
    field = np.zeros(len(centres))
    for wave in range(4):
        angle, phase, length = draw[3 * wave : 3 * wave + 3] * [2 * np.pi, 2 * np.pi, 1.0]
        steep = 2 * np.pi / (width * (0.5 + length))
        field += np.cos(steep * (centres @ [np.cos(angle), np.sin(angle)]) + phase)
    return field / np.sqrt(2.0) + 0.7 * normal_quantile(draw[12:])


def _surroundings(
    value: dict[str, Any], residents: np.ndarray, centres: np.ndarray
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return address density, and land, ages and households: denser, younger and more alone towards the centre."""
    weight = residents / residents.sum()
    central = -np.hypot(centres[:, 0], centres[:, 1])
    central = central - weight @ central
    central = central / np.sqrt(weight @ central**2)
    dense = np.exp(CENTRE_DENSITY * central)
    density = np.round(value["address_density"] * dense / (weight @ dense), 1)
    per_density = residents / density
    # Households differ less where there is less room above and below the average.
    alone = value["one_person"] + min(0.06, value["one_person"] / 4) * central
    children = np.minimum(value["with_children"] - 0.04 * central, 1.0 - alone)
    tilted = np.exp(np.outer(central, CENTRE_AGE))
    age = np.round(raked(tilted, weight, np.array(value["ages"])) / weight[:, None], 6)
    return density, {
        "land_area": np.round(value["land_area"] * per_density / per_density.sum(), 2),
        "age": age / age.sum(axis=1, keepdims=True),
        "one_person": np.clip(np.round(alone, 4), 0.02, 0.95),
        "with_children": np.clip(np.round(children, 4), 0.02, 0.95),
        "household_size": np.clip(np.round(value["household_size"] * (1 - 0.06 * central), 3), 1.1, 6.0),
    }


def _scores(name: str, figure: dict[str, float], residents: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return socio-economic scores with the cited mean, spread and correlation with migration background."""
    weight = residents / residents.sum()

    def standard(values: np.ndarray) -> np.ndarray:
        values = values - weight @ values
        return values / np.sqrt(weight @ values**2)

    migration = standard(1.0 - counts[:, 0] / residents)
    noise = standard(normal_ranks(uniforms(f"{name}/score", len(residents))))
    noise = standard(noise - (weight @ (noise * migration)) * migration)
    r = figure["correlation"]
    score = r * migration + np.sqrt(1.0 - r * r) * noise
    return np.clip(np.round(figure["mean"] + figure["spread"] * score, 4), -4.0, 4.0)


def _notes(data: dict[str, Any], count: int) -> list[str]:
    assumed = [key for key, v in data.items() if isinstance(v, dict) and v.get("certainty") == "E"]
    return [
        Note(
            f"The {count} neighbourhoods are synthesised: composition, segregation and spread of diversity are those "
            "of the municipality, the map is not.",
            f"De {count} wijken zijn nagebootst: samenstelling, segregatie en spreiding van de diversiteit zijn die "
            "van de gemeente, de kaart niet.",
        ),
        Note(
            f"Assumptions without an empirical source: {', '.join(key.replace('_', ' ') for key in assumed)}.",
            f"Aannamen zonder empirische bron: {', '.join(FIGURES_NL.get(key, key) for key in assumed)}.",
        ),
    ]
