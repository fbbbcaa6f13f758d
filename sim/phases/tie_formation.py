"""New ties: those who seek one find a partner in their own neighbourhood, one after the other, so both sides agree."""

from sim.machine.arithmetic import compiled
from sim.machine.bitmask import AT_ONCE, lowest, marked, without_lowest
from sim.machine.prefetch import fetch_for_later
from sim.population import MOST_TIES, SEEKS_TIE
from sim.ties import form_tie


@compiled
def fetch_seekers(first, end, population):
    """Ask for what is looked at of those who seek a tie."""
    p = population
    for base in range(first, end, AT_ONCE):
        bits = marked(p.intention, base, end)
        while bits:
            row = base + lowest(bits)
            bits = without_lowest(bits)
            if p.intention[row] & SEEKS_TIE:
                fetch_for_later(p.tie_count, row)
                fetch_for_later(p.tie_own, row)
                fetch_for_later(p.tie_end, row)
                fetch_for_later(p.faces_own, row)
                fetch_for_later(p.faces_other, row)
                fetch_for_later(p.serial, row)
                fetch_for_later(p.ties, row * MOST_TIES)


@compiled
def acquaint(low, high, population, places, stocks, seed, month, c):
    """Form the ties sought in neighbourhoods low to high - 1, in the order of rows."""
    for j in range(low, high):
        first, opened = places.first[j], stocks.opened[j]
        fetch_seekers(first, first + opened, population)
        for base in range(first, first + opened, AT_ONCE):
            bits = marked(population.intention, base, first + opened)
            while bits:
                row = base + lowest(bits)
                bits = without_lowest(bits)
                if population.intention[row] & SEEKS_TIE:
                    population.intention[row] &= ~SEEKS_TIE
                    form_tie(row, first, opened, population, seed, month, month, c)
