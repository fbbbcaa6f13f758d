"""Looking for a home: which neighbourhood, by multinomial logit over places with vacancies."""

from typing import NamedTuple

import numpy as np

from sim.machine.arithmetic import ZERO, allocating, compiled, rule
from sim.machine.draws import EXTRA_CHOICE, draw, gumbel, pick
from sim.rules.housing import home_utility

CHOICES, LANES = 12, 16
NO_HOME = np.int64(-2)
OUTSIDE = np.int64(-1)
MINUS_INFINITY = np.float32(-3.0e38)


@rule
def people_in(j, stocks):
    """Residents of neighbourhood j at the start of the month: places that are open and not vacant."""
    return stocks.opened[j] - stocks.vacant[j]


@rule
def kilometres(i, j, places):
    """Straight distance between two neighbourhoods."""
    dx, dy = places.x[i] - places.x[j], places.y[i] - places.y[j]
    return np.sqrt(dx * dx + dy * dy)


class Options(NamedTuple):
    """Scratch for the alternatives of one who looks for a home; sixteen lanes, of which twelve are used at most."""

    words: np.ndarray
    place: np.ndarray
    noise: np.ndarray
    share: np.ndarray
    position: np.ndarray
    vacancies: np.ndarray
    distance: np.ndarray
    attraction: np.ndarray
    utility: np.ndarray


@allocating
def no_options():
    """Scratch for one thread."""
    return Options(
        np.zeros((4, 8), np.uint32),
        np.zeros(LANES, np.int64),
        np.full(LANES, 1 << 31, np.uint32),
        np.ones(LANES, np.float32),
        np.ones(LANES, np.float32),
        np.ones(LANES, np.float32),
        np.ones(LANES, np.float32),
        np.ones(LANES, np.float32),
        np.ones(LANES, np.float32),
    )


@compiled
def draw_options(serial, seed, month, words):
    """All words of a choice: columns 0 to 2 for the noise of alternatives 0 to 11, columns 4 to 6 to pick them."""
    for block in range(8):
        a, b, c, d = draw(seed, serial, month, EXTRA_CHOICE + ((block + 1) << 8))
        words[0, block] = np.uint32(a)
        words[1, block] = np.uint32(b)
        words[2, block] = np.uint32(c)
        words[3, block] = np.uint32(d)


@compiled
def weigh_options(position, c, options):
    """Utility of every alternative, noise included."""
    o = options
    for n in range(LANES):
        o.utility[n] = home_utility(
            o.share[n], position, o.position[n], o.vacancies[n], o.distance[n], o.attraction[n], c
        ) + gumbel(np.uint64(o.noise[n]))


@compiled
def choose_home(town, origin_place, group, position, serial, seed, month, places, municipalities, stocks, free,
                attraction, c, options):  # fmt: skip
    """The neighbourhood of municipality `town` with the highest utility among up to twelve with places free.

    Where there are more than twelve, twelve are drawn (McFadden's sampling of alternatives). `origin_place` is where
    one moves from, -1 from outside; `free` counts the places still to be let, `attraction` is policy's; `options` is
    scratch.

    Returns
    -------
    int64
        Neighbourhood, or -2 where none of them has a place.
    """
    low, high = municipalities.member_first[town], municipalities.member_first[town + 1]
    count, o = high - low, options
    shown = min(count, CHOICES)
    draw_options(serial, seed, month, o.words)
    for n in range(shown):
        index = n if count <= CHOICES else pick(np.uint64(o.words[n % 4, 4 + n // 4]), count)
        j = municipalities.member[low + index]
        o.place[n] = j
        o.noise[n] = o.words[n % 4, n // 4]
        o.share[n] = np.float32(stocks.people[j, group]) / np.float32(max(people_in(j, stocks), 1))
        o.position[n] = places.position[j]
        o.vacancies[n] = np.float32(stocks.vacant[j])
        o.distance[n] = kilometres(origin_place, j, places) if origin_place >= 0 else ZERO
        o.attraction[n] = attraction[j]
    weigh_options(position, c, o)
    best, best_utility = NO_HOME, MINUS_INFINITY
    for n in range(shown):
        if o.utility[n] > best_utility and free[o.place[n]] > 0:
            best, best_utility = o.place[n], o.utility[n]
    return best


@rule
def any_home(town, serial, seed, month, municipalities, free):
    """The first neighbourhood with a free place from a drawn one on, or -2 where the municipality is full."""
    low, high = municipalities.member_first[town], municipalities.member_first[town + 1]
    begin = pick(draw(seed, serial, month, EXTRA_CHOICE)[0], high - low)
    for i in range(high - low):
        j = municipalities.member[low + (begin + i) % (high - low)]
        if free[j] > 0:
            return j
    return NO_HOME
