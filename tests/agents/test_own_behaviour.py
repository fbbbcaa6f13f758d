"""Behaviour of one's own: what it may write, what it can rely on, and that nothing it writes ends the process."""

from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import CohesionModel, EstablishedResident, TransientMigrant
from agents.identity import TIES
from agents.person import Person
from agents.ranges import FLOATS, INTENTIONS
from scenarios.errors import InputError
from sim.digest import state_digest
from sim.population import NOBODY
from sim.ties import ROW_SHIFT
from sim.world import World
from tests.tools.states import check_households, check_stocks, opened_rows
from tests.tools.worlds import small_table, small_world

ATTRIBUTES = sorted(
    {name for kind in Person.__mro__ for name, value in vars(kind).items() if isinstance(value, property)}
    | {"luck", "unique_id", "belongings", "__class__", "__dict__"}
    | set(TIES)
)
DELETED: Any = object()
NONSENSE: list[Any] = [
    -0.1, -3, 5.0, 1e30, -1e30, float("nan"), float("inf"), 2**70, -1, 200, 256, 10**9, None, "x", [], True, b"",
    np.nan, np.int64(7), np.array([1, 2]), {}, DELETED, EstablishedResident, TransientMigrant,
]  # fmt: skip
STEPS = ["meet", "keep_ties", "belong", "decide", "seek_tie", "seek_partner", "make_acquaintance", "leave",
         "look_for_home"]  # fmt: skip
ALLOWED: list[tuple[str, Any]] = [
    *(("intention", int(code)) for code in INTENTIONS), ("born", -30_000), ("born", 200), ("arrived", -5),
    ("arrived", 32_767), ("moved_in", 32_767), ("motive", None), ("motive", "asylum"), ("flags", 15), ("remove", None),
]  # fmt: skip
"""What may be written, however odd; the last is a call."""


def tiny_world() -> World:
    """Three hundred people, for what needs no more."""
    return small_world(1, settling_months=1, table=small_table((90, 80, 60, 50, 40)))


def write(agent: Any, name: str, value: Any) -> None:
    """Write an attribute, or delete it."""
    if value is DELETED:
        delattr(agent, name)
    else:
        setattr(agent, name, value)


@settings(max_examples=40)
@given(st.sampled_from(ATTRIBUTES), st.sampled_from(NONSENSE), st.sampled_from(STEPS), st.booleans())
def test_nothing_a_subclass_writes_ends_the_process(name: str, value: Any, step: str, before: bool) -> None:
    """Either one line says what is wrong, or the value was allowed: never a crash, never a number out of range."""

    class Odd(EstablishedResident):
        pass

    def own_step(self: Any) -> Any:
        if before:
            write(self, name, value)
        found = getattr(EstablishedResident, step)(self)
        if not before:
            write(self, name, value)
        return found

    setattr(Odd, step, own_step)
    model = CohesionModel(tiny_world(), established=Odd)
    try:
        model.run_for(2)
    except (InputError, AttributeError, TypeError, ValueError, OverflowError) as error:
        # The engine's one line; or Python's own word for what no number can be, which arises in the lines of the class.
        assert isinstance(error, InputError) or own_step.__code__ in codes_of(error)
        return
    people = model.world.population
    for column, (low, high) in FLOATS.items():
        found = getattr(people, column)[people.serial != NOBODY]
        assert ((found >= low) & (found <= high)).all()
    assert 0 <= model.mean_belonging <= 1


@settings(max_examples=15)
@given(st.sampled_from(ALLOWED), st.sampled_from(STEPS), st.booleans(), st.sampled_from([0.1, 1.0]))
def test_whatever_is_allowed_leaves_households_and_counts_whole(
    written: tuple[str, Any], step: str, before: bool, share: float
) -> None:
    """Intentions, dates and motives of anyone at any time, and removal: rings stay closed, and everyone is counted."""

    class Odd(EstablishedResident):
        pass

    def own_step(self: Any) -> Any:
        acts = self.chance(3) < share
        if acts and before:
            do(self)
        found = getattr(EstablishedResident, step)(self)
        if acts and not before:
            do(self)
        return found

    def do(agent: Any) -> None:
        agent.remove() if written[0] == "remove" else setattr(agent, *written)

    setattr(Odd, step, own_step)
    model = CohesionModel(tiny_world(), established=Odd)
    for _ in range(3):
        model.pass_month()
        lived_in = opened_rows(model.world) & (model.world.population.serial != NOBODY)
        serials = model.world.population.serial[lived_in]
        assert len(np.unique(serials)) == len(serials)
        check_stocks(model.world, lived_in)
        check_households(model.world, lived_in)


def codes_of(error: BaseException) -> list[Any]:
    """The code of every frame that an error came through."""
    found, at = [], error.__traceback__
    while at is not None:
        found.append(at.tb_frame.f_code)
        at = at.tb_next
    return found


@pytest.mark.parametrize(("name", "attribute"), list(TIES.items()))
@pytest.mark.parametrize("value", [DELETED, 10**9])
@pytest.mark.parametrize("step", ["meet", "leave"])
def test_what_ties_an_agent_to_its_person_may_only_be_read(name: str, attribute: str, value: Any, step: str) -> None:
    class Odd(EstablishedResident):
        pass

    def own_step(self: Any) -> Any:
        found = getattr(EstablishedResident, step)(self)
        write(self, name, value)
        return found

    setattr(Odd, step, own_step)
    with pytest.raises(InputError, match=f"^Odd: {attribute} was written or deleted"):
        CohesionModel(tiny_world(), established=Odd).run_for(12)


def test_what_own_code_wrote_before_is_named_where_the_model_fails_on_it() -> None:
    class Odd(EstablishedResident):
        def meet(self) -> None:
            super().meet()
            write(self, "luck", None)

    with pytest.raises(InputError, match=r"^Odd: a step of the model cannot be taken in month 0: TypeError"):
        CohesionModel(tiny_world(), established=Odd).run_for(1)


@pytest.mark.parametrize("value", [-0.1, float("nan"), -3, 5.0, "much"])
def test_a_value_out_of_range_is_one_line(value: Any) -> None:
    class Sad(EstablishedResident):
        def belong(self) -> None:
            self.belonging = value

    with pytest.raises(InputError, match=r"^Sad: belonging is \S+ in month \d+ \(allowed: 0 to 1\)$"):
        CohesionModel(tiny_world(), established=Sad).run_for(1)


def test_what_is_written_between_months_is_looked_at_too() -> None:
    model = CohesionModel(tiny_world())
    model.agents.set("belonging", -2.0)
    for use in (lambda: model.mean_belonging, lambda: model.run_for(1)):
        with pytest.raises(InputError, match=r"belonging is -2\.0"):
            use()


def test_a_home_that_is_not_there_is_one_line() -> None:
    class Lost(EstablishedResident):
        def look_for_home(self) -> Any:
            return 77

    with pytest.raises(InputError, match=r"Lost: look_for_home\(\) is 77 .*0 to 4, -1 for outside, -2 for staying"):
        CohesionModel(tiny_world(), established=Lost).run_for(12)


def test_own_classes_take_the_driver_that_asks_them() -> None:
    class Unhappy(EstablishedResident):
        def belong(self) -> None:
            self.belonging = 0.1

    model = CohesionModel(tiny_world(), established=Unhappy)
    model.run_for(1)
    assert model.driver == "agents" and model.mean_belonging < 0.2
    with pytest.raises(InputError, match="driver='compiled' does not look at established="):
        CohesionModel(tiny_world(), "compiled", established=Unhappy)


def test_what_a_class_sets_up_is_there_when_a_newcomer_becomes_established() -> None:
    class Tired(EstablishedResident):
        def __init__(self, model: CohesionModel, *where: Any) -> None:
            super().__init__(model, *where)
            self.energy = 1.0

        def belong(self) -> None:
            super().belong()
            self.energy -= 0.01

    class Counting(TransientMigrant):
        months = 0

        def belong(self) -> None:
            super().belong()
            self.months += 1

    model = CohesionModel(small_world(1, settling_months=6), established=Tired, transient=Counting)
    usual = CohesionModel(small_world(1, settling_months=6))
    for each in (model, usual):
        each.run_for(14)
    turned = [a for a in model.agents_by_type[Tired] if "months" in vars(a)]
    assert turned and all(a.energy <= 1 and a.months > 0 for a in turned) and min(a.energy for a in turned) < 0.95
    assert state_digest(model.world) == state_digest(usual.world)


def test_a_chance_of_ones_own_is_even_and_touches_no_other_draw() -> None:
    model = CohesionModel(small_world(2, settling_months=1))
    before = state_digest(model.world)
    agents = list(model.agents)
    one, other = ([agent.chance(purpose) for agent in agents] for purpose in (1, 2))
    assert one == [agent.chance(1) for agent in agents] and one != other
    assert min(one) >= 0 and max(one) < 1 and np.mean(np.array(one) < 0.2) == pytest.approx(0.2, abs=0.03)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.06 and state_digest(model.world) == before
    with pytest.raises(InputError, match=r"chance\(-1\)"):
        agents[0].chance(-1)


@pytest.mark.parametrize(
    ("parameters", "options", "different"),
    [
        ({"seed": [1, 2]}, {}, 2),
        ({}, {"rng": [1, 2]}, 2),
        ({}, {"rng": [None, None]}, 2),
        ({}, {"iterations": 2}, 2),
        ({"seed": 3, "scale": [np.int64(1), 2]}, {}, 2),
        ({"seed": 4}, {"rng": [None, None]}, 1),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mesas_batch_run_takes_seeds_its_own_way(parameters: Any, options: Any, different: int) -> None:
    requested = {"world": [small_table()], "settling_months": 1, **parameters}
    rows = mesa.batch_run(CohesionModel, requested, max_steps=2, display_progress=False, **options)
    assert len(rows) == 2 and len({row["belonging"] for row in rows}) == different
    with pytest.raises(InputError, match="seed=1 and rng=2 are both given"):
        CohesionModel(small_table(), settling_months=1, seed=1, rng=2)


def test_ties_with_the_own_group_are_counted_after_months_without_a_look() -> None:
    """A behaviour that looks after ties in one month of three: whoever has no news has the right number."""

    class Negligent(EstablishedResident):
        def keep_ties(self) -> None:
            if self.model.lookups.month % 3 == 0:
                super().keep_ties()

    model = CohesionModel(small_world(1, settling_months=12), "agents", established=Negligent)
    for _ in range(13):
        model.pass_month()
    p, wrong = model.world.population, 0
    rows = np.flatnonzero((p.serial != NOBODY) & (p.tie_news == 0))
    for row in rows:
        partners = (p.ties[row, : p.tie_count[row]] >> ROW_SHIFT).astype(np.int64)
        wrong += int(p.tie_own[row]) != int((p.origin[partners] == p.origin[row]).sum())
    assert len(rows) > 100 and wrong == 0
