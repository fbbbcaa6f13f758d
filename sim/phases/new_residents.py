"""New residents: their serials, and the state in which a person begins in a neighbourhood."""

import numpy as np

from sim.machine.arithmetic import HALF, ONE, ZERO, clip, rule
from sim.machine.draws import LOW_WORD, PERSON, PERSON_MORE, WORD, bell, draw, philox, uniform
from sim.motives import FAMILY, NO_MOTIVE
from sim.population import BORN_ABROAD, EMPLOYED, LONG_AGO, MEMBER, NEVER, NOTHING, STAYER
from sim.rules.people import NEWCOMER_MONTHS, WORKING_FROM, is_of_working_age

# Serials: 31 bits for the key (0 in the top bit), 4 for the kind, then month and sequence; births have the top bit.
BIRTH_BIT = np.uint64(1 << 63)
START, DOMESTIC = 0, 7  # kinds 1 to 6 are the motives
OWN_SPREAD = np.float32(0.8)
START_CONTACT = np.float32(0.2)
MEMBER_SHARE = np.float32(0.3)
MEMBER_FROM_MONTHS = 72
ESTABLISHED_LANGUAGE = np.float32(0.85)
EMPLOYED_SHARE = np.float32(0.8)
LONGEST_STAY_BEFORE = 240
BORN_ABROAD_FROM_MONTHS = 120


@rule
def arrival_serial(key, kind, month, sequence):
    """Serial of the n-th arrival of a kind (motive + 1; 7 is domestic) in a municipality in a month (up to 4095)."""
    return (
        (key << WORD)
        | (np.uint64(kind) << np.uint64(28))
        | (np.uint64(month & 4095) << np.uint64(16))
        | np.uint64(sequence & 65535)
    )


@rule
def kind_of(serial):
    """The kind of an arrival."""
    return np.int64((serial >> np.uint64(28)) & np.uint64(15))


@rule
def born_in(month, age_months):
    """The month of birth of someone of this age, as it is stored."""
    return max(month - age_months, -32000)


@rule
def birth_serial(parent, month):
    """Serial of a child: 63 bits drawn from parent and month, so that one birth more renumbers no other."""
    words = philox(parent & LOW_WORD, parent >> WORD, np.uint64(month), np.uint64(0), np.uint64(1), np.uint64(2))
    return BIRTH_BIT | (words[0] << WORD) | words[1]


@rule
def from_distribution(word, cumulative):
    """Index drawn from a cumulative distribution: the first with more than a uniform number, found by halving."""
    u, low, high = uniform(word), 0, len(cumulative) - 1
    while low < high:
        middle = (low + high) // 2
        if u < cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@rule
def write_person(row, person, month, s):
    """Write a new resident into a vacant row, but for the household. Disposition u is drawn here.

    Faces and ties begin at none.

    `person` is (serial, origin, motive, flags, age in months, month of arrival, belonging, language, status).
    """
    serial, origin, motive, flags, age_months, arrived, belonging, language, status = person
    words = draw(s.run.key, serial, 0, PERSON)
    p = s.population
    disposition = s.c.disposition_spread * bell(words[0])
    if uniform(words[1]) < MEMBER_SHARE and age_months >= MEMBER_FROM_MONTHS:
        flags |= MEMBER
    p.serial[row] = serial
    p.origin[row] = origin
    p.motive[row] = motive
    p.flags[row] = flags
    p.intention[row] = NOTHING
    p.born[row] = born_in(month, age_months)
    p.moved_in[row] = month
    p.arrived[row] = arrived
    p.disposition[row] = disposition
    p.belonging[row] = clip(belonging + disposition, ZERO, ONE)
    p.faces_own[row] = ZERO
    p.faces_other[row] = ZERO
    p.contact[row] = START_CONTACT
    p.withdrawal[row] = ZERO
    p.language[row] = language
    p.status[row] = status
    p.tie_count[row] = 0
    p.tie_own[row] = 0
    p.tie_news[row] = 0
    p.tie_end[row] = NEVER
    p.ties[row, 0] = 0


@rule
def own_status(serial, neighbourhood_status, employed, s):
    """S: the neighbourhood's score, an individual deviation, and the effect of work."""
    word = draw(s.run.key, serial, 0, PERSON)[2]
    work = s.c.job_position * (HALF if employed else -HALF)
    return neighbourhood_status + OWN_SPREAD * bell(word) + work


@rule
def add_migrant(row, j, newcomer, s):
    """Write someone who comes from abroad: a permanent mover or stayer, with or without work, learning the language.

    `newcomer` is (serial, motive, age in months, origin).
    """
    serial, motive, age_months, origin = newcomer
    month = s.run.month[0]
    words = draw(s.run.key, serial, 0, PERSON_MORE)
    flags = BORN_ABROAD
    if uniform(words[0]) < s.motives.stay[motive]:
        flags |= STAYER
    employed = age_months >= WORKING_FROM * 12 and uniform(words[1]) < s.ages.arrival_work[motive]
    if employed:
        flags |= EMPLOYED
    status = own_status(serial, s.neighbourhoods.status[j], employed, s)
    person = (
        serial,
        origin,
        np.uint8(motive),
        flags,
        age_months,
        month,
        s.c.newcomer_start,
        s.c.language_newcomer,
        status,
    )
    write_person(row, person, month, s)


@rule
def add_domestic(row, j, newcomer, s):
    """Write someone from elsewhere in the country, with or without a migration background, settled in the country.

    `newcomer` is (serial, age in months, origin).
    """
    serial, age_months, origin = newcomer
    month = s.run.month[0]
    words = draw(s.run.key, serial, 0, PERSON_MORE)
    abroad = uniform(words[0]) < s.municipalities.first_generation[origin] and age_months > BORN_ABROAD_FROM_MONTHS
    flags = np.uint8(0)
    arrived, motive, language = NEVER, NO_MOTIVE, ONE
    if abroad:
        flags |= BORN_ABROAD | STAYER
        earlier = np.int64(uniform(words[1]) * min(LONGEST_STAY_BEFORE, age_months - NEWCOMER_MONTHS))
        arrived = np.int16(max(month - NEWCOMER_MONTHS - earlier, LONG_AGO))
        motive, language = np.uint8(FAMILY), ESTABLISHED_LANGUAGE
    employed = is_of_working_age(age_months) and uniform(words[2]) < EMPLOYED_SHARE
    if employed:
        flags |= EMPLOYED
    status = own_status(serial, s.neighbourhoods.status[j], employed, s)
    write_person(row, (serial, origin, motive, flags, age_months, arrived, s.c.base, language, status), month, s)


@rule
def add_child(row, j, serial, parent, s):
    """Write a newborn, with the parent's origin group (second generation) and home."""
    status = own_status(serial, s.neighbourhoods.status[j], False, s)
    origin = s.population.origin[parent]
    person = (serial, origin, NO_MOTIVE, np.uint8(0), 0, NEVER, s.c.base, ONE, status)
    write_person(row, person, s.run.month[0], s)
