"""What the WRR names as consequences of coming and going: off where the parameter is 0, and felt where it is not."""

import numpy as np
import pytest

from sim.digest import state_digest
from sim.facilities import FACILITIES
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.parameters.declaration import describe
from sim.phases.month import set_rates_now
from sim.population import MEMBER, NOBODY
from sim.world import World
from tests.tools.worlds import pass_months, small_world

SCHOOL, ASSOCIATION = FACILITIES.index("school"), FACILITIES.index("association")
CONSEQUENCES = (
    "school_turnover", "association_members", "member_ties", "tie_withdrawn", "moving_unsafe", "withdrawal_unsafe",
    "room_sharing", "effect_crowding",
)  # fmt: skip
MECHANISMS = (
    "choice_near", "load_expected", "former_residents", "capacity_reception", "capacity_schools", "amenities_funded",
    "funding_used", *CONSEQUENCES,
)  # fmt: skip
OFF = dict.fromkeys(CONSEQUENCES, 0.0)


def world_with(seed: int = 2, **parameters: float) -> World:
    """A small world without any of the consequences but those given."""
    return small_world(seed, parameters=Parameters().changed(**OFF | parameters))


def residents(world: World) -> np.ndarray:
    """Rows in which somebody lives."""
    return np.flatnonzero(world.population.serial != NOBODY)


def areas_of(world: World, rows: np.ndarray) -> np.ndarray:
    return np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1


def test_all_are_on_and_the_range_of_each_includes_that_there_is_no_such_thing() -> None:
    known = describe(Parameters)
    assert {known[name].low for name in MECHANISMS} == {0.0}
    assert min(known[name].default for name in MECHANISMS) > 0
    assert all(known[name].uncertain for name in CONSEQUENCES)


def test_pupils_who_come_and_go_meet_less_and_competence_does_less() -> None:
    usual, felt = (pass_months(world_with(households=0.0), 18) for _ in range(2))  # so many pupils move nowhere else
    felt.set_parameters(felt.parameters.changed(school_turnover=0.8))
    for world in (usual, felt):
        world.conditions.positivity[:] = 0.5
        set_rates_now(world, ThreadPool(1))
    p, rows = felt.population, residents(felt)
    age, here = felt.month - p.born[rows].astype(int), felt.month - p.moved_in[rows].astype(int)
    pupil = (age >= 48) & (age < 216)
    area = areas_of(felt, rows)
    new = np.array([(here[pupil & (area == j)] <= 12).mean() for j in range(felt.areas)])
    assert (new > 0.02).all()
    np.testing.assert_allclose(felt.rates.school, 1 - 0.8 * new, rtol=1e-5)
    c = felt.coefficients
    np.testing.assert_allclose(
        felt.rates.negative, float(c.negative_contact) * (1 - 0.5 * felt.rates.school), rtol=1e-5
    )
    assert (usual.rates.school == 1).all() and (usual.rates.negative < felt.rates.negative).all()
    supply = usual.rates.supply[:, SCHOOL] * usual.neighbourhoods.with_children
    lost = float(c.facility_encounters) * float(c.share_school) * supply * 0.8 * new
    size = usual.stocks.people.sum(axis=1)
    fewer = (usual.rates.own - felt.rates.own)[:, 0] / (usual.stocks.activity[:, 0] / 65536 / size)
    np.testing.assert_allclose(fewer, lost, rtol=2e-3)


def test_associations_that_lost_members_shrink_and_nothing_is_lost_at_the_start() -> None:
    world, without = (world_with(association_members=nu) for nu in (0.7, 0.0))
    for each in (world, without):
        set_rates_now(each, ThreadPool(1))
    np.testing.assert_array_equal(world.rates.supply, without.rates.supply)
    at_start = world.stocks.members[1] / 65536
    pass_months(world, 1)
    rows = residents(world)
    few = rows[areas_of(world, rows) == 1]
    world.population.flags[few] &= ~MEMBER
    world.population.flags[few[::10]] |= MEMBER
    set_rates_now(world, ThreadPool(1))
    of_age = few[world.month - world.population.born[few].astype(int) >= 72]
    members = (world.population.flags[of_age] & MEMBER > 0).mean()
    quantity = world.neighbourhoods.facilities[1, ASSOCIATION]
    left = (members / at_start) ** 0.7
    assert 0.2 < left < 0.8
    people = world.stocks.people[1].sum()
    crowd = max(people / world.neighbourhoods.residents[1], 1) ** -float(world.coefficients.crowding)
    assert world.rates.supply[1, ASSOCIATION] == pytest.approx(quantity * left * crowd, rel=1e-4)


def after(months: int = 24, **parameters: float) -> World:
    return pass_months(world_with(**parameters), months)


def ties_of(world: World, chosen: np.ndarray) -> float:
    return float(world.population.tie_count[chosen].mean())


def test_members_make_more_ties_and_the_withdrawn_are_passed_over() -> None:
    usual, more = after(), after(member_ties=1.0)
    for world in (usual, more):
        rows = residents(world)
        member = world.population.flags[rows] & MEMBER > 0
        world.gap = ties_of(world, rows[member]) - ties_of(world, rows[~member])  # type: ignore[attr-defined]
    assert more.gap > usual.gap + 0.15  # type: ignore[attr-defined]
    assert more.population.tie_count.sum() > usual.population.tie_count.sum()
    passed = after(tie_withdrawn=1.0)
    assert passed.population.tie_count.sum() < usual.population.tie_count.sum()


def test_who_feels_unsafe_withdraws_and_moves() -> None:
    usual, withdrawn, moving = after(12), after(12, withdrawal_unsafe=1.0), after(12, moving_unsafe=1.0)
    rows = residents(withdrawn)
    assert withdrawn.population.withdrawal[rows].mean() > usual.population.withdrawal[residents(usual)].mean() + 0.02
    assert withdrawn.population.withdrawal.max() <= withdrawn.parameters.withdrawal_highest
    assert (withdrawn.population.withdrawal[withdrawn.population.serial == NOBODY] == 0).all()
    assert moving.stocks.leavers.sum() > 1.05 * usual.stocks.leavers.sum()


def crowded(**parameters: float) -> World:
    """Four years with twice the arrivals from abroad and nothing built, where a dwelling is a row."""
    world = world_with(building=0.0, vacancy=0.02, households=0.0, **parameters)
    world.conditions.arrivals[:] = 2.5
    return pass_months(world, 48)


def test_where_nothing_is_built_rooms_are_let_and_people_crowd() -> None:
    usual, shared = crowded(), crowded(room_sharing=0.1)
    homes = shared.stocks.opened - shared.stocks.shared
    assert usual.stocks.shared.sum() == 0 and (homes == usual.stocks.opened).all()
    assert shared.stocks.shared.sum() > 20 and (shared.stocks.shared <= 0.1 * homes).all()
    assert shared.residents > usual.residents
    felt = crowded(room_sharing=0.1, effect_crowding=0.5)
    set_rates_now(felt, ThreadPool(1))
    crowding = felt.stocks.shared / (felt.stocks.opened - felt.stocks.shared)
    with_it = felt.rates.neighbourhood_term.copy()
    felt.set_parameters(felt.parameters.changed(effect_crowding=0.0))
    set_rates_now(felt, ThreadPool(1))
    np.testing.assert_allclose(felt.rates.neighbourhood_term - with_it, 0.5 * crowding, atol=1e-6)


def test_shares_that_left_are_of_those_who_lived_there() -> None:
    world = pass_months(world_with(), 12)
    people, gone = world.stocks.people.copy(), world.stocks.gone.copy()
    former = world.stocks.former.copy()
    assert (former != people).any()
    world.set_parameters(world.parameters.changed(former_residents=1.0))
    set_rates_now(world, ThreadPool(1))
    np.testing.assert_allclose(world.rates.gone_own, gone / np.maximum(former, 1), rtol=1e-5)
    mean = world.stocks.year.mean(axis=1)
    assert world.stocks.year[:, 11].tolist() == former.sum(axis=1).tolist()
    np.testing.assert_allclose(world.rates.turnover, world.stocks.leavers.sum(axis=1) / mean, rtol=1e-5)


def test_what_a_facility_adds_is_told_from_the_character_of_a_neighbourhood() -> None:
    """With nothing added straight into belonging, only meeting is left; with nothing used, nothing at all."""
    terms, met, digests = [], [], []
    for added, used in ((0.5, 1.0), (0.0, 1.0), (0.0, 0.0)):
        world = world_with(amenities_funded=added, funding_used=used, crowding=0.0)
        if used == 0:
            usual = world_with(amenities_funded=added, funding_used=used, crowding=0.0)
            digests.append(state_digest(pass_months(usual, 3)))
        world.conditions.funding[:] = 2.0
        set_rates_now(world, ThreadPool(1))
        terms.append(world.rates.neighbourhood_term.copy())
        met.append(world.rates.own[:, 0].copy())
        if used == 0:
            digests.append(state_digest(pass_months(world, 3)))
    lively = [kind not in ("park", "school") for kind in FACILITIES]
    at_start = world.neighbourhoods.facilities[:, lively].mean(axis=1)
    np.testing.assert_allclose(terms[0] - terms[1], 0.5 * world.parameters.effect_amenities * at_start, atol=1e-5)
    np.testing.assert_array_equal(terms[1], terms[2])
    assert (met[0] == met[1]).all() and (met[1] > 1.3 * met[2]).all()
    assert digests[0] == digests[1]
