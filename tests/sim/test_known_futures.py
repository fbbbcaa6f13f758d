"""Worlds of which the end is known on paper: belonging without turnover, and who of a cohort of newcomers stays."""

import copy

import numpy as np
import pytest

from sim.facilities import FACILITIES
from sim.machine.threads import ThreadPool
from sim.motives import MOTIVES
from sim.parameters import Parameters
from sim.phases.month import CENSUS
from sim.population import COLUMNS, EMPLOYED, NOBODY, STAYER, vacant_population
from sim.ties import END_BITS
from sim.world import World
from tests.tools.worlds import BARE, close, pass_months, small_table, small_world


def standstill() -> World:
    """A closed world in which work, ties and language stand still and belonging is not noisy; all are twenty."""
    world = close(small_world(settling_months=36, parameters=BARE))
    names = ("noise", "tie_formation", "job_finding", "job_loss", "language_learning", "language_course")
    world.coefficients = world.coefficients._replace(**dict.fromkeys(names, np.float32(0)))
    world.tables = world.tables._replace(asylum_finding=np.zeros_like(world.tables.asylum_finding))
    p = world.population
    p.born[p.serial != NOBODY] = -240
    p.ties[p.ties != NOBODY] |= END_BITS  # no tie ends within the run
    p.tie_end[:] = 3000
    return world


def potential(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Encounters a month with an equally active pool: v0 + sum v_f Q_f h_f, and with each term times e^(-eta)."""
    c, neighbourhoods = world.coefficients, world.neighbourhoods
    shares = np.array([getattr(c, f"share_{kind}") for kind in FACILITIES], float)
    used = np.ones((world.areas, len(FACILITIES)))
    used[:, FACILITIES.index("school")] = neighbourhoods.with_children
    at_facilities = float(c.facility_encounters) * (shares * neighbourhoods.facilities * used).sum(axis=1)
    street = float(c.street_encounters)
    mixed = street * np.exp(-float(c.homophily_street)) + at_facilities * np.exp(-float(c.homophily_facility))
    return street + at_facilities, mixed


def fixed_point(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Belonging, faces and withdrawal at rest, person by person, from the equations of the model in double precision.

    F* = alpha e / (delta + alpha e / M), C* = (1 - nu) e_out / (e_own + e_out), w* = w_max / (1 + e^((b* - theta)/s)),
    b* as in model section 3.4 with V = 0 and a length of stay beyond memory; e depends on everyone's w*: iterated.
    """
    c = type(world.coefficients)(*(float(x) for x in world.coefficients))
    p, neighbourhoods = world.population, world.neighbourhoods
    row = np.flatnonzero(p.serial)
    area = np.searchsorted(neighbourhoods.first, row, side="right") - 1
    group = p.origin[row].astype(int)
    ties, work = p.tie_count[row].astype(float), (p.flags[row] & EMPLOYED > 0).astype(float)
    language, status = p.language[row].astype(float), p.status[row].astype(float)
    disposition = p.disposition[row].astype(float)
    shape = world.stocks.people.shape
    people = world.stocks.people.astype(float)
    size = people.sum(axis=1)
    spoken_by = np.zeros(shape)
    np.add.at(spoken_by, (area, group), language)
    pool = (spoken_by.sum(axis=1, keepdims=True) - spoken_by) / np.maximum(size[:, None] - people, 1)
    spoken = c.language_floor + (1 - c.language_floor) * np.minimum(language, pool[area, group])
    diversity = 1 - ((people / size[:, None]) ** 2).sum(axis=1)
    amenity = neighbourhoods.facilities[:, [kind not in ("park", "school") for kind in FACILITIES]].mean(axis=1)
    neighbourhood_term = (
        c.effect_place_position * neighbourhoods.status
        + c.effect_municipality_position * neighbourhoods.municipality_status
        + c.effect_amenities * (amenity - 1)
        - c.effect_anonymity * neighbourhoods.anonymity
    )
    alone, mixed = potential(world)
    felt = np.where(group == 0, 1.0, c.diversity_migrants)
    w = np.zeros(len(row))
    for _ in range(300):
        active = np.zeros(shape)
        np.add.at(active, (area, group), 1 - w)
        others = active.sum(axis=1, keepdims=True) - active
        own = (1 - w) * (active / size[:, None])[area, group] * alone[area]
        out = (1 - w) * (others / size[:, None])[area, group] * mixed[area] * spoken
        faces = sum(c.recognition * e / (c.forgetting + c.recognition * e / c.local_circle) for e in (own, out))
        contact = (1 - c.negative_contact) * out / (own + out)
        burden = diversity[area] * felt * (1 - c.contact_buffer * contact) / (1 - 0.3 * c.contact_buffer)
        b = np.clip(
            c.base
            + disposition
            + neighbourhood_term[area]
            + c.effect_familiarity * (1 - np.exp(-faces / c.faces_scale))
            + c.effect_ties * ties / (ties + c.tie_saturation)
            + c.effect_residence
            + c.effect_employment * work
            + c.effect_position * status
            + c.effect_language * language
            - c.effect_diversity * burden,
            0,
            1,
        )
        w = c.withdrawal_highest / (1 + np.exp((b - c.withdrawal_threshold) / c.withdrawal_slope))
    return b, faces, w


def test_belonging_without_turnover_comes_to_rest_at_the_fixed_point() -> None:
    world = pass_months(standstill(), 560)
    belonging, faces, withdrawal = fixed_point(world)
    p, row = world.population, np.flatnonzero(world.population.serial)
    assert len(np.unique(p.tie_count[row])) > 3 and 0.1 < (p.flags[row] & EMPLOYED > 0).mean() < 1  # it is not trivial
    np.testing.assert_allclose(p.faces_own[row] + p.faces_other[row], faces, rtol=3e-4)
    np.testing.assert_allclose(p.belonging[row], belonging, atol=2e-5)
    np.testing.assert_allclose(p.withdrawal[row], withdrawal, atol=1e-4)


def newcomers_only() -> tuple[World, Parameters]:
    """A nearly empty world that fills with newcomers in month 0 and is closed to all but departure afterwards."""
    off = dict.fromkeys(("departure_language", "departure_work", "departure_belonging", "reception_departure"), 0.0)
    parameters = Parameters(**off, arrivals_scale=3.0, households=0.0)  # rows are emptied below
    table = small_table((3000, 2000), municipalities=1, arrival_rate=np.full((1, 6), 1.0))
    world = small_world(seed=3, settling_months=1, parameters=parameters, table=table)
    arrivals, weights = world.municipalities.arrivals, world.motive_rates
    close(world)
    world.municipalities = world.municipalities._replace(arrivals=arrivals)
    world.motive_rates = weights
    empty = vacant_population(len(world.population.serial))
    for name in (*COLUMNS, "ties"):
        getattr(world.population, name)[100:] = getattr(empty, name)[100:]
    p = world.population
    p.tie_count[:], p.tie_own[:], p.ties[:], p.flags[:100] = 0, 0, 0, p.flags[:100] | STAYER
    CENSUS(world, ThreadPool(1))
    world.conditions.arrivals[:] = 0.6
    pass_months(world, 1)
    world.conditions.arrivals[:] = 0
    return world, parameters


def test_a_cohort_stays_as_the_mover_stayer_model_says() -> None:
    """S(t) = pi + (1 - pi) e^(-lambda t) by motive, t in years; four standard errors, 18 comparisons."""
    world, parameters = newcomers_only()

    def present() -> np.ndarray:
        p = world.population
        return np.bincount(p.motive[(p.serial != NOBODY) & (p.arrived == 0)], minlength=6)[:6]

    cohort = present()
    assert cohort.min() > 500 and world.flows.immigrated.sum() == cohort.sum()
    for years in (1, 3, 10):
        pass_months(world, 12 * years + 1 - world.month)
        for number, motive, stayed in zip(cohort, MOTIVES, present(), strict=True):
            stayers, hazard = getattr(parameters, f"stay_{motive}"), getattr(parameters, f"leave_{motive}")
            expected = stayers + (1 - stayers) * np.exp(-hazard * years)
            error = np.sqrt(expected * (1 - expected) / number)
            assert stayed / number == pytest.approx(expected, abs=4 * error), (motive, years)


def rise(world: World, funding: float, other: float) -> np.ndarray:
    """Belonging after two years of more (or fewer) facilities, and of this much of every other help."""
    world = copy.deepcopy(world)
    c = world.conditions
    c.funding[:], c.mixing[:], c.positivity[:], c.one_stop[:] = funding, other, other, other
    c.course_hours[:] += 12 * other
    pass_months(world, 24)
    return world.population.belonging[world.population.serial != NOBODY]


def test_help_makes_no_one_worse_off_where_the_model_is_monotone() -> None:
    """Closed, without new ties and changes of work: there every road from help to belonging leads up, for everybody.

    (Elsewhere someone's gain can be another's loss: a home, a friend or a job that goes to one and not to the other.)
    """
    start = close(small_world(settling_months=12))
    start.coefficients = start.coefficients._replace(
        tie_formation=np.float32(0), job_finding=np.float32(0), job_loss=np.float32(0)
    )
    start.tables = start.tables._replace(asylum_finding=np.zeros_like(start.tables.asylum_finding))
    usual = rise(start, 1.0, 0.0)
    helped, cut = rise(start, 1.5, 0.5), rise(start, 0.5, 0.0)
    assert (helped - usual).min() >= -1e-6 and (helped > usual + 1e-3).mean() > 0.9
    assert (cut - usual).max() <= 1e-6 and (cut < usual - 1e-3).mean() > 0.9
