"""People who live there in both futures: counted as the report counts, parts that add up, roads that add up."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.compare.apart import elements_summary, roads_summary
from experiments.compare.cost import costs_table, prices_of
from experiments.compare.counted import Finished
from experiments.compare.design import design_from, plan
from experiments.compare.effects import GROUPS, Counts, stack
from experiments.compare.elements import element_runs, elements_of
from experiments.compare.headline import both_share, parts_of_change, people_table
from experiments.compare.people import FirstFuture
from experiments.compare.roads import NAMES
from experiments.compare.run import Comparison
from scenarios.build_options import BuildOptions
from scenarios.building import build_world
from scenarios.policy import load_policy, policy_from
from sim.machine.threads import ThreadPool
from sim.phases import observe as o
from sim.rules.people import NO_MOTIVE
from sim.world import World
from tests.tools.worlds import small_table

NOBODY_COMES = {"name": "closed", "all": {"migrants": "all", "arrivals": 0}}
LIBRARIES = {"name": "libraries", "more": {"facilities": "library", "funding": 2.0}}
BOTH_PARTS = {"name": "both", **{k: v for k, v in LIBRARIES.items() if k != "name"}, "counter": {"one_stop": 1.0}}


@pytest.fixture(scope="module")
def closed() -> tuple[Counts, list[Finished]]:
    """The baseline, a stop to all arrivals, and twice the libraries; three years, one replicate taken apart."""
    requested = {"replicates": 4, "years": 3, "threads": 1, "parameters_drawn": False, "roads": 1}
    design = design_from({"policies": ["baseline", NOBODY_COMES, LIBRARIES], **requested})
    gathered = Comparison(design, small_table()).gather(plan(design))
    assert not gathered.failed
    return stack(design, gathered.finished), gathered.finished


def test_both_parts_add_up_in_every_replicate_group_and_year(closed: tuple[Counts, list[Finished]]) -> None:
    counts, _ = closed
    for group in GROUPS:
        for measure in ("belonging", "at_home"):
            found = parts_of_change(counts, measure, group)
            np.testing.assert_allclose(found["both"] + found["composition"], found["total"], rtol=0, atol=1e-15)
    assert np.nanmax(np.abs(found["total"])) > 0


def test_of_the_first_policy_everyone_lives_in_both_futures(closed: tuple[Counts, list[Finished]]) -> None:
    """Counted by serial they are those that the engine counts: adults, belonging and at home, by group and year."""
    counts, _ = closed
    engine = counts.region[:, 0, ::12][..., [o.ADULTS, o.BELONGING, o.AT_HOME]]
    np.testing.assert_array_equal(counts.both[:, 0][..., [0, 1, 3]], engine)
    np.testing.assert_array_equal(counts.both[:, 0][..., [1, 3]], counts.both[:, 0][..., [2, 4]])
    np.testing.assert_array_equal(counts.both[:, :, 0], counts.both[:, :1, 0].repeat(3, axis=1))


def test_a_stop_to_arrivals_is_for_a_good_part_about_who_is_counted(closed: tuple[Counts, list[Finished]]) -> None:
    counts, _ = closed
    found = {part: values[:, 1, -1].mean() for part, values in parts_of_change(counts, "at_home", "everyone").items()}
    assert found["composition"] > 0.25 * found["total"] > 0 and found["both"] > 0
    assert both_share(counts, 1) < 0.99 < both_share(counts, 0) == 1
    people = people_table(counts)
    assert set(people["part"]) == {"both", "composition", "total"} and people["year"].max() == 3


def test_roads_add_up_and_libraries_go_mostly_straight(closed: tuple[Counts, list[Finished]]) -> None:
    _, finished = closed
    found = roads_summary(finished, 2)
    assert found is not None and found["replicates"] == 1 and list(found["roads"]) == list(NAMES)
    assert sum(road["effect"] for road in found["roads"].values()) == pytest.approx(found["effect"])
    assert found["roads"]["straight"]["share"] > 0.5 > found["roads"]["meeting"]["share"] > 0
    assert found["roads"]["straight"]["certainty"]["effect_reception"] == "E"
    assert roads_summary(finished[1:], 2) is None


SERIALS = 400


def peopled(world: World, serials: np.ndarray, chance: np.random.Generator) -> World:
    """These serials in the rows, 0 for nobody; all but belonging follows from the serial."""
    p = world.population
    for column, low, high in ((p.born, -400, 12), (p.motive, 0, 9), (p.arrived, -100, 12), (p.origin, 0, 4)):
        of_serial = np.random.default_rng(1).integers(low, high, SERIALS)
        column[:] = of_serial[serials].astype(column.dtype)
    p.motive[p.motive > 5] = NO_MOTIVE
    p.serial[:], p.belonging[:] = serials, chance.random(len(serials), np.float32)
    return world


def sums_by_hand(first: World, here: World) -> np.ndarray:
    """The same sums, person by person."""
    found, rows = np.zeros((first.areas, 4, 5), np.int64), {s: row for row, s in enumerate(here.population.serial) if s}
    for row, serial in enumerate(first.population.serial):
        p, month = first.population, first.month
        if serial in rows and p.born[row] <= month - 180:
            newcomer = p.motive[row] != NO_MOTIVE and month - int(p.arrived[row]) < 60
            area = np.searchsorted(first.neighbourhoods.first, row, side="right") - 1
            then, now = p.belonging[row], here.population.belonging[rows[serial]]
            home = np.float32(first.parameters.home_threshold)
            fine = (int(np.floor(b * np.float32(65536) + np.float32(0.5))) for b in (then, now))
            found[area, 2 * newcomer + (p.origin[row] > 0)] += [1, *fine, then >= home, now >= home]
    return found


WORLDS = [build_world(small_table(), options=BuildOptions(scale=40)) for _ in range(2)]


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_those_in_both_futures_are_matched_by_serial_wherever_they_live(seed: int, stay: float) -> None:
    """Whether none, some or all live in the same row; each of two months against its own people."""
    chance, (one, other) = np.random.default_rng(seed), WORLDS
    rows, seen = len(one.population.serial), []
    with FirstFuture(one, ThreadPool(2)) as first:
        for month in (12, 24):
            serials = np.where(chance.random(rows) < 0.8, 1 + chance.permutation(SERIALS - 1)[:rows], 0)
            one.month = other.month = month
            first.keep(peopled(one, serials, chance))
            movers = np.flatnonzero(chance.random(rows) > stay)
            serials[movers] = serials[chance.permutation(movers)]
            serials[chance.random(rows) < 0.1] = 0
            seen.append((sums_by_hand(one, peopled(other, serials, chance)), other.copy()))
        for expected, here in seen:
            np.testing.assert_array_equal(first.count(here), expected)


def test_elements_alone_are_the_policies_they_name_and_their_costs_add_up() -> None:
    """The library part of a package is the library policy by itself, to the last count."""
    asked = {"replicates": 2, "years": 2, "threads": 1, "parameters_drawn": False, "roads": 0, "elements": 1}
    design = design_from({"policies": ["baseline", LIBRARIES, BOTH_PARTS], **asked})
    finished = Comparison(design, small_table()).gather(plan(design)).finished
    assert [len(f.followed[2].elements) for f in finished] == [2, 0] and element_runs(design) == 2
    np.testing.assert_array_equal(finished[0].followed[2].elements[1], finished[0].followed[1].both.sum(axis=1))
    policies = [policy_from(policy) for policy in design.policies]
    costs = costs_table(policies, finished, 2)
    found = elements_summary(finished, design, 2, costs)
    assert found is not None and list(found["elements"]) == ["1", "2"]
    total = costs.filter(pl.col("policy") == "both")["euro"].sum()
    assert sum(part["euro"] for part in found["elements"].values()) == pytest.approx(total)
    assert elements_summary(finished, design, 1, costs) is None
    assert list(elements_of(load_policy("social_infrastructure"))) == [
        "facilities.competence",
        "facilities.funding",
        "facilities.mixing",
    ]


def test_a_price_of_ones_own_is_the_one_that_is_told() -> None:
    own = policy_from({"name": "own", "more": {"facilities": "library", "funding": 2.0, "price": [1, 2, 3]}})
    costs = pl.DataFrame({"policy": ["own"], "lever": ["facilities.funding.library"], "euro": [5.0]})
    told = prices_of(costs, own)[0]
    assert (told["low"], told["price"], told["high"]) == (1, 2, 3) and told["source"]["nl"] == "het beleidsbestand"
