"""What a table tells of households: how many of each kind, which dwellings suit them, how many children they have."""

from dataclasses import dataclass

import numpy as np

from scenarios.areas import AreaTable
from sim.household_kinds import blocks_of, label_households
from sim.neighbourhoods import Neighbourhoods
from sim.population import CHILD, HOUSEMATE, PARTNER
from sim.world import World

CHILDREN_UNTIL = 15  # years of age of those counted by municipality
# Children under fifteen per birth a year by age and partner where `fertility` is 1 (E): as simulated for the country of
# 2017 (wijk_2017.csv, one agent per 5 residents), so that its ratio is 1.
CHILDREN_PER_BIRTH = 15.6
FEW_BIRTHS = 2.0  # agents a year
FERTILITY_RANGE = (0.6, 1.6)  # of a municipality's children over those whom births would have brought


@dataclass(frozen=True)
class Wanted:
    """How many households of each kind a neighbourhood should have."""

    alone: int
    without_children: int
    with_children: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.alone + self.without_children + self.with_children


def household_count(table: AreaTable, agents: np.ndarray) -> np.ndarray:
    """Households of each neighbourhood, int64 [J]: its agents over the mean size of a household."""
    return np.clip(np.round(agents / np.maximum(table.household_size, 1)), 1, agents).astype(np.int64)


def dwelling_kinds(table: AreaTable) -> np.ndarray:
    """Shares of households of one person, others without children, and with children, float64 [J, 3]."""
    families = np.minimum(table.with_children, 1 - np.minimum(table.one_person, 1))
    shares = np.stack((table.one_person, 1 - table.one_person - families, families), axis=1)
    return np.clip(shares, 0, 1).round(6)


def relative_kinds(table: AreaTable, neighbourhoods: Neighbourhoods) -> np.ndarray:
    """The same of each municipality over those of all, float64 [K, 3]; 1 where nobody is of a kind."""
    homes = dwelling_kinds(table) * neighbourhoods.occupied[:, None]
    own = np.zeros((len(table.municipality_code), 3))
    np.add.at(own, table.municipality, homes)
    everywhere = homes.sum(axis=0) / homes.sum()
    share = own / own.sum(axis=1, keepdims=True)
    return np.where(everywhere > 0, share / np.where(everywhere > 0, everywhere, 1), 1).round(6)


def wanted_of(table: AreaTable, j: int, households: int) -> Wanted:
    """Numbers by kind that the table implies for so many households."""
    alone = min(round(households * float(table.one_person[j])), households)
    children = min(round(households * float(table.with_children[j])), households - alone)
    return Wanted(alone, households - alone - children, children)


def suited_dwellings(kinds: np.ndarray) -> np.ndarray:
    """Households by the kind of dwelling that suits them, int64 [J, 3], of those by `sim.household_kinds.KINDS`."""
    one_person, couples, with_children, one_parent, shared = kinds.T
    return np.stack((one_person, couples + shared, with_children + one_parent), axis=1)


def relative_children(world: World, table: AreaTable) -> np.ndarray:
    """Children of each municipality over those whom births by age and partner would have brought.

    Children are those under fifteen at month 0.

    Returns
    -------
    float64 [J]
        Of the municipality of each neighbourhood; 1 is that of the country of 2017. From 0.6 to 1.6.
    """
    children, expected = count_children_and_births(world)
    count = len(table.municipality_code)
    children, expected = (np.bincount(table.municipality, each, count) for each in (children, expected))
    few = CHILDREN_PER_BIRTH * FEW_BIRTHS  # so that chance does not decide in small municipalities
    ratio = (children + few) / (CHILDREN_PER_BIRTH * (expected + FEW_BIRTHS))
    return np.clip(ratio, *FERTILITY_RANGE)[table.municipality]


def count_children_and_births(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Children under fifteen at month 0, float64 [J], and births a year by age and partner, float64 [J].

    Births are those of the published rates, whatever `fertility` is.
    """
    p, t = world.population, world.tables
    children, expected = np.zeros(world.areas), np.zeros(world.areas)
    for block in blocks_of(world):
        rows, household = label_households(world, block)
        area = np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1
        number = np.unique(household, return_inverse=True)[1]
        couple, shared = ((np.bincount(number, p.role[rows] == role) > 0)[number] for role in (PARTNER, HOUSEMATE))
        months = -p.born[rows].astype(np.int64)
        age = np.clip(months // 12, 0, len(t.birth) - 1)
        births = np.where(couple & (p.role[rows] != CHILD), t.birth_paired[age], t.birth_alone[age]) * ~shared
        expected += 12 * np.bincount(area, births, world.areas)
        children += np.bincount(area, months < CHILDREN_UNTIL * 12, world.areas)
    return children, expected / world.parameters.fertility
