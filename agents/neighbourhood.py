"""The neighbourhoods agents live in and move through.

A light class of our own and not a Mesa cell: a cell lists its agents, so that leaving one of ten thousand residents
costs a search through all of them; here a resident holds a reference to the neighbourhood and moving changes that.
"""

from collections.abc import Callable

import numpy as np
from mesa.agent import AgentSet

from sim.facilities import ASSOCIATION
from sim.world import World


class Neighbourhood:
    """One neighbourhood, as its residents know it.

    Parameters
    ----------
    world : World
    residents_of : callable
        Gives the residents of a neighbourhood as agents.

    Attributes
    ----------
    index : int
        Position in every array over neighbourhoods of the engine.
    code, name : str
    municipality : int
        Index of the municipality.
    met_own, met_other : list of float, by origin group
        Encounters per month of someone fully active with the own and with other groups, before language.
    language_of_others : list of float, by origin group
        Mean language of the other groups.
    left_own, left_other : list of float, by origin group
        Share of each pool that left last month.
    bad_contact : float
        Share of encounters across groups that go badly.
    felt_diversity, common : float
        D, and the part of b* that all residents share.
    associations : float32
        Supply of association life.
    reception, course_hours : list of float, by motive
    job_support, enforcement, job_kept : float32
        Policy on work: support for newcomers, against discrimination, fewer jobs lost.
    first, opened : int
        The run of rows of the population table.
    near : list of int
        The neighbourhood itself and those that border it, as places in `Surroundings.neighbourhoods_of`.

    From `met_own` on the values are those of the current month, set by `refresh` (the `agents` driver does so).
    """

    def __init__(
        self, world: World, residents_of: Callable[["Neighbourhood"], AgentSet], index: int, code: str, name: str
    ) -> None:
        neighbourhoods = world.neighbourhoods
        self.world, self.residents_of = world, residents_of
        self.index, self.code, self.name = index, code, name
        self.municipality = int(neighbourhoods.municipality[index])
        self.first = int(neighbourhoods.first[index])
        self.x, self.y = neighbourhoods.x[index], neighbourhoods.y[index]
        self.status, self.mobility = neighbourhoods.status[index], neighbourhoods.mobility[index]
        near = slice(*neighbourhoods.near_first[index : index + 2])
        self.near = neighbourhoods.near[near].tolist()

    def __repr__(self) -> str:
        return f"<Neighbourhood {self.code} {self.name}: {self.population} residents>"

    def refresh(self) -> None:
        """Set this month's values from the engine's rates and the policy in force."""
        world = self.world
        j, rates, levers = self.index, world.rates, world.conditions
        self.opened = int(world.stocks.opened[j])
        self.met_own, self.met_other = rates.own[j].tolist(), rates.other[j].tolist()
        self.language_of_others = rates.other_language[j].tolist()
        self.left_own, self.left_other = rates.gone_own[j].tolist(), rates.gone_other[j].tolist()
        self.bad_contact = float(rates.negative[j])
        self.felt_diversity, self.common = float(rates.felt_diversity[j]), float(rates.neighbourhood_term[j])
        self.associations = rates.supply[j, ASSOCIATION]
        self.reception, self.course_hours = rates.reception[j].tolist(), rates.course[j].tolist()
        self.job_support, self.enforcement = levers.job_support[j], levers.enforcement[j]
        self.job_kept = np.float32(1) - levers.retention[j]
        people = world.stocks.people[j].astype(np.float32)
        self.group_shares = (people / np.float32(max(self.population, 1))).tolist()
        self.dwelling_fit = rates.dwelling_fit[j].tolist()
        self.vacant, self.attraction = int(world.stocks.vacant[j]), levers.attraction[j]

    def distance(self, other: "Neighbourhood") -> np.float32:
        """Straight distance in kilometres."""
        across, up = self.x - other.x, self.y - other.y
        return np.sqrt(across * across + up * up)

    @property
    def population(self) -> int:
        """Number of residents."""
        return int(self.world.stocks.people[self.index].sum())

    @property
    def residents(self) -> AgentSet:
        """The residents as agents (made when first asked for)."""
        return self.residents_of(self)

    @property
    def diversity(self) -> float:
        """D: the chance that two residents belong to different origin groups."""
        people = self.world.stocks.people[self.index]
        return float(1 - ((people / max(people.sum(), 1)) ** 2).sum())

    @property
    def turnover(self) -> float:
        """V: who left in the last twelve months, per resident."""
        return float(self.world.stocks.leavers[self.index].sum() / max(self.population, 1))

    @property
    def vacancies(self) -> int:
        """Number of vacant dwellings."""
        return int(self.world.stocks.vacant[self.index])
