"""New ties: those who seek one find a partner in their own neighbourhood, one after the other, so both sides agree."""

from sim.machine.arithmetic import compiled
from sim.machine.bitmask import nonzero_rows
from sim.machine.compile_cache import phase
from sim.machine.prefetch import prefetch_for_later
from sim.population import MOST_TIES, SEEKS_TIE
from sim.tie_search import add_searcher, form_ties_together
from sim.workspace import SEARCHERS


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
def form_ties_in(j, worker, s):
    """Form the ties sought in neighbourhood j, in the order of rows."""
    p, month, waiting = s.population, s.run.month[0], 0
    first = s.neighbourhoods.first[j]
    end = first + s.stocks.opened[j]
    prefetch_seekers(first, end, s)
    for row in nonzero_rows(p.intention, first, end):
        if p.intention[row] & SEEKS_TIE:
            p.intention[row] &= ~SEEKS_TIE
            waiting = add_searcher(row, month, waiting, worker, s)
            if waiting == SEARCHERS:
                form_ties_together(waiting, j, month, worker, s)
                waiting = 0
    if waiting:
        form_ties_together(waiting, j, month, worker, s)


@phase
def form_ties(worker, low, high, s):
    """Form the ties sought in neighbourhoods low to high - 1, unless they were formed at once."""
    for j in range(low, high):
        if not s.run.ties_at_once or s.run.updated[j] == 0:
            form_ties_in(j, worker, s)
