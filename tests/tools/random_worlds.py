"""Random small worlds: tables, parameters and policies for hypothesis, and what must hold of any world whatever."""

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import strategies as st

from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.building import build_world
from scenarios.origins import load_scheme
from scenarios.policy import Schedule, policy_from
from scenarios.policy.levers import levers
from scenarios.settling import settle
from sim.checkpoint import load_checkpoint, save_checkpoint
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.parameters.declaration import describe
from sim.phases.month import Clock, pass_month
from sim.world import World
from tests.tools.states import check_state, minors_without_adult
from tests.tools.worlds import small_table

SOURCES = ("births", "immigrated", "domestic", "moved_in")
SINKS = ("deaths", "emigrated", "moved_away", "moved_out")
PEOPLE_WHO_MOVE_IN = ("immigrated", "domestic", "moved_in", "moved_within", "births")
MOST_AREAS, MOST_RESIDENTS, MOST_MONTHS, MOST_SETTLING = 5, 90, 8, 6
PARAMETERS = describe(Parameters)


@dataclass(frozen=True)
class Case:
    """A world to be, and how it is run.

    Attributes
    ----------
    changed : dict
        Parameters that differ from their defaults.
    split : int
        Month after which the run is stopped, kept in a file and taken up again.
    order : tuple of int
        Another order of the areas.
    country : int
        Residents of the whole country, where domestic movers come from and go to.
    """

    table: AreaTable
    changed: dict[str, float]
    policy: dict[str, Any]
    seed: int
    scale: int
    months: int
    settling: int
    split: int
    order: tuple[int, ...]
    country: int


scheme_of = cache(load_scheme)  # reading YAML would take most of the time of a small world


def one_of_three(low: float, high: float) -> st.SearchStrategy[float]:
    """Either end of a range, or a number between: ends are where bounds fail."""
    return st.one_of(st.sampled_from([low, high]), st.floats(low, high, allow_subnormal=False))


def shares(draw: st.DrawFn, rows: int, columns: int) -> np.ndarray:
    """Rows of shares that add up to one, often with groups that nobody is of."""
    whole = st.lists(st.integers(0, 20), min_size=columns, max_size=columns).filter(any)
    weights = np.array(draw(st.lists(whole, min_size=rows, max_size=rows)), float)
    return weights / weights.sum(axis=1, keepdims=True)


def numbers(draw: st.DrawFn, count: int, low: float, high: float) -> np.ndarray:
    """An array of numbers of a range."""
    return np.array(draw(st.lists(one_of_three(low, high), min_size=count, max_size=count)))


@st.composite
def tables(draw: st.DrawFn) -> AreaTable:
    """Up to five areas of up to ninety residents in up to three municipalities."""
    residents = tuple(draw(st.lists(st.integers(1, MOST_RESIDENTS), min_size=1, max_size=MOST_AREAS)))
    areas = len(residents)
    municipalities = draw(st.integers(1, min(3, areas)))
    scheme = scheme_of(draw(st.sampled_from(["cbs3", "cbs7"])))
    unknown = draw(st.booleans())
    return small_table(
        residents,
        municipalities,
        scheme=scheme,
        origin=shares(draw, areas, len(scheme)),
        age=shares(draw, areas, 5),
        one_person=numbers(draw, areas, 0, 1),
        with_children=numbers(draw, areas, 0, 1),
        density=numbers(draw, areas, 0, 20_000),
        socio_economic=numbers(draw, areas, -4, 4),
        facilities=numbers(draw, areas * 7, 0, 10).reshape(areas, 7),
        x=np.full(areas, np.nan) if unknown else numbers(draw, areas, -50, 50),
        y=np.full(areas, np.nan) if unknown else numbers(draw, areas, -50, 50),
        moving_rate=np.full(areas, np.nan) if draw(st.booleans()) else numbers(draw, areas, 0, 2),
        arrival_rate=numbers(draw, municipalities * 6, 0, 0.3).reshape(municipalities, 6),
    )


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, float]:
    """Up to eight parameters anywhere in their range, ends included; the others keep their defaults."""
    names = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=8, unique=True))
    found = {name: draw(one_of_three(PARAMETERS[name].low, PARAMETERS[name].high)) for name in names}
    return found | {"households": float(draw(st.booleans()))}


@st.composite
def policies(draw: st.DrawFn, codes: tuple[str, ...] = ()) -> dict[str, Any]:
    """Up to four measures with any lever at any value it takes, at any time, some with a budget.

    Parameters
    ----------
    codes : tuple of str
        Codes of municipalities a measure may be limited to.
    """
    policy: dict[str, Any] = {"name": "random"}
    for number in range(draw(st.integers(0, 4))):
        lever = draw(st.sampled_from(list(levers().values())))
        measure: dict[str, Any] = {
            "lever": draw(st.sampled_from(lever.full_names)),
            "value": draw(one_of_three(lever.low, lever.high)),
            "start": draw(st.integers(0, MOST_MONTHS)),
            "ramp": draw(st.integers(0, MOST_MONTHS)),
        }
        if draw(st.booleans()):
            measure["duration"] = draw(st.integers(1, MOST_MONTHS))
        if lever.prices and draw(st.booleans()):
            measure["budget"] = draw(st.integers(0, 100_000))
        if codes and draw(st.booleans()):
            measure["where"] = draw(st.sampled_from(codes))
        policy[f"measure_{number}"] = measure
    return policy


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A random world and a way to run it."""
    table = draw(tables())
    months = draw(st.integers(1, MOST_MONTHS))
    return Case(
        table,
        draw(parameters()),
        draw(policies(tuple(table.municipality_code))),
        draw(st.integers(0, 2**63 - 1)),
        min(draw(st.sampled_from([1, 1, 1, 3, 20])), max(int(table.residents.mean()), 1)),
        months,
        draw(st.integers(1, MOST_SETTLING)),
        draw(st.integers(0, months)),
        tuple(draw(st.permutations(range(len(table))))),
        int(table.residents.sum()) * draw(st.sampled_from([1, 2, 1000])),
    )


@dataclass
class Running:
    """A world with the schedule of its policy."""

    world: World
    schedule: Schedule
    pool: ThreadPool

    def month(self) -> None:
        """Pass a month as a run does."""
        self.schedule.begin_month(self.world, self.pool)
        pass_month(self.world, self.pool, Clock())


def begin(case: Case, pool: ThreadPool, table: AreaTable | None = None) -> Running:
    """The settled world of a case in month 0."""
    table = table or case.table
    schedule = Schedule(policy_from(case.policy), table, case.scale)
    options = BuildOptions(
        case.seed, case.scale, years=1, building=schedule.most_building, settling_months=case.settling
    )
    with patch("scenarios.building.NATIONAL_RESIDENTS", case.country):
        world = build_world(table, Parameters().changed(**case.changed), options, pool)
    return Running(settle(world, pool), schedule, pool)


def run_watched(case: Case) -> str:
    """Run a case and check the state after every month; the digest of the last one."""
    running = begin(case, ThreadPool(1))
    world = running.world
    check_state(world)
    unattended = minors_without_adult(world)  # where no adult lives at the start
    for _ in range(case.months):
        before, vacant = world.stocks.people.sum(axis=1), world.stocks.vacant.copy()
        running.month()
        check_state(world)
        check_flows(world, before, vacant)
        if world.parameters.households >= 0.5:
            assert minors_without_adult(world) <= unattended, "a child was left without an adult"
        assert np.isfinite(world.stocks.spent).all()
    return state_digest(world)


def check_flows(world: World, before: np.ndarray, vacant: np.ndarray) -> None:
    """Nobody is lost, nobody is in two places, and no more come than there was room for."""
    flows = world.flows._asdict()
    change = sum(flows[name] for name in SOURCES) - sum(flows[name] for name in SINKS)
    assert np.array_equal(world.stocks.people.sum(axis=1) - before, change), "residents are not conserved"
    assert flows["moved_out"].sum() == flows["moved_in"].sum()
    if world.parameters.households < 0.5:
        # New places of the month may be let at once.
        room = vacant + np.maximum(world.stocks.opened - before - vacant, 0)
        assert (sum(flows[name] for name in PEOPLE_WHO_MOVE_IN) <= room).all(), "more came than there was room for"
    assert (world.stocks.vacant >= 0).all() and (world.stocks.people >= 0).all()
    for name, rate in world.rates._asdict().items():
        assert np.isfinite(rate).all(), f"rates.{name}"
    for name in ("belonging", "withdrawal", "contact", "language", "faces_own", "faces_other", "status"):
        assert np.isfinite(getattr(world.population, name)).all(), name


def digest_of(case: Case, threads: int = 1, table: AreaTable | None = None) -> str:
    """The digest of the last state of a case, run without interruption."""
    running = begin(case, ThreadPool(threads), table)
    for _ in range(case.months):
        running.month()
    return state_digest(running.world)


def digest_when_split(case: Case) -> str:
    """The digest of a case that is stopped after `split` months, kept in a file, and taken up by others."""
    first = begin(case, ThreadPool(1))
    for _ in range(case.split):
        first.month()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept"
        save_checkpoint(first.world, path)
        world, _ = load_checkpoint(path)
    second = Running(world, Schedule(policy_from(case.policy), case.table, case.scale), ThreadPool(1))
    for _ in range(case.months - case.split):
        second.month()
    return state_digest(second.world)


def check_case(case: Case) -> None:
    """Everything that must hold of any world."""
    digest = run_watched(case)
    assert digest_when_split(case) == digest, "a run that stopped and went on became another"
    reordered = case.table.reordered(case.order)
    assert digest_of(case, threads=2, table=reordered) == digest, "the order of the rows, or threads, made a difference"
