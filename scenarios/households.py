"""The first households: kinds and sizes as in the table, formed of the first residents by age, origin and time here.

Of each neighbourhood the table tells how many households there are (residents over mean size), and which shares are one
person or have children. Children go to parents of about the right age, first of their own origin group; the others live
as couples, alone, or share a dwelling. Draws are keyed per person, so that the order of areas changes nothing.
"""

from dataclasses import dataclass

import numpy as np

from scenarios.areas import AreaTable
from scenarios.household_figures import Wanted, suited_dwellings, wanted_of
from sim.household_kinds import count_households
from sim.machine.draws import FIRST_MONTH, HOUSEHOLD, plain_philox
from sim.population import CHILD, HEAD, HOUSEMATE, NEVER, NOBODY, PARTNER
from sim.rules.households import ADULT_AGE
from sim.rules.people import NEWCOMER_MONTHS
from sim.world import World

ONE_PARENT = 0.22  # of households with children (CBS 2017: 0.56 of 2.6 million)
MOST_CHILDREN = 5  # of a household at the start
PARENT_MONTHS = 29 * 12  # age of a parent at the birth of the eldest child (CBS 2017: mothers 29.8)
YOUNGEST_PARENT = 16 * 12  # months between a parent and the eldest child at least
# Share of people who live with their parents by age (CBS 2017, shape recalled).
AT_HOME_BY_AGE = {18: 0.92, 19: 0.84, 20: 0.74, 21: 0.62, 22: 0.52, 23: 0.42, 24: 0.33, 25: 0.25, 27: 0.14, 30: 0.06,
                  35: 0.03, 45: 0.0}  # fmt: skip
# Weight by which adults without children are drawn into couples: least among the youngest.
PAIRED_WEIGHT = {18: 0.1, 21: 0.15, 25: 0.5, 40: 0.5, 50: 0.75, 75: 0.75, 90: 0.3}
SIBLING_MONTHS = 48  # children whose ages lie within these are sorted by chance, so that siblings differ


@dataclass(frozen=True)
class People:
    """The first residents of a neighbourhood, one row each: age in months, circle, since when abroad ended, draws.

    A circle is an origin group, of it those who came from abroad within five years or the others: parents who have just
    come have children who came with them, and those born here have parents who have been here for longer.
    """

    age: np.ndarray
    circle: np.ndarray
    came_grown: np.ndarray
    luck: np.ndarray


def form_first_households(world: World, table: AreaTable, vacancy: float) -> None:
    """Link the first residents into households, and set how many dwellings there are.

    Parameters
    ----------
    world : World
        With its first residents, who live alone; `occupied` of its neighbourhoods tells how many households to form.
    vacancy : float
        Share of dwellings that stand empty.
    """
    neighbourhoods, p = world.neighbourhoods, world.population
    for j in range(world.areas):
        first = int(neighbourhoods.first[j])
        rows = first + np.flatnonzero(p.serial[first : first + int(world.stocks.opened[j])] != NOBODY)
        rows = rows[np.argsort(p.serial[rows], kind="stable")]
        household, role = form_households(people_of(world, rows), wanted_of(table, j, int(neighbourhoods.occupied[j])))
        link(world, rows, household, role)
        neighbourhoods.occupied[j] = household.max() + 1
        empty = max(round(int(neighbourhoods.occupied[j]) * vacancy / (1 - vacancy)), 1)
        neighbourhoods.built[j] = neighbourhoods.occupied[j] + empty
    world.stocks.homes[:] = neighbourhoods.built
    world.stocks.kinds[:] = suited_dwellings(count_households(world).kinds)


def people_of(world: World, rows: np.ndarray) -> People:
    """What the forming of households looks at."""
    p = world.population
    serial = p.serial[rows]
    words = plain_philox(
        serial & np.uint64(0xFFFFFFFF),
        serial >> np.uint64(32),
        np.full(len(rows), FIRST_MONTH, np.uint64),
        np.full(len(rows), HOUSEHOLD, np.uint64),
        np.full(len(rows), int(world.key) & 0xFFFFFFFF, np.uint64),
        np.full(len(rows), int(world.key) >> 32, np.uint64),
    )
    luck = (np.stack(words, axis=1) >> np.uint64(8)) / 2.0**24
    age = -p.born[rows].astype(np.int64)
    since = -p.arrived[rows].astype(np.int64)
    newcomer = (p.arrived[rows] != NEVER) & (since < NEWCOMER_MONTHS)
    grown = newcomer & (age - since >= ADULT_AGE * 12)
    return People(age, 2 * p.origin[rows].astype(np.int64) + newcomer, grown, luck)


def form_households(people: People, wanted: Wanted) -> tuple[np.ndarray, np.ndarray]:
    """Assign everyone to a household.

    Returns
    -------
    household : int64 [N]
        0 to the number of households less one.
    role : uint8 [N]
    """
    children, adults = split_generations(people, wanted)
    household, role = np.full(len(people.age), -1, np.int64), np.full(len(people.age), HEAD, np.uint8)
    families = divide_children(people, children, adults, wanted, household)
    role[children] = CHILD
    if not len(adults):  # only minors live here
        role[children[np.argmax(people.age[children])]] = HEAD
        household[children] = 0
        return household, role
    spare = max(len(adults) - families, 0)
    couples = min(round(families * (1 - ONE_PARENT)), spare)
    rest = find_parents(people, adults, families, couples, household, role)
    share_out(people, rest, Wanted(wanted.alone, wanted.total - wanted.alone - families, families), household, role)
    return household, role


def split_generations(people: People, wanted: Wanted) -> tuple[np.ndarray, np.ndarray]:
    """Who lives as a child with parents, and who as an adult: those of age as often as at their age, and as fits."""
    years = people.age // 12
    minor = years < ADULT_AGE
    share = np.interp(years, list(AT_HOME_BY_AGE), list(AT_HOME_BY_AGE.values()))
    could = ~minor & ~people.came_grown & (share > 0)
    # Adults needed for all households; those over stay at home longer or share, those missing leave home earlier.
    families = min(max(wanted.with_children, 0), wanted.total)
    needed = wanted.alone + 2 * wanted.without_children + round(families * (2 - ONE_PARENT))
    leaning = np.where(could, people.luck[:, 0] / np.maximum(share, 1e-9), np.inf)  # below 1: lives at home
    at_home = leaning < 1
    extra = int((~minor).sum()) - int(at_home.sum()) - needed
    order = np.argsort(leaning, kind="stable")
    if extra < 0:
        there = order[: int(at_home.sum())]
        at_home[there[max(len(there) + extra, 0) :]] = False
    elif extra > 0:
        next_ones = order[int(at_home.sum()) : int(at_home.sum()) + extra]
        at_home[next_ones[leaning[next_ones] < 2]] = True
    if not families:
        at_home[:] = False
    return np.flatnonzero(minor | at_home), np.flatnonzero(~(minor | at_home))


def divide_children(
    people: People, children: np.ndarray, adults: np.ndarray, wanted: Wanted, household: np.ndarray
) -> int:
    """Divide children over families: each gets one, the others at random; return the number of families."""
    if not len(children):
        return 0
    least = -(-len(children) // MOST_CHILDREN)
    families = max(min(max(wanted.with_children, least), len(children), len(adults)), 1)
    window = people.age[children] // SIBLING_MONTHS
    order = children[np.lexsort((people.luck[children, 1], window, people.circle[children]))]
    size = np.full(families, len(children) // families)
    size[: len(children) % families] += 1
    for n in range(0, families - 1, 3):  # two of three families differ from the mean: one child more, one less
        if size[n] > 1:
            size[n], size[n + 1] = size[n] - 1, size[n + 1] + 1
    household[order] = np.repeat(np.arange(families), size)
    return families


def find_parents(
    people: People, adults: np.ndarray, families: int, couples: int, household: np.ndarray, role: np.ndarray
) -> np.ndarray:
    """Give every family a head and so many of them a partner; return the adults who are left."""
    child = role == CHILD
    eldest, circle = np.zeros(families, np.int64), np.zeros(families, np.int64)
    np.maximum.at(eldest, household[child], people.age[child])
    circle[household[child]] = people.circle[child]
    left = adults
    if not families:
        return left
    heads = nearest(people, left, np.arange(families), eldest + PARENT_MONTHS, circle, eldest + YOUNGEST_PARENT)
    household[heads], role[heads] = np.arange(families), HEAD
    left = left[~np.isin(left, heads)]
    with_partner = np.sort(np.argsort(people.luck[heads, 2], kind="stable")[:couples])
    if len(with_partner):
        ages, circles = people.age[heads][with_partner], people.circle[heads][with_partner]
        least = (eldest + YOUNGEST_PARENT)[with_partner]
        partners = nearest(people, left, with_partner, ages, circles, least)
        household[partners], role[partners] = with_partner, PARTNER
        left = left[~np.isin(left, partners)]
    return left


def nearest(
    people: People, free: np.ndarray, which: np.ndarray, age: np.ndarray, circle: np.ndarray, least: np.ndarray
) -> np.ndarray:
    """For each of several families another adult, near an age and first of its circle; int64, in the order given.

    Ages under `least` are exchanged for others who are old enough, as long as there are any.
    """
    far = 1 << 20  # more months than anyone lives
    order = free[np.lexsort((people.luck[free, 3], people.age[free], people.circle[free]))]
    keys = people.circle[order] * far + people.age[order]
    wish = np.argsort(circle * far + age, kind="stable")
    at = np.searchsorted(keys, (circle * far + age)[wish])
    count = len(which)
    at = np.minimum(at, len(order) - count + np.arange(count))
    at = np.maximum.accumulate(at - np.arange(count)) + np.arange(count)
    at = np.minimum(at, len(order) - count + np.arange(count))
    found = np.empty(count, np.int64)
    found[wish] = order[at]
    young = np.flatnonzero(people.age[found] < least)
    if len(young):
        spare = np.setdiff1d(free, found)
        spare = spare[np.argsort(people.age[spare], kind="stable")]
        for n in young[np.argsort(-least[young], kind="stable")]:
            place = int(np.searchsorted(people.age[spare], least[n]))
            if place < len(spare):
                found[n], spare = spare[place], np.delete(spare, place)
    return found


def share_out(people: People, rest: np.ndarray, wanted: Wanted, household: np.ndarray, role: np.ndarray) -> None:
    """Let the adults without children live alone, as couples or share, numbering households after the families."""
    families, count = wanted.with_children, len(rest)
    if not count:
        return
    alone = min(wanted.alone, count)
    pairs = min(max(wanted.without_children, 0), (count - alone) // 2)
    surplus = count - alone - 2 * pairs
    shared = min(pairs, -(-surplus // 3)) if surplus and pairs else 0
    if surplus and not pairs:  # no one to share with: they live alone, or the last two together
        alone += surplus
        surplus = 0
    years = people.age[rest] / 12
    weight = np.interp(years, list(PAIRED_WEIGHT), list(PAIRED_WEIGHT.values()))
    race = -np.log(people.luck[rest, 2] + 2.0**-25) / weight
    paired = rest[np.argsort(race, kind="stable")[: 2 * (pairs - shared)]]
    others = rest[~np.isin(rest, paired)]
    young = others[np.argsort(np.abs(people.age[others] - 23 * 12) + people.luck[others, 1], kind="stable")]
    sharing, singles = young[: 2 * shared + surplus], young[2 * shared + surplus :]
    paired = paired[np.lexsort((people.age[paired], people.circle[paired]))]
    number = families
    household[paired] = number + np.arange(len(paired)) // 2
    role[paired[1::2]] = PARTNER
    number += len(paired) // 2
    if shared:
        household[sharing] = number + np.arange(len(sharing)) % shared
        role[sharing[shared:]] = HOUSEMATE
        number += shared
    household[singles] = number + np.arange(len(singles))


def link(world: World, rows: np.ndarray, household: np.ndarray, role: np.ndarray) -> None:
    """Write the rings, and let all of a household have lived here as long as its head, or since they came."""
    p = world.population
    order = np.lexsort((role, household))
    rows, household, role = rows[order], household[order], role[order]
    begins = np.flatnonzero(np.r_[True, household[1:] != household[:-1]])
    following = np.r_[rows[1:], rows[:1]]
    following[np.r_[begins[1:] - 1, len(rows) - 1]] = rows[begins]
    p.household[rows], p.role[rows] = following, role
    since = p.moved_in[rows[begins]][np.cumsum(np.r_[False, household[1:] != household[:-1]])]
    came = np.where(p.arrived[rows] == NEVER, p.born[rows], np.maximum(p.arrived[rows], p.born[rows]))
    together = np.isin(role, (PARTNER, CHILD))
    p.moved_in[rows] = np.where(together, np.maximum(since, came), p.moved_in[rows])
