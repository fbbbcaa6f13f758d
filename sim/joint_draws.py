"""Draws of eight people together: the processor draws for several at once, where one by one it waits for each round.

A person has eight draws of four words, keyed as any other draw: who the others are changes nothing.
"""

import numpy as np

from sim.machine.arithmetic import compiled, rule
from sim.machine.draws import LOW_WORD, WORD, draw
from sim.workspace import DRAWS, SEEKERS


@rule
def key_draws(n, serial, month, worker, s):
    """Let the n-th of the eight draw with this serial in this month."""
    for block in range(DRAWS):
        s.work.joint_low[worker, block * SEEKERS + n] = np.uint32(serial & LOW_WORD)
        s.work.joint_high[worker, block * SEEKERS + n] = np.uint32(serial >> WORD)
        s.work.joint_month[worker, block * SEEKERS + n] = np.int32(month)


@rule
def word_at(block, word, n):
    """Where a word of the n-th person's draws stands."""
    return (word * DRAWS + block) * SEEKERS + n


@compiled
def draw_jointly(purpose, step, worker, s):
    """All draws of the eight; that of block b is for `purpose` + b x `step`."""
    low, high, month, key = s.work.joint_low[worker], s.work.joint_high[worker], s.work.joint_month[worker], s.run.key
    words = s.work.joint_words[worker]
    first, second = words[word_at(0, 0, 0) : word_at(0, 1, 0)], words[word_at(0, 1, 0) : word_at(0, 2, 0)]
    third, fourth = words[word_at(0, 2, 0) : word_at(0, 3, 0)], words[word_at(0, 3, 0) :]
    for n in range(DRAWS * SEEKERS):
        serial = (np.uint64(high[n]) << WORD) | np.uint64(low[n])
        a, b, c, d = draw(key, serial, month[n], purpose + (n // SEEKERS) * step)
        first[n] = np.uint32(a)
        second[n] = np.uint32(b)
        third[n] = np.uint32(c)
        fourth[n] = np.uint32(d)
