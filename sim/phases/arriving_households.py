"""Households that arrive: who is in them, and their dwelling; nobody under eighteen comes alone."""

import numpy as np

from sim.households import NO_ROW, join, leads, live_alone, next_member, size_of
from sim.machine.arithmetic import compiled, rule
from sim.machine.atomic import atomic_add
from sim.machine.draws import HOUSEHOLD, HOUSEMATE_SEARCH, draw, pick, uniform
from sim.phases.home_choice import NO_HOME
from sim.phases.new_residents import (
    DOMESTIC,
    add_domestic,
    add_migrant,
    arrival_serial,
    born_in,
    from_distribution,
    kind_of,
)
from sim.phases.vacancy_allocation import allocate_row, prefer_places, preferred_place, take_row
from sim.population import CHILD, HEAD, HOUSEMATE, PARTNER
from sim.records import prefetch_record
from sim.rules.allocation import drawing_range
from sim.rules.households import (
    ADULT_AGE,
    MOST_IN_SHARED,
    SHARING_FROM,
    SHARING_UNTIL,
    dwelling_kind,
)
from sim.rules.housing import MOST_ANSWER

LAST_SEQUENCE = 65535
SERIALS_PER_HOUSEHOLD = 8  # of the head, then of those who come along
PARTNERS_APART = 36  # months between the ages of partners who arrive, at most
TWO_FROM, THREE_FROM = np.float32(0.4), np.float32(0.8)  # one child, two or three: 1.8 on average
SIBLINGS_FROM = 12
PROBES, COMPANY_ATTEMPTS = 16, 4
AHEAD = 4  # people whose rows are prefetched


@rule
def household_serial(key, kind, month, number):
    """Serial of the head of the n-th household of a kind; the next seven are for those who come along."""
    return arrival_serial(key, kind, month, (number * SERIALS_PER_HOUSEHOLD) & LAST_SEQUENCE)


@rule
def children_of(u, v, kind, s):
    """How many children a household of a kind brings."""
    if u >= s.ages.with_children[kind - 1]:
        return 0
    return 1 if v < TWO_FROM else 2 if v < THREE_FROM else 3


@rule
def company_of(serial, kind, municipality, s):
    """Whether a head brings a partner, and how many children.

    From elsewhere in the country households come in proportion to the dwellings of their kind, as movers within it do
    (`answer_to_fit`, by rejection; the last of four is kept).
    """
    partner, children = 0, 0
    for attempt in range(1, COMPANY_ATTEMPTS + 1):
        words = draw(s.run.key, serial, s.run.month[0], HOUSEHOLD + (attempt << 8))
        partner = 1 if uniform(words[0]) < s.ages.in_couple[kind - 1] else 0
        children = children_of(uniform(words[1]), uniform(words[2]), kind, s)
        if kind != DOMESTIC:
            break
        kind_of_dwelling = dwelling_kind(1 + partner + children, children > 0)
        if uniform(words[3]) * MOST_ANSWER < s.rates.dwelling_answer[municipality, kind_of_dwelling]:
            break
    return partner, children


@rule
def head_age(words, kind, s):
    """Age in months of the head."""
    return from_distribution(words[0], s.ages.adult_age[kind - 1]) * 12 + np.int64(words[2] % np.uint64(12))


@rule
def origin_of_arrival(word, kind, municipality, s):
    """Origin group of a household."""
    if kind == DOMESTIC:
        return np.uint8(from_distribution(word, s.municipalities.domestic_origin[municipality]))
    return np.uint8(from_distribution(word, s.municipalities.arrival_origin[municipality, kind - 1]))


@rule
def add_arrival(row, home, newcomer, s):
    """Write someone who arrives into a row and count them; `newcomer` is (serial, kind, age in months, origin)."""
    serial, kind, age, origin = newcomer
    if kind == DOMESTIC:
        add_domestic(row, home, (serial, age, origin), s)
        s.flows.domestic[home] += 1
    else:
        add_migrant(row, home, (serial, kind - 1, age, origin), s)
        s.flows.immigrated[home] += 1


@rule
def shares_with(row, s):
    """Whether someone of the age of those who share lives here alone, or heads a shared dwelling that has room."""
    p = s.population
    age = np.int64(s.run.month[0]) - np.int64(p.born[row])
    if p.role[row] != HEAD or age < SHARING_FROM or age >= SHARING_UNTIL:
        return False
    return next_member(row, s) == row or (not leads(row, s) and size_of(row, s) < MOST_IN_SHARED)


@rule
def find_shared(serial, j, s):
    """Find a dwelling to share in neighbourhood j: the row of its head, or -1."""
    first, opened = s.neighbourhoods.first[j], s.stocks.opened[j]
    span = drawing_range(opened)
    for block in range(PROBES // 4):
        for word in draw(s.run.key, serial, s.run.month[0], HOUSEMATE_SEARCH + (block << 8)):
            offset = pick(word, span)
            if offset < opened and shares_with(first + offset, s):
                return first + offset
    return NO_ROW


@rule
def age_of_member(n, partner, head, words, s):
    """Age in months of the n-th who comes along: the partner, or a child of the head."""
    if n == 1 and partner:
        apart = pick(words[0], 2 * PARTNERS_APART + 1) - PARTNERS_APART
        return max(head + apart, np.int64(ADULT_AGE * 12))
    oldest = min(max(head - ADULT_AGE * 12, np.int64(SIBLINGS_FROM)), np.int64(ADULT_AGE * 12))
    return pick(words[0], oldest)


@rule
def place(row, home, newcomer, s):
    """Give someone who arrives a row: what others may look at this month; `write_housed` writes the rest.

    `newcomer` is (serial, age in months, origin).
    """
    p = s.population
    p.serial[row], age, p.origin[row] = newcomer
    p.born[row] = born_in(s.run.month[0], age)
    live_alone(row, s)
    s.moves.housed[s.moves.vacant_first[home] + s.moves.people_housed[home]] = row
    s.moves.people_housed[home] += 1


@rule
def place_company(row, home, slot, s):
    """Place those who come along with the head of a household; return how many found no row."""
    serial, age, origin = s.population.serial[row], s.moves.age[slot], s.population.origin[row]
    partner, missing = s.moves.partner[slot], 0
    for n in range(1, 1 + partner + s.moves.children[slot]):
        other = serial + np.uint64(n)
        words = draw(s.run.key, other, s.run.month[0], HOUSEHOLD)
        found = allocate_row(other, home, s)
        if found < 0:
            missing += 1
            continue
        place(found, home, (other, age_of_member(n, partner, age, words, s), origin), s)
        join(found, row, PARTNER if n == 1 and partner else CHILD, s)
    return missing


@compiled
def turn_households_away(k, kinds, numbers, s):
    """Count those who want to come to municipality k in households that are beyond all vacancies."""
    month, first = s.run.month[0], s.municipalities.member[s.municipalities.member_first[k]]
    for n in range(s.moves.arrivals[k], len(kinds)):
        serial = household_serial(s.municipalities.key[k], kinds[n], month, numbers[n])
        partner, children = company_of(serial, kinds[n], k, s)
        s.flows.unhoused[first] += 1 + partner + children
        if kinds[n] != DOMESTIC:
            s.stocks.inflow[k, month % 12] += 1 + partner + children


@compiled
def note_company(k, begin, end, s):
    """Note who comes along with the households in some places of the list, and count people from abroad."""
    month, moves, abroad = s.run.month[0], s.moves, 0
    for slot in range(begin, end):
        serial = household_serial(s.municipalities.key[k], moves.kind[slot], month, moves.sequence[slot])
        partner, children = company_of(serial, moves.kind[slot], k, s)
        moves.partner[slot], moves.children[slot] = partner, children
        if moves.kind[slot] != DOMESTIC:
            abroad += 1 + partner + children
    atomic_add(s.stocks.inflow[k], month % 12, abroad)


@compiled
def house_household(slot, municipality, home, s):
    """House one household that arrives in a neighbourhood, -2 for none; return how many of it found no home."""
    kind, moves, month = s.moves.kind[slot], s.moves, s.run.month[0]
    size = 1 + moves.partner[slot] + moves.children[slot]
    if home == NO_HOME:
        return size
    serial = household_serial(s.municipalities.key[municipality], kind, month, moves.sequence[slot])
    return house_at(slot, serial, preferred_place(serial, home, s), home, s)


@compiled
def house_at(slot, serial, preferred, home, s):
    """The same where its head with this serial prefers a place of the neighbourhood."""
    kind, moves, month = s.moves.kind[slot], s.moves, s.run.month[0]
    size = 1 + moves.partner[slot] + moves.children[slot]
    row = take_row(preferred, home, s)
    if row < 0:
        return size
    beside = NO_ROW
    if size == 1 and uniform(draw(s.run.key, serial, month, HOUSEHOLD)[3]) < s.ages.shares_home[kind - 1]:
        beside = find_shared(serial, home, s)
    place(row, home, (serial, moves.age[slot], np.uint8(moves.origin[slot])), s)
    if beside >= 0:
        join(row, beside, HOUSEMATE, s)
    else:
        moves.free[home] -= 1
    return place_company(row, home, slot, s)


@compiled
def house_guests(j, slots, worker, s):
    """House households that arrive in neighbourhood j, where there is room for all."""
    k, month, missing = s.neighbourhoods.municipality[j], s.run.month[0], 0
    serials, places = s.work.wait_serial[worker], s.work.wait_place[worker]
    for n in range(len(slots)):
        slot = slots[n]
        serials[n] = household_serial(s.municipalities.key[k], s.moves.kind[slot], month, s.moves.sequence[slot])
    prefer_places(serials[: len(slots)], j, places, s)
    for n in range(len(slots)):
        missing += house_at(slots[n], serials[n], places[n], j, s)
    if missing > 0:
        atomic_add(s.flows.unhoused, s.municipalities.member[s.municipalities.member_first[k]], missing)


@compiled
def write_housed(j, s):
    """Write the people who arrived in households and got rows of neighbourhood j."""
    p, month, first = s.population, np.int64(s.run.month[0]), s.moves.vacant_first[j]
    rows = s.moves.housed[first : first + s.moves.people_housed[j]]
    for n in range(min(AHEAD, len(rows))):
        prefetch_record(p, rows[n])
    for n in range(len(rows)):
        if n + AHEAD < len(rows):
            prefetch_record(p, rows[n + AHEAD])
        row = rows[n]
        serial = p.serial[row]
        add_arrival(row, j, (serial, kind_of(serial), month - np.int64(p.born[row]), p.origin[row]), s)
