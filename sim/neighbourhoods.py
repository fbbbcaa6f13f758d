"""Neighbourhoods and municipalities: what does not change during a run, and the stocks that do."""

from typing import NamedTuple

import numpy as np

from sim.machine.struct import Doubles, FloatCube, Floats, FloatTable, Keys, Short, ShortTable, Whole, WholeTable


class Neighbourhoods(NamedTuple):
    """Fixed properties of J neighbourhoods, G origin groups and seven kinds of facility.

    Attributes
    ----------
    key : uint64 [J]
        Hash of the area's code, upper 32 bits zero: identifies the area in draws, whatever its row in the input.
    municipality : int32 [J]
        To which it belongs.
    first : int64 [J + 1]
        First row of each neighbourhood's run in the population table.
    built : int64 [J]
        Dwellings at the start, occupied and vacant.
    occupied : int64 [J]
        Dwellings at the start in which a household lives.
    places : int64 [J]
        Rows in use at the start: as many as dwellings where everyone lives alone (`households` is 0).
    residents : int64 [J]
        Agents at the start.
    status, municipality_status, anonymity, mobility, children, with_children : float32 [J]
        Socio-economic z-score; mean z-score of the residents of the municipality; anonymity A in [0, 1]; scale of the
        moving rate; children of the municipality over those that births by age would have brought;
        households with children over the national share.
    dwelling_kinds : float32 [J, 3]
        Shares of dwellings in which, at the start, one person lives, others without children, and families with them.
    facilities : float32 [J, 7]
        Supply Q, 1 = the national average, kinds as in `sim.facilities.FACILITIES`.
    x : float32 [J]
        Position east, kilometres; 0 where unknown.
    y : float32 [J]
        Position north, kilometres; 0 where unknown.
    host_language : float32 [G]
        Share of an origin group that speaks the country's language at home, from the origin scheme.
    near : int64 [N]
        The neighbourhood itself, those that border it and the nearest, as positions within `Municipalities.member`
        of its municipality, ascending; see `scenarios.borders`.
    near_first : int64 [J + 1]
        Segment of each neighbourhood in `near`.
    """

    key: Keys
    municipality: Short
    first: Whole
    built: Whole
    occupied: Whole
    places: Whole
    residents: Whole
    status: Floats
    municipality_status: Floats
    anonymity: Floats
    mobility: Floats
    children: Floats
    with_children: Floats
    dwelling_kinds: FloatTable
    facilities: FloatTable
    x: Floats
    y: Floats
    host_language: Floats
    near: Whole
    near_first: Whole


class Municipalities(NamedTuple):
    """Fixed properties of K municipalities.

    Attributes
    ----------
    key : uint64 [K]
        Hash of the municipality's code, as that of a neighbourhood.
    member : int64 [J]
        Neighbourhoods by municipality, in the order of their keys.
    member_first : int64 [K + 1]
        Where those of each municipality begin in `member`.
    arrivals : float32 [K, 6]
        People from abroad per month by motive, before policy.
    domestic : float32 [K]
        People per month from elsewhere in the country that is not simulated.
    arrival_origin : float32 [K, 6, G]
        Cumulative distribution over origin groups by motive.
    domestic_origin : float32 [K, G]
        The same for domestic arrivals.
    discrimination : float32 [G]
        Hiring ratio of each group in the statistics (1 = none).
    first_generation : float32 [G]
        Share of the group born abroad.
    destination : int32 [K, N]
        Where people go who leave the municipality; -1 is a municipality that is not simulated.
    destination_chance : float32 [K, L, N]
        Cumulative chance of each, by origin group, or in one line (L = 1) for all groups.
    dwelling_kinds : float32 [K, 3]
        Shares of dwellings by kind over those of all that are simulated, see `Neighbourhoods`.
    capacity : float32 [K, 3]
        People a year the municipality can take in: reception places, school seats, facilities, before policy. (The
        fourth part of the incorporation capacity, homes that fall vacant in a year, is counted every month.)
    """

    key: Keys
    member: Whole
    member_first: Whole
    arrivals: FloatTable
    domestic: Floats
    arrival_origin: FloatCube
    domestic_origin: FloatTable
    discrimination: Floats
    first_generation: Floats
    destination: ShortTable
    destination_chance: FloatCube
    dwelling_kinds: FloatTable
    capacity: FloatTable


class Flows(NamedTuple):
    """Who came and went in one month, per neighbourhood, int64 [J].

    Attributes
    ----------
    births, deaths, emigrated, moved_away : left by death, abroad, to a municipality that is not simulated
    moved_out, moved_in, moved_within : to and from other simulated neighbourhoods; inside the same one
    immigrated, domestic : from abroad, and from elsewhere in the country
    no_home : movers who found no dwelling and stayed
    unhoused, unhoused_births : arrivals and newborns without a dwelling, counted at the municipality's first area
    """

    births: Whole
    deaths: Whole
    emigrated: Whole
    moved_away: Whole
    moved_out: Whole
    moved_in: Whole
    moved_within: Whole
    immigrated: Whole
    domestic: Whole
    no_home: Whole
    unhoused: Whole
    unhoused_births: Whole


def empty_flows(areas: int) -> Flows:
    """No one came or went."""
    return Flows(*(np.zeros(areas, np.int64) for _ in Flows._fields))


class Stocks(NamedTuple):
    """What is counted in each neighbourhood at the end of a month and used in the next; whole numbers only.

    Sums of shares are in units of 1/65536, so that no order of summing can change them.

    Attributes
    ----------
    opened : int64 [J]
        Rows in use now, lived in and vacant: a place for one person each.
    homes : int64 [J]
        Dwellings now, occupied and vacant: one for each row where everyone lives alone.
    people : int64 [J, G]
        Residents by origin group.
    activity : int64 [J, G]
        Sum of 1 - w over residents by origin group, in units of 1/65536.
    language : int64 [J, G]
        Sum of L over them, in units of 1/65536.
    gone : int64 [J, G]
        Who left the neighbourhood last month, deaths included, by origin group.
    leavers : int64 [J, 12]
        Who left it alive in each of the last twelve months (turnover).
    empty : int64 [J]
        Rows without a resident at the end of the month.
    vacant : int64 [J]
        Dwellings vacant at the end of the month, to be allocated in the next.
    inflow : int64 [K, 12]
        Arrivals from abroad in each of the last twelve months.
    spent : float64 [K]
        Money spent by the policy so far, in euro.
    former : int64 [J, G]
        Residents by origin group before last month's leaving and arriving.
    year : int64 [J, 12]
        Residents at the beginning of each of the last twelve months.
    shared : int64 [J]
        Of the dwellings now, how many are rooms let in others (`sim.phases.build`).
    members : int64 [J]
        Share of residents who were members of an association at month 0, in units of 1/65536; 0 where it has no effect.
    kinds : int64 [J, 3]
        Households by the kind of dwelling that suits them (`dwelling_kind`), counted at the start of each January.
    """

    opened: Whole
    homes: Whole
    people: WholeTable
    activity: WholeTable
    language: WholeTable
    gone: WholeTable
    leavers: WholeTable
    empty: Whole
    vacant: Whole
    inflow: WholeTable
    spent: Doubles
    former: WholeTable
    year: WholeTable
    shared: Whole
    members: Whole
    kinds: WholeTable


def empty_stocks(neighbourhoods: Neighbourhoods, municipalities: Municipalities) -> Stocks:
    """Stocks before anything was counted."""
    areas, municipality_count = len(neighbourhoods.key), len(municipalities.key)
    groups = municipalities.discrimination.shape[0]
    people, activity, language, gone = (np.zeros((areas, groups), np.int64) for _ in range(4))
    return Stocks(
        neighbourhoods.places.copy(),
        neighbourhoods.built.copy(),
        people,
        activity,
        language,
        gone,
        np.zeros((areas, 12), np.int64),
        np.zeros(areas, np.int64),
        np.zeros(areas, np.int64),
        np.zeros((municipality_count, 12), np.int64),
        np.zeros(municipality_count),
        np.zeros((areas, groups), np.int64),
        np.zeros((areas, 12), np.int64),
        np.zeros(areas, np.int64),
        np.zeros(areas, np.int64),
        np.zeros((areas, 3), np.int64),
    )
