"""Eight people who draw together get the words that each would draw alone."""

import numpy as np

from sim.joint_draws import draw_jointly, key_draws, word_at
from sim.machine.arithmetic import compiled
from sim.machine.draws import draw
from sim.population import MOST_TIES
from sim.workspace import DRAWS, SEEKERS, WORDS
from tests.tools.worlds import small_world

PURPOSE, STEP = 640, 256


@compiled
def draw_for(serials, months, s):
    """Draw for eight people with these serials, each in a month of their own."""
    for n in range(len(serials)):
        key_draws(n, serials[n], months[n], 0, s)
    draw_jointly(PURPOSE, STEP, 0, s)


def test_words_are_those_of_each_alone() -> None:
    world = small_world(settling_months=1)
    serials = np.arange(1, SEEKERS + 1, dtype=np.uint64) * np.uint64(0x0123456789ABCDEF)
    months = np.arange(SEEKERS) * 7 - 20
    state = world.state()
    draw_for(serials, months, state)
    words = world.state().held["work"].joint_words[0]
    for n in range(SEEKERS):
        for block in range(DRAWS):
            alone = draw(world.key, serials[n], months[n], PURPOSE + block * STEP)
            assert [words[word_at(block, word, n)] for word in range(WORDS)] == [int(word) for word in alone]


def test_the_chances_of_a_first_tie_are_drawn_together() -> None:
    assert MOST_TIES <= SEEKERS
