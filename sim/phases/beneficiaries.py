"""People whom a policy serves, by whose number it is paid: newcomers by motive, people with and without work."""

import numpy as np

from sim.beneficiaries import AT_WORK, SEEKING, WORKING_AGE
from sim.machine.arithmetic import compiled
from sim.machine.bitmask import AT_ONCE, clear_lowest_bit, lowest_bit, nonzero_bits
from sim.machine.compile_cache import phase
from sim.motives import MOTIVE_COUNT
from sim.population import EMPLOYED, EMPTY
from sim.rules.people import has_flag, is_newcomer, is_of_working_age
from sim.workspace import BLOCK


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


@compiled
def count_newcomers(start, stop, j, worker, s):
    """Add the newcomers of a block to those of neighbourhood j by motive; return those of working age without work."""
    p, month, found = s.population, s.run.month[0], s.served.newcomers
    motive, arrived, new = p.motive[start:stop], p.arrived[start:stop], s.work.flag[worker]
    for n in range(len(motive)):
        new[n] = is_newcomer(motive[n], arrived[n], month)
    seeking = 0
    for at in range(0, stop - start, AT_ONCE):
        bits = nonzero_bits(new, at, stop - start)
        while bits != 0:
            row = start + at + lowest_bit(bits)
            bits = clear_lowest_bit(bits)
            if p.role[row] != EMPTY:
                found[j, p.motive[row]] += 1
                grown = is_of_working_age(np.int32(month) - np.int32(p.born[row]))
                seeking += grown and not has_flag(p.flags[row], EMPLOYED)
    return seeking


@phase
def count_beneficiaries(worker, low, high, s):
    """Count newcomers and labour of neighbourhoods low to high - 1, and add them to the sums over months."""
    p, month = s.population, np.int32(s.run.month[0])
    newcomers, labour = s.served.newcomers, s.served.labour
    for j in range(low, high):
        first = s.neighbourhoods.first[j]
        end = first + s.stocks.opened[j]
        newcomers[j] = 0
        labour[j] = 0
        for start in range(first, end, BLOCK):
            stop = min(start + BLOCK, end)
            role, born, flags = p.role[start:stop], p.born[start:stop], p.flags[start:stop]
            of_age, at_work = count_labour(role, born, flags, month)
            labour[j, WORKING_AGE] += of_age
            labour[j, AT_WORK] += at_work
            labour[j, SEEKING] += count_newcomers(start, stop, j, worker, s)
        s.served.resident_months[j] += s.stocks.people[j].sum()
        for m in range(MOTIVE_COUNT):
            s.served.newcomer_months[j, m] += newcomers[j, m]
        for kind in range(3):
            s.served.labour_months[j, kind] += labour[j, kind]
