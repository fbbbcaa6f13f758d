"""Households in Mesa: what an agent sees of its own, the same digest from agents, and removal by hand."""

from agents import CohesionModel
from sim.digest import state_digest
from sim.household_kinds import KINDS
from sim.world import World
from tests.tools.states import check_state, minors_without_adult
from tests.tools.worlds import pass_months, small_world


def households() -> World:
    return small_world()


def test_agents_give_the_digest_of_the_engine() -> None:
    model = CohesionModel(households(), driver="agents")
    for _ in range(6):
        model.pass_month()
    assert state_digest(model.world) == state_digest(pass_months(households(), 6))


def test_a_resident_knows_the_household() -> None:
    model = CohesionModel(households())
    found = {resident.household.kind: resident for resident in model.agents}
    assert set(found) == set(KINDS)
    family = found["couple_with_children"].household
    assert [member.role for member in family.members][:3] == ["head", "partner", "child"]
    assert len(family) == family.size == len(set(family.members)) >= 3
    assert all(member.household.rows == family.rows for member in family.members)
    assert {member.neighbourhood for member in family.members} == {family.neighbourhood}


def test_who_is_taken_out_leaves_no_child_alone() -> None:
    model = CohesionModel(households())
    for parent in [agent for agent in model.agents if agent.household.kind == "one_parent" and agent.role == "head"]:
        parent.remove()
    for _ in range(3):
        model.pass_month()
        check_state(model.world)
    assert minors_without_adult(model.world) == 0
