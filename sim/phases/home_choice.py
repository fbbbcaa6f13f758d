"""Choice of a home: which neighbourhood, by multinomial logit over those with vacancies."""

import numpy as np

from sim.coefficients import coefficients_of
from sim.households import are_kept
from sim.machine.arithmetic import HALF, ZERO, compiled, rule
from sim.machine.draws import EXTRA_CHOICE, draw, gumbel, pick
from sim.rules.households import dwelling_fit
from sim.rules.housing import home_utility, sampling_correction
from sim.workspace import LANES

CHOICES = 12  # compared where all are drawn
NO_HOME = np.int64(-2)
OUTSIDE = np.int64(-1)
MINUS_INFINITY = np.float32(-3.0e38)


@rule
def people_in(j, s):
    """Residents of neighbourhood j at the start of the month: rows that are open and not vacant."""
    return s.stocks.opened[j] - s.stocks.empty[j]


@rule
def kilometres(i, j, s):
    """Straight distance between two neighbourhoods."""
    x, y = s.neighbourhoods.x, s.neighbourhoods.y
    dx, dy = x[i] - x[j], y[i] - y[j]
    return np.sqrt(dx * dx + dy * dy)


@compiled
def draw_options(serial, worker, s):
    """All words of a choice: columns 0 to 3 for the noise of alternatives 0 to 15, columns 4 to 7 to pick them."""
    words, key, month = s.work.option_words[worker], s.run.key, s.run.month[0]
    for block in range(8):
        a, b, c, d = draw(key, serial, month, EXTRA_CHOICE + ((block + 1) << 8))
        words[0, block] = np.uint32(a)
        words[1, block] = np.uint32(b)
        words[2, block] = np.uint32(c)
        words[3, block] = np.uint32(d)


@compiled
def weigh_options(status, worker, s):
    """Utility of every alternative, noise included."""
    work, c = s.work, coefficients_of(s.c)
    share, there, vacancies = work.option_share[worker], work.option_status[worker], work.option_vacancies[worker]
    distance, attraction = work.option_distance[worker], work.option_attraction[worker]
    noise, utility = work.option_noise[worker], work.option_utility[worker]
    for n in range(LANES):
        utility[n] = home_utility(share[n], status, there[n], vacancies[n], distance[n], attraction[n], c) + gumbel(
            np.uint64(noise[n])
        )


@compiled
def list_option(n, j, from_neighbourhood, group, worker, s):
    """Write the attributes of the n-th alternative, neighbourhood j."""
    work, words = s.work, s.work.option_words[worker]
    work.option_neighbourhood[worker, n] = j
    work.option_noise[worker, n] = words[n % 4, n // 4]
    work.option_share[worker, n] = np.float32(s.stocks.people[j, group]) / np.float32(max(people_in(j, s), 1))
    work.option_status[worker, n] = s.neighbourhoods.status[j]
    work.option_vacancies[worker, n] = np.float32(s.stocks.vacant[j])
    work.option_distance[worker, n] = kilometres(from_neighbourhood, j, s) if from_neighbourhood >= 0 else ZERO
    work.option_attraction[worker, n] = s.conditions.attraction[j]
    if are_kept(s):
        share = s.neighbourhoods.dwelling_kinds[j, work.seeker_kind[worker, 0]]
        work.option_attraction[worker, n] += dwelling_fit(share, s.c)


@compiled
def list_options(municipality, from_neighbourhood, group, worker, s):
    """List up to 12 neighbourhoods of a municipality, and the attributes of each; return their number."""
    low, high = s.municipalities.member_first[municipality], s.municipalities.member_first[municipality + 1]
    count, words = high - low, s.work.option_words[worker]
    shown = min(count, CHOICES)
    for n in range(shown):
        index = n if count <= CHOICES else pick(np.uint64(words[n % 4, 4 + n // 4]), count)
        list_option(n, s.municipalities.member[low + index], from_neighbourhood, group, worker, s)
    return shown


@rule
def take_untaken(at, taken, count):
    """The position of the at-th that is not among `count` taken ones, which it joins; they stay in ascending order."""
    place = 0
    while place < count and at >= taken[place]:
        at += 1
        place += 1
    for n in range(count, place, -1):
        taken[n] = taken[n - 1]
    taken[place] = at
    return at


@compiled
def list_near_options(municipality, from_neighbourhood, group, worker, s):
    """List the own and the bordering neighbourhoods and others, drawn without replacement: 16 at most, or all.

    Those drawn get `sampling_correction`, so that the choice is that of the logit among all. Return their number.
    """
    low, high = s.municipalities.member_first[municipality], s.municipalities.member_first[municipality + 1]
    count, words, taken = high - low, s.work.option_words[worker], s.work.option_taken[worker]
    if count <= LANES:
        for n in range(count):
            list_option(n, s.municipalities.member[low + n], from_neighbourhood, group, worker, s)
        return count
    near = 0
    if from_neighbourhood >= 0:
        first = s.neighbourhoods.near_first[from_neighbourhood]
        near = s.neighbourhoods.near_first[from_neighbourhood + 1] - first
        for n in range(near):
            taken[n] = s.neighbourhoods.near[first + n]
            list_option(n, s.municipalities.member[low + taken[n]], from_neighbourhood, group, worker, s)
    correction = sampling_correction(count - near, LANES - near)
    for n in range(near, LANES):
        index = take_untaken(pick(np.uint64(words[n % 4, 4 + n // 4]), count - n), taken, n)
        list_option(n, s.municipalities.member[low + index], from_neighbourhood, group, worker, s)
        s.work.option_attraction[worker, n] += correction
    return LANES


@compiled
def choose_home(municipality, from_neighbourhood, seeker, free, worker, s):
    """The neighbourhood of a municipality with the highest utility among those compared, with rows free.

    Where there are more than twelve, twelve are drawn; with `choice_near` the own and bordering ones are always
    compared, and of others so many are drawn that there are sixteen (McFadden's sampling of alternatives).
    `from_neighbourhood` is where one moves from, -1 from outside; `seeker` is (serial, origin group, status); `free`
    counts the rows that are still vacant, by neighbourhood.

    Returns
    -------
    int64
        Neighbourhood, or -2 where none of them has a vacant row.
    """
    serial, group, status, kind = seeker
    s.work.seeker_kind[worker, 0] = kind
    draw_options(serial, worker, s)
    if s.c.choice_near >= HALF:
        shown = list_near_options(municipality, from_neighbourhood, group, worker, s)
    else:
        shown = list_options(municipality, from_neighbourhood, group, worker, s)
    weigh_options(status, worker, s)
    neighbourhoods, utility = s.work.option_neighbourhood[worker], s.work.option_utility[worker]
    best, best_utility = NO_HOME, MINUS_INFINITY
    for n in range(shown):
        if utility[n] > best_utility and free[neighbourhoods[n]] > 0:
            best, best_utility = neighbourhoods[n], utility[n]
    return best


@rule
def any_home(municipality, serial, s):
    """The first neighbourhood with a free row from a drawn one on, or -2 where the municipality is full."""
    low, high = s.municipalities.member_first[municipality], s.municipalities.member_first[municipality + 1]
    begin = pick(draw(s.run.key, serial, s.run.month[0], EXTRA_CHOICE)[0], high - low)
    for i in range(high - low):
        j = s.municipalities.member[low + (begin + i) % (high - low)]
        if s.moves.free[j] > 0:
            return j
    return NO_HOME
