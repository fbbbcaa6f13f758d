"""Synthetic neighbourhoods that match the figures of a municipality: its composition and segregation, not its map."""

import hashlib
from typing import Any

import numpy as np

from scenarios.areas import AreaTable
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
    with_parameters,
)

SIZE_SPREAD = 0.35
"""Standard deviation of the logarithm of the size of neighbourhoods [E], where no figure is known."""
SMALLER_APART = 0.15
"""How much smaller, in logarithms, a neighbourhood one standard deviation from the average is: as districts of CBS."""
CENTRE_DENSITY = 0.35
"""How much denser, in logarithms, one standard deviation nearer to the centre [E]."""
CENTRE_AGE = np.array([-0.08, 0.10, 0.15, -0.05, -0.10])
"""How the centre differs in age: fewer children and elderly, more young adults [E]."""
FEWEST = 100
"""Residents of the smallest neighbourhood, where the municipality has enough."""

FIGURES_NL = {
    "neighbourhoods": "aantal wijken",
    "diversity_18": "diversiteit naar 18 groepen",
    "diversity_spread": "spreiding van de diversiteit",
    "arrivals": "komst uit het buitenland",
    "moving_rate": "hoe vaak men verhuist",
    "socio_economic": "sociaal-economische positie",
    "dissimilarity": "segregatie",
}


def make_neighbourhoods(data: dict[str, Any], source: Note, notes: list[str], digest_of: bytes) -> AreaTable:
    """Synthesise the neighbourhoods of a municipality.

    Parameters
    ----------
    data : dict
        The figures, as in ``conf/municipality/*.yaml``: ``value``, ``certainty`` and ``source`` of each.
    source, notes : Note, list of Note
        Where they come from, and what a reader must know besides what is assumed.
    digest_of : bytes
        The figures as bytes.
    """
    name = data["name"]
    value = {key: entry["value"] for key, entry in data.items() if isinstance(entry, dict) and "value" in entry}
    residents, centres, neighbours, targets, gradient, preference = layout(data)
    known = tuple(data["solution"])
    # Of a municipality of the table the nearest there is was found when the table was made (scripts/).
    if "map" in data:
        counts = with_parameters(known, targets, gradient, preference)
    else:
        counts = synthesise(targets, gradient, preference, known)
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
        scheme=load_scheme(data["scheme"]),
        origin=counts / residents[:, None],
        **surroundings,
        density=density,
        socio_economic=_scores(data.get("map", name), value["socio_economic"], residents, counts),
        facilities=facilities,
        x=centres[:, 0],
        y=centres[:, 1],
        moving_rate=np.full(count, moving),
        arrival_rate=[rates],
        dwellings=_dwellings(value, residents, surroundings["household_size"]),
        neighbours=neighbours,
        notes=_notes(data, count) + notes + facility_notes,
        source=source,
        digest=hashlib.sha256(digest_of).hexdigest(),
    )


Layout = tuple[np.ndarray, np.ndarray, list[tuple[int, int, float]], Targets, np.ndarray, np.ndarray]


def layout(data: dict[str, Any]) -> Layout:
    """Return the map of a municipality, and the figures that its neighbourhoods together must have.

    Parameters
    ----------
    data : dict
        The figures. The map is drawn from the word ``map``, or else the name: the same word gives the same map.

    Returns
    -------
    residents int64[J], centres float64[J, 2] in km, neighbours, targets, gradient float64[J], preference float64[J, G]
        The last three as `scenarios.synthesis.solve` takes them.
    """
    name = data.get("map", data["name"])
    count, population = data["neighbourhoods"]["value"], data["population"]["value"]
    groups = load_scheme(data["scheme"]).groups
    composition = data["composition"]["value"]
    per_group = whole_parts(np.array([composition[g] for g in groups]), population)
    spacing = float(np.sqrt(data["land_area"]["value"] / 100.0 / count * 2.0 / np.sqrt(3.0)))
    centres, neighbours = hexagons(count, spacing)
    gradient = normal_ranks(_waves(f"{name}/gradient", centres, spacing))
    residents = _sizes(name, data, gradient)
    preference = np.stack([normal_ranks(_waves(f"{name}/{g}", centres, spacing)) for g in groups], axis=1)
    targets = Targets(residents, per_group, data["dissimilarity"]["value"], data["diversity_spread"]["value"])
    if "centre" in data:
        centres = np.round(centres + data["centre"]["value"], 6)
    return residents, centres, neighbours, targets, gradient, preference


def _sizes(name: str, data: dict[str, Any], gradient: np.ndarray) -> np.ndarray:
    """Return residents per neighbourhood; those far from the average are the smaller ones, as in districts of CBS."""
    count, population = len(gradient), data["population"]["value"]
    if "size_spread" not in data:
        drawn = SIZE_SPREAD * normal_quantile(uniforms(f"{name}/size", count))
        return whole_parts(np.round(np.exp(drawn - SMALLER_APART * np.abs(gradient)), 6), population, least=FEWEST)
    drawn = normal_ranks(normal_quantile(uniforms(f"{name}/size", count)) - np.abs(gradient))
    spread = float(drawn.std())
    size = np.exp(data["size_spread"]["value"] * drawn / spread) if spread > 0 else np.ones(count)
    return whole_parts(np.round(size, 6), population, least=min(FEWEST, population // (2 * count)))


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
    central = -np.hypot(*(centres - value.get("centre", 0.0)).T)
    central = central - weight @ central
    apart = np.sqrt(weight @ central**2)
    central = central / apart if apart > 0 else central  # one neighbourhood is its own average
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
    if len(residents) == 1:
        return np.array([figure["mean"]])

    def standard(values: np.ndarray) -> np.ndarray:
        values = values - weight @ values
        apart = np.sqrt(weight @ values**2)
        return values / apart if apart > 1e-9 else np.zeros(len(values))

    migration = standard(1.0 - counts[:, 0] / residents)
    noise = standard(normal_ranks(uniforms(f"{name}/score", len(residents))))
    noise = standard(noise - (weight @ (noise * migration)) * migration)
    r = figure["correlation"]
    score = r * migration + np.sqrt(1.0 - r * r) * noise
    if len(residents) == 2:  # one dimension: the rest of the noise has the same direction
        score = standard(score)
    return np.clip(np.round(figure["mean"] + figure["spread"] * score, 4), -4.0, 4.0)


def _dwellings(value: dict[str, Any], residents: np.ndarray, household_size: np.ndarray) -> np.ndarray:
    """Return dwellings, divided by the number of households; nan where the municipality's are not known."""
    if "dwellings" not in value:
        return np.full(len(residents), np.nan)
    return whole_parts(residents / household_size, value["dwellings"], least=1)


def synthesised(count: int) -> Note:
    """Return the note that so many neighbourhoods are not real ones."""
    return Note(
        f"The {count} neighbourhoods are synthesised: composition, segregation and spread of diversity are those "
        "of the municipality, the map is not.",
        f"De {count} wijken zijn nagebootst: samenstelling, segregatie en spreiding van de diversiteit zijn die "
        "van de gemeente, de kaart niet.",
    )


def _notes(data: dict[str, Any], count: int) -> list[str]:
    assumed = [key for key, v in data.items() if isinstance(v, dict) and v.get("certainty") == "E"]
    return [
        synthesised(count),
        Note(
            f"Assumptions without an empirical source: {', '.join(key.replace('_', ' ') for key in assumed)}.",
            f"Aannamen zonder empirische bron: {', '.join(FIGURES_NL.get(key, key) for key in assumed)}.",
        ),
    ]
