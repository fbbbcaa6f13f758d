"""Choice of a home: how near the choice among sixteen neighbourhoods comes to that among all, the full logit."""

import numpy as np
import pytest

from scenarios.areas import AreaTable
from scenarios.borders import MOST_NEAR
from sim.machine.arithmetic import compiled
from sim.parameters import Parameters
from sim.phases.home_choice import choose_home, take_untaken
from sim.rules.housing import home_utility
from sim.workspace import LANES
from sim.world import World
from tests.tools.worlds import small_table, small_world

AREAS, CHOICES, HERE, GROUP, STATUS = 60, 150_000, 11, 1, np.float32(0.2)
# Largest errors: of any neighbourhood's share of choices, of all together (half the sum), of the own neighbourhood's.
# Chance in so many choices alone makes some .002, .008 and .001.
ONE, TOGETHER, OWN = 0.006, 0.025, 0.004


@compiled
def choose_all(here, status, serials, found, s):
    """Homes chosen by people with these serials who move from neighbourhood `here`, or from outside (-1)."""
    for n in range(len(serials)):
        found[n] = choose_home(0, here, (serials[n], np.uint8(1), status, 0), s.stocks.vacant, 0, s)


@compiled
def untaken(draws, taken, begin):
    """Positions that a row of draws takes, beside those taken at the beginning."""
    for n in range(len(draws)):
        draws[n] = take_untaken(draws[n], taken, begin + n)


def ring(**changes) -> AreaTable:
    """Sixty neighbourhoods of one municipality in a ring, each bordering the next."""
    borders = [(i, i + 1, 1.0) for i in range(AREAS - 1)] + [(0, AREAS - 1, 1.0)]
    residents = tuple(60 + 7 * (i % 5) for i in range(AREAS))
    turn = np.linspace(0, 2 * np.pi, AREAS, endpoint=False)
    place = {"x": 10 * np.cos(turn), "y": 10 * np.sin(turn)}
    return small_table(residents, municipalities=1, **({"neighbours": borders} | place | changes))


def shares(world: World, here: int) -> np.ndarray:
    """Share of choices of each neighbourhood."""
    serials = np.arange(1, CHOICES + 1, dtype=np.uint64) << np.uint64(33)
    found = np.empty(CHOICES, np.int64)
    choose_all(here, STATUS, serials, found, world.state())
    return np.bincount(found, minlength=AREAS) / CHOICES


def full_logit(world: World, here: int) -> np.ndarray:
    """Probability of each neighbourhood by the logit among all that have a vacancy."""
    n, people = world.neighbourhoods, world.stocks.people
    own = (people[:, GROUP] / people.sum(axis=1)).astype(np.float32)
    away = np.hypot(n.x - n.x[here], n.y - n.y[here]) if here >= 0 else np.zeros(AREAS, np.float32)
    vacant, level = world.stocks.vacant.astype(np.float32), np.float32(0)
    utility = [home_utility(own[j], STATUS, n.status[j], vacant[j], away[j], level, world.coefficients)
               for j in range(AREAS)]  # fmt: skip
    weight = np.exp(np.array(utility, float)) * (vacant > 0)
    return weight / weight.sum()


@pytest.mark.parametrize(("here", "steepness"), [(HERE, 0.15), (HERE, 0.5), (-1, 0.15)])
def test_the_choice_is_that_of_the_full_logit(here: int, steepness: float) -> None:
    near = Parameters(choice_near=1.0, choice_distance=steepness)
    world = small_world(table=ring(), parameters=near, settling_months=1)
    found, wanted = shares(world, here), full_logit(world, here)
    assert np.abs(found - wanted).max() < ONE
    assert np.abs(found - wanted).sum() / 2 < TOGETHER
    assert here < 0 or abs(found[here] - wanted[here]) < OWN
    if steepness == 0.5:  # with twelve drawn by chance half of those who would stay nearby do not
        world.set_parameters(near.changed(choice_near=0.0))
        as_before = shares(world, here)
        assert as_before[here] < 0.6 * wanted[here] and np.abs(as_before - wanted).sum() / 2 > 0.15


def test_others_are_drawn_without_replacement_and_evenly() -> None:
    random, count, near = np.random.default_rng(1), 20, [3, 9]
    drawn = np.zeros(count)
    for _ in range(4000):
        draws = np.array([random.integers(count - len(near) - n) for n in range(4)])
        taken = np.array([*near, 0, 0, 0, 0])
        untaken(draws, taken, len(near))
        assert len({*draws.tolist(), *near}) == 6 and taken.tolist() == sorted([*draws.tolist(), *near])
        drawn[draws] += 1
    assert drawn[near].sum() == 0
    others = np.delete(drawn, near)
    assert np.abs(others - others.mean()).max() < 5 * np.sqrt(others.mean())


def test_near_are_the_own_and_the_bordering_neighbourhoods() -> None:
    def near(table: AreaTable, j: int) -> set[int]:
        world = small_world(table=table, settling_months=1)
        n, member = world.neighbourhoods, world.municipalities.member
        assert np.diff(n.near_first).max() <= MOST_NEAR < LANES
        return set(member[n.near[n.near_first[j] : n.near_first[j + 1]]].tolist())

    assert near(ring(), 0) >= {57, 58, 59, 0, 1, 2, 3}
    crossing = ring(neighbours=[(0, 20, 1.0), (0, 40, 1.0)])
    assert near(crossing, 0) >= {0, 20, 40, 1, 2, 58, 59} and len(near(crossing, 0)) == MOST_NEAR
    unknown = np.full(AREAS, np.nan)
    assert near(ring(x=unknown, y=unknown), 5) == {4, 5, 6}
    assert near(ring(neighbours=None, x=unknown, y=unknown), 5) == {5}
