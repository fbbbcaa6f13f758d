"""Begin and end of every month: flows are set to zero, and the residents are checked to add up."""

import numpy as np

from sim.checks import ALL_WELL, FLOWS_DIFFER, HOMES_LACK, MOVES_DIFFER, ROWS_DIFFER
from sim.machine.compile_cache import phase


@phase
def begin_month(worker, low, high, s):
    """Record the residents of neighbourhoods low to high - 1, and set their flows to zero."""
    flows = s.flows
    for j in range(low, high):
        s.run.before[j] = s.stocks.people[j].sum()
        s.run.updated[j] = 0
        flows.births[j] = flows.deaths[j] = flows.emigrated[j] = flows.moved_away[j] = 0
        flows.moved_out[j] = flows.moved_in[j] = flows.moved_within[j] = 0
        flows.immigrated[j] = flows.domestic[j] = 0
        flows.no_home[j] = flows.unhoused[j] = flows.unhoused_births[j] = 0


@phase
def check_month(worker, low, high, s):
    """Residents + empty = rows; households fit in dwellings; arrivals - leavers = change; moves out = moves in."""
    stocks, flows, moved = s.stocks, s.flows, np.int64(0)
    s.run.fault[0], s.run.fault[1] = ALL_WELL, 0
    for j in range(len(s.run.before)):
        after = stocks.people[j].sum()
        came = flows.births[j] + flows.immigrated[j] + flows.domestic[j] + flows.moved_in[j]
        went = flows.deaths[j] + flows.emigrated[j] + flows.moved_away[j] + flows.moved_out[j]
        moved += flows.moved_in[j] - flows.moved_out[j]
        if stocks.vacant[j] < 0:
            s.run.fault[0], s.run.fault[1] = HOMES_LACK, j
            return
        if after + stocks.empty[j] != stocks.opened[j]:
            s.run.fault[0], s.run.fault[1] = ROWS_DIFFER, j
            return
        if after - s.run.before[j] != came - went:
            s.run.fault[0], s.run.fault[1] = FLOWS_DIFFER, j
            return
    if moved != 0:
        s.run.fault[0] = MOVES_DIFFER
