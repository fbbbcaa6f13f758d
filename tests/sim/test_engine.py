"""The month as a whole: nobody is lost, nothing depends on threads or on the order of the input."""

import errno
import weakref
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from scenarios.build_options import BuildOptions
from scenarios.building import build_world
from scenarios.settling import settle
from sim.checks import ConservationError
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.event_bounds import bounds_of, by_band, most_moving
from sim.phases.month import PHASES, Clock, observe_world, pass_month
from sim.population import NOBODY, vacant_population
from sim.rules.housing import moving_chance
from sim.world import World
from tests.tools.states import check_state
from tests.tools.worlds import close, lived_in, pass_months, small_table, small_world

SOURCES = ("births", "immigrated", "domestic", "moved_in")
SINKS = ("deaths", "emigrated", "moved_away", "moved_out")


def crowded(**parameters: float) -> World:
    """Hardly a free place, nothing built, and many who come: full towns are where counting goes wrong."""
    table = small_table((300, 240, 200, 160), arrival_rate=np.full((2, 6), 0.03), moving_rate=np.full(4, 0.35))
    return small_world(table=table, parameters=Parameters(vacancy=0.02, building=0.0, moving_scale=1.5, **parameters))


def without_hosts() -> World:
    """A neighbourhood in which nobody has the host background, as the origin of its vacant places would be."""
    origin = np.array([[0, 0.5, 0.5], [0.9, 0.1, 0], [0, 0, 1.0]])
    return small_world(table=small_table((400, 300, 200), origin=origin))


@pytest.mark.parametrize("make", [small_world, crowded, without_hosts])
def test_every_month_leaves_a_sound_state(make) -> None:
    """All invariants of `states`, and the identity of stocks and flows, neighbourhood by neighbourhood."""
    world = make()
    check_state(world)
    for _ in range(30):
        before = world.stocks.people.sum(axis=1)
        pass_months(world, 1)
        check_state(world)
        flows = world.flows._asdict()
        change = sum(flows[name] for name in SOURCES) - sum(flows[name] for name in SINKS)
        assert np.array_equal(world.stocks.people.sum(axis=1) - before, change)
        assert flows["moved_out"].sum() == flows["moved_in"].sum()


def test_months_of_settling_leave_a_sound_state() -> None:
    """And keep every resident where they are; newcomers begin low, and people differ much, so that bounds count."""
    parameters = Parameters(newcomer_start=0.2, disposition_spread=0.18)
    begun = build_world(small_table(), parameters, BuildOptions(settling_months=30))
    people = begun.population.serial.copy()
    settled = settle(begun, ThreadPool(1), on_month=check_state)
    assert settled.month == 0 and np.array_equal(settled.population.serial, people)


def test_those_without_a_home_are_counted_in_a_full_municipality() -> None:
    world = crowded(households=0.0)  # each needs a dwelling, so that all are counted by vacancies
    unhoused = no_home = 0
    for _ in range(24):
        vacant = world.stocks.vacant.copy()
        pass_months(world, 1)
        flows = world.flows
        unhoused += flows.unhoused.sum() + flows.unhoused_births.sum()
        no_home += flows.no_home.sum()
        assert (flows.moved_in + flows.moved_within + flows.births + flows.immigrated + flows.domestic <= vacant).all()
        assert flows.immigrated.sum() <= world.stocks.inflow[:, (world.month - 1) % 12].sum()
    assert unhoused > 50 and no_home > 10


@pytest.mark.parametrize("seed", [1, 2, 2**62 + 3])
def test_the_digest_is_the_same_for_any_number_of_threads(seed: int) -> None:
    found = set()
    for threads in (1, 2, 3):
        pool = ThreadPool(threads)
        found.add(state_digest(pass_months(small_world(seed, pool=pool), 24, pool)))
    assert len(found) == 1


def test_seeds_give_different_worlds() -> None:
    assert len({state_digest(small_world(seed, settling_months=2)) for seed in range(6)}) == 6


@pytest.mark.parametrize("changes", [{}, {"x": np.full(8, np.nan)}], ids=["positions", "no positions, towns alike"])
def test_the_order_of_the_input_changes_nothing_but_the_order_of_the_output(changes) -> None:
    """Areas and municipalities shuffled: observations per code and the digest stay the same."""
    residents = (300,) * 8 if changes else (500, 400, 350, 300, 200, 150, 100, 250)
    table = small_table(residents, municipalities=4, **changes)
    order = np.array([4, 2, 6, 0, 5, 7, 1, 3])
    municipalities = np.array([2, 0, 3, 1])  # town k of the shuffled table is town towns[k] of the first
    shuffled = table.reordered(order)
    shuffled = replace(
        shuffled,
        municipality=np.argsort(municipalities)[shuffled.municipality].astype(np.int32),
        municipality_code=[table.municipality_code[k] for k in municipalities],
        municipality_name=[table.municipality_name[k] for k in municipalities],
        arrival_rate=table.arrival_rate[municipalities],
    )
    worlds = [pass_months(small_world(table=each), 24) for each in (table, shuffled)]
    plain, other = (observe_world(world, ThreadPool(1), Clock()) for world in worlds)
    assert np.array_equal(plain.sums[order], other.sums)
    assert np.array_equal(plain.histogram[order], other.histogram)
    assert np.array_equal(worlds[0].stocks.inflow[municipalities], worlds[1].stocks.inflow)
    assert state_digest(worlds[0]) == state_digest(worlds[1])


def test_room_kept_for_later_building_changes_nothing() -> None:
    found = [state_digest(pass_months(small_world(years=years), 12)) for years in (2, 20)]
    assert found[0] == found[1]


def test_a_closed_population_keeps_its_people_exactly() -> None:
    world = close(small_world())
    people, neighbourhoods = world.population.serial.copy(), world.stocks.opened.copy()
    for _ in range(36):
        pass_months(world, 1)
        assert all(not flow.any() for flow in world.flows)
        assert np.array_equal(world.population.serial, people)
    assert (world.stocks.opened >= neighbourhoods).all() and (
        world.stocks.opened > neighbourhoods
    ).any()  # places are still built
    check_state(world)


def lose_someone(world: World, pool: ThreadPool) -> None:
    world.population.serial[lived_in(world)[0]] = NOBODY


def double_someone(world: World, pool: ThreadPool) -> None:
    vacant = np.flatnonzero(world.population.serial[: world.stocks.opened[0]] == NOBODY)[0]
    world.population.serial[vacant] = world.population.serial[lived_in(world)[0]]


def invent_an_arrival(world: World, pool: ThreadPool) -> None:
    world.flows.immigrated[1] += 1


def misplace_a_move(world: World, pool: ThreadPool) -> None:
    """Flows that fit each neighbourhood, but not each other."""
    world.flows.moved_out[0] += 1
    world.flows.domestic[0] += 1


@pytest.mark.parametrize("fault", [lose_someone, double_someone, invent_an_arrival, misplace_a_move])
def test_the_conservation_check_fires(fault) -> None:
    world = small_world(settling_months=2)
    phases = {name: phase for name, phase in PHASES.items() if name != "census"} | {"fault": fault}
    with pytest.raises(ConservationError, match="month 0"):
        pass_month(world, ThreadPool(1), Clock(), phases | {"census": PHASES["census"]})


def test_the_conservation_check_fires_on_a_corrupted_stock() -> None:
    def corrupt(world: World, pool: ThreadPool) -> None:
        world.stocks.empty[2] += 1

    with pytest.raises(ConservationError, match="vacant"):
        pass_month(small_world(settling_months=2), ThreadPool(1), Clock(), PHASES | {"corrupt": corrupt})


@pytest.mark.parametrize(("recent", "scale", "belonging"), list(product((0.0, 0.5, 3.0), (6, 24, 60), (0.0, 2.3, 4.0))))
def test_the_bound_on_moving_is_never_below_the_chance(recent: float, scale: float, belonging: float) -> None:
    """Whoever the bound passes over is not looked at again. It is near: half as much again over common residents."""
    world = bounded_world(recent, scale, belonging)
    w, c = world, world.coefficients
    bounds = bounds_of(0, w.state())
    shares = []
    for age, stay, b in product((0, 17, 25, 40, 70, 110), (0, 3, 12, 30, 48, 119, 120, 400), np.linspace(0, 1, 9)):
        numbers = np.float32(stay), np.float32(b)
        chance = moving_chance(w.tables.move[age], *numbers, w.neighbourhoods.mobility[0], c)
        most = most_moving(by_band(np.int32(12 * age), bounds.moves), *numbers, bounds, c)
        assert most >= chance
        if age == 25 and stay >= 12 and b > 0.4:
            shares.append(most / chance)
    assert np.median(shares) < 1.5 or recent == 3.0 or belonging == 4.0


def bounded_world(recent: float, scale: float, belonging: float) -> World:
    """A world of which only the parameters of moving matter."""
    parameters = Parameters(moving_recent=recent, moving_recent_scale=scale, moving_belonging=belonging)
    return build_world(small_table(), parameters, BuildOptions(settling_months=0))


def test_people_without_room_are_a_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a fault of the disk, which is what the system's error would be told as."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr("sim.population.mmap.mmap", refuse)
    with pytest.raises(MemoryError):
        vacant_population(10_000_000)


def test_forgotten_people_take_no_memory() -> None:
    """Nor does the table of addresses, which keeps alive what it points at."""
    world = small_world()
    pass_months(world, 1)
    belonging = weakref.ref(world.population.belonging)
    world.forget_people()
    assert belonging() is None and len(world.population.serial) == 0
