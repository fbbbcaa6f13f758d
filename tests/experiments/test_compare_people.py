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
from experiments.compare.people import Adults, First, FirstFuture, matched, sums_of_both
from experiments.compare.roads import NAMES
from experiments.compare.run import Comparison
from scenarios.policy import load_policy, policy_from
from sim.phases import observe as o
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


def adults(serials: list[int], rows: list[int], belonging: list[int], home: list[bool]) -> Adults:
    return Adults(
        np.array(rows, np.uint32), np.array(serials, np.uint64), np.array(belonging, np.int32), np.array(home)
    )


def test_adults_are_kept_in_a_file_and_matched_by_serial() -> None:
    """Wherever they live: 5 in the same row, 9 moved to the row of somebody else."""
    first = First(adults([2, 5, 9], [0, 3, 4], [10, 20, 30], [True, False, False]), np.array([0, 5, 5], np.int32))
    here = adults([9, 5, 1], [0, 3, 7], [31, 25, 7], [False, True, True])
    with FirstFuture() as kept:
        kept.keep(12, First(here, np.zeros(3, np.int32)))
        kept.keep(24, first)
        again = kept.at(24)
        for column, written in zip((*first.adults, first.cell), (*again.adults, again.cell), strict=True):
            np.testing.assert_array_equal(column, written)
    sums = sums_of_both(first, here, areas=2)
    assert sums.shape == (2, 4, 5) and sums.sum() == sums[1, 1].sum()
    assert sums[1, 1].tolist() == [2, 50, 56, 0, 1]
    nobody = Adults(*(column[:0] for column in here))
    assert sums_of_both(first, nobody, 2).sum() == 0 == sums_of_both(First(nobody, first.cell[:0]), here, 2).sum()


@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(0, 60))
def test_matching_finds_exactly_those_in_both_futures(seed: int, first_count: int, here_count: int) -> None:
    chance = np.random.default_rng(seed)

    def some(count: int) -> Adults:
        serials, rows = chance.permutation(80)[:count] + 1, np.sort(chance.permutation(80)[:count])
        return adults(serials.tolist(), rows.tolist(), [0] * count, [False] * count)

    first, here = some(first_count), some(here_count)
    there, at = matched(first, here)
    np.testing.assert_array_equal(first.serial[there], here.serial[at])
    assert sorted(first.serial[there]) == sorted(set(first.serial) & set(here.serial))


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
