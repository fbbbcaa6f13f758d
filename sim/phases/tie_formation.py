"""New ties: those who seek one find a partner in their own neighbourhood, one after the other, so both sides agree."""

from sim.households import NO_ROW
from sim.joint_draws import add_searcher
from sim.machine.arithmetic import compiled
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.prefetch import prefetch_for_later
from sim.population import MOST_TIES, SEEKS_TIE
from sim.ties import draw_searches, find_partner, prefetch_tying, tie_together
from sim.workspace import SEEKERS


@compiled
def prefetch_seekers(first, end, s):
    """Prefetch what tie formation reads of those who seek a tie."""
    p = s.population
    for row in nonzero_rows(p.intention, first, end):
        if p.intention[row] & SEEKS_TIE:
            prefetch_for_later(p.tie_count, row)
            prefetch_for_later(p.tie_own, row)
            prefetch_for_later(p.tie_end, row)
            prefetch_for_later(p.faces_own, row)
            prefetch_for_later(p.faces_other, row)
            prefetch_for_later(p.serial, row)
            prefetch_for_later(p.ties, row * MOST_TIES)


@compiled
def form_waiting(waiting, j, worker, s):
    """Form the ties of those who wait: first all find a partner, then one ties after the other."""
    p, month, found = s.population, s.run.month[0], s.work.found_row[worker]
    draw_searches(worker, s)
    for n in range(waiting):
        row = s.work.searcher_row[worker, n]
        found[n] = find_partner(row, j, (n, month, worker), s) if p.tie_count[row] < MOST_TIES else NO_ROW
        if found[n] >= 0:
            prefetch_tying(found[n], s)
    for n in range(waiting):
        tie_together(s.work.searcher_row[worker, n], found[n], month, (n, month, worker), s)


@compiled
def form_ties_in(j, worker, s):
    """Form the ties sought in neighbourhood j, in the order of rows."""
    p, waiting = s.population, 0
    first = s.neighbourhoods.first[j]
    end = first + s.stocks.opened[j]
    prefetch_seekers(first, end, s)
    for row in nonzero_rows(p.intention, first, end):
        if p.intention[row] & SEEKS_TIE:
            p.intention[row] &= ~SEEKS_TIE
            waiting = add_searcher(row, s.run.month[0], waiting, worker, s)
            if waiting == SEEKERS:
                form_waiting(waiting, j, worker, s)
                waiting = 0
    if waiting:
        form_waiting(waiting, j, worker, s)


@phase
def form_ties(worker, low, high, s):
    """Form the ties sought in neighbourhoods low to high - 1, unless they were formed at once."""
    for j in range(low, high):
        if not s.run.ties_at_once or s.run.updated[j] == 0:
            form_ties_in(j, worker, s)
