"""Threads share a phase: each unit of work is done once, whoever does it."""

import time

import numpy as np

from sim.machine.atomic import atomic_add
from sim.machine.compile_cache import phase
from sim.machine.struct import State
from sim.machine.team import TEAM, Notes
from sim.machine.threads import ThreadPool
from sim.phases.month import BEGIN

UNITS = 1000


@phase
def count_units(worker, low, high, team):
    """Count how often each unit was done."""
    for unit in range(low, high):
        atomic_add(team.notes.numbers, unit, 1)


def test_each_unit_is_done_once_by_threads_that_sleep_in_between():
    assert BEGIN.function.arguments[:3] == count_units.arguments[:3]
    counts, state, pool = np.zeros(UNITS, np.int64), State(TEAM), ThreadPool(3)
    state.put("notes", Notes(counts))
    for turn in range(400):
        pool.run(count_units, UNITS if turn % 3 else 2, state)
        if turn % 40 == 0:
            time.sleep(0.003)
    assert (counts[:2] == 400).all()
    assert (counts[2:] == 400 - 134).all()
