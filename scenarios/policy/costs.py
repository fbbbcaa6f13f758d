"""Costs of a policy: quantities beyond the baseline's, times the prices of conf/levers.yaml.

Of one month, or of several at once, which then stand side by side on a first axis of all arrays.

Each priced lever has a quantity, a function of all levers in force: more newcomers reached by one counter are charged
under coverage, and their hours under course hours, because the money is spent there.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Literal

import numpy as np

from scenarios.policy.levers import Price, levers
from scenarios.policy.units import AT_WORK, SEEKING, WORKING_AGE, Units

Values = dict[str, np.ndarray]
"""Fields of `sim.conditions.Conditions` in double precision."""

Bound = Literal["price", "low", "high"]
MONTHS = 12


def reached(values: Values, units: Units) -> np.ndarray:
    """Newcomers reached [J, 6]: u = u0 + (1 - u0) one_stop."""
    coverage, one_stop = values["coverage"], values["one_stop"][..., None]
    return units.newcomers * (coverage + (1 - coverage) * one_stop)


def course_hours_given(values: Values, units: Units) -> np.ndarray:
    """Hours of class per year [J, 6]."""
    return reached(values, units) * values["course_hours"] * MONTHS


def people_times(
    field: str, column: int | None = None, least: float = -np.inf
) -> Callable[[Values, Units], np.ndarray]:
    """People [J] (all, or a column of labour) times a lever, at least `least`."""

    def quantity(values: Values, units: Units) -> np.ndarray:
        people = units.residents if column is None else units.labour[..., column]
        return people * np.maximum(values[field], least)

    return quantity


# quantity: (levers it depends on, quantity per neighbourhood or municipality and target)
QUANTITIES: dict[str, tuple[tuple[str, ...], Callable[[Values, Units], np.ndarray]]] = {
    "newcomers_reached": (("coverage", "one_stop"), reached),
    "course_hours_given": (("coverage", "one_stop", "course_hours"), course_hours_given),
    "residents_with_counter": (("one_stop",), people_times("one_stop")),
    "reception_places": (("reception_places",), lambda v, u: u.capacity * v["reception_places"]),
    "facility_supply": (("funding",), lambda v, u: u.residents[..., None] * u.supply * v["funding"]),
    "mixed_supply": (("mixing",), lambda v, u: u.residents[..., None] * u.supply * v["mixing"]),
    "residents_with_competence": (("positivity",), lambda v, u: u.residents * v["positivity"]),
    "newcomers_seeking_work": (("job_support",), people_times("job_support", SEEKING)),
    "residents_of_working_age": (("enforcement",), people_times("enforcement", WORKING_AGE)),
    "jobs_kept": (("retention",), people_times("retention", AT_WORK, least=0.0)),
    "places_built": (("building",), lambda v, u: u.built * v["building"]),
}
COUNTED = (
    "newcomers_reached",
    "course_hours_given",
    "newcomers_seeking_work",
    "residents_of_working_age",
    "jobs_kept",
)  # quantities for which people are counted by motive and work; the others need residents, facilities and dwellings
PER_MUNICIPALITY = ("reception_places",)  # the other quantities are per neighbourhood


def yearly_costs(
    values: Values,
    baseline: Values,
    units: Units,
    order: np.ndarray,
    municipalities: int,
    bound: Bound = "price",
    own: Mapping[str, Price] | None = None,
) -> dict[str, np.ndarray]:
    """Euro per year beyond the baseline, by full name of the lever and municipality; savings are negative.

    Parameters
    ----------
    values, baseline : dict of float64 arrays
        Levers in force, and the baseline's; a field that is the same object in both costs nothing.
    order : int64 [J]
        Neighbourhoods in the order of their codes, so that sums do not depend on the order of the input.
    municipalities : int
        Their number K.
    bound : {"price", "low", "high"}
        The price as such, or the ends of its range.
    own : mapping, optional
        Prices in place of those of conf/levers.yaml, by full name of the lever.

    Returns
    -------
    dict of float64 [..., K]
        Only levers that cost or save anything in any of the months.
    """
    costs: dict[str, np.ndarray] = {}
    for lever in levers().values():
        if not lever.prices:
            continue
        fields, quantity = QUANTITIES[lever.quantity]
        if all(values[field] is baseline[field] for field in fields):
            continue
        extra = quantity(values, units) - quantity(baseline, units)
        by_target = np.moveaxis(extra, -1, 0) if lever.targets else extra[None]
        for name, price, column in zip(lever.full_names, lever.prices, by_target, strict=True):
            if column.any():
                amount = column * getattr((own or {}).get(name, price), bound)
                summed = lever.quantity in PER_MUNICIPALITY
                costs[name] = amount if summed else by_municipality(amount, units.municipality, order, municipalities)
    return costs


def by_municipality(amount: np.ndarray, municipality: np.ndarray, order: np.ndarray, count: int) -> np.ndarray:
    """Sums over the neighbourhoods of each municipality in this order, float64 [..., K], of amounts [..., J]."""
    months = amount.reshape(-1, amount.shape[-1])
    place = municipality[order] + count * np.arange(len(months))[:, None]
    summed = np.bincount(place.ravel(), months[:, order].ravel(), count * len(months))
    return summed.reshape(*amount.shape[:-1], count)


def needs_count(fields: Collection[str]) -> bool:
    """Whether the costs of a change of these fields depend on newcomers, or on who works."""
    quantities = {lever.quantity for lever in levers().values() if lever.prices}
    return any(quantity in COUNTED and not set(fields).isdisjoint(QUANTITIES[quantity][0]) for quantity in quantities)


def total(costs: dict[str, np.ndarray]) -> float:
    """Euro per year of all levers and municipalities."""
    return float(sum(amount.sum() for amount in costs.values()))
