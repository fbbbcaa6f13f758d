"""Leaving: deaths and departures abroad free a place, to be let from next month on."""

from sim.machine.arithmetic import ONE, ZERO, clip, compiled, rule
from sim.machine.bitmask import AT_ONCE, lowest, marked, without_lowest
from sim.population import ASYLUM, DIE, EMIGRATE, EMPLOYED, MOVE, NEVER, NOBODY, NOTHING
from sim.ties import break_ties, tell_partners


@rule
def vacate(row, population, month, onward):
    """Empty a place; `onward` is a tie to where its resident went, 0 if they left for good."""
    population.serial[row] = NOBODY
    population.origin[row] = 0
    population.motive[row] = 0
    population.flags[row] = 0
    population.intention[row] = NOTHING
    population.born[row] = 0
    population.moved_in[row] = month
    population.arrived[row] = 0
    population.belonging[row] = 0
    population.disposition[row] = 0
    population.faces_own[row] = 0
    population.faces_other[row] = 0
    population.contact[row] = 0
    population.withdrawal[row] = 0
    population.language[row] = 0
    population.position[row] = 0
    for slot in range(population.tie_count[row]):
        population.ties[row, slot] = NOBODY
    population.ties[row, 0] = onward
    population.tie_count[row] = 0
    population.tie_own[row] = 0
    population.tie_end[row] = NEVER


@compiled
def leave(low, high, population, places, stocks, flows, movers, month):
    """Deaths and departures of neighbourhoods low to high - 1; counts those who want to move house in `movers`."""
    for j in range(low, high):
        movers[j] = 0
        for g in range(stocks.gone.shape[1]):
            stocks.gone[j, g] = 0
        left, end = 0, places.first[j] + stocks.opened[j]
        for base in range(places.first[j], end, AT_ONCE):
            bits = marked(population.intention, base, end)
            while bits:
                row = base + lowest(bits)
                bits = without_lowest(bits)
                intention = population.intention[row]
                if intention == MOVE:
                    movers[j] += 1
                elif intention in (DIE, EMIGRATE):
                    stocks.gone[j, population.origin[row]] += 1
                    flows.deaths[j] += intention == DIE
                    flows.emigrated[j] += intention == EMIGRATE
                    left += intention == EMIGRATE
                    tell_partners(row, population)
                    vacate(row, population, month, NOBODY)
        stocks.leavers[j, month % 12] = left


@compiled
def renew(low, high, population, places, stocks, seed, month, kept, start_belonging, start_language):
    """In place of leaving and moving, while settling: the resident's time here begins anew, the resident stays.

    So the composition of every place remains that of the data while ties, faces, residence and belonging settle. The
    same happens in the month someone arrived in the country or was born.
    """
    for j in range(low, high):
        for g in range(stocks.gone.shape[1]):
            stocks.gone[j, g] = 0
        left = 0
        for row in range(places.first[j], places.first[j] + stocks.opened[j]):
            if population.serial[row] == NOBODY:
                continue
            intention = population.intention[row]
            population.intention[row] = NOTHING
            leaves = intention in (DIE, EMIGRATE, MOVE)
            arrives = population.arrived[row] == month or population.born[row] == month
            if not (leaves or arrives):
                continue
            if leaves:
                stocks.gone[j, population.origin[row]] += 1
                left += intention != DIE
            population.moved_in[row] = month
            population.faces_own[row] = 0
            population.faces_other[row] = 0
            break_ties(row, population, seed, month, kept if intention == MOVE and not arrives else ZERO)
            if arrives:
                population.belonging[row] = clip(start_belonging + population.disposition[row], ZERO, ONE)
                population.withdrawal[row] = 0
            if population.arrived[row] == month:
                population.language[row] = start_language
                if population.motive[row] == ASYLUM:
                    population.flags[row] &= ~EMPLOYED
        stocks.leavers[j, month % 12] = left
