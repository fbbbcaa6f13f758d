"""New ties: those who seek one find a partner in their own neighbourhood, one after the other, so both sides agree."""

from sim.arithmetic import compiled
from sim.population import SEEKS_TIE
from sim.ties import form_tie


@compiled
def acquaint(low, high, population, places, stocks, seed, month, c):
    """Form the ties sought in neighbourhoods low to high - 1, in the order of rows."""
    for j in range(low, high):
        first, opened = places.first[j], stocks.opened[j]
        for row in range(first, first + opened):
            if population.intention[row] & SEEKS_TIE:
                population.intention[row] &= ~SEEKS_TIE
                form_tie(row, first, opened, population, seed, month, month, c)
