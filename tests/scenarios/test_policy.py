"""Policies: what may be written, when it holds, what it costs, where a budget binds, and that a run can branch."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from hydra import compose, initialize_config_module

from scenarios.errors import InputError
from scenarios.policy import Schedule, count_units, levers, load_policy, package_names, policy_from, policy_in_words
from scenarios.policy.affected_areas import rows_of
from scenarios.policy.costs import QUANTITIES
from scenarios.policy.dutch import dutch_words
from scenarios.policy.levers import lever_of_word
from scenarios.policy.reference import page
from scenarios.policy.timing import never_in_force
from sim.checkpoint import load_checkpoint, save_checkpoint
from sim.conditions import baseline_conditions
from sim.digest import state_digest
from sim.facilities import FACILITIES
from sim.machine.threads import ThreadPool
from sim.motives import MOTIVES
from sim.phases.month import PHASES, Clock, pass_month
from tests.tools.paths import REPOSITORY
from tests.tools.worlds import small_table, small_world

POOL = ThreadPool(1)
TABLE = small_table()
PACKAGES = [
    "baseline", "austerity", "libraries", "one_counter", "permits_by_capacity", "reception_for_all",
    "social_infrastructure", "work", "wrr_agenda", "shock_asylum_centre", "shock_employer_leaves",
    "shock_labour_doubling",
]  # fmt: skip


@pytest.fixture(scope="module")
def start():
    """A settled world at month 0; tests copy it."""
    return small_world()


def run(world, months, policy=None):
    """A copy of the world, so many months later, under a policy."""
    world, clock = copy.deepcopy(world), Clock()
    schedule = Schedule(policy, TABLE) if policy is not None else None
    phases = {"policy": schedule.begin_month} | PHASES if schedule else PHASES
    for _ in range(months):
        pass_month(world, POOL, clock, phases)
    return SimpleNamespace(world=world, schedule=schedule)


def test_levers_hold_todays_values_and_priced_ones_can_be_counted() -> None:
    now = baseline_conditions(1, 1)
    for lever in levers().values():
        assert lever.low <= min(lever.baseline) and max(lever.baseline) <= lever.high
        assert all(price.low <= price.price <= price.high and price.certainty in "SCRE" for price in lever.prices)
        if lever.parts:
            continue
        np.testing.assert_allclose(np.ravel(getattr(now, lever.field)), lever.baseline, rtol=1e-6)
        assert lever.quantity in QUANTITIES if lever.prices else lever.quantity == ""
    assert {lever.field for lever in levers().values()} - {""} == set(now._fields)


@pytest.mark.parametrize("name", PACKAGES)
def test_packages_read_the_same_with_and_without_hydra(name) -> None:
    policy = load_policy(name)
    with initialize_config_module("conf", version_base="1.3"):
        composed = policy_from(compose(overrides=[f"+policy={name}"]).policy)
    assert policy == composed and policy.name == name
    assert policy.title["nl"] != policy.title["en"]
    assert all(line.endswith(".") for lang in ("nl", "en") for line in policy_in_words(policy, lang))


def test_overrides_from_the_command_line_read_well() -> None:
    with initialize_config_module("conf", version_base="1.3"):
        config = compose(overrides=["+policy=libraries", "policy.libraries.funding=0.5", "policy.start=60"])
    measure = policy_from(config.policy).measures[0]
    assert (measure.settings[0].full_name, measure.settings[0].value) == ("facilities.funding.library", 0.5)
    assert measure.start == 60
    assert package_names() == PACKAGES
    assert load_policy("wrr_agenda", {"start": 60, "permits": {"permit": 2}}).measures[-2].settings[0].value == 2


WRONG = {
    "{a: {facilities: librari, funding: 1}}": "unknown facility 'librari'; did you mean library?",
    "{a: {migrants: asylumm, coverage: 1}}": "unknown motive 'asylumm'; did you mean asylum?",
    "{a: {suport: 1}}": "unknown word 'suport'; did you mean support?",
    "{a: {lever: facilities.funding.librry, value: 1}}": "unknown lever 'facilities.funding.librry'; did you mean",
    "{a: {facilities: library, funding: 9}}": "funding is 9 (allowed: 0 to 3 times today's)",
    "{a: {support: much}}": "support is 'much', which is not a number (allowed: 0 to 1 share)",
    "{a: {support: .nan}}": "support is nan (allowed: 0 to 1 share)",
    "{a: {funding: 1}}": "funding needs 'facilities'",
    "{a: {migrants: all, support: 1}}": "migrants are named, but nothing is set for them",
    "{a: {support: 1, start: 5, end: 3}}": "end is month 3, not after its start in month 5 (allowed: 6 or later)",
    "{a: {support: 1, end: 5, duration: 3}}": "both end and duration are given",
    "{a: {support: 1, ramp: -1}}": "ramp is '-1' (allowed: whole months, 0 to 12000)",
    "{a: {support: 1, start: 1.5}}": "start is '1.5' (allowed: whole months",
    "{a: {support: 1, budget: -5}}": "budget is '-5' (allowed: euro per year, 0 or more)",
    "{a: {permit: 1, budget: 5}}": "budget is given, but admission.permit has no price",
    "{budget: 5, a: {permit: 1}}": "budget is given, but none of its levers has a price",
    "{budgt: 5}": "'budgt' is not a measure: under a name of its own it sets one or more levers; did you mean budget",
    "{a: {}}": "it sets no lever",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_in_one_line(text) -> None:
    with pytest.raises(InputError) as error:
        policy_from(yaml.safe_load(text), "mine")
    assert str(error.value).startswith("policy mine") and WRONG[text] in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("Town3", "unknown place 'Town3'; did you mean"),
        ("WK0001", "admission.permit can differ per municipality, not per neighbourhood; 'WK0001' is a neighbourhood"),
    ],
)
def test_a_place_that_cannot_be_is_said_in_one_line(where, line) -> None:
    with pytest.raises(InputError, match="policy mine, measure a: ") as error:
        Schedule(policy_from({"a": {"permit": 1, "where": where}}, "mine"), TABLE)
    assert line in str(error.value)


def test_a_measure_starts_grows_and_ends() -> None:
    policy = policy_from({"a": {"facilities": "park", "funding": 2, "start": 3, "ramp": 4, "duration": 10}})
    schedule = Schedule(policy, TABLE)
    park = FACILITIES.index("park")
    found = [schedule.conditions(month) for month in range(15)]
    values = [float(c.funding[0, park]) for c in found]
    assert values == [1, 1, 1, 1.25, 1.5, 1.75, 2, 2, 2, 2, 2, 2, 2, 1, 1]
    assert found[0] is found[2] is schedule.baseline and found[6] is found[12] and found[13] is schedule.baseline
    assert found[6].mixing is schedule.baseline.mixing
    assert schedule.conditions(4).funding[0, park] == 1.5  # only the month counts, not the road to it


def test_what_is_nearer_home_prevails() -> None:
    policy = policy_from(
        {
            "home": {"facilities": "park", "funding": 3, "where": "WK0002"},
            "town": {"facilities": "park", "funding": 2, "where": ["town 0"]},
            "land": {"facilities": "all", "funding": 1.5},
            "newcomers": {"migrants": "asylum", "coverage": 1, "where": "GM0001"},
            "seats": {"capacity": 2, "where": "GM0001"},
        }
    )
    now = Schedule(policy, TABLE).conditions(0)
    covered = np.float32(0.9)
    assert now.funding[:, FACILITIES.index("park")].tolist() == [2, 1.5, 3, 1.5, 2]  # areas 0, 2, 4 lie in town 0
    assert now.coverage[:, MOTIVES.index("asylum")].tolist() == [covered, 1, covered, 1, covered]
    assert now.funding[:, FACILITIES.index("school")].tolist() == [1.5, 2, 1.5, 2, 1.5]
    assert now.reception_places.tolist() == [1, 2] and now.building.tolist() == [1, 2, 1, 2, 1]


def test_the_baseline_and_a_policy_equal_to_it_change_nothing(start) -> None:
    same = {"migrants": "asylum", "coverage": 0.9, "course_hours": 12, "one_stop": 0, "places": 1, "ramp": 3}
    plain = run(start, 3)
    for policy in (load_policy("baseline"), policy_from({"same": same, "too": {"facilities": "all", "funding": 1}})):
        other = run(start, 3, policy)
        assert state_digest(other.world) == state_digest(plain.world)
        assert not other.world.stocks.spent.any()


def test_before_it_starts_a_policy_changes_nothing_and_a_run_can_branch(start, tmp_path) -> None:
    policy = load_policy("wrr_agenda", {"start": 12})
    before = run(start, 12)
    whole = run(start, 12, policy)
    assert state_digest(whole.world) == state_digest(before.world)
    assert not whole.world.stocks.spent.any()
    save_checkpoint(before.world, tmp_path / "month12")
    branched, _ = load_checkpoint(tmp_path / "month12")
    branched, whole = run(branched, 3, policy).world, run(whole.world, 3, policy).world
    assert state_digest(branched) == state_digest(whole) != state_digest(run(before.world, 3).world)
    assert branched.stocks.spent.tolist() == whole.stocks.spent.tolist() and branched.stocks.spent.all()
    back = run(branched, 1, load_policy("baseline"))  # a policy can be broken off in any month, too
    assert back.world.conditions is back.schedule.baseline


def test_cost_is_units_times_price(start) -> None:
    units = count_units(start, POOL)
    municipality = TABLE.municipality
    motive, recent = start.population.motive, start.population.arrived > start.month - 60
    lived_in = start.population.serial != 0
    assert units.newcomers.sum(axis=0).tolist() == [int(((motive == m) & recent & lived_in).sum()) for m in range(6)]
    policy = policy_from(
        {"a": {"facilities": "library", "funding": 1.5}, "b": {"one_stop": 0.5}, "c": {"retention": -1}}
    )
    schedule = Schedule(policy, TABLE)
    costs = schedule.cost(0, units)
    expected = np.bincount(municipality, TABLE.residents * TABLE.facilities[:, 1] * 0.5 * 26.25 / 12)
    np.testing.assert_allclose(costs["facilities.funding.library"], expected, rtol=1e-6)
    np.testing.assert_allclose(costs["reception.one_stop"], np.bincount(municipality, TABLE.residents * 0.5 * 4 / 12))
    others = units.newcomers * (1 - schedule.baseline.coverage)
    reached = 0.5 * np.stack(
        [np.bincount(municipality, column) for column in others.T], axis=1
    )  # the counter reaches half
    for m, motive_name in enumerate(MOTIVES):
        np.testing.assert_allclose(costs[f"reception.coverage.{motive_name}"], reached[:, m] * 1000 / 12, rtol=1e-5)
    hours = reached[:, MOTIVES.index("asylum")] * 12 * 16
    np.testing.assert_allclose(costs["reception.course_hours.asylum"], hours, rtol=1e-5)
    assert "work.retention" not in costs  # a shock is not a saving
    low, high = (schedule.cost(0, units, bound)["reception.one_stop"] for bound in ("low", "high"))
    np.testing.assert_allclose(high / low, 12)
    twenty = count_units(start, POOL, scale=20)
    np.testing.assert_allclose(schedule.cost(0, twenty)["reception.one_stop"], 20 * costs["reception.one_stop"])


def test_cuts_save_and_the_order_of_the_input_does_not_matter(start) -> None:
    after = run(start, 2, load_policy("austerity"))
    assert (after.world.stocks.spent < 0).all()
    order = [3, 0, 4, 2, 1]
    table = TABLE.reordered(order)
    kept = after.schedule.cost(1, count_units(start, POOL))
    units = count_units(start, POOL)
    per_area = {name: getattr(units, name)[order] for name in ("residents", "supply", "newcomers", "labour", "built")}
    municipality = table.municipality.astype(np.int64)
    capacity = units.capacity[[TABLE.municipality_code.index(code) for code in table.municipality_code]]
    moved = Schedule(load_policy("austerity"), table).cost(
        1, units._replace(**per_area, municipality=municipality, capacity=capacity)
    )
    for name, amount in kept.items():
        at = [TABLE.municipality_code.index(code) for code in table.municipality_code]
        assert moved[name].tolist() == amount[at].tolist()


def test_a_budget_binds_and_the_run_says_so(start) -> None:
    values = {"a": {"migrants": "all", "coverage": 1, "course_hours": 20, "budget": 200_000}, "b": {"support": 1}}
    held = run(start, 3, policy_from(values, "mine"))
    own = sum(v.sum() for name, v in held.schedule.month_costs.items() if name.startswith("reception"))
    assert 0.99 * 200_000 < own * 12 <= 200_000
    assert [note.month for note in held.schedule.notes] == [0, 1, 2]
    assert 0 < held.schedule.notes[0].share < 1 and held.schedule.notes[0].measure == "a"
    said = held.schedule.budget_notes()[0]
    assert said.startswith("The budget held measure a (reception.coverage.labour_eu, ")
    assert "in 3 months (month 0 to 2)" in said and "3 maanden" in held.schedule.budget_notes("nl")[0]
    assert held.world.conditions.job_support.tolist() == [1] * len(TABLE)

    whole = run(start, 2, policy_from(values | {"a": {"permit": 1}, "budget": 50_000}, "mine"))
    assert 0.99 * 50_000 < 12 * whole.schedule.month_costs["work.support"].sum() <= 50_000
    assert whole.world.conditions.permit.tolist() == [1, 1]  # what has no price is not held back
    free = run(start, 2, policy_from(values | {"a": {"permit": 1}, "budget": 1e9}, "mine"))
    assert free.schedule.notes == [] and free.world.conditions.job_support.tolist() == [1] * len(TABLE)


def test_the_page_of_policies_is_up_to_date() -> None:
    written = (REPOSITORY / "docs" / "policies.md").read_text(encoding="utf-8")
    assert written == page(), "write it anew: python -m scenarios.policy.reference"


def test_a_measure_that_begins_after_the_end_of_a_run_is_told() -> None:
    measures = {"facilities": "library", "funding": 2}
    policy = policy_from({"name": "late", "soon": measures | {"start": 3}, "year": measures | {"start": 2015}})
    soon, year = never_in_force(policy.measures, 3)
    assert "soon begins in month 3 and the run ends after month 3: it has no effect." in soon
    assert year.endswith("it has no effect; start is a number of months, no year.")
    assert "de simulatie eindigt na maand 3" in soon.dutch and not never_in_force(policy.measures, 3000)


def test_a_policy_in_dutch_is_the_same_policy() -> None:
    dutch = {
        "naam": "plan",
        "titel": {"nl": "Plan", "en": "Plan"},
        "begin": 6,
        "waar": "overal",
        "meer": {"voorzieningen": ["bibliotheek", "buurthuis"], "aanbod": 2, "aanloop": 12, "prijs": 50},
        "taal": {"nieuwkomers": "alle", "lesuren": 8, "einde": 60},
    }
    english = {
        "name": "plan",
        "title": {"nl": "Plan", "en": "Plan"},
        "start": 6,
        "where": "everywhere",
        "meer": {"facilities": ["library", "community_centre"], "funding": 2, "ramp": 12, "price": 50},
        "taal": {"migrants": "all", "course_hours": 8, "end": 60},
    }
    assert policy_from(dutch) == policy_from(english)
    with pytest.raises(InputError, match="begin and start are the same"):
        policy_from({"start": 1, "begin": 2})


def test_every_dutch_word_is_a_word_of_the_model() -> None:
    words = dutch_words()
    assert set(words["levers"].values()) == set(lever_of_word())
    assert set(words["targets"].values()) == {"all", "everywhere", *MOTIVES, *FACILITIES}


def test_a_price_of_ones_own_is_what_is_spent(start) -> None:
    plan = {"facilities": "library", "funding": 2}
    units = count_units(start, POOL)

    def spent(price, bound="price") -> float:
        costs = Schedule(policy_from({"more": plan | {"price": price}}), TABLE).cost(0, units, bound)
        return float(sum(amount.sum() for amount in costs.values()))

    assert spent(10) > 0 and spent(40) == pytest.approx(4 * spent(10))
    assert spent([10, 20, 40], "high") == pytest.approx(4 * spent([10, 20, 40], "low"))
    for price in (-1, [3, 2, 1], "much"):
        with pytest.raises(InputError, match="price is"):
            policy_from({"more": plan | {"price": price}})
    with pytest.raises(InputError, match="is not paid for"):
        policy_from({"fewer": {"arrivals": 0.5, "migrants": "all", "price": 3}})
    with pytest.raises(InputError, match="has two prices"):
        policy_from({"a": plan | {"price": 3}, "b": plan | {"price": 4}})


def test_a_neighbourhood_is_known_by_its_name() -> None:
    table = small_table(name=["Old Town", "Harbour", "Hill", "Hill", "Mill"])
    measure = {"facilities": "library", "funding": 2, "where": "harbour"}
    assert rows_of(policy_from({"m": measure}).measures[0], table).areas.tolist() == [1]
    with pytest.raises(InputError, match="'Hill' is the name of 2 neighbourhoods; give a code"):
        rows_of(policy_from({"m": measure | {"where": "Hill"}}).measures[0], table)
