"""People whom a policy serves, by whose number it is paid: newcomers by motive, people with and without work."""

import numpy as np

from sim.beneficiaries import AT_WORK, SEEKING, WORKING_AGE
from sim.machine.arithmetic import compiled
from sim.machine.compile_cache import phase
from sim.motives import MOTIVE_COUNT
from sim.population import EMPLOYED, EMPTY
from sim.rules.people import has_flag, is_newcomer, is_of_working_age


@compiled
def count_labour(role, born, flags, month):
    """People of 18 to 66 among some rows, and those of them at work."""
    of_age, at_work = np.int32(0), np.int32(0)
    for n in range(len(role)):
        grown = is_of_working_age(month - np.int32(born[n])) & (role[n] != EMPTY)
        of_age = np.int32(of_age + np.int32(grown))
        at_work = np.int32(at_work + np.int32(grown & has_flag(flags[n], EMPLOYED)))
    return of_age, at_work


@phase
def count_residents(worker, low, high, s):
    """Add the residents of neighbourhoods low to high - 1 to the sums over months: for policies paid by these alone."""
    for j in range(low, high):
        s.served.resident_months[j] += s.stocks.people[j].sum()


@phase
def count_beneficiaries(worker, low, high, s):
    """Count newcomers and labour of neighbourhoods low to high - 1, and add them to the sums over months."""
    p, month = s.population, s.run.month[0]
    newcomers, labour = s.served.newcomers, s.served.labour
    for j in range(low, high):
        first = s.neighbourhoods.first[j]
        end = first + s.stocks.opened[j]
        role, born, flags = p.role[first:end], p.born[first:end], p.flags[first:end]
        motive, arrived = p.motive[first:end], p.arrived[first:end]
        of_age, at_work = count_labour(role, born, flags, np.int32(month))
        newcomers[j] = 0
        seeking = 0
        for n in range(len(role)):
            if is_newcomer(motive[n], arrived[n], month) and role[n] != EMPTY:
                newcomers[j, motive[n]] += 1
                grown = is_of_working_age(np.int32(month) - np.int32(born[n]))
                seeking += grown and not has_flag(flags[n], EMPLOYED)
        labour[j, WORKING_AGE], labour[j, AT_WORK], labour[j, SEEKING] = of_age, at_work, seeking
        s.served.resident_months[j] += s.stocks.people[j].sum()
        for m in range(MOTIVE_COUNT):
            s.served.newcomer_months[j, m] += newcomers[j, m]
        for kind in range(3):
            s.served.labour_months[j, kind] += labour[j, kind]
