"""More room for new places in a world that was built for fewer years, such as one read from a checkpoint."""

import numpy as np

from scenarios.building import BuildOptions, check_memory
from sim.parameters import Parameters
from sim.places import Places
from sim.population import Population, vacant_population
from sim.ties import ROW_SHIFT
from sim.world import World

WITHOUT_ROW = np.uint64((1 << int(ROW_SHIFT)) - 1)


def room_needed(places: Places, options: BuildOptions, parameters: Parameters) -> np.ndarray:
    """Rows per neighbourhood for the places of today and those built in the years to come, int64 [J]."""
    growth = parameters.building * options.building * options.years * 1.25
    return places.built + np.ceil(places.built * growth).astype(np.int64) + 4


def with_room(world: World, options: BuildOptions, parameters: Parameters) -> World:
    """The same world in a table with room for more new places; results are the same, for only open places count.

    Parameters
    ----------
    options : BuildOptions
        `years` from the start of the run, and the largest multiple of today's building.

    Raises
    ------
    InputError
        More places than memory.
    """
    old = world.places.first
    room = np.maximum(np.diff(old), room_needed(world.places, options, parameters))
    first = np.concatenate(([0], np.cumsum(room)))
    if np.array_equal(first, old):
        return world
    check_memory(int(first[-1]))
    population = vacant_population(int(first[-1]))
    moved = first[:-1] - old[:-1]
    for j, shift in enumerate(moved.tolist()):
        rows = slice(int(old[j]), int(old[j + 1]))
        target = slice(rows.start + shift, rows.stop + shift)
        for name in Population._fields:
            if name != "ties":
                getattr(population, name)[target] = getattr(world.population, name)[rows]
        population.ties[target] = repointed(world.population.ties[rows], old, moved)
    world.places = world.places._replace(first=first)
    world.population = population
    return world


def repointed(ties: np.ndarray, old_first: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Ties that point at the rows where their partners now live."""
    row = (ties >> ROW_SHIFT).astype(np.int64)
    area = np.clip(np.searchsorted(old_first, row, side="right") - 1, 0, len(moved) - 1)
    changed = ((row + moved[area]).astype(np.uint64) << ROW_SHIFT) | (ties & WITHOUT_ROW)
    return np.where(ties != 0, changed, ties)
