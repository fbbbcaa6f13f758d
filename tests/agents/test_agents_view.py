"""Agents as a live view of the table, Mesa's tools on them, and networkx graphs."""

import networkx as nx
import numpy as np
import pytest

from agents import CohesionModel, EstablishedResident, TransientMigrant, neighbourhood_map, social_network
from scenarios.errors import InputError
from tests.tools.worlds import small_table


@pytest.fixture
def model() -> CohesionModel:
    """A small model, months passed by compiled code."""
    return CohesionModel(small_table(), settling_months=6, seed=3)


def test_nobody_is_made_until_asked_for(model: CohesionModel) -> None:
    model.run_for(3)
    assert model.mean_belonging > 0 and len(social_network(model)) and len(neighbourhood_map(model))
    assert not model.register.in_use and len(model.register.by_row) == 0
    assert len(super(CohesionModel, model).agents) == 0
    here = model.residents("WK0002")
    assert len(here) == model.neighbourhood("WK0002").population == len(model.register.by_row)
    assert {a.neighbourhood.code for a in here} == {"WK0002"}
    assert len(model.agents) == model.population


def test_step_and_run_for_are_months(model: CohesionModel) -> None:
    model.step()
    model.run_for(2)
    assert model.month == model.time == 3


def test_agents_read_and_write_their_row(model: CohesionModel) -> None:
    agent = next(a for a in model.agents if not a.employed and 20 < a.age < 60)
    agent.belonging, agent.employed, agent.motive = 0.25, True, "asylum"
    row = model.world.population
    assert row.belonging[agent.row] == np.float32(0.25) and agent.employed and agent.motive == "asylum"
    agent.employed = False
    assert not agent.employed and agent.belonging == 0.25
    assert agent.months_here == model.month - row.moved_in[agent.row]
    assert agent.origin_label == model.origin_labels[agent.origin]
    assert agent.feels_at_home == (agent.belonging >= 0.6)


def test_the_same_object_stays_the_same_person(model: CohesionModel) -> None:
    before = {int(a.serial): (a, a.row, a.unique_id) for a in model.agents}
    agents = model.agents
    for _ in range(12):
        model.pass_month()
    people = model.world.population
    assert model.agents is agents and len(agents) == model.population
    for agent in agents:
        assert people.serial[agent.row] == agent.serial
        assert agent.neighbourhood.first <= agent.row < model.world.neighbourhoods.first[agent.neighbourhood.index + 1]
        assert isinstance(agent, TransientMigrant) == agent.newcomer
    now = {int(a.serial): a for a in agents}
    kept = before.keys() & now.keys()
    assert all(now[s] is before[s][0] and now[s].unique_id == before[s][2] for s in kept)
    assert sum(now[s].row != before[s][1] for s in kept) > 20  # moved house
    gone = next(a for s, (a, _, _) in before.items() if s not in now)
    assert len(before) - len(kept) > 50 and len(now) - len(kept) > 50
    with pytest.raises(IndexError):
        _ = gone.belonging


def test_a_newcomer_who_stays_becomes_established(model: CohesionModel) -> None:
    def longest_here(a: TransientMigrant) -> int:
        return a.months_in_country or 0

    agent = max(model.agents_by_type[TransientMigrant], key=longest_here)
    agent.stayer, agent.born = True, model.month - 360
    agent.note, identity = "kept", agent.unique_id
    while agent.months_in_country < 60:
        assert agent in model.agents_by_type[TransientMigrant] and agent.newcomer
        model.pass_month()
    assert type(agent) is EstablishedResident and not agent.newcomer and agent.motive is not None
    assert agent in model.agents_by_type[EstablishedResident]
    assert agent not in model.agents_by_type[TransientMigrant]
    assert agent in model.agents.groupby(type).groups[EstablishedResident]
    assert (agent.note, agent.unique_id) == ("kept", identity)
    with pytest.raises(AttributeError):
        agent.step_twice()


def test_agent_sets_work(model: CohesionModel) -> None:
    newcomers = model.agents.select(agent_type=TransientMigrant)
    assert 0 < len(newcomers) < len(model.agents)
    assert len(model.agents.select(lambda a: a.belonging > 0.6)) == sum(a.feels_at_home for a in model.agents)
    assert 0 < newcomers.agg("belonging", np.mean) < 1
    sizes = model.agents.groupby("origin_label").count()
    assert sum(sizes.values()) == model.population and set(sizes) == set(model.origin_labels)
    assert model.agents.groupby(type).count()[TransientMigrant] == len(newcomers)
    met = []
    model.agents.shuffle_do(lambda a: met.append(a.unique_id))
    assert sorted(met) == sorted(a.unique_id for a in model.agents) and met != sorted(met)
    assert model.agents.get("belonging")[0] == model.agents[0].belonging


def test_data_collector_collects(model: CohesionModel) -> None:
    assert list(model.datacollector.get_model_vars_dataframe().columns) == [
        "residents",
        "belonging",
        "belonging_newcomers",
        "at_home",
        "cohesion",
        "newcomers",
    ]
    collecting = CohesionModel(
        small_table((60, 50)),
        settling_months=2,
        model_reporters={"people": lambda m: len(m.agents), "belonging": "mean_belonging"},
        agent_reporters={"belonging": "belonging", "area": lambda a: a.neighbourhood.code},
    )
    collecting.run_for(3)
    frame = collecting.datacollector.get_model_vars_dataframe()
    assert len(frame) == 4 and frame["people"].iloc[-1] == collecting.population
    people = collecting.datacollector.get_agent_vars_dataframe()
    assert set(people["area"]) == {"WK0000", "WK0001"} and people["belonging"].between(0, 1).all()


def test_figures_are_those_of_the_agents(model: CohesionModel) -> None:
    adults = model.agents.select(lambda a: model.month - a.born >= 180)
    assert model.mean_belonging == pytest.approx(np.mean(adults.get("belonging")), abs=1e-5)
    assert model.share_at_home == pytest.approx(np.mean([a.feels_at_home for a in adults]))
    assert model.share_newcomers == pytest.approx(np.mean([a.newcomer for a in model.agents]))


def test_the_social_network_is_that_of_the_agents(model: CohesionModel) -> None:
    model.run_for(2)
    graph = social_network(model)
    by_serial = {int(a.serial): a for a in model.agents}
    assert set(graph) == set(by_serial) and graph.number_of_edges() > 500
    for serial, shown in list(graph.nodes(data=True))[:200]:
        agent = by_serial[serial]
        assert (shown["origin"], shown["newcomer"]) == (agent.origin_label, agent.newcomer)
        assert shown["belonging"] == agent.belonging and shown["neighbourhood"] == agent.neighbourhood.code
        assert {int(p.serial) for p in agent.partners} <= set(graph[serial])
    for a, b, edge in graph.edges(data=True):
        assert edge["same_group"] == (by_serial[a].origin == by_serial[b].origin)
    assert nx.attribute_assortativity_coefficient(graph, "origin") > 0


def test_a_neighbourhood_and_a_sample_can_be_looked_at(model: CohesionModel) -> None:
    inner = social_network(model, "WK0001", partners=False)
    outer = social_network(model, "WK0001")
    assert len(inner) == model.neighbourhood("WK0001").population <= len(outer)
    assert {d["neighbourhood"] for _, d in inner.nodes(data=True)} == {"WK0001"}
    assert sum(d["inside"] for _, d in outer.nodes(data=True)) == len(inner)
    sample = social_network(model, sample=40, partners=False)
    assert len(sample) == 40 and set(sample) == set(social_network(model, sample=40, partners=False))
    with pytest.raises(InputError, match="sample=0 is out of range"):
        social_network(model, sample=0)


def test_the_map_has_borders_or_nearest_neighbours() -> None:
    nearest = neighbourhood_map(CohesionModel(small_table(), settling_months=1), nearest=2)
    assert all(d["kind"] == "nearest" and d["distance"] > 0 for _, _, d in nearest.edges(data=True))
    assert min(dict(nearest.degree).values()) >= 2
    borders = CohesionModel(small_table(neighbours=[(0, 1, 2.5), (1, 3, 0.4)]), settling_months=1)
    graph = neighbourhood_map(borders)
    assert graph.edges["WK0000", "WK0001"] == {"kind": "border", "length": 2.5} and graph.number_of_edges() == 2
    shown, neighbourhood = graph.nodes["WK0003"], borders.neighbourhood("WK0003")
    assert shown["residents"] == neighbourhood.population == len(neighbourhood.residents)
    assert shown["diversity"] == pytest.approx(neighbourhood.diversity) and 0 < shown["belonging"] < 1
    unknown = small_table(x=np.full(5, np.nan), y=np.full(5, np.nan))
    assert neighbourhood_map(CohesionModel(unknown, settling_months=1)).number_of_edges() == 0
