"""People whom a policy serves, by whose number it is paid: newcomers by motive, people with and without work."""

import numpy as np

from sim.beneficiaries import AT_WORK, SEEKING, WORKING_AGE
from sim.machine.compile_cache import phase
from sim.motives import MOTIVE_COUNT
from sim.population import EMPLOYED, NOBODY
from sim.rules.people import is_newcomer, is_of_working_age


@phase
def count_beneficiaries(worker, low, high, s):
    """Count newcomers and labour of neighbourhoods low to high - 1."""
    p, month = s.population, s.run.month[0]
    newcomers, labour = s.served.newcomers, s.served.labour
    for j in range(low, high):
        newcomers[j] = 0
        labour[j] = 0
        first = s.neighbourhoods.first[j]
        for row in range(first, first + s.stocks.opened[j]):
            if p.serial[row] == NOBODY:
                continue
            motive = p.motive[row]
            recent = is_newcomer(motive, p.arrived[row], month)
            if recent:
                newcomers[j, motive] += 1
            if is_of_working_age(np.int64(month) - np.int64(p.born[row])):
                employed = p.flags[row] & EMPLOYED != 0
                labour[j, WORKING_AGE] += 1
                labour[j, AT_WORK] += employed
                labour[j, SEEKING] += recent and not employed
        s.served.resident_months[j] += s.stocks.people[j].sum()
        for m in range(MOTIVE_COUNT):
            s.served.newcomer_months[j, m] += newcomers[j, m]
        for kind in range(3):
            s.served.labour_months[j, kind] += labour[j, kind]
