"""How someone finds a partner for a new tie: the first who suits, and agrees, of some rows of the neighbourhood.

Many search together, so that the processor draws for several at once and the rows at which they look, which lie apart
in memory, load together. Nobody's partner depends on who searches beside them; ties are made one after another.
"""

import numpy as np

from sim.machine.arithmetic import ONE, compiled, logarithm, rule
from sim.machine.draws import EXTRA_PROBES, TIE_CHOSEN, TIE_PARTNER, draw, pick, uniform
from sim.machine.prefetch import prefetch_to_read
from sim.population import EMPTY
from sim.rules.allocation import drawing_range
from sim.rules.meeting import chosen_share, own_tie_share
from sim.rules.people import ADULT_MONTHS
from sim.ties import mark_of, prefetch_tying, tie_together
from sim.workspace import PROBES, SEARCHERS, WORDS

DRAWN_TOGETHER = 2  # of the eight blocks of four rows: nine in ten find someone there
AT_ONCE = 8  # draws of the processor: so many are made also where fewer search
NOBODY_FOUND = np.int64(-1)  # stands for: no partner found


@rule
def add_searcher(row, month, waiting, worker, s):
    """Let someone wait, with the draws of a month, with those who search together; returns how many wait now."""
    work = s.work
    work.search_row[worker, waiting] = row
    work.search_serial[worker, waiting] = s.population.serial[row]
    work.search_month[worker, waiting] = month
    return waiting + 1


@rule
def word_of(probe, n):
    """Where the word of a searcher's row to look at stands."""
    return probe * SEARCHERS + n


@rule
def rounded_up(count):
    """So many draws, and up to seven more, that the processor makes none by itself."""
    return (count + AT_ONCE - 1) // AT_ONCE * AT_ONCE


@compiled
def draw_searches(count, worker, s):
    """Draw the first rows at which searchers look, whether each looks in the own group, and how long the tie lasts.

    That is geometric with chance `tie_decay` per month, by inversion.
    """
    serial, month, words = s.work.search_serial[worker], s.work.search_month[worker], s.work.search_words[worker]
    pool, lifetime = s.work.search_pool[worker], s.work.search_lifetime[worker]
    key, decay, drawn = s.run.key, logarithm(ONE - s.c.tie_decay), rounded_up(count)
    for n in range(drawn):
        a, b, _, _ = draw(key, serial[n], month[n], TIE_PARTNER)
        pool[n] = uniform(a)
        lifetime[n] = np.int32(logarithm(uniform(b) + np.float32(2.0**-25)) / decay) + np.int32(1)
    for block in range(DRAWN_TOGETHER):
        first, second = words[word_of(WORDS * block, 0) :], words[word_of(WORDS * block + 1, 0) :]
        third, fourth = words[word_of(WORDS * block + 2, 0) :], words[word_of(WORDS * block + 3, 0) :]
        for n in range(drawn):
            a, b, c, d = draw(key, serial[n], month[n], EXTRA_PROBES + block)
            first[n] = np.uint32(a)
            second[n] = np.uint32(b)
            third[n] = np.uint32(c)
            fourth[n] = np.uint32(d)


@rule
def draw_block(block, n, worker, s):
    """Draw four more rows for one who looks further than most."""
    words = s.work.search_words[worker]
    a, b, c, d = draw(s.run.key, s.work.search_serial[worker, n], s.work.search_month[worker, n], EXTRA_PROBES + block)
    words[word_of(WORDS * block, n)] = np.uint32(a)
    words[word_of(WORDS * block + 1, n)] = np.uint32(b)
    words[word_of(WORDS * block + 2, n)] = np.uint32(c)
    words[word_of(WORDS * block + 3, n)] = np.uint32(d)


@rule
def place_of(probe, n, span, worker, s):
    """The place in the neighbourhood at which a searcher looks; it can lie beyond the last."""
    return pick(np.uint64(s.work.search_words[worker, word_of(probe, n)]), span)


@rule
def suits(candidate, row, own_group, month, s):
    """Whether the row holds someone of the wanted pool (own group or others) and of the same generation."""
    p = s.population
    if (p.origin[candidate] == p.origin[row]) != own_group:
        return False
    if (month - p.born[candidate] >= ADULT_MONTHS) != (month - p.born[row] >= ADULT_MONTHS):
        return False
    return candidate != row and p.role[candidate] != EMPTY


@rule
def find_suitable(n, probe, j, worker, s):
    """The first of the rows at which a searcher looks, from a place on, that suits; `PROBES` where none does."""
    p, row, month = s.population, s.work.search_row[worker, n], s.work.search_month[worker, n]
    first, opened = s.neighbourhoods.first[j], s.stocks.opened[j]
    span = drawing_range(opened)
    own_share = own_tie_share(p.faces_own[row], p.faces_other[row], s.c.tie_out_group, s.c.tie_own_settings)
    own_group = s.work.search_pool[worker, n] < own_share
    while probe < PROBES:
        if probe % WORDS == 0 and probe >= DRAWN_TOGETHER * WORDS:
            draw_block(probe // WORDS, n, worker, s)
        place = place_of(probe, n, span, worker, s)
        if place < opened and suits(first + place, row, own_group, month, s):
            return probe
        probe += 1
    return PROBES


@rule
def pair_of(candidate, n, worker, s):
    """A serial for a searcher and someone who suits, by which it is drawn whether they tie."""
    return s.work.search_serial[worker, n] ^ mark_of(s.population.serial[candidate])


@rule
def agrees(candidate, u, s):
    """Whether someone who suits becomes the partner: less often the further they withdraw (`tie_withdrawn`)."""
    return u < chosen_share(s.population.withdrawal[candidate], s.c.tie_withdrawn)


@compiled
def find_candidates(count, j, worker, s):
    """Find for each searcher the first who suits; prefetch what is read and written of them."""
    p, found = s.population, s.work.search_found[worker]
    first, span = s.neighbourhoods.first[j], drawing_range(s.stocks.opened[j])
    for n in range(count):
        found[n] = find_suitable(n, 0, j, worker, s)
        if found[n] < PROBES:
            candidate = first + place_of(found[n], n, span, worker, s)
            prefetch_to_read(p.serial, candidate)
            prefetch_to_read(p.withdrawal, candidate)
            prefetch_tying(candidate, s)


@compiled
def draw_answers(count, j, worker, s):
    """Draw whether those agree who were found first."""
    found, pair, answer = s.work.search_found[worker], s.work.search_pair[worker], s.work.search_answer[worker]
    first, span, month = s.neighbourhoods.first[j], drawing_range(s.stocks.opened[j]), s.work.search_month[worker]
    for n in range(count):
        if found[n] < PROBES:
            pair[n] = pair_of(first + place_of(found[n], n, span, worker, s), n, worker, s)
    for n in range(rounded_up(count)):
        answer[n] = uniform(draw(s.run.key, pair[n], month[n], TIE_CHOSEN)[0])


@rule
def find_partner(n, j, worker, s):
    """The partner of a searcher, the first who suits and agrees, or -1; of the first who suits it has been drawn."""
    first, span, month = s.neighbourhoods.first[j], drawing_range(s.stocks.opened[j]), s.work.search_month[worker, n]
    probe, u = s.work.search_found[worker, n], s.work.search_answer[worker, n]
    while probe < PROBES:
        candidate = first + place_of(probe, n, span, worker, s)
        if agrees(candidate, u, s):
            return candidate
        probe = find_suitable(n, probe + 1, j, worker, s)
        if probe < PROBES:
            pair = pair_of(first + place_of(probe, n, span, worker, s), n, worker, s)
            u = uniform(draw(s.run.key, pair, month, TIE_CHOSEN)[0])
    return NOBODY_FOUND


@compiled
def prefetch_candidates(count, j, worker, s):
    """Prefetch what is read first of the rows at which searchers look first."""
    p, first, span = s.population, s.neighbourhoods.first[j], drawing_range(s.stocks.opened[j])
    for n in range(count):
        for probe in range(WORDS):
            row = first + place_of(probe, n, span, worker, s)
            prefetch_to_read(p.origin, row)
            prefetch_to_read(p.born, row)
            prefetch_to_read(p.role, row)


@compiled
def form_ties_together(count, j, begins, worker, s):
    """Find partners for those who wait, and make the ties one after another; they begin in `begins`.

    That is the month of the draws, but for the ties of the start.
    """
    draw_searches(count, worker, s)
    prefetch_candidates(count, j, worker, s)
    find_candidates(count, j, worker, s)
    draw_answers(count, j, worker, s)
    for n in range(count):
        end = begins + np.int64(s.work.search_lifetime[worker, n])
        tie_together(s.work.search_row[worker, n], find_partner(n, j, worker, s), end, s)


@rule
def form_tie_alone(row, j, month, s):
    """Make one tie for someone, if a partner is found, who searches alone."""
    form_ties_together(add_searcher(row, month, 0, 0, s), j, month, 0, s)
