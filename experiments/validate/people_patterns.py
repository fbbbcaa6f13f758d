"""Patterns of people and of who lives where: SF5, SF12, SF13, SF15, SF16 and SF17."""

import numpy as np

from experiments.validate.following import LATER, Follower, at_home_by_birth
from experiments.validate.frame import unbiased_diversity
from experiments.validate.simulated import Simulated
from sim.measures import MEASURE_BY_NAME, mean_count, measure_of
from sim.population import NOBODY
from sim.world import World

Parts = dict[str, float]
MUNICIPALITIES = {
    "GM0599": "rotterdam", "GM0518": "the_hague", "GM0363": "amsterdam", "GM0362": "amstelveen", "GM0384": "diemen",
    "GM0981": "vaals", "GM0202": "arnhem", "GM1783": "westland", "GM0184": "urk",
}  # fmt: skip
SETTLED = 15  # years after which belonging gains no more


def named_municipalities(codes: list[str]) -> dict[str, int]:
    """Index of the municipalities of the typology among these codes."""
    return {name: codes.index(code) for code, name in MUNICIPALITIES.items() if code in codes}


def people_by_municipality(world: World, municipalities: int) -> np.ndarray:
    """Agents by municipality and origin group, int64 [K, G]."""
    found = np.zeros((municipalities, world.stocks.people.shape[1]), np.int64)
    np.add.at(found, world.neighbourhoods.municipality, world.stocks.people)
    return found


def start_diversity(people: np.ndarray, codes: list[str]) -> Parts:
    """SF5: diversity of the municipalities of the typology at the start; people int64 [K, G]."""
    diversity = unbiased_diversity(people)
    return {name: float(diversity[at]) for name, at in named_municipalities(codes).items()}


def residence(simulated: Simulated) -> Parts:
    """SF12: correlation over adults of belonging with years at the address; percent of the gain within five years.

    The gain is mean belonging after fifteen years and more, minus that in the first year.
    """
    s = simulated.sums.sum(axis=(0, 1)).astype(float)
    b, t = mean_count(s, "belonging"), mean_count(s, "months_here")
    covariance = mean_count(s, "belonging_months_here") - b * t
    sd = np.sqrt((mean_count(s, "belonging_squared") - b**2) * (mean_count(s, "months_here_squared") - t**2))
    world = simulated.world
    p = world.population
    rows = np.flatnonzero((p.serial != NOBODY) & (world.month - p.born.astype(np.int32) >= 180))
    years = (world.month - p.moved_in[rows].astype(np.int32)) / 12
    belonging = p.belonging[rows].astype(float)
    start, five, end = (
        belonging[(years >= low) & (years < high)].mean() for low, high in ((0, 1), (4.5, 5.5), (SETTLED, 999))
    )
    return {"r": float(covariance / sd), "within_5": float(100 * (five - start) / (end - start))}


def levels(simulated: Simulated) -> Parts:
    """SF13: mean belonging; percent at home of those born here; the same of those born abroad, minus that."""
    born_here, abroad, mean = at_home_by_birth(simulated.world, simulated.world.parameters.home_threshold)
    everyone = simulated.sums.sum(axis=(0, 1))
    cohesion = float(measure_of(everyone, "cohesion")) / MEASURE_BY_NAME["cohesion"].factor
    return {"cohesion": cohesion, "born_here": 100 * born_here, "gap": 100 * (abroad - born_here), "mean": mean}


def tie_turnover(follower: Follower) -> Parts:
    """SF15: percent of ties that are still there after seven years, of adults who are."""
    if follower.months <= LATER or not follower.ties_followed:
        return {}
    return {"alive": 100 * follower.ties_alive / follower.ties_followed}


def network_segregation(simulated: Simulated) -> Parts:
    """SF16: Coleman's index of own-group ties by origin group: 0 where ties follow the shares of all adults.

    Ties are of adults with adults, so shares are of adults too: those of the whole region where it holds many
    municipalities, else of each person's municipality.
    `migrant_low` and `migrant_high` are the least and the most segregated group with a background; `highest` is 1 where
    the group without is the most segregated of all.
    """
    world = simulated.world
    p = world.population
    rows = np.flatnonzero((p.serial != NOBODY) & (world.month - p.born.astype(np.int32) >= 180))
    area = np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1
    municipalities = len(simulated.table.municipality_code)
    people = np.zeros((municipalities, world.stocks.people.shape[1]), np.int64)
    np.add.at(people, (world.neighbourhoods.municipality[area], p.origin[rows]), 1)
    if municipalities >= 20:
        people = np.broadcast_to(people.sum(axis=0), people.shape)
    share = people / people.sum(axis=1, keepdims=True)
    origin = p.origin[rows].astype(np.int64)
    ties = p.tie_count[rows].astype(float)
    expected = np.bincount(origin, ties * share[world.neighbourhoods.municipality[area], origin], people.shape[1])
    own = np.bincount(origin, p.tie_own[rows].astype(float), people.shape[1])
    total = np.bincount(origin, ties, people.shape[1])
    room = np.where(own >= expected, total - expected, expected)
    index = np.divide(own - expected, room, out=np.zeros(len(own)), where=room > 0)
    return {
        "dutch": float(index[0]),
        "migrant_low": float(index[1:].min()),
        "migrant_high": float(index[1:].max()),
        "highest": float(index[0] > index[1:].max()),
    }


def dissimilarity(people: np.ndarray, municipality: np.ndarray, municipalities: int) -> np.ndarray:
    """Index of dissimilarity of people without and with a background over areas, per municipality, float64 [K].

    Parameters
    ----------
    people : int64 [J, G]
    municipality : int [J]
    """
    native, other = people[:, 0].astype(float), people[:, 1:].sum(axis=1).astype(float)
    natives, others = (
        np.bincount(municipality, native, municipalities),
        np.bincount(municipality, other, municipalities),
    )
    apart = np.abs(native / np.maximum(natives, 1)[municipality] - other / np.maximum(others, 1)[municipality])
    return 0.5 * np.bincount(municipality, apart, municipalities)


def segregation(start: np.ndarray, end: np.ndarray, municipality: np.ndarray, codes: list[str]) -> Parts:
    """SF17: dissimilarity of named municipalities at the start, and its largest change over twenty years.

    Parameters
    ----------
    start, end : int64 [J, G]
        Agents by area and origin group.
    """
    before, after = (dissimilarity(people, municipality, len(codes)) for people in (start, end))
    named = named_municipalities(codes)
    judged = ("the_hague", "rotterdam", "amsterdam", "arnhem", "amstelveen", "westland")
    found = {name: float(after[named[name]]) for name in judged if name in named}
    if found:
        found["change"] = max(abs(float(after[at] - before[at])) for at in (named[n] for n in found if n in named))
    return found
