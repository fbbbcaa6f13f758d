"""Looking for a home: which neighbourhood, by multinomial logit over places with vacancies."""

import numpy as np

from sim.arithmetic import ZERO, rule
from sim.draws import EXTRA_CHOICE, draw, gumbel, pick
from sim.rules.housing import home_utility

CHOICES = 12
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


@rule
def choose_home(town, origin_place, group, position, serial, seed, month, places, municipalities, stocks, free,
                attraction, c):  # fmt: skip
    """The neighbourhood of municipality `town` with the highest utility among up to twelve with places free.

    Where there are more than twelve, twelve are drawn (McFadden's sampling of alternatives). `origin_place` is where
    one moves from, -1 from outside; `free` counts the places still to be let, `attraction` is policy's.

    Returns
    -------
    int64
        Neighbourhood, or -2 where none of them has a place.
    """
    low, high = municipalities.member_first[town], municipalities.member_first[town + 1]
    count = high - low
    best, best_utility = NO_HOME, MINUS_INFINITY
    words = draw(seed, serial, month, EXTRA_CHOICE)
    picks = words
    for i in range(min(count, CHOICES)):
        if i % 4 == 0:
            words = draw(seed, serial, month, EXTRA_CHOICE + ((i // 4 + 1) << 8))
            if count > CHOICES:
                picks = draw(seed, serial, month, EXTRA_CHOICE + ((i // 4 + 5) << 8))
        index = i if count <= CHOICES else pick(picks[i % 4], count)
        j = municipalities.member[low + index]
        if free[j] <= 0:
            continue
        share = np.float32(stocks.people[j, group]) / np.float32(max(people_in(j, stocks), 1))
        far = kilometres(origin_place, j, places) if origin_place >= 0 else ZERO
        utility = home_utility(share, position, places.position[j], np.float32(stocks.vacant[j]), far, attraction[j], c)
        utility += gumbel(words[i % 4])
        if utility > best_utility:
            best, best_utility = j, utility
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
