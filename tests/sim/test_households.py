"""Households: as many of each kind as the table says, one dwelling each, and nobody under eighteen without an adult."""

import numpy as np
import pytest

from scenarios.build_options import BuildOptions
from scenarios.building import build_world
from scenarios.household_figures import dwelling_kinds, suited_dwellings
from scenarios.settling import settle
from sim.checkpoint import load_checkpoint, save_checkpoint
from sim.digest import state_digest
from sim.household_kinds import count_households, label_households
from sim.machine.threads import ThreadPool
from sim.motives import NO_MOTIVE
from sim.parameters import Parameters
from sim.phases.build import most_rows
from sim.phases.month import PHASES
from sim.population import CHILD, EMIGRATE, HEAD, HOUSEMATE, NOBODY, PARTNER
from sim.world import World
from tests.tools.states import check_state, minors_without_adult
from tests.tools.worlds import lived_in, pass_months, small_table, small_world

KINDS = ("one_person", "couple", "couple_with_children", "one_parent", "shared")


def households(threads: int = 1, **parameters: float) -> World:
    """A world whose people live in households."""
    return small_world(threads=threads, parameters=Parameters().changed(**parameters))


def shares_of(world: World) -> np.ndarray:
    """Shares of households of one person, others without children, and with children, float64 [3]."""
    alone, couple, family, parent, shared = count_households(world).kinds.sum(axis=0)
    return np.array([alone, couple + shared, family + parent]) / (alone + couple + family + parent + shared)


def test_kinds_and_sizes_begin_as_in_the_table() -> None:
    table, world = small_table(), households()
    homes = world.stocks.people.sum(axis=1) / table.household_size
    wanted = (dwelling_kinds(table) * homes[:, None]).sum(axis=0) / homes.sum()
    np.testing.assert_allclose(shares_of(world), wanted, atol=0.02)
    counted = count_households(world)
    assert counted.people.sum() / counted.kinds.sum() == pytest.approx(np.average(table.household_size), abs=0.03)


def test_kinds_stay_as_they_are_and_no_child_is_left_alone() -> None:
    world = households()
    before = shares_of(world)
    for _ in range(84):
        pass_months(world, 1)
        assert minors_without_adult(world) == 0
    check_state(world)
    assert (
        np.abs(shares_of(world) - before).max() < 0.06
    )  # of a thousand households: twice the standard error, and drift


def test_one_digest_for_threads_and_for_a_run_taken_up_again(tmp_path) -> None:
    whole, first = pass_months(households(), 12), pass_months(households(2), 5, ThreadPool(2))
    save_checkpoint(first, tmp_path / "kept")
    second, _ = load_checkpoint(tmp_path / "kept")
    assert state_digest(pass_months(second, 7)) == state_digest(whole)


def test_members_stay_linked_where_a_run_taken_up_again_has_more_rows(tmp_path) -> None:
    save_checkpoint(households(), tmp_path / "kept")
    wider, _ = load_checkpoint(tmp_path / "kept", lambda known: known.first + 40 * np.arange(len(known.first)))
    check_state(wider)
    assert state_digest(pass_months(wider, 3)) == state_digest(pass_months(households(), 3))


def test_a_household_moves_as_one() -> None:
    world = households()
    p, moved = world.population, 0
    for _ in range(12):
        rows, household = label_households(world)
        together = {int(s): int(h) for s, h in zip(p.serial[rows], household, strict=True)}
        heads = {int(p.serial[row]) for row in rows if p.role[row] == HEAD}
        shared = set(household[p.role[rows] == HOUSEMATE].tolist())
        area = {int(s): a for s, a in zip(p.serial[rows], areas_of(world, rows), strict=True)}
        pass_months(world, 1)
        rows = lived_in(world)
        now = {int(s): a for s, a in zip(p.serial[rows], areas_of(world, rows), strict=True)}
        for head in heads & now.keys():
            home = together[head]
            if now[head] == area[head] or home in shared:
                continue
            others = [s for s, h in together.items() if h == home and s != head and s in now]
            moved += len(others) > 0
            assert all(now[other] == now[head] for other in others)
    assert moved > 3


def areas_of(world: World, rows: np.ndarray) -> list[int]:
    """Neighbourhoods of rows."""
    return (np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1).tolist()


def test_newborns_live_with_a_parent_and_those_who_part_live_apart() -> None:
    world = pass_months(households(separation=0.06, partnering=0.0), 24)
    rows, household = label_households(world)
    infants = rows[world.month - world.population.born[rows] < 24]
    homes = set(household[world.population.role[rows] == HEAD].tolist())
    assert len(infants) > 10 and set(household[np.isin(rows, infants)].tolist()) <= homes
    fewer = count_households(world).kinds[:, [1, 2]].sum()
    kept = count_households(pass_months(households(separation=0.0, partnering=0.0), 24)).kinds[:, [1, 2]].sum()
    assert fewer < 0.95 * kept


def test_partners_are_found_by_those_who_have_none() -> None:
    none, many = (pass_months(households(partnering=chance), 12) for chance in (0.0, 0.6))
    assert (many.population.role == PARTNER).sum() > (none.population.role == PARTNER).sum() + 20


def test_who_was_joined_by_a_partner_looks_no_further_that_month() -> None:
    """Else the partner who has just moved in would become a child of the next."""
    world = households(partnering=0.6)
    p, joined = world.population, 0
    for _ in range(24):
        rows = lived_in(world)
        grown = rows[(p.role[rows] != CHILD) & (world.month - p.born[rows] >= 216)]
        role = dict(zip(p.serial[grown].tolist(), p.role[grown].tolist(), strict=True))
        pass_months(world, 1)
        rows = lived_in(world)
        now = dict(zip(p.serial[rows].tolist(), p.role[rows].tolist(), strict=True))
        joined += sum(now[who] == PARTNER != role[who] for who in role.keys() & now.keys())
        assert all(now[who] != CHILD for who in role.keys() & now.keys())
    assert joined > 100


def test_rows_open_for_households_as_they_are_needed() -> None:
    """However households grow in ten years of building, there are rows left, and for every vacant dwelling some."""
    world = pass_months(small_world(years=10, parameters=Parameters().changed(building=0.02, fertility=1.4)), 120)
    stocks = world.stocks
    assert stocks.people.sum() > 1.1 * world.neighbourhoods.residents.sum()
    assert (stocks.opened < np.diff(world.neighbourhoods.first)).all()
    assert (stocks.empty >= 2 * stocks.vacant).all()


@pytest.mark.parametrize("changed", [{}, {"options": BuildOptions(settling_months=0)}, {"fertility": 1.4}])
def test_births_follow_the_children_of_month_0(changed: dict) -> None:
    """Wherever settling begins, and whatever the births that are simulated."""
    options = changed.get("options", BuildOptions(settling_months=60))
    parameters = Parameters().changed(fertility=changed.get("fertility", 0.9))
    found = build_world(small_table(), parameters, options).neighbourhoods.children
    np.testing.assert_allclose(found, np.array([1.0551412, 1.088769])[small_table().municipality], rtol=1e-5)


def test_no_result_depends_on_the_years_that_rows_are_reserved_for() -> None:
    """Where people live alone in large neighbourhoods, each household that goes leaves a dwelling that takes more."""
    one_each = {"one_person": np.full(3, 0.8), "with_children": np.full(3, 0.1), "household_size": np.full(3, 1.25)}
    table = small_table(residents=(8000,) * 3, arrival_rate=np.zeros((2, 6)), **one_each)
    digests = []
    for years in (3, 20):
        options = BuildOptions(years=years, settling_months=0)
        world = settle(build_world(table, options=options), ThreadPool(1))
        for _ in range(36):
            pass_months(world, 1)
        allowed = most_rows.py_func(world.neighbourhoods.places, world.stocks.homes - world.neighbourhoods.built, 3)
        digests.append(state_digest(world))
    assert (world.stocks.opened == allowed).any()
    assert digests[0] == digests[1]


def test_households_by_kind_are_those_of_the_start_of_the_year() -> None:
    world = pass_months(households(), 12)
    there = suited_dwellings(count_households(world).kinds)
    assert (world.stocks.kinds != there).any()
    for _ in range(3):
        assert (pass_months(world, 1).stocks.kinds == there).all()


def test_of_a_mixed_couple_one_leaves_the_country_alone() -> None:
    world = households()
    p, (rows, household) = world.population, label_households(world)
    p.intention[:] = 0
    heads = rows[(p.role[rows] == HEAD) & (world.month - p.born[rows] >= 216)]
    p.intention[heads] = EMIGRATE
    partner_of = dict(zip(household[p.role[rows] == PARTNER], rows[p.role[rows] == PARTNER], strict=True))
    couples = [(head, partner_of[home]) for head, home in zip(rows, household, strict=True) if home in partner_of]
    couples = [(head, partner) for head, partner in couples if head in set(heads)]
    mixed = [(p.motive[head] == NO_MOTIVE) != (p.motive[partner] == NO_MOTIVE) for head, partner in couples]
    PHASES["leave"](world, ThreadPool(1))
    assert (p.serial[heads] == NOBODY).all()
    stayed = [bool(p.serial[partner] != NOBODY) for _, partner in couples]
    assert stayed == mixed and 3 < sum(mixed) < len(mixed) - 3
    assert minors_without_adult(world) == 0


def test_where_everyone_lives_alone_the_parameters_of_households_say_nothing() -> None:
    alone = Parameters().changed(households=0.0)
    plain = pass_months(small_world(parameters=alone), 6)
    other = small_world(parameters=alone.changed(separation=0.05, partnering=0.5, leaving_home=2.0))
    assert state_digest(plain) == state_digest(pass_months(other, 6))
    assert count_households(plain).kinds[:, 0].sum() == (plain.population.serial != NOBODY).sum()
