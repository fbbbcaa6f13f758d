"""Every rule against its equation in the model, in plain double precision; bounds, directions and exact values."""

from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import rules
from sim.motives import NO_MOTIVE
from sim.parameters import Coefficients, Parameters, coefficients
from sim.parameters.declaration import describe
from sim.rules.belonging import PersonState
from sim.rules.households import MOST_PAIRING


def doubled(parameters: Parameters) -> Coefficients:
    """The coefficients as the rules get them, but in double precision, for the equations written out below."""
    return Coefficients(*(float(value) for value in coefficients(parameters)))


DEFAULT = doubled(Parameters())
KNOWN = describe(Parameters)
ATOL = 2e-6

share = st.floats(0, 1, width=32)
faces = st.floats(0, 140, width=32)
status = st.floats(-4, 4, width=32)
months = st.integers(0, 700).map(float)
on_or_off = st.sampled_from([0.0, 1.0])


def given_parameters(*names: str) -> st.SearchStrategy[Coefficients]:
    """Coefficients in which these parameters take any value of their range, so that no two can be confused."""
    values = st.fixed_dictionaries({name: st.floats(KNOWN[name].low, KNOWN[name].high) for name in names})
    return values.map(lambda chosen: doubled(Parameters().changed(**chosen)))


def single(c: Coefficients) -> Coefficients:
    """The coefficients in single precision, as rules take them."""
    return Coefficients(*map(np.float32, c))


def call(rule, *values) -> float:
    """The rule with its numbers in single precision."""
    single = [Coefficients(*map(np.float32, v)) if isinstance(v, Coefficients) else np.float32(v) for v in values]
    return float(rule(*single))


def target(*values) -> float:
    """b* from the personal terms and the place's part, the last but two of the values."""
    *personal, neighbourhood_term, burden, c = values
    person = PersonState(*map(np.float32, personal))
    terms = rules.belonging_terms(person, np.float32(burden), Coefficients(*map(np.float32, c)))
    return float(rules.belonging_target(terms, np.float32(neighbourhood_term)))


def near(value: float):
    return pytest.approx(value, rel=2e-5, abs=ATOL)


# Meeting


@given(share, share, st.floats(0.2, 0.7))
def test_common_language(own: float, pool: float, floor: float) -> None:
    found = call(rules.common_language, own, pool, floor)
    assert found == near(floor + (1 - floor) * min(own, pool))
    assert floor - ATOL <= found <= 1 + ATOL


@given(st.floats(0, 0.8), st.floats(0, 40), share)
def test_encounters(withdrawal: float, pool_rate: float, language: float) -> None:
    assert call(rules.encounters, withdrawal, pool_rate, language) == near((1 - withdrawal) * pool_rate * language)


@given(faces, st.floats(0, 40), share, st.floats(0.005, 0.05), st.floats(0.03, 0.2), st.floats(80, 300))
def test_familiar_faces(known: float, met: float, gone: float, delta: float, alpha: float, circle: float) -> None:
    found = call(rules.next_faces, known, met, gone, delta, alpha, circle)
    expected = known * (1 - delta) * (1 - gone) + alpha * met * (1 - known / circle)
    assert found == near(max(expected, 0))
    if known <= circle and alpha * met <= circle:
        assert 0 <= found <= circle * (1 + 1e-6)  # no one knows more faces than there are in the circle


def test_faces_come_to_rest_where_learning_balances_forgetting() -> None:
    """F* = alpha e / (delta + alpha e / M): 0.08 x 10 / (0.02 + 0.8 / 150) = 31.58."""
    known = np.float32(0)
    for _ in range(800):
        known = rules.next_faces(known, *(np.float32(x) for x in (10, 0, 0.02, 0.08, 150)))
    assert known == pytest.approx(0.8 / (0.02 + 0.8 / 150), rel=1e-4)


@given(faces, faces, st.floats(0.005, 0.05), st.floats(0.1, 1), st.floats(80, 300))
def test_chance_of_a_tie(own: float, other: float, formation: float, out_group: float, circle: float) -> None:
    found = call(rules.tie_chance, own, other, formation, out_group, circle)
    assert found == near(min(formation * (own + other) * (own + out_group * other) / circle, 0.5))
    assert found <= call(rules.tie_chance, own + 1, other, formation, out_group, circle)


@given(faces, faces, st.floats(0.1, 1), share)
def test_ties_within_the_own_group(own: float, other: float, out_group: float, settings: float) -> None:
    found = call(rules.own_tie_share, own, other, out_group, settings)
    assert found == near(settings + (1 - settings) * own / max(own + out_group * other, 1e-6))
    assert settings - ATOL <= found <= 1 + ATOL
    assert found >= call(rules.own_tie_share, own, other + 1, out_group, settings) - ATOL


@given(share, st.floats(0, 30), st.floats(0, 30), share, share)
def test_contact(contact: float, own: float, other: float, negative: float, speed: float) -> None:
    found = call(rules.next_contact, contact, own, other, negative, speed)
    part = other / max(own + other, 1e-6)
    assert found == pytest.approx(contact + speed * ((1 - negative) * part - contact), rel=2e-5, abs=1e-5)
    assert -ATOL <= found <= 1 + ATOL


def test_contact_of_those_who_meet_no_one_wears_off() -> None:
    assert call(rules.next_contact, 0.5, 0, 0, 0.1, 0.08) == near(0.46)


def test_those_who_meet_few_are_counted_in_full() -> None:
    """Less than one encounter, or one familiar face, in all: the guard against nought leaves shares as they are."""
    assert call(rules.next_contact, 0.5, 0.1, 0.3, 0, 1) == near(0.75)
    assert call(rules.own_tie_share, 0.1, 0.3, 1, 0) == near(0.25)


# Belonging


@given(share, share, share, st.floats(0, 0.8))
def test_burden_of_diversity(diversity: float, contact: float, weight: float, gamma: float) -> None:
    found = call(rules.diversity_burden, diversity, contact, weight, gamma)
    assert found == near(diversity * weight * (1 - gamma * contact) / (1 - 0.3 * gamma))
    assert call(rules.diversity_burden, diversity, 0.3, weight, gamma) == near(diversity * weight)


EFFECTS = ("familiarity", "ties", "residence", "employment", "position", "language", "reception", "diversity")
BELONGING = given_parameters(
    "base", "faces_scale", "tie_saturation", "residence_scale", *(f"effect_{name}" for name in EFFECTS)
)


@given(
    c=BELONGING, u=st.floats(-0.5, 0.5, width=32), known=faces, ties=st.integers(0, 8), tau=months, work=on_or_off,
    own=status, language=share, reception=share, neighbourhood_term=st.floats(-0.5, 0.5, width=32), burden=share,
)  # fmt: skip
def test_belonging_aimed_at(c, u, known, ties, tau, work, own, language, reception, neighbourhood_term, burden) -> None:
    """b* of model section 3.4, term by term."""
    expected = (
        c.base
        + u
        + c.effect_familiarity * (1 - exp(-known / c.faces_scale))
        + c.effect_ties * ties / (ties + c.tie_saturation)
        + c.effect_residence * (1 - exp(-tau / c.residence_scale))
        + c.effect_employment * work
        + c.effect_position * own
        + c.effect_language * language
        + c.effect_reception * reception
        - c.effect_diversity * burden
        + neighbourhood_term
    )
    found = target(u, known, ties, tau, work, own, language, reception, neighbourhood_term, burden, c)
    assert found == near(expected)


def test_belonging_aimed_at_by_the_average_resident() -> None:
    """By hand from the defaults: .61 + .135(1-e^-14/9) + .03/2 + .045(1-1/e) + .03 + .0025 + .02 + 0 - .095 - .02."""
    found = target(0, 14, 4, 18, 1, 0.5, 1, 0, -0.02, 0.5, DEFAULT)
    assert found == near(0.5625 + 0.135 * (1 - exp(-14 / 9)) + 0.045 * (1 - exp(-1)))


@given(share, st.floats(-0.5, 1.5), st.floats(-3.5, 3.5), st.floats(0.03, 0.15), st.floats(0, 0.03))
def test_belonging_next_month(b: float, target: float, noise: float, kappa: float, sigma: float) -> None:
    found = call(rules.next_belonging, b, target, noise, kappa, sigma)
    assert found == near(min(max(b + kappa * (target - b) + sigma * noise, 0), 1))
    assert 0 <= found <= 1


WITHDRAWAL = given_parameters("withdrawal_highest", "withdrawal_threshold", "withdrawal_slope", "withdrawal_speed")


@given(WITHDRAWAL, share, share)
def test_withdrawal(c: Coefficients, part: float, b: float) -> None:
    highest = c.withdrawal_highest
    goal = highest / (1 + exp((b - c.withdrawal_threshold) / c.withdrawal_slope))
    w = part * highest
    found = call(rules.next_withdrawal, w, b, c)
    assert found == near(w + c.withdrawal_speed * (goal - w))
    assert -ATOL <= found <= highest + ATOL
    assert found >= call(rules.next_withdrawal, w, min(b + 0.1, 1), c) - ATOL  # at home: less withdrawn


def test_half_of_the_highest_withdrawal_is_aimed_at_on_the_threshold() -> None:
    assert call(rules.next_withdrawal, 0, 0.45, DEFAULT) == near(0.05 * 0.3)


COHESION = given_parameters("cohesion_faces", "cohesion_ties", "cohesion_harmony")


@given(COHESION, faces, st.integers(0, 8), share, share)
def test_cohesion(c: Coefficients, known: float, ties: int, trouble: float, b: float) -> None:
    found = call(rules.cohesion_score, known, ties, trouble, b, c)
    know, pleasant = 1 - exp(-known / c.cohesion_faces), max(1 - c.cohesion_harmony * trouble, 0)
    assert found == near((know + pleasant + ties / (ties + c.cohesion_ties) + b) / 4)
    assert 0 <= found <= 1


# Settling in


@given(given_parameters("language_learning", "language_course"), share, share, st.floats(0, 40))
def test_language(c: Coefficients, language: float, contact: float, hours: float) -> None:
    speed = c.language_learning + c.language_course * hours / 10
    found = call(rules.next_language, language, contact, hours, c)
    assert found == near(min(language + speed * (1 - language) * (0.5 + contact), 1))
    assert language - ATOL <= found <= 1  # never unlearned


def test_a_native_speaker_stays_one() -> None:
    assert call(rules.next_language, 1, 1, 40, DEFAULT) == 1


@given(given_parameters("job_language_floor"), st.floats(0, 0.2), share, st.floats(1, 3), share, share)
def test_finding_work(c, finding: float, language: float, ratio: float, enforcement: float, support: float) -> None:
    found = call(rules.job_chance, finding, language, ratio, enforcement, support, c)
    expected = finding * (c.job_language_floor + 0.6 * language) * (1 + support) / (1 + (ratio - 1) * (1 - enforcement))
    assert found == near(min(expected, 0.45))
    assert found <= call(rules.job_chance, finding, language, 1, enforcement, support, c) + ATOL
    assert call(rules.job_chance, finding, language, ratio, 1, support, c) == near(
        call(rules.job_chance, finding, language, 1, 0, support, c)
    )


@given(share, share)
def test_reach_of_reception(coverage: float, one_stop: float) -> None:
    assert call(rules.reach, coverage, one_stop) == near(coverage + (1 - coverage) * one_stop)


@given(share, st.floats(0, 50), st.floats(0, 2))
def test_reception_under_load(reached: float, load: float, eta: float) -> None:
    expected = reached * (1 / max(load, 1)) ** eta  # min(1, 1/load) where nobody came
    assert call(rules.effective_reception, reached, load, eta) == near(expected)


@given(st.floats(0, 50), st.floats(0, 3))
def test_permit_rule(load: float, psi: float) -> None:
    found = call(rules.permitted_share, load, psi)
    assert found == near(max(load, 1) ** -psi)
    assert 0 < found <= 1 and call(rules.permitted_share, load, 0) == 1  # psi = 0 is present law


# Leaving and moving house

DEPARTURE = given_parameters("departure_language", "departure_work", "departure_belonging", "reception_departure")


@given(DEPARTURE, st.floats(0.1, 0.75), share, on_or_off, share, share)
def test_leaving_the_country(c, yearly: float, language: float, work: float, b: float, reception: float) -> None:
    """The chance in a month of the hazard lambda, so that a cohort's survival is exactly e^(-lambda t)."""
    modifiers = exp(
        -c.departure_language * (language - 0.5) - c.departure_work * (work - 0.5) - c.departure_belonging * (b - 0.6)
    )
    hazard = yearly / 12 * modifiers * (1 - c.reception_departure * reception)
    found = call(rules.departure_chance, yearly, language, work, b, reception, c)
    assert found == near(min(1 - exp(-hazard), 0.19))
    assert found >= call(rules.departure_chance, yearly, language, work, min(b + 0.1, 1), reception, c) - ATOL


def test_average_mover_leaves_at_the_rate_of_the_motive() -> None:
    """L = E = 0.5, b = 0.6, no reception: (1 - p)^12 = e^(-lambda)."""
    chance = call(rules.departure_chance, 0.455, 0.5, 0.5, 0.6, 0, DEFAULT)
    assert (1 - chance) ** 12 == pytest.approx(exp(-0.455), rel=1e-5)


MOVING = given_parameters(
    "moving_scale", "moving_recent", "moving_recent_scale", "moving_belonging", "moving_unsafe", "unsafe_belonging"
)


@given(MOVING, st.floats(0, 0.03), months, share, st.floats(0.2, 4))
def test_moving_house(c: Coefficients, by_age: float, here: float, b: float, mobility: float) -> None:
    stay = 0.6 + c.moving_recent * exp(-here / c.moving_recent_scale)
    unsafe = 1 + c.moving_unsafe / (1 + exp(-(c.unsafe_level - c.unsafe_belonging * (b - 0.64))))
    expected = by_age * c.moving_scale * stay * exp(-c.moving_belonging * (b - 0.6)) * mobility * unsafe
    found = call(rules.moving_chance, by_age, here, b, mobility, c)
    assert found == near(min(expected, 0.35))
    assert found >= call(rules.moving_chance, by_age, here + 12, b, mobility, c) - ATOL


CHOICE = given_parameters("choice_own_group", "choice_position", "choice_vacancies", "choice_distance")


@given(CHOICE, share, status, status, st.integers(0, 5000), st.floats(0, 60), st.floats(-2, 2))
def test_utility_of_a_home(c, own: float, mine: float, theirs: float, vacant: int, km: float, lever: float) -> None:
    expected = (
        c.choice_own_group * log(max(own, 0.005))
        - c.choice_position * abs(mine - theirs)
        + c.choice_vacancies * log(max(vacant, 1))
        - c.choice_distance * km
        + lever
    )
    own_group, vacancies = call(rules.own_group_term, own, c), call(rules.vacancy_term, vacant, c)
    found = call(rules.home_utility, own_group, abs(mine - theirs), vacancies, km, lever, c)
    assert found == pytest.approx(expected, rel=2e-5, abs=1e-5)


HOUSEHOLDS = given_parameters(
    "separation",
    "partnering",
    "leaving_home",
    "moving_family",
    "choice_dwelling",
    "choice_dwelling_free",
    "departure_family",
    "moving_between",
)


@given(HOUSEHOLDS, st.integers(0, 110))
def test_couples_part_and_form_by_age(c: Coefficients, age: int) -> None:
    parting = 1.3 if age < 50 else 0.6 if age < 65 else 0.1
    assert call(rules.separation_chance, age, c) == near(c.separation / 12 * parting)
    bands = ((18, 0), (23, 0.3), (35, 1), (50, 0.7), (65, 0.3), (111, 0.06))
    looking = next(share for until, share in bands if age < until)
    assert call(rules.pairing_chance, age, c) == near(c.partnering / 12 * looking)
    assert call(rules.pairing_chance, age, c) <= call(rules.pairing_chance, MOST_PAIRING, c)


@given(HOUSEHOLDS, share, st.integers(0, 110), st.booleans(), st.booleans(), st.booleans())
def test_who_moves_by_place_in_the_household(
    c, chance: float, age: int, leads: bool, child: bool, family: bool
) -> None:
    found = float(rules.moving_as_role(np.float32(chance), leads, child, family, age, single(c)))
    factor = c.leaving_home if child else c.moving_family if leads and family else 1
    assert found == near(chance * factor if age >= 18 else 0)
    assert call(rules.local_births, 0.5 + chance, c) == near((0.5 + chance) ** c.fertility_local)
    leaving = float(rules.leaving_as_role(np.float32(chance), family, single(c)))
    assert leaving == near(chance * (c.departure_family if family else 1))


@given(HOUSEHOLDS, share, share, st.floats(0, 3))
def test_dwellings_of_a_kind_draw_households_of_that_kind(
    c: Coefficients, part: float, now: float, relative: float
) -> None:
    suits, free = max(part, 0.02), max(part, 0.02) / max(now, 0.02)
    expected = c.choice_dwelling * log(suits) + c.choice_dwelling_free * log(free)
    assert call(rules.dwelling_fit, part, now, c) == pytest.approx(expected, rel=2e-5, abs=2e-5)
    answer = max(relative, 0.02) ** c.choice_dwelling * free**c.choice_dwelling_free
    assert call(rules.answer_to_fit, relative, part, now, c) == pytest.approx(answer, rel=1e-4)
    stay = (1 - c.moving_between) * relative
    assert call(rules.leaving_municipality, relative, c) == near(c.moving_between / (c.moving_between + stay))
    assert [rules.dwelling_kind(*household) for household in ((1, False), (2, False), (2, True), (5, True))] == [
        0,
        1,
        2,
        2,
    ]


def test_chances_stay_within_their_part_of_the_draw() -> None:
    """Highest chances, exactly: beyond them an event would take draws that belong to another."""
    assert call(rules.moving_chance, 0.03, 0, 0, 4, DEFAULT) == np.float32(0.35)
    assert call(rules.departure_chance, 9, 0, 0, 0, 0, DEFAULT) == np.float32(0.19)
    assert call(rules.job_chance, 0.9, 1, 1, 0, 1, DEFAULT) == np.float32(0.45)
    assert call(rules.tie_chance, 150, 0, 1, 0, 150) == 0.5


@given(share, st.floats(0.0078125, 0.25, width=32), st.floats(0, 4, width=32))
def test_answer_to_vacancy(vacancy: float, natural: float, response: float) -> None:
    wanted = min(max(1 + response * (vacancy / natural - 1), 0), 2)
    assert call(rules.answer_to_vacancy, vacancy, natural, response) == pytest.approx(wanted, abs=1e-4)


# Neighbourhoods and people


@given(given_parameters("felt_language"), share, share)
def test_felt_diversity(c: Coefficients, same: float, alike: float) -> None:
    assert call(rules.diversity, same) == near(1 - same)
    assert call(rules.felt_diversity, same, alike, c) == near(max(1 - same - c.felt_language * alike, 0))


@given(given_parameters("crowding"), st.floats(0, 3), st.floats(0, 3), st.floats(0.2, 4))
def test_supply_is_shared_by_more_people_than_it_was_made_for(
    c: Coefficients, quantity: float, funding: float, crowd: float
) -> None:
    expected = quantity * funding * (crowd**-c.crowding if crowd > 1 else 1)
    assert call(rules.facility_supply, quantity, funding, crowd, c) == near(expected)


NEIGHBOURHOOD = given_parameters(
    "effect_place_position",
    "effect_municipality_position",
    "effect_amenities",
    "effect_turnover",
    "effect_anonymity",
    "effect_crowding",
)


@given(NEIGHBOURHOOD, status, st.floats(0, 3), share, share, st.floats(0, 0.1))
def test_neighbourhood_term(
    c: Coefficients, score: float, amenity: float, moved: float, anonymity: float, crowding: float
) -> None:
    values = [np.float32(value) for value in (amenity, moved, anonymity, crowding)]
    single = Coefficients(*map(np.float32, c))
    status = rules.status_term(np.float32(score), np.float32(score / 2), single)
    terms = rules.neighbourhood_terms(status, *values, single)
    expected = (
        (c.effect_place_position + c.effect_municipality_position / 2) * score
        + c.effect_amenities * (amenity - 1)
        - c.effect_turnover * moved
        - c.effect_anonymity * anonymity
        - c.effect_crowding * crowding
    )
    assert float(rules.neighbourhood_term(terms)) == near(expected)


@given(given_parameters("amenities_funded", "funding_used"), st.floats(0, 3), st.floats(0, 3), st.floats(0, 3))
def test_character_and_what_a_facility_adds(c: Coefficients, now: float, at_start: float, funding: float) -> None:
    assert call(rules.felt_amenities, now, at_start, c) == near(at_start + c.amenities_funded * (now - at_start))
    assert call(rules.funding_in_use, funding, c) == near(1 + c.funding_used * (funding - 1))
    assert call(rules.funding_in_use, funding, c._replace(funding_used=1.0)) == np.float32(funding)


@given(given_parameters("former_residents"), st.integers(0, 3000), st.integers(0, 3000))
def test_over_whom_leavers_are_divided(c: Coefficients, now: int, before: int) -> None:
    x, single = c.former_residents, Coefficients(*map(np.float32, c))
    assert float(rules.exposed(now, before, single)) == near((1 - x) * max(now, 1) + x * max(before, 1))
    assert rules.exposed(now, before, coefficients(Parameters(former_residents=0.0))) == max(now, 1)


@given(given_parameters("school_turnover", "association_members"), share, st.floats(0.1, 1))
def test_schools_and_associations_that_lose_members(c: Coefficients, part: float, at_start: float) -> None:
    assert call(rules.school_stability, part, c) == near(1 - c.school_turnover * part)
    size = call(rules.association_size, part, at_start, c.association_members)
    assert size == near(min(max(part / at_start, 0.01), 2) ** c.association_members)
    assert call(rules.association_size, part, at_start, 0) == 1
    assert call(rules.association_size, part, 0, c.association_members) == 1  # nobody was a member


UNSAFE = given_parameters(
    "unsafe_level", "unsafe_belonging", "withdrawal_unsafe", "withdrawal_speed", "withdrawal_highest"
)


@given(UNSAFE, share, st.floats(0, 0.8))
def test_who_feels_unsafe_withdraws(c: Coefficients, b: float, w: float) -> None:
    unsafe = call(rules.feels_unsafe, b, c)
    assert unsafe == near(1 / (1 + exp(-(c.unsafe_level - c.unsafe_belonging * (b - 0.64)))))
    further = c.withdrawal_speed * c.withdrawal_unsafe * unsafe * max(c.withdrawal_highest - w, 0)
    assert call(rules.withdraw_unsafe, w, unsafe, c) == near(w + further)


@given(share, share, share)
def test_members_make_more_ties_and_who_withdraws_is_chosen_less(formation: float, strength: float, w: float) -> None:
    assert call(rules.tie_formation_of, formation, strength, 1) == near(formation * (1 + strength))
    assert call(rules.tie_formation_of, formation, strength, 0) == np.float32(formation)
    assert call(rules.chosen_share, w, strength) == near(1 - strength * w)


@given(given_parameters("load_expected"), st.integers(0, 900), st.floats(0, 80))
def test_arrivals_that_count_in_the_load(c: Coefficients, last_year: int, expected: float) -> None:
    found = call(rules.arrivals_that_count, last_year, expected, c)
    assert found == pytest.approx((1 - c.load_expected) * last_year + c.load_expected * 12 * expected, abs=1e-3)


@given(st.integers(9, 500), st.integers(1, 16))
def test_sampling_correction(others: int, drawn: int) -> None:
    assert call(rules.sampling_correction, others, drawn) == near(log(others / drawn))


@given(st.integers(0, 500), st.integers(1, 2000))
def test_turnover(leavers: int, residents: int) -> None:
    assert float(rules.turnover(leavers, np.float32(residents))) == near(leavers / residents)


@given(share, share, share, st.floats(1, 40), share)
def test_meeting_across_groups(others: float, easy: float, aversion: float, potential: float, negative: float) -> None:
    kept = call(rules.mixed_share, aversion, 0.25)
    assert kept == near(exp(-aversion * 0.75))
    mixed = potential * kept
    assert call(rules.mixed_rate, others, easy, potential, mixed) == near(others * mixed + easy * (potential - mixed))
    expected = 1 - (1 - negative) * (1 - others * (1 - mixed / potential))
    assert call(rules.contact_trouble, negative, others, mixed, potential) == near(expected)


@given(given_parameters("joining"), st.floats(0, 3), share)
def test_joining_an_association(c: Coefficients, supply: float, b: float) -> None:
    assert call(rules.joining_chance, supply, b, c) == near(min(c.joining * supply * (0.5 + b), 0.4))


def test_who_counts_as_what() -> None:
    assert rules.is_newcomer(np.uint8(0), np.int16(-59), 0) and not rules.is_newcomer(np.uint8(0), np.int16(-60), 0)
    assert not rules.is_newcomer(NO_MOTIVE, np.int16(0), 0)
    working = [bool(rules.is_of_working_age(np.int32(12 * years))) for years in (17, 18, 66, 67)]
    assert working == [False, True, True, False]
    assert [rules.age_of(0, born) for born in (5, 0, -11, -12, -2400)] == [0, 0, 0, 1, 110]


def test_allocation() -> None:
    """The range of a draw holds all rows; the lottery of one person differs from month to month."""
    assert [rules.drawing_range(rows) for rows in (1, 16, 17, 100)] == [1, 16, 18, 104]
    assert rules.lottery_number(np.uint64(7), np.uint64(1), 3) != rules.lottery_number(np.uint64(7), np.uint64(1), 4)


def test_every_rule_of_the_table_of_contents_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in rules.__all__ if f"rules.{name}" not in text] == []
