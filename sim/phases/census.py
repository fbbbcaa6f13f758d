"""The census: the stocks that the next month needs, counted at the end of a month in whole numbers."""

import numpy as np

from sim.households import are_kept
from sim.machine.arithmetic import ONE, compiled
from sim.machine.compile_cache import phase
from sim.measures import FINE
from sim.phases.observe import FINE_UNITS, whole
from sim.population import HEAD, NOBODY
from sim.workspace import STRETCH


@compiled
def count_vacant(serial):
    """Vacant rows among some rows: by the serial, as all else goes by the role, so that no one is lost unseen."""
    vacant = 0
    for n in range(len(serial)):
        vacant += serial[n] == NOBODY
    return vacant


@compiled
def count_heads(role):
    """Households among a stretch of rows: those who head one."""
    heads = np.int32(0)
    for n in range(len(role)):
        heads = np.int32(heads + np.int32(role[n] == HEAD))
    return heads


@compiled
def count_activity(start, stop, worker, s):
    """Activity 1 - w and language of a stretch of rows, in units of 1/65536."""
    withdrawal, language = s.population.withdrawal[start:stop], s.population.language[start:stop]
    activity, skill = s.work.activity[worker], s.work.skill[worker]
    for n in range(len(withdrawal)):
        activity[n] = whole(ONE - withdrawal[n], FINE_UNITS)
        skill[n] = whole(language[n], FINE_UNITS)


@compiled
def count_group(wanted, origin, activity, skill):
    """Rows with one origin in a stretch, and the sums of their activity and language; vacant rows too."""
    rows, active, spoken = np.int32(0), np.int32(0), np.int32(0)
    for n in range(len(origin)):
        mine = np.int32(origin[n] == wanted)
        rows = np.int32(rows + mine)
        active = np.int32(active + activity[n] * mine)
        spoken = np.int32(spoken + skill[n] * mine)
    return rows, active, spoken


@phase
def remember(worker, low, high, s):
    """Remember the residents of neighbourhoods low to high - 1 as they were before this month's leaving and arriving.

    After the rates, which divide last month's leavers by those who lived there before that.
    """
    for j in range(low, high):
        everyone = 0
        for g in range(s.stocks.people.shape[1]):
            s.stocks.former[j, g] = s.stocks.people[j, g]
            everyone += s.stocks.people[j, g]
        s.stocks.year[j, s.run.month[0] % 12] = everyone


@phase
def census(worker, low, high, s):
    """Count residents, activity and language by origin group, and vacancies, of neighbourhoods low to high - 1.

    Of a vacant row all columns are 0: it is counted as active, without language, in group 0, and then taken off.
    """
    p, activity, skill = s.population, s.work.activity[worker], s.work.skill[worker]
    for j in range(low, high):
        people, active, spoken = s.stocks.people[j], s.stocks.activity[j], s.stocks.language[j]
        people[:] = 0
        active[:] = 0
        spoken[:] = 0
        vacant, households, first = 0, 0, s.neighbourhoods.first[j]
        end = first + s.stocks.opened[j]
        for start in range(first, end, STRETCH):
            stop = min(start + STRETCH, end)
            vacant += count_vacant(p.serial[start:stop])
            households += count_heads(p.role[start:stop])
            count_activity(start, stop, worker, s)
            for g in range(len(people)):
                found = count_group(np.uint8(g), p.origin[start:stop], activity, skill)
                people[g] += found[0]
                active[g] += found[1]
                spoken[g] += found[2]
        people[0] -= vacant
        active[0] -= vacant * np.int64(FINE)
        s.stocks.empty[j] = vacant
        s.stocks.vacant[j] = vacant
        if are_kept(s):
            s.stocks.vacant[j] = s.stocks.homes[j] - households
