"""Patterns between places: SF6 to SF11, SF14 and SF18."""

import numpy as np

from experiments.validate.frame import Frame, compared_areas, frame_of
from experiments.validate.measures import coefficients_of, slope_of
from experiments.validate.simulated import Simulated
from sim.facilities import FACILITIES
from sim.measures import measure_of, spread_of_belonging

Parts = dict[str, float]
NOT_URBAN, VERY_URBAN = 500, 2500  # addresses per km2: the classes of CBS


def diversity_slope(simulated: Simulated) -> Parts:
    """SF6: slope of mean cohesion on diversity; also given density, position and one-person households.

    `slope` and `controlled` are the same for belonging, a construct of its own.
    """
    f = compared_areas(simulated)
    weight = _weight(f)
    controls = [f.diversity, f.density, f.status, f.one_person]
    return {
        "slope": slope_of(f.diversity, f.belonging, weight),
        "controlled": float(coefficients_of(controls, f.belonging, weight)[0]),
        "cohesion": slope_of(f.diversity, f.cohesion, weight),
        "cohesion_controlled": float(coefficients_of(controls, f.cohesion, weight)[0]),
    }


def _weight(f: Frame) -> np.ndarray:
    """Large municipalities count alike, as in the regressions of the targets; areas by their adults."""
    return np.ones(len(f.code)) if f.code[0].startswith("GM") else f.adults


def richer_neighbourhoods(simulated: Simulated) -> Parts:
    """SF7: the slope of cohesion in the upper half by socio-economic position over that in the lower; both below 0."""
    f = compared_areas(simulated)
    high = f.status >= np.median(f.status)
    upper, lower = (slope_of(f.diversity[k], f.cohesion[k], _weight(f)[k]) for k in (high, ~high))
    return {"ratio": upper / lower, "high": upper, "low": lower}


def migrants_too(simulated: Simulated) -> Parts:
    """SF8: the slope of migrants' mean belonging over that of residents without a migration background."""
    f = compared_areas(simulated)
    f = f.only(np.isfinite(f.natives) & np.isfinite(f.migrants))
    natives, migrants = (slope_of(f.diversity, y, _weight(f)) for y in (f.natives, f.migrants))
    return {"ratio": migrants / natives, "natives": natives, "migrants": migrants}


def individuals(simulated: Simulated) -> Parts:
    """SF9: correlation over adults of belonging with the diversity of their neighbourhood."""
    f = frame_of(simulated)
    everyone = simulated.sums.sum(axis=(0, 1))
    mean, spread = float(measure_of(everyone, "belonging")), float(spread_of_belonging(everyone))
    d = f.diversity - np.average(f.diversity, weights=f.adults)
    sd = np.sqrt(np.average(d**2, weights=f.adults))
    return {"r": float(np.average(d * (f.belonging - mean), weights=f.adults) / sd / spread)}


def familiarity_slope(simulated: Simulated) -> float:
    """Slope of familiar faces on diversity between areas, given turnover, facilities, one-person households, density
    and position; of established residents without a background only: who lives in a diverse place is not asked.
    """
    f = frame_of(simulated)
    f = f.only(np.isfinite(f.native_faces))
    given = [f.diversity, f.turnover, f.supply, f.one_person, f.density, f.status]
    return float(coefficients_of(given, f.native_faces, f.adults)[0])


def homophilous_contact(on: Simulated, off: Simulated) -> Parts:
    """SF10: how much of the slope of familiar faces on diversity is left without homophily in meeting.

    Both runs are without withdrawal, by which those who feel less at home meet fewer people: a consequence of
    belonging, not a way in which diversity changes whom one can meet.
    """
    with_it, without = familiarity_slope(on), familiarity_slope(off)
    return {"ratio": abs(without) / abs(with_it), "on": with_it, "off": without}


def turnover(simulated: Simulated) -> Parts:
    """SF11: slope of mean belonging on turnover between areas given diversity, density and position; and the percent of
    it that controlling for familiar faces and ties removes.
    """
    f = frame_of(simulated)
    given = [f.turnover, f.diversity, f.density, f.status]
    total = coefficients_of(given, f.belonging, f.adults)[0]
    direct = coefficients_of([*given, f.faces, f.ties], f.belonging, f.adults)[0]
    return {"slope": float(total), "mediated": float(100 * (1 - direct / total))}


def urban_gradient(simulated: Simulated) -> Parts:
    """SF14: mean cohesion where fewer than 500 addresses are within a km2, minus where 2,500 or more are."""
    f = frame_of(simulated)
    addresses = np.expm1(f.density)
    rural, urban = addresses < NOT_URBAN, addresses >= VERY_URBAN
    if not (rural.any() and urban.any()):
        return {}
    found = {}
    for name, y in (("belonging", f.belonging), ("cohesion", f.cohesion)):
        outside, inside = (np.average(y[k], weights=f.adults[k]) for k in (rural, urban))
        found[name] = float(outside - inside)
    return found


def facilities(low: Simulated, high: Simulated, seen: Simulated) -> Parts:
    """SF18: mean belonging with the supply of the upper quartile of areas everywhere, minus with that of the lower
    quartile (an experiment on the same draws); and `talk`.
    """
    return {"effect": mean_belonging(high) - mean_belonging(low), "talk": talk(seen)}


def talk(simulated: Simulated) -> float:
    """Encounters per month in the best supplied tenth of areas over those in the least, for the same residents."""
    c = simulated.world.parameters
    shares = np.array([getattr(c, f"share_{kind}") for kind in FACILITIES])
    areas, weight = simulated.table.facilities, np.asarray(simulated.table.residents, float)
    possible = c.street_encounters + c.facility_encounters * (areas @ shares)
    order = np.argsort(possible, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    poor, rich = order[reached <= max(0.1, reached[0])], order[reached >= 0.9]
    return float(np.average(possible[rich], weights=weight[rich]) / np.average(possible[poor], weights=weight[poor]))


def mean_belonging(simulated: Simulated) -> float:
    """Mean belonging of all adults."""
    everyone = simulated.sums.sum(axis=(0, 1))
    return float(measure_of(everyone, "belonging"))
