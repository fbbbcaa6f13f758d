"""Choice of a home: how near the choice among sixteen neighbourhoods comes to that among all, the full logit."""

import numpy as np
import pytest

from scenarios.areas import AreaTable
from scenarios.borders import MOST_NEAR
from sim.machine.arithmetic import compiled
from sim.machine.ranks import AT_ONCE, DRAWN, positions_of_ranks
from sim.parameters import Parameters
from sim.phases.home_choice import add_seeker, choose_waiting
from sim.phases.home_offers import note_offer
from sim.rules.housing import home_utility, own_group_term, vacancy_term
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
    for j in range(len(s.stocks.opened)):
        note_offer(j, s)
    for n in range(len(serials)):
        if add_seeker(n, (0, here), (serials[n], np.uint8(1), status, 0), 0, s):
            choose_waiting(found, s.stocks.vacant, 0, s)
    choose_waiting(found, s.stocks.vacant, 0, s)


@compiled
def find_positions(ranks):
    """Positions of ranks among what is not taken yet."""
    positions_of_ranks(ranks)


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
    vacant, fit = world.stocks.vacant.astype(np.float32), world.rates.dwelling_fit[:, 0]
    c, apart = world.coefficients, np.abs(STATUS - n.status)
    utility = [
        home_utility(own_group_term(own[j], c), apart[j], vacancy_term(vacant[j], c), away[j], fit[j], c)
        for j in range(AREAS)
    ]
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


def test_ranks_become_the_positions_that_nobody_before_took() -> None:
    random = np.random.default_rng(1)
    for count in (DRAWN, 17, 60, 500):
        ranks = np.array([random.integers(count - n, size=AT_ONCE) for n in range(DRAWN)], np.int32)
        ranks[:3, 0] = [4, 8, 8]  # 4, 9 and 10 as they are given to those who compare these in any case
        expected = np.empty_like(ranks)
        for person in range(AT_ONCE):
            left = list(range(count))
            expected[:, person] = [left.pop(rank) for rank in ranks[:, person]]
        found = ranks.ravel().copy()
        find_positions(found)
        assert np.array_equal(found.reshape(ranks.shape), expected)


def test_a_choice_does_not_depend_on_who_else_chooses() -> None:
    world = small_world(table=ring(), parameters=Parameters(choice_near=1.0), settling_months=1)
    serials = np.arange(1, 36, dtype=np.uint64) << np.uint64(33)
    together, alone = np.empty(len(serials), np.int64), np.empty(1, np.int64)
    choose_all(HERE, STATUS, serials, together, world.state())
    assert len(set(together.tolist())) > 10
    for serial, home in zip(serials, together, strict=True):
        choose_all(HERE, STATUS, np.array([serial]), alone, world.state())
        assert alone[0] == home


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
