"""The two drivers are one model: the same digest whatever passes the month."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents import CohesionModel, EstablishedResident, TransientMigrant
from scenarios.errors import InputError
from sim.conditions import baseline_conditions
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.parameters.declaration import describe
from sim.workspace import LANES
from tests.tools.paths import REPOSITORY
from tests.tools.worlds import small_table, small_world


def two_models(seed: int, parameters: Parameters | None = None) -> tuple[CohesionModel, CohesionModel]:
    """The same world of a thousand people twice, one model per driver."""
    table = small_table((310, 270, 190, 150, 130))
    worlds = [small_world(seed, settling_months=6, parameters=parameters, table=table) for _ in range(2)]
    return CohesionModel(worlds[0]), CohesionModel(worlds[1], "agents")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_drivers_give_the_same_digest_every_month(seed: int) -> None:
    compiled, agents = two_models(seed)
    happened = np.zeros(len(compiled.world.flows), int)
    for _ in range(18):
        compiled.pass_month()
        agents.pass_month()
        happened += [int(flow.sum()) for flow in agents.world.flows]
        assert state_digest(agents.world) == state_digest(compiled.world)
    seen = dict(zip(agents.world.flows._fields, happened.tolist(), strict=True))
    for flow in ("births", "deaths", "emigrated", "moved_away", "moved_out", "moved_within", "immigrated", "domestic"):
        assert seen[flow] > 0, f"no {flow} in this test"


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_both_drivers_agree_for_any_parameters_and_policy(seed: int) -> None:
    random = np.random.default_rng(seed)
    known = describe(Parameters)
    extreme = seed % 2 == 0
    values = {
        name: float(random.choice([d.low, d.high]) if extreme else random.uniform(d.low, d.high))
        for name, d in known.items()
    }
    compiled, agents = two_models(seed, Parameters(**values))
    levers = baseline_conditions(compiled.world.areas, len(compiled.world.municipalities.key))
    for lever in levers:
        lever[...] = random.uniform(0, 1, lever.shape)
    compiled.world.conditions = agents.world.conditions = levers
    for _ in range(4):
        compiled.pass_month()
        agents.pass_month()
        assert state_digest(agents.world) == state_digest(compiled.world)


def test_both_drivers_agree_when_movers_follow_their_group_and_the_homes_that_stand_empty() -> None:
    parameters = Parameters().changed(destination_own_group=0.5, destination_vacancies=1.0, group_ages=1.0)
    compiled, agents = two_models(7, parameters)
    assert compiled.world.municipalities.destination_chance.shape[1] == 3
    between = 0
    for _ in range(12):
        compiled.pass_month()
        agents.pass_month()
        between += int(agents.world.flows.moved_out.sum())
        assert state_digest(agents.world) == state_digest(compiled.world)
    assert between > 0
    usual, _ = two_models(7)
    chances = [model.world.municipalities.destination_chance for model in (usual, agents)]
    assert np.abs(chances[0] - chances[1]).max() > 0.01
    usual.run_for(36)  # in twelve months so few move that the same ones go to the same places
    compiled.run_for(24)
    assert state_digest(usual.world) != state_digest(compiled.world)


def test_both_drivers_agree_with_every_consequence_and_a_choice_among_many_neighbourhoods() -> None:
    parameters = Parameters().changed(
        choice_near=1.0,
        capacity_reception=12.0,
        capacity_schools=0.05,
        capacity_homes=0.1,
        load_expected=1.0,
        amenities_funded=0.1,
        funding_used=0.5,
        former_residents=1.0,
        school_turnover=0.8,
        association_members=0.7,
        member_ties=0.8,
        tie_withdrawn=1.0,
        moving_unsafe=1.0,
        withdrawal_unsafe=1.0,
        room_sharing=0.1,
        effect_crowding=0.3,
    )
    residents = (40,) * 60
    table = small_table(residents, neighbours=[(i, i + 2, 1.0) for i in range(len(residents) - 2)])
    compiled, agents = (
        CohesionModel(small_world(3, table=table, parameters=parameters, settling_months=6), driver)
        for driver in ("compiled", "agents")
    )
    assert np.diff(compiled.world.municipalities.member_first).min() > LANES
    flows = ("moved_within", "moved_out", "immigrated", "births")
    seen = dict.fromkeys(flows, 0)
    for _ in range(8):
        compiled.pass_month()
        agents.pass_month()
        assert state_digest(agents.world) == state_digest(compiled.world)
        for flow in flows:
            seen[flow] += int(getattr(agents.world.flows, flow).sum())
    assert min(seen.values()) > 0, seen


def test_drivers_may_take_turns_and_the_order_of_agents_changes_nothing() -> None:
    reference, by_agents = two_models(5)
    by_arrays = CohesionModel(by_agents.world)
    for _ in range(3):
        reference.run_for(2)
        by_arrays.pass_month()
        shuffled = by_agents.agents.shuffle()
        by_agents.register.by_row = {agent.row: agent for agent in shuffled}
        by_agents.pass_month()
        assert state_digest(by_agents.world) == state_digest(reference.world)


def test_compiled_threads_and_agents_agree() -> None:
    two = CohesionModel(small_world(6, settling_months=6), pool=ThreadPool(2))
    agents = CohesionModel(small_world(6, settling_months=6), "agents")
    for model in (two, agents):
        model.run_for(6)
    assert state_digest(two.world) == state_digest(agents.world)


class Unmoved:
    """A behaviour of one's own: nothing changes how people feel."""

    def belong(self) -> None:
        pass


class UnmovedResident(Unmoved, EstablishedResident):
    pass


class UnmovedMigrant(Unmoved, TransientMigrant):
    pass


def test_a_subclass_behaves_in_its_own_way_and_shares_all_draws() -> None:
    own: dict[str, Any] = {"established": UnmovedResident, "transient": UnmovedMigrant}
    model = CohesionModel(small_table(), "agents", settling_months=6, **own)
    usual = CohesionModel(small_table(), "agents", settling_months=6)
    before = {int(a.serial): a.belonging for a in model.agents}
    for each in (model, usual):
        each.run_for(1)
    after = {int(a.serial): a.belonging for a in model.agents}
    stayed = before.keys() & after.keys()
    assert len(stayed) > 1500 and all(after[s] == before[s] for s in stayed)
    assert {type(a) for a in model.agents} == {UnmovedResident, UnmovedMigrant}
    others = {int(a.serial): a for a in usual.agents}
    assert len(others.keys() & after.keys()) > 0.98 * len(others)
    same = [a.faces_own == others[int(a.serial)].faces_own for a in model.agents if int(a.serial) in others]
    assert np.mean(same) > 0.95  # all but movers: in the first month nobody meets fewer people for feeling otherwise


def test_the_examples_of_the_documentation_run() -> None:
    text = Path(REPOSITORY, "docs", "own_behaviour.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for code in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        exec(compile(code, "docs/own_behaviour.md", "exec"), names)
    assert names["lonely"].mean_belonging < names["usual"].mean_belonging - 0.01
    assert 0 < len(names["newcomers"]) < names["model"].population


def test_wrong_use_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="driver='python' is not known; allowed is compiled or agents"):
        CohesionModel(small_table(), "python")
    with pytest.raises(InputError, match="unknown region 'vaal'"):
        CohesionModel("vaal")
    with pytest.raises(TypeError, match="subclass of EstablishedResident"):
        CohesionModel(small_table(), settling_months=1, established=TransientMigrant)  # type: ignore[arg-type]
    model = CohesionModel(small_table(), settling_months=1)
    with pytest.raises(InputError, match="no neighbourhood has the code 'nowhere'"):
        model.residents("nowhere")
