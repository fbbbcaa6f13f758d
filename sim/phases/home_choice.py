"""Choice of a home: which neighbourhood, by multinomial logit over those with vacancies.

Eight who look for a home choose together, wherever they live, so that the processor draws and compares for eight at
once; nobody's choice depends on who the others are.
"""

import numpy as np

from sim.joint_draws import draw_jointly, key_draws, word_at
from sim.machine.arithmetic import HALF, ONE, ZERO, compiled, from_start, rule
from sim.machine.draws import EXTRA_CHOICE, WORD, draw, gumbel, pick
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
def note_choices(waiting, worker, s):
    """Note among how many neighbourhoods each who waits chooses, how many of those are near, and the correction."""
    among, near = s.work.seeker_among[worker], s.work.seeker_near[worker]
    correction = s.work.seeker_correction[worker]
    for n in range(waiting):
        _, among[n], _ = options_of(n, worker, s)
        _, near[n] = near_options(n, among[n], worker, s)
    for n in range(SEEKERS):
        correction[n] = sampling_correction(among[n] - near[n], LANES - near[n])


@compiled
def pick_by_chance(without_return, worker, s):
    """Pick alternatives of all seekers: ranks among those not taken before, or positions where some come twice."""
    at, words, among = s.work.option_at[worker], s.work.joint_words[worker], s.work.seeker_among[worker]
    for option in range(LANES):
        picked, drawn = at[option * SEEKERS :], words[word_at(DRAWS // 2 + option // WORDS, option % WORDS, 0) :]
        taken = option if without_return else 0
        for n in range(SEEKERS):
            picked[n] = np.int32((np.uint64(drawn[n]) * np.uint64(np.uint32(among[n] - taken))) >> WORD)


@compiled
def pick_options(waiting, worker, s):
    """Pick what those who wait compare: ranks among those not taken before, or positions with `choice_near` = 0."""
    at, without_return = s.work.option_at[worker], s.c.choice_near >= HALF
    pick_by_chance(without_return, worker, s)
    for n in range(waiting):
        _, count, shown = options_of(n, worker, s)
        first, near = near_options(n, count, worker, s)
        for option in range(near):
            at[from_start(option * SEEKERS + n)] = s.neighbourhoods.near[first + option] - option
        if shown == count:
            for option in range(LANES):
                at[option * SEEKERS + n] = 0 if without_return else option


@compiled
def gather_offers(n, free, worker, s):
    """Gather what the n-th seeker's alternatives offer, side by side for all seekers.

    `option_offer` gets four numbers of each: how much higher the status is than the seeker's, how far east and north it
    is of the own neighbourhood (0 for who comes from outside), and the term of vacancies, the lowest number where
    nothing is free.
    """
    low, count, shown = options_of(n, worker, s)
    near, drawn = s.work.seeker_near[worker, n], s.c.choice_near >= HALF and shown < count
    correction = s.work.seeker_correction[worker, n] if drawn else ZERO
    at, compared = s.work.option_at[worker], s.work.option_offer[worker]
    own_group, attraction = s.work.option_group[worker], s.work.option_attraction[worker]
    offers, member, here = s.moves.offer, s.municipalities.member, s.work.seeker_from[worker, n]
    status, x, y = s.work.seeker_status[worker, n], offers[max(here, 0), X], offers[max(here, 0), Y]
    group, kind = OWN_GROUP + s.work.seeker_group[worker, n], ATTRACTION + s.work.seeker_kind[worker, n]
    counts = ONE if here >= 0 else ZERO
    for option in range(shown):
        j = from_start(member[from_start(low + at[from_start(option * SEEKERS + n)])])
        apart, east, north = offers[j, STATUS] - status, offers[j, X] - x, offers[j, Y] - y
        vacancies, place = offers[j, VACANCIES], place_of(option, n)
        own_group[from_start(place)] = offers[j, from_start(group)]
        attraction[from_start(place)] = offers[j, from_start(kind)] + (correction if option >= near else ZERO)
        compared[from_start(4 * place)] = apart
        compared[from_start(4 * place + 1)] = east * counts
        compared[from_start(4 * place + 2)] = north * counts
        compared[from_start(4 * place + 3)] = vacancies if free[j] > 0 else MINUS_INFINITY
    for option in range(shown, LANES):
        compared[4 * place_of(option, n) + 3] = MINUS_INFINITY


@compiled
def weigh_options(worker, s):
    """The utility of what all seekers compare, without noise; the lowest of all where nothing is free."""
    utility, compared, c = s.work.option_utility[worker], s.work.option_offer[worker], s.c
    own_group, attraction = s.work.option_group[worker], s.work.option_attraction[worker]
    for n in range(OPTIONS):
        apart, east, north, vacancies = compared[4 * n], compared[4 * n + 1], compared[4 * n + 2], compared[4 * n + 3]
        distance = np.sqrt(east * east + north * north)
        utility[n] = home_utility(own_group[n], abs(apart), vacancies, distance, attraction[n], c)


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
    note_choices(waiting, worker, s)
    pick_options(waiting, worker, s)
    if s.c.choice_near >= HALF:
        positions_of_ranks(s.work.option_at[worker])
    for n in range(waiting):
        gather_offers(n, free, worker, s)
    weigh_options(worker, s)
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
