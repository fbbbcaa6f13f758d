"""The rates of a month, and their arrays: `sim.phases.rates` computes them."""

from typing import NamedTuple

import numpy as np

from sim.facilities import FACILITY_COUNT
from sim.machine.struct import Floats, FloatTable
from sim.motives import MOTIVE_COUNT
from sim.rules.households import DWELLING_KINDS


class Rates(NamedTuple):
    """Rates of this month for J neighbourhoods, G groups, K municipalities; single precision.

    Attributes
    ----------
    own : [J, G]
        Encounters per month of someone fully active with the own group, before language.
    other : [J, G]
        Encounters per month of someone fully active with other groups, before language.
    other_language : [J, G]
        Mean L of the other groups' pool.
    gone_own : [J, G]
        Share of the own group that left last month.
    gone_other : [J, G]
        Share of the other groups that left last month.
    trouble : [J, G]
        Share of possible encounters that do not come about, across groups, or go badly, with anyone.
    felt_diversity, turnover, neighbourhood_term, negative : [J]
        D less pairs who share a language; V per year; the common part of b*; share of encounters across groups that
        go badly.
    amenity : [J]
        Mean supply of amenities, Q, as it counts in belonging.
    school : [J]
        What is left of meeting at school where pupils come and go; 1 where that has no effect.
    crowding : [J]
        Rooms shared per dwelling.
    fertility : [J]
        Births over those by age and partner; 1 where everyone lives alone.
    supply : [J, 7]
        Facilities after funding and crowding.
    reception : [J, 6]
        R_eff by motive.
    course : [J, 6]
        Hours of Dutch per month, averaged over newcomers of the motive.
    expected : [K, 6]
        Arrivals from abroad expected this month after the permit rule.
    domestic : [K]
        Arrivals from elsewhere in the country expected this month.
    load : [K]
        Last year's arrivals over the incorporation capacity.
    dwelling_fit : [J, 3]
        What dwellings that suit a kind of household add to its utility of the neighbourhood (`dwelling_fit`).
    dwelling_answer : [K, 3]
        How households of a kind answer a municipality's dwellings (`answer_to_fit`).
    """

    own: FloatTable
    other: FloatTable
    other_language: FloatTable
    gone_own: FloatTable
    gone_other: FloatTable
    trouble: FloatTable
    felt_diversity: Floats
    turnover: Floats
    neighbourhood_term: Floats
    negative: Floats
    amenity: Floats
    school: Floats
    crowding: Floats
    fertility: Floats
    supply: FloatTable
    reception: FloatTable
    course: FloatTable
    expected: FloatTable
    domestic: Floats
    load: Floats
    dwelling_fit: FloatTable
    dwelling_answer: FloatTable


BY_MUNICIPALITY = {"load", "domestic", "expected", "dwelling_answer"}
COLUMNS_OF = (
    {"supply": FACILITY_COUNT}
    | dict.fromkeys(("reception", "course", "expected"), MOTIVE_COUNT)
    | dict.fromkeys(("dwelling_fit", "dwelling_answer"), DWELLING_KINDS)
)
BY_NEIGHBOURHOOD = {
    *("felt_diversity", "turnover", "neighbourhood_term", "negative", "amenity", "school", "crowding", "fertility")
}


def empty_rates(areas: int, groups: int, municipalities: int) -> Rates:
    """Arrays for the rates of one month."""

    def shape_of(name: str) -> tuple[int, ...]:
        rows = municipalities if name in BY_MUNICIPALITY else areas
        if name in BY_NEIGHBOURHOOD or (name in BY_MUNICIPALITY and name not in COLUMNS_OF):
            return (rows,)
        return rows, COLUMNS_OF.get(name, groups)

    return Rates(**{name: np.zeros(shape_of(name), np.float32) for name in Rates._fields})
