"""The social and the spatial network as networkx graphs with attributes, for plots and other tools.

Both are read from the table; no agents are made for them.
"""

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from agents.ties import ties_of
from scenarios.errors import InputError
from sim.motives import NO_MOTIVE
from sim.population import BORN_ABROAD, EMPLOYED
from sim.rules.people import NEWCOMER_MONTHS

if TYPE_CHECKING:
    from agents.model import CohesionModel

MIX = np.uint64(0xD6E8FEB86659FD93)
NEAREST = 4


def social_network(
    model: "CohesionModel", neighbourhood: str | None = None, sample: int | None = None, partners: bool = True
) -> nx.Graph:
    """Personal ties as a graph.

    Parameters
    ----------
    model : CohesionModel
    neighbourhood : str, optional
        Code of a neighbourhood; all residents when left out.
    sample : int, optional
        At most this many residents, the same ones at every call (chosen by a hash of their serial).
    partners : bool
        Whether partners outside the neighbourhood or sample are included as nodes (with ``inside`` false).

    Returns
    -------
    networkx.Graph
        Nodes are serials, with ``origin`` (label), ``group`` (its index), ``newcomer``, ``born_abroad``, ``employed``,
        ``belonging``, ``familiar_faces``, ``months_here``, ``age``, ``neighbourhood`` (code) and ``inside``. Edges have
        ``same_group`` and ``same_neighbourhood``. Graph attributes: ``month`` and ``neighbourhood``.

    Raises
    ------
    InputError
        An unknown code, or a sample below 1.
    """
    rows = inside = sampled(model, rows_of(model, neighbourhood), sample)
    holder, partner = ties_of(model.world.population, rows)
    if partners:
        rows = np.union1d(rows, partner)
    else:
        kept = np.isin(partner, rows)
        holder, partner = holder[kept], partner[kept]
    graph = nx.Graph(month=model.month, neighbourhood=neighbourhood)
    serial, origin = model.world.population.serial, model.world.population.origin
    area = model.register.areas_of
    graph.add_nodes_from(zip(serial[rows].tolist(), resident_attributes(model, rows, inside), strict=True))
    graph.add_edges_from(
        (a, b, {"same_group": same, "same_neighbourhood": near})
        for a, b, same, near in zip(
            serial[holder].tolist(),
            serial[partner].tolist(),
            (origin[holder] == origin[partner]).tolist(),
            (area(holder) == area(partner)).tolist(),
            strict=True,
        )
    )
    return graph


def rows_of(model: "CohesionModel", neighbourhood: str | None) -> np.ndarray:
    """Rows in which someone lives, of one neighbourhood or all."""
    serial = model.world.population.serial
    if neighbourhood is None:
        return np.flatnonzero(serial)
    found = model.neighbourhood(neighbourhood)
    end = found.first + int(model.world.stocks.opened[found.index])
    return found.first + np.flatnonzero(serial[found.first : end])


def sampled(model: "CohesionModel", rows: np.ndarray, sample: int | None) -> np.ndarray:
    """Draw a sample of rows that depends only on the serials of the residents."""
    if sample is None or sample >= len(rows):
        return rows
    if sample < 1:
        raise InputError(f"sample={sample} is out of range; allowed is 1 or more residents")
    serial = model.world.population.serial[rows]
    mixed = (serial ^ (serial >> np.uint64(32))) * MIX
    return np.sort(rows[np.argsort(mixed ^ (mixed >> np.uint64(29)), kind="stable")[:sample]])


def resident_attributes(model: "CohesionModel", rows: np.ndarray, inside: np.ndarray) -> list[dict[str, Any]]:
    """Attributes of the people in these rows."""
    people, month = model.world.population, model.month
    since = month - people.arrived[rows].astype(np.int64)
    columns: dict[str, list[Any]] = {
        "origin": [model.origin_labels[g] for g in people.origin[rows].tolist()],
        "group": people.origin[rows].tolist(),
        "newcomer": ((people.motive[rows] != NO_MOTIVE) & (since < NEWCOMER_MONTHS)).tolist(),
        "born_abroad": (people.flags[rows] & BORN_ABROAD != 0).tolist(),
        "employed": (people.flags[rows] & EMPLOYED != 0).tolist(),
        "belonging": people.belonging[rows].tolist(),
        "familiar_faces": (people.faces_own[rows] + people.faces_other[rows]).tolist(),
        "months_here": np.maximum(month - people.moved_in[rows].astype(np.int64), 0).tolist(),
        "age": (np.maximum(month - people.born[rows].astype(np.int64), 0) // 12).tolist(),
        "neighbourhood": [model.neighbourhoods[j].code for j in model.register.areas_of(rows).tolist()],
        "inside": np.isin(rows, inside).tolist(),
    }
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def neighbourhood_map(model: "CohesionModel", nearest: int = NEAREST) -> nx.Graph:
    """The neighbourhoods, with edges between those that share a border.

    Parameters
    ----------
    model : CohesionModel
    nearest : int
        Where borders are not known, each neighbourhood is linked with this many nearest ones by position; where
        positions are unknown too, there are no edges.

    Returns
    -------
    networkx.Graph
        Nodes are codes, with ``name``, ``municipality`` (index), ``residents``, ``diversity`` (D), ``turnover`` (V, per
        year), ``belonging`` (mean b of adults), ``at_home`` (share of adults), ``newcomers`` (share of residents),
        ``vacancies``, ``x`` and ``y`` (km). Edges have ``kind`` (``border`` or ``nearest``) and ``length`` (of the
        shared border) or ``distance`` (km).
    """
    graph = nx.Graph(month=model.month)
    for j, neighbourhood in enumerate(model.neighbourhoods):
        graph.add_node(neighbourhood.code, **neighbourhood_attributes(model, j))
    code = [neighbourhood.code for neighbourhood in model.neighbourhoods]
    if model.table is not None and model.table.neighbours is not None:
        for i, j, length in model.table.neighbours:
            graph.add_edge(code[i], code[j], kind="border", length=float(length))
    else:
        for i, j, distance in nearest_pairs(model.world.neighbourhoods, nearest):
            graph.add_edge(code[i], code[j], kind="nearest", distance=distance)
    return graph


def neighbourhood_attributes(model: "CohesionModel", j: int) -> dict[str, Any]:
    """Attributes of neighbourhood j on the map."""
    neighbourhood = model.neighbourhoods[j]
    return {
        "name": neighbourhood.name,
        "municipality": neighbourhood.municipality,
        "residents": neighbourhood.population,
        "diversity": neighbourhood.diversity,
        "turnover": neighbourhood.turnover,
        "vacancies": neighbourhood.vacancies,
        "x": float(neighbourhood.x),
        "y": float(neighbourhood.y),
    } | model.figures_of(j)


def nearest_pairs(neighbourhoods: Any, nearest: int) -> list[tuple[int, int, float]]:
    """Pairs of neighbourhoods of which one is among the nearest of the other, with their distance in km."""
    from scipy.spatial import cKDTree

    points = np.stack([neighbourhoods.x, neighbourhoods.y], axis=1).astype(float)
    if len(points) < 2 or nearest < 1 or not np.ptp(points, axis=0).any():
        return []
    distance, found = cKDTree(points).query(points, k=min(nearest + 1, len(points)))
    pairs = {
        (min(i, int(j)), max(i, int(j))): float(d)
        for i, (far, near) in enumerate(zip(distance, found, strict=True))
        for d, j in zip(far, near, strict=True)
        if int(j) != i
    }
    return [(i, j, d) for (i, j), d in sorted(pairs.items())]
