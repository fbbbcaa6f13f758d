"""What users of Mesa expect of a Mesa model: an end, removal, spaces, batches; or one line that says why not."""

import copy
import pickle
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import polars as pl
import pytest

from agents import CohesionModel, EstablishedResident, TransientMigrant
from agents.behaviour import classes_of
from scenarios.errors import InputError
from sim.digest import state_digest
from tests.tools.worlds import small_table, small_world

LIBRARIES = {"name": "own", "libraries": {"facilities": "library", "funding": 3}}


def small(**options: Any) -> CohesionModel:
    return CohesionModel(small_table(), settling_months=2, **options)


def test_a_policy_sets_the_levers_of_every_month() -> None:
    usual, named, own = (small(years=1, policy=policy) for policy in (None, "libraries", LIBRARIES))
    for model in (usual, named, own):
        model.run_model()
        assert model.month == 12 and not model.running
    assert usual.world.stocks.spent.sum() == 0 < named.world.stocks.spent.sum() < own.world.stocks.spent.sum()
    assert own.mean_belonging > usual.mean_belonging
    agents = CohesionModel(small_table(), "agents", settling_months=2, years=1, policy="libraries")
    agents.run_model()
    assert state_digest(agents.world) == state_digest(named.world)
    built = small_world(1, settling_months=1)
    with pytest.raises(InputError, match="policy= for a world that is built already needs table="):
        CohesionModel(built, policy="libraries")
    with pytest.raises(InputError, match="seed= has no effect on a world that is built already"):
        CohesionModel(built, seed=4)
    with pytest.raises(InputError, match="unknown policy 'librarys'; did you mean libraries"):
        small(policy="librarys")


def test_who_is_removed_is_gone_from_the_world_too() -> None:
    model = small()
    model.run_for(2)
    before, chosen = model.population, list(model.agents)[:50]
    partner = next(p for a in chosen for p in a.partners if p not in chosen)
    ties = partner.tie_count
    for agent in chosen:
        agent.remove()
    assert model.population == len(model.agents) == before - 50
    assert model.measure("residents") == before - 50 and sum(p.population for p in model.neighbourhoods) == before - 50
    model.run_for(3)  # nobody is lost: the engine checks every month
    assert not {int(a.serial) for a in chosen} & {int(a.serial) for a in model.agents}
    assert partner.tie_count < ties + 3 and not {int(p.serial) for p in partner.partners} & {
        int(a.serial) for a in chosen
    }


def test_who_is_removed_within_a_month_leaves_the_country_at_its_end() -> None:
    class Leaver(EstablishedResident):
        def belong(self) -> None:
            super().belong()
            if self.chance(1) < 0.1:
                self.remove()

    model = small(established=Leaver)
    model.run_for(1)
    assert model.world.flows.emigrated.sum() > 0.05 * model.population


def test_nobody_is_made_out_of_nothing() -> None:
    model = small()
    makers = (
        lambda: EstablishedResident.create_agents(model, 3),
        lambda: TransientMigrant(model),
        lambda: TransientMigrant(model, 0, model.neighbourhoods[0]),
    )
    for make in makers:
        with pytest.raises(InputError, match="cannot be made by hand: people are born, arrive or move in"):
            make()


def test_what_is_set_for_all_counts_at_once_and_in_the_next_month() -> None:
    model, same = small(), small()
    model.agents.set("language", 0.0)
    assert model.measure("language") == pytest.approx(0, abs=1e-4)
    for each in (model, same):
        each.run_for(1)
    assert model.world.stocks.language.sum() < same.world.stocks.language.sum() / 10
    assert model.world.rates.other_language.max() < 0.01 < same.world.rates.other_language.max()


def test_a_look_at_all_agents_changes_no_result() -> None:
    looked, alone = small(seed=5), small(seed=5)
    looked.run_for(1)
    assert len(looked.agents)
    looked.run_for(5)
    alone.run_for(6)
    assert state_digest(looked.world) == state_digest(alone.world)


def test_a_model_says_why_it_cannot_be_pickled() -> None:
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled or copied; make another with the same arguments"):
            attempt(small())


def test_numbers_of_numpy_are_taken() -> None:
    plain = small(scale=2, seed=7, years=1)
    numpy = small(scale=np.int64(2), seed=np.uint32(7), years=np.int8(1))
    for model in (plain, numpy):
        model.run_for(3)
    assert state_digest(plain.world) == state_digest(numpy.world)


def test_a_batch_in_processes_is_that_in_one() -> None:
    requested = {"world": [small_table((60, 50))], "settling_months": 1, "seed": [1, 2], "policy": ["libraries"]}
    one, two = (
        mesa.batch_run(CohesionModel, requested, processes, max_steps=2, display_progress=False) for processes in (1, 2)
    )
    numbers = [
        [
            {name: value for name, value in row.items() if name != "world"}
            for row in sorted(rows, key=lambda r: r["RunId"])
        ]
        for rows in (one, two)
    ]
    assert numbers[0] == numbers[1] and len(one) == 2
    assert one[0]["policy"] == "libraries" and one[0]["belonging"] != one[1]["belonging"]


@pytest.mark.parametrize("backend", ["matplotlib", "altair"])
def test_mesas_space_renderer_draws_the_residents(backend: Any) -> None:
    pytest.importorskip("altair")
    from mesa.visualization.components import AgentPortrayalStyle
    from mesa.visualization.space_renderer import SpaceRenderer

    model = small()
    renderer = SpaceRenderer(model, backend=backend).setup_agents(lambda a: AgentPortrayalStyle(color=a.belonging))
    renderer.draw_structure()
    assert renderer.draw_agents() is not None
    agent = next(iter(model.agents))
    here = np.array(agent.pos)
    middle = np.array([agent.neighbourhood.x, agent.neighbourhood.y])
    assert np.linalg.norm(here - middle) <= model.space.radius and tuple(here) == agent.pos
    assert (here >= model.space.dimensions[:, 0]).all() and (here <= model.space.dimensions[:, 1]).all()


def test_a_class_of_ones_own_is_for_its_kind_and_a_plain_one_for_both() -> None:
    class Glum:
        def belong(self) -> None:
            self.belonging = 0.1

    class Settled(EstablishedResident):
        pass

    both = classes_of({"a.py:Glum": Glum})
    assert issubclass(both["established"], (Glum, EstablishedResident)) and issubclass(
        both["transient"], TransientMigrant
    )
    model = small(**both)
    model.run_for(1)
    assert model.mean_belonging < 0.12  # who arrived this month has not lived one yet
    assert classes_of({"b:Settled": Settled}) == {"established": Settled}
    for wrong, said in (
        ({"x": 3}, "no class but int"),
        ({"x": dict}, "no method of a resident"),
        ({"x": Glum, "y": Settled}, "already a class"),
    ):
        with pytest.raises(InputError, match=said):
            classes_of(wrong)


AREAS = {"code": ["A", "B"], "residents": [900, 1200], "origin_native": [0.8, 0.6], "origin_other": [0.2, 0.4]}


def test_a_model_begins_with_whatever_a_run_takes(tmp_path: Path) -> None:
    """A frame of polars or pandas, a file, several names; parameters by name."""
    pandas, (frame, names) = pytest.importorskip("pandas"), (pl.DataFrame(AREAS), ["vaals", "urk"])
    frame.write_csv(tmp_path / "own.csv")
    given = [frame, pandas.DataFrame(AREAS), tmp_path / "own.csv", str(tmp_path / "own.csv")]
    started = [CohesionModel(world, scale=5) for world in given]
    assert len({state_digest(model.world) for model in started}) == 1
    assert len(CohesionModel(names, scale=100).world.municipalities.key) == 2
    low = CohesionModel("vaals", scale=100, parameters={"base": 0.4})
    assert low.mean_belonging < CohesionModel("vaals", scale=100).mean_belonging - 0.05


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        *(({"world": odd}, "allowed: a World") for odd in (5, None, {"name": "vaals"}, [1, 2], b"vaals", object())),
        *(({"parameters": odd}, "parameters is a .* such as") for odd in (5, "base", [0.5])),
        ({"parameters": {"bsae": 0.5}}, "did you mean base"),
        ({"parameters": {"base": "x"}}, "base"),
        ({"parameters": {"base": 9}}, "out of range"),
        ({"region_options": 5}, "region_options is a int"),
        ({"region_options": {"yaer": 2024}}, "did you mean year"),
        ({"world": pl.DataFrame(AREAS), "region_options": {"homes": "x"}}, "homes is not an option of this region"),
        ({"rng": "x"}, "rng='x' is not allowed"),
    ],
)
def test_what_a_model_cannot_begin_with_is_one_line(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as found:
        CohesionModel(**{"world": "vaals", "scale": 100, **arguments})
    assert "\n" not in str(found.value)
