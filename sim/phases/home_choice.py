"""Choice of a home: which neighbourhood, by multinomial logit over those with vacancies.

Eight who look for a home choose together, wherever they live, so that the processor draws and compares for eight at
once; nobody's choice depends on who the others are.
"""

import numpy as np

from sim.joint_draws import draw_jointly, key_draws, word_at
from sim.machine.arithmetic import HALF, ZERO, compiled, rule
from sim.machine.draws import EXTRA_CHOICE, draw, gumbel, pick
from sim.machine.ranks import positions_of_ranks
from sim.rules.housing import home_utility, sampling_correction
from sim.workspace import ATTRACTION, DRAWS, LANES, OPTIONS, OWN_GROUP, SEEKERS, STATUS, VACANCIES, WORDS, X, Y

CHOICES = 12  # compared where all are drawn
NO_HOME = np.int64(-2)  # stands for: no home found, the person stays
OUTSIDE = np.int64(-1)  # stands for: a home outside the region
MINUS_INFINITY = np.float32(-3.0e38)
HIGHEST, CHOSEN = OPTIONS, OPTIONS + SEEKERS  # where they stand, after the utilities


@rule
def place_of(option, n):
    """Where the utility of an alternative of the n-th seeker stands: as the draws that are its noise lie in memory."""
    return (option % WORDS * (LANES // WORDS) + option // WORDS) * SEEKERS + n


@rule
def kilometres(here, there):
    """Straight distance between two neighbourhoods, from what they offer."""
    dx, dy = here[X] - there[X], here[Y] - there[Y]
    return np.sqrt(dx * dx + dy * dy)


@rule
def options_of(n, worker, s):
    """Where the n-th seeker chooses: the municipality's first member, how many it has, and how many are compared."""
    municipality = s.work.seeker_municipality[worker, n]
    low, high = s.municipalities.member_first[municipality], s.municipalities.member_first[municipality + 1]
    most = LANES if s.c.choice_near >= HALF else CHOICES
    return low, high - low, min(high - low, most)


@rule
def near_options(n, count, worker, s):
    """The neighbourhoods that the n-th seeker compares in any case: the first in `near`, and how many.

    None where all are compared, or all are drawn by chance, or the seeker comes from outside.
    """
    here = s.work.seeker_from[worker, n]
    if here < 0 or count <= LANES or s.c.choice_near < HALF:
        return 0, 0
    first = s.neighbourhoods.near_first[here]
    return first, s.neighbourhoods.near_first[here + 1] - first


@compiled
def pick_options(n, worker, s):
    """Pick what the n-th seeker compares: ranks among those not taken before, or positions with `choice_near` = 0."""
    at, words = s.work.option_at[worker], s.work.joint_words[worker]
    _, count, shown = options_of(n, worker, s)
    first, near = near_options(n, count, worker, s)
    without_return = s.c.choice_near >= HALF
    for option in range(LANES):
        place = option * SEEKERS + n
        if option < near:
            at[place] = s.neighbourhoods.near[first + option] - option
        elif shown < count:
            left = count - option if without_return else count
            word = words[word_at(DRAWS // 2 + option // WORDS, option % WORDS, n)]
            at[place] = pick(np.uint64(word), left)
        else:
            at[place] = 0 if without_return else option


@compiled
def weigh_options(n, free, worker, s):
    """The utility of what the n-th seeker compares, without noise; the lowest of all where nothing is free."""
    at, utility = s.work.option_at[worker], s.work.option_utility[worker]
    here, kind, status = s.work.seeker_from[worker, n], s.work.seeker_kind[worker, n], s.work.seeker_status[worker, n]
    group, c = OWN_GROUP + s.work.seeker_group[worker, n], s.c
    low, count, shown = options_of(n, worker, s)
    _, near = near_options(n, count, worker, s)
    drawn = s.c.choice_near >= HALF and shown < count
    correction = sampling_correction(count - near, LANES - near) if drawn else ZERO
    for option in range(LANES):
        place = place_of(option, n)
        utility[place] = MINUS_INFINITY
        if option < shown:
            j = s.municipalities.member[low + at[option * SEEKERS + n]]
            offer = s.moves.offer[j]
            distance = kilometres(s.moves.offer[here], offer) if here >= 0 else ZERO
            attraction = offer[ATTRACTION + kind] + (correction if option >= near else ZERO)
            found = home_utility(offer[group], abs(status - offer[STATUS]), offer[VACANCIES], distance, attraction, c)
            utility[place] = found if free[j] > 0 else MINUS_INFINITY


@compiled
def add_noise(worker, s):
    """Add the noise of the logit to all utilities."""
    words, utility, beside = s.work.joint_words[worker], s.work.option_utility[worker], OPTIONS // WORDS
    for word in range(WORDS):
        noise, found = words[word_at(0, word, 0) :], utility[word * beside :]
        for n in range(beside):
            found[n] += gumbel(np.uint64(noise[n]))


@compiled
def compare_options(worker, s):
    """Find the alternative of each seeker with the highest utility, -1 where nothing is free."""
    utility = s.work.option_utility[worker]
    for n in range(SEEKERS):
        utility[HIGHEST + n] = MINUS_INFINITY
        utility[CHOSEN + n] = np.float32(-1)
    for option in range(LANES):
        for n in range(SEEKERS):
            found, highest = utility[place_of(option, n)], utility[HIGHEST + n]
            utility[CHOSEN + n] = np.float32(option) if found > highest else utility[CHOSEN + n]
            utility[HIGHEST + n] = found if found > highest else highest


@compiled
def choose_waiting(homes, free, worker, s):
    """Let those who wait choose, each the neighbourhood with the highest utility among those compared, with rows free.

    Where a municipality has more than twelve, twelve are drawn; with `choice_near` the own and bordering ones are
    always compared, and of others so many are drawn, without replacement, that there are sixteen (McFadden's sampling
    of alternatives). `homes` gets, in each seeker's slot, the neighbourhood, or -2 where none of them has a vacant row;
    `free` counts the rows that are still vacant, by neighbourhood.
    """
    waiting = s.work.seekers[worker, 0]
    if waiting == 0:
        return
    draw_jointly(EXTRA_CHOICE + (1 << 8), 1 << 8, worker, s)
    for n in range(waiting):
        pick_options(n, worker, s)
    if s.c.choice_near >= HALF:
        positions_of_ranks(s.work.option_at[worker])
    for n in range(waiting):
        weigh_options(n, free, worker, s)
    add_noise(worker, s)
    compare_options(worker, s)
    for n in range(waiting):
        chosen = np.int64(s.work.option_utility[worker, CHOSEN + n])
        low, _, _ = options_of(n, worker, s)
        home = NO_HOME
        if chosen >= 0:
            home = s.municipalities.member[low + s.work.option_at[worker, chosen * SEEKERS + n]]
        homes[s.work.seeker_slot[worker, n]] = home
    s.work.seekers[worker, 0] = 0


@rule
def add_seeker(slot, where, seeker, worker, s):
    """Let someone wait for a choice; returns whether as many wait as choose together.

    `slot` is where the choice is written, `where` (municipality, neighbourhood that one moves from or -1 from outside),
    `seeker` (serial, origin group, status, kind of dwelling).
    """
    serial, group, status, kind = seeker
    n = s.work.seekers[worker, 0]
    s.work.seeker_slot[worker, n] = slot
    s.work.seeker_municipality[worker, n], s.work.seeker_from[worker, n] = where
    s.work.seeker_group[worker, n] = group
    s.work.seeker_status[worker, n] = status
    s.work.seeker_kind[worker, n] = kind
    key_draws(n, serial, s.run.month[0], worker, s)
    s.work.seekers[worker, 0] = n + 1
    return n + 1 == SEEKERS


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
