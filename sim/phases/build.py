"""Building: new dwellings open."""

import numpy as np

from sim.machine.compile_cache import phase
from sim.machine.draws import RESIDENCE, draw, uniform


@phase
def build(worker, low, high, s):
    """Add the month's new dwellings in neighbourhoods low to high - 1, as far as there are rows reserved for them."""
    twelfth, month = np.float32(1.0 / 12.0), s.run.month[0]
    for j in range(low, high):
        expected = np.float32(s.neighbourhoods.built[j]) * s.c.building * s.conditions.building[j] * twelfth
        whole = np.int64(expected)
        u = uniform(draw(s.run.key, s.neighbourhoods.key[j], month, RESIDENCE)[0])
        more = whole + (1 if u < expected - np.float32(whole) else 0)
        room = s.neighbourhoods.first[j + 1] - s.neighbourhoods.first[j]
        opened = min(s.stocks.opened[j] + more, room)
        s.stocks.vacant[j] += opened - s.stocks.opened[j]
        s.stocks.opened[j] = opened
