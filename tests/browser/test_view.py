"""The page's server: the same numbers as `thuis run`, levers that reach back, messages that are refused."""

import dataclasses
import json
import time
from collections import deque

import geopandas
import numpy as np
import polars as pl
import pytest
from shapely.geometry import box

from browser import waiting
from browser.course import Course, Courses
from browser.future_runs import FutureRuns
from browser.futures import Futures
from browser.house import House, Limits, title_of
from browser.levers import HORIZON, catalogue, elements_of, first_difference, group_changes, lever_steps, policy_of
from browser.life import find, friends, meetings
from browser.months import COLUMNS, MEANS, TOTALS, WEIGHT
from browser.movers import MOST_SHOWN, Addresses, movers
from browser.parts import Parts
from browser.people import NETWORK, ON_MAP, sample
from browser.protocol import HEADER, KIND, Refused, read_message
from browser.session import AHEAD, MOST_UNREAD, Session
from browser.shapes import shapes_of
from browser.starts import Starts, settled
from browser.timeline import Timeline
from browser.viewer import Viewer
from experiments.options.settings import settings_from
from experiments.results.summary import mean
from experiments.run.job import perform, prepare
from scenarios.errors import InputError
from scenarios.policy import levers
from scenarios.regions.archetypes import archetype
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from tests.tools.odd_table_cases import stray
from tests.tools.odd_tables import workbook

START = json.dumps({"type": "start", "region": "urk", "seed": 3, "scale": 10, "a": [], "b": None})


def unpack(data: bytes) -> tuple[tuple[int, int, int], dict[str, float], np.ndarray]:
    """(run, revision, month), totals by name and columns [C, J] of a month."""
    kind, run, revision, month, areas, count, _, _ = HEADER.unpack_from(data)
    assert kind == KIND and count == len(COLUMNS)
    totals = np.frombuffer(data, "<f8", len(TOTALS), HEADER.size)
    columns = np.frombuffer(data, "<f4", areas * count, HEADER.size + totals.nbytes).reshape(count, areas)
    return (run, revision, month), dict(zip(TOTALS, totals.tolist(), strict=True)), columns


@pytest.fixture(scope="module")
def start():
    """Urk with one agent per ten residents, settled."""
    return settled(archetype("urk"), Parameters(), 3, 10, ThreadPool(1), lambda world: None)


def timeline(start, events=()) -> Timeline:
    """A run from the start."""
    return Timeline.of(start, list(events), ThreadPool(1), 50_000_000)


def look(viewer: Viewer, run: Timeline, month: int, area: int, person: int | None) -> dict:
    """What a visitor sees of people, however many months have to be passed for it."""
    return next(found for found in viewer.look(run, month, area, person) if found is not None)


def months_until(run: Timeline, month: int) -> list[bytes]:
    """What the run sends up to a month."""
    found = []
    while run.sent < month:
        data = run.step()
        if data is not None:
            found.append(data)
    return found


def test_page_shows_the_numbers_of_thuis_run_to_the_bit(start, tmp_path):
    settings = settings_from({"region": "urk", "seed": 3, "scale": 10, "years": 2, "policy": "wrr_agenda"})
    outcome = perform(prepare(settings), tmp_path)
    run = timeline(start, [(0, "policy", "wrr_agenda")])
    sent = [unpack(data) for data in months_until(run, 24)]
    assert state_digest(run.world) == outcome.digest
    assert run.world.stocks.spent.sum() == outcome.world.stocks.spent.sum() == sent[-1][1]["spent"]
    months = pl.read_parquet(tmp_path / "months.parquet")
    for (_, _, month), totals, columns in sent:
        frame = months.filter(pl.col("month") == month)
        for name in MEANS:
            assert totals[name] == mean(frame, name, WEIGHT[name]), (month, name)
        for name in ("belonging", "cohesion", "turnover", "left_abroad"):
            theirs = frame[name].cast(pl.Float32).to_numpy()
            assert np.array_equal(columns[COLUMNS.index(name)], theirs, equal_nan=True), (month, name)


def test_people_on_the_move_are_those_of_the_flows(start):
    run = timeline(start)
    months_until(run, 3)
    before = Addresses.of(run.world)
    data = run.step()
    shown, total = movers(before, run.world)
    flows = run.world.flows
    outside = (flows.births, flows.immigrated, flows.domestic, flows.deaths, flows.emigrated, flows.moved_away)
    within = (flows.moved_in, flows.moved_within)
    assert total == sum(int(flow.sum()) for flow in (*outside, *within)) > 10
    assert len(shown) == min(total, MOST_SHOWN) and set(shown[:, 2].tolist()) <= {0, 1}
    assert (shown[:, :2].max(axis=1) >= 0).all() and shown[:, :2].max() < run.world.areas
    *_, count, moved = HEADER.unpack_from(data)
    sent = np.frombuffer(data, "<i4", 3 * count, len(data) - 12 * count).reshape(-1, 3)
    assert moved == total and np.array_equal(sent, shown)
    assert (unpack(data)[2][COLUMNS.index("residents")] > 0).all()


def test_residents_on_the_map_are_a_fixed_sample_with_their_ties(start):
    run = timeline(start)
    months_until(run, 2)
    one, other = (sample(run.world, 0, None) for _ in range(2))
    assert one == other and NETWORK >= one["network"] > 10 and len(one["id"]) == len(set(one["id"])) == ON_MAP
    ties = {frozenset(pair) for pair in one["pairs"]}
    assert ties and all(len(pair) == 2 and max(pair) < ON_MAP for pair in ties)
    assert min(one["age"]) >= 15, "feeling at home is counted from 15 years"
    row = find(run.world, int(one["id"][0]))
    met = meetings(run.world, row)
    for friend in friends(run.world, row):
        back = find(run.world, int(friend["id"]))
        assert one["id"][0] in [whose["id"] for whose in friends(run.world, back)]
    before = float(run.world.population.faces_own[row] + run.world.population.faces_other[row])
    assert met["faces"] == before and met["met_own"] > met["met_other"] > 0


def test_people_are_at_hand_once_a_neighbourhood_is_watched(start):
    run, viewer = timeline(start), Viewer(ThreadPool(1))
    months_until(run, 4)
    assert [found is None for found in viewer.look(run, 4, 0, None)] == [True, True, True, True, False]
    run.watch(0)
    months_until(run, 8)
    at_hand = list(viewer.look(run, 8, 0, None))
    assert len(at_hand) == 1 and at_hand[0]["people"] == sample(run.world, 0, None)
    assert run.change([(6, "work.support", 1.0)]) == 6 and set(run.samples) == {5, 6}


def test_lever_changed_in_the_past_gives_the_run_that_always_had_it(start):
    library = "facilities.funding.library"
    events = [(7, library, 2.0), (15, library, None), (9, "work.support", 1.0)]
    whole, late = timeline(start, events), timeline(start)
    months_until(late, 20)
    assert late.change(events) == 7 and late.revision == 1
    expected, found = months_until(whole, 24), months_until(late, 24)
    for a, b in zip(expected[8:], found, strict=True):
        assert unpack(a)[0][2] == unpack(b)[0][2] and a[HEADER.size :] == b[HEADER.size :]
    assert state_digest(whole.world) == state_digest(late.world)


def test_second_policy_branches_from_the_same_residents(start):
    first = timeline(start)
    months_until(first, 14)
    second, same = first.branch(1, [(12, "work.support", 1.0)])
    assert same == 12
    months_until(second, 18)
    months_until(first, 18)
    assert second.world.stocks.spent.sum() > 0 == first.world.stocks.spent.sum()
    null, same = first.branch(1, [])
    months_until(null, 20)
    months_until(first, 20)
    assert same == 18 and state_digest(null.world) == state_digest(first.world)


def test_terms_of_a_life_add_up_to_the_engine(start):
    run, viewer = timeline(start), Viewer(ThreadPool(1))
    months_until(run, 24)
    person = int(look(viewer, run, 24, 0, None)["people"]["id"][0])
    found = look(viewer, run, 24, 0, person)
    assert found["people"]["id"][0] == str(person) and len(found["life"]) >= 1
    noise = run.world.parameters.noise
    for before, after in zip(found["life"], found["life"][1:]):
        assert before["after"] == after["before"]
    for entry in found["life"]:
        assert sum(entry["terms"].values()) == pytest.approx(entry["target"], abs=1e-9)
        assert abs(entry["chance"]) < 5 * noise  # what the terms do not explain is the model's own monthly noise
    row = find(viewer.world, person)
    assert found["person"]["belonging"] == viewer.world.population.belonging[row]
    later = look(viewer, run, 24, 0, person)
    assert later == found
    assert state_digest(viewer.world) == state_digest(run.world), "to look at someone changes nothing"
    monthly = [entry["chance"] for entry in found["life"]]
    assert len({round(value, 9) for value in monthly}) == len(monthly)


def test_target_of_a_life_is_the_compiled_one():
    """With the noise off, belonging moves exactly by the pull of the terms."""
    still = Parameters().changed(noise=0.0)
    run = timeline(settled(archetype("urk"), still, 3, 10, ThreadPool(1), lambda world: None))
    viewer = Viewer(ThreadPool(1))
    months_until(run, 12)
    persons = [int(p) for p in look(viewer, run, 12, 1, None)["people"]["id"][:6]]
    for person in persons:
        life = look(viewer, run, 12, 1, person)["life"]
        inside = [entry for entry in life if 0.001 < entry["after"] < 0.999]
        assert inside and max(abs(entry["chance"]) for entry in inside) < 1e-6


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"type":"want"}', '{"type":"want","month":1.5}', '{"type":"want","month":true}',
     '{"type":"want","month":-1}', '{"type":"want","month":1,"more":1}', '{"type":"__class__"}',
     '{"type":"change","run":"c","events":[]}', '{"type":"change","run":"a","events":null}',
     '{"type":"change","run":"a","events":[[0,"work.support",2]]}',
     '{"type":"change","run":"a","events":[[0,"work.support",NaN]]}',
     '{"type":"change","run":"a","events":[[0,"policy","../../etc/passwd"]]}',
     '{"type":"start","region":"../x","seed":1,"scale":1,"a":[],"b":null}',
     '{"type":"people","run":"a","area":0,"month":0,"person":"1e9"}', "[" * 100_000, b"bytes"],
)  # fmt: skip
def test_messages_that_are_not_ours_are_refused(text):
    with pytest.raises(Refused):
        read_message(text)


def test_sessions_are_bounded_and_released():
    house = House("urk", limits=Limits(visitors=2))
    first, second = (Session(house, deque().append, lambda: 0) for _ in range(2))
    with pytest.raises(Refused, match="taken"):
        Session(house, deque().append, lambda: 0)
    first.close()
    first.thread.join(5)
    third = Session(house, deque().append, lambda: 0)
    for session in (second, third):
        session.close()
        session.thread.join(5)
    assert not house.visits


def test_session_keeps_no_more_messages_than_it_can_read():
    house = House("urk")
    session = Session(house, deque().append, lambda: 0)
    session.close()
    session.thread.join(5)
    for _ in range(MOST_UNREAD):
        session.take(read_message('{"type":"want","month":1}'))
    with pytest.raises(Refused, match="too many"):
        session.take(read_message('{"type":"want","month":1}'))


def test_a_session_that_is_alone_goes_far_ahead_and_makes_room_for_others():
    house, sent = House("urk"), deque()
    first = Session(house, sent.append, lambda: 0)
    try:
        first.take(read_message(START.replace('"scale": 10', '"scale": 50')))
        until = time.monotonic() + 120
        while time.monotonic() < until and (first.runs[0] is None or first.runs[0].sent < HORIZON):
            time.sleep(0.02)
        assert first.runs[0] is not None and first.runs[0].sent == HORIZON
        second = Session(house, deque().append, lambda: 0)
        assert first.most_ahead() == second.most_ahead() == first.ahead() == AHEAD
        second.close()
        second.thread.join(5)
    finally:
        first.close()
        first.thread.join(5)


def test_two_policies_that_are_simulated_at_once_give_the_months_of_each_alone(start):
    library = (0, "facilities.funding.library", 2.0)
    first = timeline(start)
    months_until(first, 0)
    second, _ = first.branch(1, [library])
    alone = [months_until(first, 24), months_until(second, 24)]
    house, sent = House("urk"), deque()
    asked = json.loads(START) | {"b": [library]}
    session = Session(house, sent.append, lambda: 0)
    try:
        session.take(read_message(json.dumps(asked)))
        until = time.monotonic() + 120
        while time.monotonic() < until and any(run is None or run.sent < 24 for run in session.runs):
            time.sleep(0.02)
    finally:
        session.close()
        session.thread.join(5)
    found = [data for data in list(sent) if isinstance(data, bytes)]
    for number, months in enumerate(alone):
        told = {unpack(data)[0][2]: unpacked(data) for data in found if unpack(data)[0][0] == number}
        other = [unpack(data)[0][2] for data in months if told[unpack(data)[0][2]] != unpacked(data)]
        assert not other, (number, other)


def test_worlds_that_are_simulated_at_once_have_a_thread_each():
    house = House("urk")
    house.large = ThreadPool(2)
    with house.turn(10**6) as alone:
        assert alone is house.large
        with house.turn(10**6) as beside:
            assert beside is house.small
    with house.turn(10**6) as again, house.turn(10):
        assert again is house.large and house.simulating == 2
    assert house.simulating == 0


def test_a_visitor_is_told_what_the_start_waits_for(monkeypatch):
    class Code:
        def __init__(self, kept: bool) -> None:
            self.is_kept = lambda: kept

    starts, key = Starts(0, Parameters()), ("urk", 77077, 50, 0)
    waits = waiting.Waiting(lambda *_, **__: None, starts, key)
    monkeypatch.setattr(waiting, "entries", {"a:arrive": Code(True), "a:update_residents": Code(False)})
    long, longest = waiting.seconds_of("a:arrive"), waiting.seconds_of("a:update_residents")
    assert waits.look() == {"compiled": round(long / (long + longest), 2)}
    monkeypatch.setattr(waiting, "entries", {"a:arrive": Code(True)})
    assert waits.look() == {}
    seen = []
    starts.get(key, archetype("urk"), ThreadPool(1), lambda world: seen.append(waits.look()))
    assert seen[0] == {"left": 59, "months": 60} and seen[-1]["left"] == 0 and waits.look() == {}


def test_session_sends_the_world_then_months_and_people():
    house, sent = House("urk"), deque()
    session = Session(house, sent.append, lambda: 0)
    try:
        session.take(read_message(START))
        session.take(read_message('{"type":"people","run":"a","area":1,"month":3,"person":null}'))
        until = time.monotonic() + 120
        while time.monotonic() < until and not any("people" in m[:20] for m in sent if isinstance(m, str)):
            time.sleep(0.02)
        kinds = [json.loads(m)["type"] for m in sent if isinstance(m, str)]
        assert "world" in kinds and "people" in kinds and "error" not in kinds
        months = [unpack(m)[0][2] for m in sent if isinstance(m, bytes)]
        assert months == list(range(len(months))) and len(months) >= 4
    finally:
        session.close()
        session.thread.join(5)


def test_uploaded_table_is_checked_in_words():
    house = House("urk")
    good = b"code,residents,origin_native,origin_other\nA,900,0.8,0.2\nB,1100,0.5,0.5\n"
    token, table = house.upload(good)
    assert house.table(token) is table and len(table) == 2
    with pytest.raises(InputError, match=r"table\.csv, row 3, column residents"):
        house.upload(good.replace(b"1100", b"many"))


def test_an_uploaded_workbook_is_read_and_a_vast_one_refused(tmp_path):
    house, path = House("urk"), tmp_path / "areas.xlsx"
    head = [["code", "residents", "origin_native", "origin_other"], ["A", 900, 0.8, 0.2], ["B", 1100, 0.5, 0.5]]
    workbook(("Blad1", head))(path)
    _, table = house.upload(path.read_bytes())
    assert table.residents.tolist() == [900, 1100]
    stray(path)
    with pytest.raises(InputError, match="1,048,576 rows and 16,384 columns"):
        house.upload(path.read_bytes())


@pytest.mark.parametrize("kind", ["gpkg", "geojson"])
def test_a_map_with_figures_may_be_put_on_the_page(kind, tmp_path):
    squares = [box(4.7 + at / 100, 52, 4.71 + at / 100, 52.01) for at in range(2)]
    figures = {"code": ["A", "B"], "residents": [900, 1100], "origin_native": [0.8, 0.5], "origin_other": [0.2, 0.5]}
    path = tmp_path / f"areas.{kind}"
    geopandas.GeoDataFrame(figures, geometry=squares, crs=4326).to_file(path)
    token, table = House("urk").upload(path.read_bytes())
    assert table.residents.tolist() == [900, 1100] and set(table.outlines) == {"A", "B"}
    assert title_of(token, table)["en"] == "your area"
    with pytest.raises(InputError, match="cannot be read as a map"):
        House("urk").upload(path.read_bytes()[: path.stat().st_size // 2])


def test_shapes_of_a_honeycomb_are_its_hexagons():
    shapes = shapes_of(archetype("the_hague"))
    corners = [len(rings[0]) // 2 for rings in shapes["areas"]]
    assert not shapes["real"] and min(corners) >= 6
    assert len(shapes["centres"]) == len(archetype("the_hague"))


def test_neighbourhood_without_an_outline_is_left_off_the_map():
    table = archetype("vaals")
    square = [[5.0, 50.0], [5.1, 50.0], [5.1, 50.1], [5.0, 50.1], [5.0, 50.0]]
    outlines = {code: {"type": "Polygon", "coordinates": [square]} for code in table.code[1:]}
    shapes = shapes_of(dataclasses.replace(table, outlines=outlines))
    assert shapes["real"] and shapes["areas"][0] == [] and shapes["centres"][0] is None
    assert len(shapes["areas"][1][0]) >= 8 and np.allclose(shapes["centres"][1], 0, atol=0.01)


def test_levers_have_words_in_both_languages_and_a_range():
    found = catalogue(Parameters())
    assert len(found["levers"]) > 30
    for row in found["levers"]:
        assert row["text"]["nl"] and row["text"]["en"] and row["low"] <= row["today"] <= row["high"]
    assert first_difference([(3, "work.support", 1.0)], [(3, "work.support", 1.0), (5, "work.support", None)]) == 5
    measure = policy_of([(3, "work.support", 1.0), (5, "work.support", None)]).measures[0]
    assert (measure.start, measure.end) == (3, 5)


def test_parts_of_a_lever_that_are_set_alike_are_one_change():
    arrivals = levers()["admission.arrivals"].full_names
    doubled = [(0, name, 2.0) for name in arrivals]
    counter = (0, "reception.one_stop", 1.0)
    assert group_changes([*doubled, counter]) == {
        "admission.arrivals": list(arrivals),
        "reception.one_stop": ["reception.one_stop"],
    }
    assert group_changes(doubled[1:]) == {name: [name] for name in arrivals[1:]}
    later = [*doubled, (12, arrivals[0], 3.0)]
    assert set(group_changes(later)) == set(arrivals), "one of them was set again"
    here = [(0, f"{name}@3", 2.0) for name in levers()["facilities.funding"].full_names]
    assert list(group_changes(here)) == ["facilities.funding@3"]
    rows = {row["name"]: row for row in catalogue(Parameters())["levers"]}
    assert rows["admission.arrivals"]["parts"] == list(arrivals) and rows["admission.arrivals"]["target"]["nl"]


def test_levers_are_told_as_the_engine_is_given_them(start):
    run = timeline(start, [(0, "policy", "libraries"), (30, "facilities.funding.library", 2.5), (40, "policy", None)])
    steps = lever_steps(run.new_schedule())
    assert set(steps) == {"facilities.funding.library"}
    given = dict(steps["facilities.funding.library"])
    assert (
        given[0] == pytest.approx(1 + 0.5 / 12, abs=1e-5) and given[11] == 1.5 and given[30] == 2.5 and 40 not in given
    )
    assert lever_steps(timeline(start).new_schedule()) == {}


def test_other_futures_differ_in_chance_and_parameters_and_follow_the_policies():
    house = House("urk")
    try:
        library = [(0, "facilities.funding.library", 2.0)]
        promise, runs, place = lambda n: house.start_of_future("urk", 3, 50, n), FutureRuns(), ("urk", 3, 50)
        futures = Futures(2, promise, house.small, [[], library], runs, place)
        pass_all(futures)
        found = futures.differences("belonging", 60)
        assert found["known"] == found["count"] == 2 and len(set(found["whole"])) == 2
        assert found["low"][60] == min(found["whole"]) and found["high"][60] == max(found["whole"])
        assert len(found["areas"]) == len(archetype("urk")) and len(found["areas"][0]) == 2
        first = futures.values[1, 0]
        futures.change([[], [(0, "work.support", 1.0)]])
        assert futures.values[1, 0] is first and futures.whole(60) == [], "what did not change is kept"
        one, other = (futures.starts[number].result().like for number in (1, 2))
        assert one.seed != other.seed and one.parameters != other.parameters
        later = Futures(2, promise, house.small, [library, []], runs, place)
        pass_all(later)
        assert later.values[1, 1] is first, "another visitor's futures of the same policy are these"
    finally:
        house.settling.shutdown()


def test_visitors_with_the_same_policy_have_one_simulation_of_it(start):
    courses, library = Courses(), [(0, "facilities.funding.library", 2.0)]
    first, second = (Timeline.of(start, [], ThreadPool(1), 50_000_000, courses) for _ in range(2))
    assert first.course is second.course
    sent = months_until(first, 9)
    world = first.course.world
    assert months_until(second, 9) == sent and second.course.world is world and world.month == 9
    policy, same = first.branch(1, library)
    assert same == 0 and policy.course is not first.course
    assert second.change(library) == 0 and second.course is policy.course, "who takes the same policy joins it"
    later = months_until(policy, 9)
    assert [unpacked(data) for data in months_until(second, 9)] == [unpacked(data) for data in later]
    alone = timeline(start, library)
    assert [unpacked(data) for data in months_until(alone, 9)][1:] == [unpacked(data) for data in later]
    assert months_until(first, 12)[-1] == months_until(timeline(start), 12)[-1], "and the others are left alone"


def unpacked(data: bytes) -> bytes:
    """A month without whose it is."""
    return data[HEADER.size :]


def pass_all(futures: Futures) -> None:
    """Pass months until all are known."""
    until = time.monotonic() + 120
    while futures.missing() is not None:
        assert time.monotonic() < until
        if futures.can_step():
            futures.step()
        else:
            time.sleep(0.01)


def test_each_element_of_a_package_is_told_by_a_run_without_it(start):
    package, library = [(0, "policy", "wrr_agenda")], [(0, "facilities.funding.library", 2.0)]
    assert elements_of(package, start.table.code) == [1, 2, 3, 4] and elements_of(library, start.table.code) == [2]
    run = timeline(start, package)
    months_until(run, 6)

    def begin(events, element):
        return Course.of(start, events, ThreadPool(1), 0, element)

    parts = Parts(run, begin)
    parts.until = 6
    while parts.can_step():
        parts.step()
    assert list(parts.effects(6)) == [f"element:{number}" for number in (1, 2, 3, 4)]
    # What is left of the costs without an element is what the package costs less that element.
    spent = run.totals[6][TOTALS.index("spent")]
    assert sum(one["spent"] for one in parts.effects(6).values()) == pytest.approx(spent, rel=0.02)
    without = begin(package, 2)
    effect = run.totals[6] - [without.numbers() for _ in range(7)][6][0]
    assert parts.effects(6)["element:2"]["at_home"] == pytest.approx(effect[TOTALS.index("at_home")])
    assert not Parts(timeline(start, library), begin).names


def test_mesa_viewer_draws_its_map():
    pytest.importorskip("solara", reason="the extra solara is not installed")
    import solara

    from agents import CohesionModel
    from browser.solara_app import CONTROLS, Page, map_figure

    # Mesa's viewer takes the model, its components and controls.
    box, context = solara.render(Page(), handle_error=False)
    assert box.children
    context.close()

    model = CohesionModel("urk", scale=50, settling_months=6)
    assert len(map_figure(model).axes) == 2 and CONTROLS["world"]["value"] in CONTROLS["world"]["values"]
