"""Households in Mesa: what an agent sees of its own, the same digest from agents, and removal by hand."""

from typing import Any

import pytest

from agents import CohesionModel, EstablishedResident, TransientMigrant
from scenarios.errors import InputError
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


def test_who_is_removed_within_a_month_leaves_alone_whatever_the_place_in_the_household() -> None:
    removed: dict[int, str] = {}
    others: set[int] = set()

    class Leaver:
        def belong(self: Any) -> None:
            super().belong()  # type: ignore[misc]
            together = {int(member.serial) for member in self.household.members}
            if len(together) > 2 and self.role not in removed.values() and not others & together:
                others.update(together)
                removed[int(self.serial)] = self.role
                self.remove()

    class Here(Leaver, EstablishedResident):
        pass

    class New(Leaver, TransientMigrant):
        pass

    model = CohesionModel(households(), established=Here, transient=New)
    model.pass_month()
    check_state(model.world)
    assert set(removed.values()) == {"head", "partner", "child", "housemate"}
    living = {int(serial) for serial in model.world.population.serial}
    assert not removed.keys() & living and minors_without_adult(model.world) == 0
    assert len(others - removed.keys() - living) <= 1, "members of their households left with them"


def test_the_table_of_all_people_can_only_be_read_by_agents() -> None:
    agent = next(iter(CohesionModel(households()).agents))
    for name in ("household", "role", "belonging", "ties"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(agent.table, name)[agent.row] = 1
    for name in ("household", "role", "role_index", "table"):
        with pytest.raises((AttributeError, InputError)):
            setattr(agent, name, 1)
