"""Many months in one compiled call, on one thread: for sweeps of small worlds, where Python between phases would weigh.

The phases are those of `sim.month`, in its order, over all neighbourhoods at once; a run gives the same digest. The
call holds no lock of Python's, so threads can each pass a world of their own.
"""

from typing import NamedTuple

import numpy as np

from sim.conditions import Conditions
from sim.machine.arithmetic import allocating, compiled
from sim.phases.arrive import arrive, build
from sim.phases.beneficiaries import Served, count_people
from sim.phases.leave import leave, renew
from sim.phases.move import by_destination, choose, leave_old_homes, settle_movers
from sim.phases.observe import Observations, census, observe
from sim.phases.rates import prepare_places, prepare_towns
from sim.phases.update_residents import BLOCK, live
from sim.phases.vacancy_allocation import vacancies_for
from sim.world import World

ALL_WELL = -1


class Findings(NamedTuple):
    """What whole runs report: N observed months of J neighbourhoods and G groups, and S stages of a policy.

    Attributes
    ----------
    sums, histogram : int64 [N, J, 4, 24] and [N, J, 4, 50]
        See `sim.phases.observe.Observations`.
    people : int64 [N, J, G]
    leavers : int64 [N, J]
        Who left alive in the last twelve months.
    load : float32 [N, K]
    residents, newcomers, labour : int64 [S, J], [S, J, 6], [S, J, 3]
        Whom the policy pays for, at the beginning of each month and summed over the months of each stage.
    """

    sums: np.ndarray
    histogram: np.ndarray
    people: np.ndarray
    leavers: np.ndarray
    load: np.ndarray
    residents: np.ndarray
    newcomers: np.ndarray
    labour: np.ndarray


def empty_findings(world: World, observed: int, stages: int) -> Findings:
    """Nothing found yet."""
    areas, groups = world.stocks.people.shape
    towns = len(world.municipalities.key)
    return Findings(
        np.zeros((observed, areas, 4, 24), np.int64),
        np.zeros((observed, areas, 4, 50), np.int64),
        np.zeros((observed, areas, groups), np.int64),
        np.zeros((observed, areas), np.int64),
        np.zeros((observed, towns), np.float32),
        np.zeros((stages, areas), np.int64),
        np.zeros((stages, areas, 6), np.int64),
        np.zeros((stages, areas, 3), np.int64),
    )


@compiled
def conserved(before, stocks, flows):
    """Whether residents and vacancies make up the places, and people add up with who came and went."""
    moved = 0
    for j in range(len(before)):
        after = stocks.people[j].sum()
        came = flows.births[j] + flows.immigrated[j] + flows.domestic[j] + flows.moved_in[j]
        went = flows.deaths[j] + flows.emigrated[j] + flows.moved_away[j] + flows.moved_out[j]
        moved += flows.moved_in[j] - flows.moved_out[j]
        if after + stocks.vacant[j] != stocks.opened[j] or after - before[j] != came - went:
            return False
    return moved == 0


@compiled
def count_blocks(stocks):
    """Blocks of rows that hold people or vacancies."""
    blocks = 0
    for opened in stocks.opened:
        blocks += (opened + BLOCK - 1) // BLOCK
    return blocks


@allocating
def move_house(population, places, municipalities, stocks, flows, conditions, seed, month, c, movers, vacancies):
    """The phase of moving: choose, lottery, leave."""
    areas = len(movers)
    offset = np.zeros(areas + 1, np.int64)
    for j in range(areas):
        offset[j + 1] = offset[j] + movers[j]
    count = offset[areas]
    rows, wanted = np.zeros(count, np.int64), np.zeros(count, np.int64)
    lottery, target = np.zeros(count, np.uint64), np.full(count, -1, np.int64)
    choose(0, areas, offset, population, places, municipalities, stocks, conditions, seed, month, c, rows, wanted,
           lottery)  # fmt: skip
    first, order = by_destination(wanted, areas)
    settle_movers(0, areas, first, order, rows, lottery, target, vacancies, population, places, stocks, flows, seed,
                  month, c.tie_kept_moving)  # fmt: skip
    leave_old_homes(0, areas, offset, rows, wanted, target, population, places, stocks, flows, month)


@allocating
def whole_month(month, population, places, municipalities, stocks, flows, rates, conditions, tables, weights, stay,
                seed, c):  # fmt: skip
    """One month on one thread; whether nobody was lost."""
    areas, towns = len(places.key), len(municipalities.key)
    before, movers = np.zeros(areas, np.int64), np.zeros(areas, np.int64)
    for j in range(areas):
        before[j] = stocks.people[j].sum()
    for flow in flows:
        flow[:] = 0
    prepare_towns(places, municipalities, stocks, conditions, rates, c)
    prepare_places(0, areas, places, stocks, conditions, rates, c)
    build(0, areas, places, stocks, conditions, seed, month, c)
    live(0, count_blocks(stocks), True, population, places, municipalities, stocks, rates, conditions, tables, weights,
         seed, month, c)  # fmt: skip
    leave(0, areas, population, places, stocks, flows, movers, month)
    vacancies = vacancies_for(stocks.vacant)
    move_house(population, places, municipalities, stocks, flows, conditions, seed, month, c, movers, vacancies)
    free = stocks.vacant - flows.moved_in - flows.moved_within
    arrive(0, towns, population, places, municipalities, stocks, rates, conditions, tables, stay, free, vacancies,
           flows, seed, month, c)  # fmt: skip
    census(0, areas, population, places, stocks)
    return conserved(before, stocks, flows)


@allocating
def settling_month(month, population, places, municipalities, stocks, rates, conditions, tables, weights, seed, c):
    """One month of settling on one thread: composition stays, residence and ties are renewed."""
    areas = len(places.key)
    prepare_towns(places, municipalities, stocks, conditions, rates, c)
    prepare_places(0, areas, places, stocks, conditions, rates, c)
    live(0, count_blocks(stocks), True, population, places, municipalities, stocks, rates, conditions, tables, weights,
         seed, month, c)  # fmt: skip
    renew(0, areas, population, places, stocks, seed, month, c.tie_kept_moving, c.newcomer_start,
          c.language_newcomer)  # fmt: skip
    census(0, areas, population, places, stocks)


@allocating
def stage_of(stack, stage):
    """The levers of one stage of a policy."""
    return Conditions(
        stack.funding[stage], stack.mixing[stage], stack.positivity[stage], stack.building[stage],
        stack.attraction[stage], stack.coverage[stage], stack.course_hours[stage], stack.one_stop[stage],
        stack.job_support[stage], stack.enforcement[stage], stack.retention[stage], stack.permit[stage],
        stack.reception_places[stage], stack.arrivals[stage],
    )  # fmt: skip


@allocating
def note_month(at, population, places, stocks, rates, month, c, findings):
    """Write the month's observations at place `at` of the findings."""
    areas = len(places.key)
    seen = Observations(findings.sums[at], findings.histogram[at])
    observe(0, areas, population, places, stocks, rates, month, c, seen)
    findings.people[at] = stocks.people
    findings.load[at] = rates.load
    for j in range(areas):
        findings.leavers[at, j] = stocks.leavers[j].sum()


@allocating
def pass_all(months, every, stages, counted, population, places, municipalities, stocks, flows, rates, stack, tables,
             weights, stay, seed, month, c, findings):  # fmt: skip
    """Pass `months` months from `month` on; -1 when all is well, else the month in which somebody was lost."""
    areas = len(places.key)
    served = Served(np.zeros((areas, 6), np.int64), np.zeros((areas, 3), np.int64))
    for t in range(months):
        stage = stages[t]
        if counted[stage]:
            count_people(0, areas, population, places, stocks.opened, month, served.newcomers, served.labour)
            findings.newcomers[stage] += served.newcomers
            findings.labour[stage] += served.labour
            for j in range(areas):
                findings.residents[stage, j] += stocks.people[j].sum()
        conditions = stage_of(stack, stage)
        if not whole_month(month, population, places, municipalities, stocks, flows, rates, conditions, tables, weights,
                           stay, seed, c):  # fmt: skip
            return month
        month += 1
        if (t + 1) % every == 0:
            note_month((t + 1) // every - 1, population, places, stocks, rates, month, c, findings)
    return ALL_WELL


@allocating
def settle_all(months, population, places, municipalities, stocks, rates, conditions, tables, weights, seed, month, c):
    """Pass `months` months of settling from `month` on."""
    for t in range(months):
        settling_month(month + t, population, places, municipalities, stocks, rates, conditions, tables, weights, seed,
                       c)  # fmt: skip
