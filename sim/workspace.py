"""Scratch memory of the engine: one for each worker, so that threads share none; and that of a month's moves."""

import math
from typing import Annotated, NamedTuple, get_args, get_type_hints

import numpy as np

from sim.machine.ranks import AT_ONCE as SEEKERS
from sim.machine.ranks import DRAWN as LANES
from sim.machine.struct import FloatTable, Keys, Short, Whole
from sim.machine.table_lookup import AT_ONCE
from sim.measures import BINS, COUNTS
from sim.population import zeros
from sim.rules.households import DWELLING_KINDS

BLOCK = 2048  # rows updated together: with their scratch a fifth of the second cache
STRETCH = 256  # rows counted at once: columns read ahead stay in the cache, and ten bits hold how many people there are
STATUS, X, Y, VACANCIES, ATTRACTION = range(5)  # columns of an offer; attraction has one for each kind of dwelling
OWN_GROUP = ATTRACTION + DWELLING_KINDS  # and from here on one for each origin group
OPTIONS = LANES * SEEKERS  # homes compared by eight who look for one
SEARCHERS = 32  # who look for a tie together: what they read lies apart in memory and loads together; 64 is too many
PROBES = 32  # rows at which each looks: with fewer a small group would find its own members too seldom
WORDS, DRAWS = 4, 2 * LANES // 4  # words of a draw, and draws of a choice: half for noise, half to pick alternatives
WAITING = 16  # arrivals who look for homes before the first of them moves in
APART, PAGE = 128, 4096  # bytes that two workers' rows are apart at least; bytes of a page of memory
STAGGER = 640  # bytes between the distances of two arrays from a page: five times 128, so that 32 arrays differ
COPIES = 4  # of a histogram: a bin that was just written takes long to read


class Work(NamedTuple):
    """Scratch of W workers, a row each; rows can be longer than said here.

    Attributes
    ----------
    noise, event, second, job : uint32 [W, 2048]
        The four words a month costs each person of a block.
    tied : int64 [W, 2048]
        The rows whose ties must be updated, one after another.
    flag, change : uint8 [W, 2048]
        To whom an event may happen; whose work or membership may change.
    why : uint8 [W, 2048]
        The motive of newcomers, NO_MOTIVE for all others.
    entries : float32 [W, 40]
        Of the tables in which eight residents are looked up, five at most.
    alive, own, other, pool, gone_own, gone_other, reception, hours : float32 [W, 2048]
        1 where somebody lives; the rates of each person's group.
    seekers : int64 [W, 1]
        How many wait to choose a home, eight at most.
    seeker_… : who they are [W, 8]
        Their place in the list of movers or arrivals; the municipality they choose in, and the neighbourhood they come
        from, -1 from outside; origin group, kind of dwelling (`dwelling_kind`); status; among how many they choose,
        how many of these are near, and the correction for drawing the others (`sampling_correction`).
    joint_low, joint_high, joint_month : uint32, uint32 and int32 [W, 64]
        Of eight people who draw together, for each of their eight draws: the words of the serial, and the month.
    joint_words : uint32 [W, 256]
        What they draw, see `sim.joint_draws.word_at`.
    searcher_row : int64 [W, 8]
        Who search together for someone to live with in their neighbourhood.
    search_row, search_serial, search_month : int64, uint64 and int64 [W, 32]
        Who look for a tie together, and the months of their draws.
    search_words : uint32 [W, 1024]
        The rows at which they look, see `sim.tie_search.word_of`.
    search_pool, search_lifetime : float32 and int32 [W, 32]
        The uniform number that decides in which pool each looks, and the months the tie lasts.
    search_found, search_pair, search_answer : int64, uint64 and float32 [W, 32]
        At which of their rows they found someone who suits; a serial for both, by which it is drawn whether that
        person agrees, and the uniform number that decides.
    option_at : int32 [W, 128]
        Position of each alternative among the neighbourhoods of the municipality; those of eight seekers side by side.
    option_offer : float32 [W, 512]
        Four numbers of each, see `sim.phases.home_choice.gather_offers`.
    option_group, option_attraction : float32 [W, 128]
        The terms of their utility for the seeker's own group, and of attraction.
    option_utility : float32 [W, 144]
        Their utility (see `sim.phases.home_choice.place_of`), then the highest of each seeker and which one has it.
    home : int32 [W, 1]
        What someone chooses who chooses alone.
    wait_serial : uint64 [W, 16]
        People who draw together, or have a home and not moved in.
    wait_place, wait_row : int64 [W, 16]
        The place in the neighbourhood that they prefer, and their rows.
    wait_luck, wait_status : float32 [W, 16]
        Of movers a uniform number, whether they leave the municipality; of arrivals the status.
    wait_word : uint32 [W, 3, 16]
        What decides the age and origin group of arrivals.
    group, adult, bins, sums, counts, trouble : of a stretch of rows that is counted
    activity, skill : int32 [W, 256]
        Of a stretch of the census.
    """

    noise: Annotated[np.ndarray, "uint32", 2, (BLOCK,)]
    event: Annotated[np.ndarray, "uint32", 2, (BLOCK,)]
    second: Annotated[np.ndarray, "uint32", 2, (BLOCK,)]
    job: Annotated[np.ndarray, "uint32", 2, (BLOCK,)]
    tied: Annotated[np.ndarray, "int64", 2, (BLOCK,)]
    flag: Annotated[np.ndarray, "uint8", 2, (BLOCK,)]
    change: Annotated[np.ndarray, "uint8", 2, (BLOCK,)]
    why: Annotated[np.ndarray, "uint8", 2, (BLOCK,)]
    entries: Annotated[np.ndarray, "float32", 2, (5 * AT_ONCE,)]
    alive: Annotated[np.ndarray, "float32", 2, (BLOCK,)]
    own: Annotated[np.ndarray, "float32", 2, (BLOCK,)]
    other: Annotated[np.ndarray, "float32", 2, (BLOCK,)]
    pool: Annotated[np.ndarray, "float32", 2, (BLOCK,)]
    gone_own: Annotated[np.ndarray, "float32", 2, (BLOCK,)]
    gone_other: Annotated[np.ndarray, "float32", 2, (BLOCK,)]
    reception: Annotated[np.ndarray, "float32", 2, (BLOCK,)]
    hours: Annotated[np.ndarray, "float32", 2, (BLOCK,)]
    seekers: Annotated[np.ndarray, "int64", 2, (1,)]
    seeker_slot: Annotated[np.ndarray, "int64", 2, (SEEKERS,)]
    seeker_municipality: Annotated[np.ndarray, "int64", 2, (SEEKERS,)]
    seeker_from: Annotated[np.ndarray, "int64", 2, (SEEKERS,)]
    seeker_group: Annotated[np.ndarray, "int64", 2, (SEEKERS,)]
    seeker_kind: Annotated[np.ndarray, "int64", 2, (SEEKERS,)]
    seeker_among: Annotated[np.ndarray, "int32", 2, (SEEKERS,)]
    seeker_near: Annotated[np.ndarray, "int32", 2, (SEEKERS,)]
    seeker_correction: Annotated[np.ndarray, "float32", 2, (SEEKERS,)]
    seeker_status: Annotated[np.ndarray, "float32", 2, (SEEKERS,)]
    joint_low: Annotated[np.ndarray, "uint32", 2, (DRAWS * SEEKERS,)]
    joint_high: Annotated[np.ndarray, "uint32", 2, (DRAWS * SEEKERS,)]
    joint_month: Annotated[np.ndarray, "int32", 2, (DRAWS * SEEKERS,)]
    joint_words: Annotated[np.ndarray, "uint32", 2, (WORDS * DRAWS * SEEKERS,)]
    searcher_row: Annotated[np.ndarray, "int64", 2, (SEEKERS,)]
    search_row: Annotated[np.ndarray, "int64", 2, (SEARCHERS,)]
    search_serial: Annotated[np.ndarray, "uint64", 2, (SEARCHERS,)]
    search_month: Annotated[np.ndarray, "int64", 2, (SEARCHERS,)]
    search_words: Annotated[np.ndarray, "uint32", 2, (PROBES * SEARCHERS,)]
    search_pool: Annotated[np.ndarray, "float32", 2, (SEARCHERS,)]
    search_lifetime: Annotated[np.ndarray, "int32", 2, (SEARCHERS,)]
    search_found: Annotated[np.ndarray, "int64", 2, (SEARCHERS,)]
    search_pair: Annotated[np.ndarray, "uint64", 2, (SEARCHERS,)]
    search_answer: Annotated[np.ndarray, "float32", 2, (SEARCHERS,)]
    option_at: Annotated[np.ndarray, "int32", 2, (OPTIONS,)]
    option_offer: Annotated[np.ndarray, "float32", 2, (4 * OPTIONS,)]
    option_group: Annotated[np.ndarray, "float32", 2, (OPTIONS,)]
    option_attraction: Annotated[np.ndarray, "float32", 2, (OPTIONS,)]
    option_utility: Annotated[np.ndarray, "float32", 2, (OPTIONS + 2 * SEEKERS,)]
    home: Annotated[np.ndarray, "int32", 2, (1,)]
    wait_serial: Annotated[np.ndarray, "uint64", 2, (WAITING,)]
    wait_place: Annotated[np.ndarray, "int64", 2, (WAITING,)]
    wait_row: Annotated[np.ndarray, "int64", 2, (WAITING,)]
    wait_luck: Annotated[np.ndarray, "float32", 2, (WAITING,)]
    wait_status: Annotated[np.ndarray, "float32", 2, (WAITING,)]
    wait_word: Annotated[np.ndarray, "uint32", 3, (3, WAITING)]
    group: Annotated[np.ndarray, "int32", 2, (STRETCH,)]
    adult: Annotated[np.ndarray, "int32", 2, (STRETCH,)]
    bins: Annotated[np.ndarray, "int32", 2, (STRETCH,)]
    sums: Annotated[np.ndarray, "int64", 3, (4, len(COUNTS))]
    counts: Annotated[np.ndarray, "int32", 2, (COPIES * BINS,)]
    trouble: Annotated[np.ndarray, "float32", 2, (STRETCH,)]
    activity: Annotated[np.ndarray, "int32", 2, (STRETCH,)]
    skill: Annotated[np.ndarray, "int32", 2, (STRETCH,)]


def work_for(workers: int) -> Work:
    """Scratch for so many workers, whose rows share no cache line: processors that write in the same one wait.

    Rows may be longer than declared. Arrays begin at different distances from the pages of memory, as a processor's
    nearest cache holds few lines of the same distance.
    """
    shapes, begins, size = [], [], 0
    for number, hint in enumerate(get_type_hints(Work, include_extras=True).values()):
        _, dtype, _, (*outer, last) = get_args(hint)
        item = np.dtype(dtype).itemsize
        shapes.append((workers, *outer, -(-last * item // APART) * APART // item))
        size += (number * STAGGER - size) % PAGE
        begins.append(size)
        size += math.prod(shapes[-1]) * item
    memory = np.zeros(size + PAGE, np.uint8)
    first = -memory.ctypes.data % PAGE
    made = []
    for hint, shape, begin in zip(get_type_hints(Work, include_extras=True).values(), shapes, begins, strict=True):
        dtype = np.dtype(get_args(hint)[1])
        made.append(memory[first + begin :][: math.prod(shape) * dtype.itemsize].view(dtype).reshape(shape))
    return Work(*made)


class Moves(NamedTuple):
    """Who moves house in a month, and which rows are vacant: room for all rows, of which a few are touched.

    Attributes
    ----------
    movers : int64 [J]
        Movers of each neighbourhood.
    offset : int64 [J + 1]
        Segment of each neighbourhood in `row`, `wanted`, `lottery` and `target`.
    row, wanted, target : int32 [rows]
        Row of a mover; the neighbourhood they want (-1 outside the simulated ones, -2 none); the row they get, or -1.
    lottery : uint64 [rows]
    first : int64 [J + 1]
        Segment of each neighbourhood in `order`.
    order, ranked : int32 [rows]
        Movers by the neighbourhood they want, and those by the lottery.
    begins : int32 [rows + J]
        Scratch of putting them in order.
    vacant_first : int64 [J + 1]
        Segment of each neighbourhood in `guest` and `housed`: as long as it has vacant rows.
    vacant : uint64 [rows / 64 + J]
        Which rows were vacant at the beginning of the month and are not taken yet, 64 in each number, see
        `sim.phases.vacancy_allocation`.
    vacant_words : int64 [J]
        How many of these numbers a neighbourhood has.
    taken : int64 [J]
        Dwellings given to movers this month.
    offer : float32 [J, 7 + G]
        What those who look for a home compare of each neighbourhood, see `sim.phases.home_offers`.
    free : int64 [J]
        How many vacant dwellings are left for arrivals.
    births : int64 [J]
        Children born this month by the neighbourhood of the parent.
    listed : int64 [1]
        How many parents are listed so far.
    parent_first : int64 [J]
        Where the parents of each neighbourhood begin in `parent` and `newborn`.
    parent, newborn : int32 [rows]
        Parents; in households the rows of their children, -1 without one.
    arrivals : int64 [K]
        Arrivals in each municipality who may find a home.
    arrival_first : int64 [K + 1]
        Segment of each municipality in `kind`, `sequence` and `home`.
    kind, sequence, home : int32 [rows]
        A motive + 1 from abroad or 7, the number within the kind, and the neighbourhood preferred (-2 none).
    age, origin, partner, children : int32 [rows]
        In the same segments: age in months and origin group of an arrival or head of a household, and who come along.
    search : int32 [rows]
        In the segments of `row`: the place that a mover prefers in the neighbourhood.
    guests : int64 [J]
        Newborns and arrivals, or households that arrive, who get a home in each neighbourhood.
    roomy : int64 [J]
        1 where all households that may come find a dwelling, whoever comes first; see `sim.phases.arrive.find_roomy`.
    guest : int32 [rows]
        Who they are, in the segments of `vacant_first`: the place in `home`, or ~ of that in `parent`.
    people_housed : int64 [J]
        People who arrived in households and got a row of each neighbourhood.
    housed : int32 [rows]
        Their rows, in the segments of `vacant_first`.
    """

    movers: Whole
    offset: Whole
    row: Short
    wanted: Short
    target: Short
    lottery: Keys
    first: Whole
    order: Short
    ranked: Short
    begins: Short
    vacant_first: Whole
    vacant: Keys
    vacant_words: Whole
    taken: Whole
    offer: FloatTable
    free: Whole
    births: Whole
    listed: Whole
    parent_first: Whole
    parent: Short
    newborn: Short
    arrivals: Whole
    arrival_first: Whole
    kind: Short
    sequence: Short
    home: Short
    age: Short
    origin: Short
    partner: Short
    children: Short
    search: Short
    guests: Whole
    roomy: Whole
    guest: Short
    people_housed: Whole
    housed: Short


def no_moves(areas: int, municipalities: int, groups: int, rows: int) -> Moves:
    """Reserve memory for the moves of a month; the system allocates only what is used, in small pages."""

    def whole(size: int) -> np.ndarray:
        return zeros(8 * size, large=False).view(np.int64)

    def short(size: int) -> np.ndarray:
        return zeros(4 * size, large=False).view(np.int32)

    return Moves(
        movers=whole(areas),
        offset=whole(areas + 1),
        row=short(rows),
        wanted=short(rows),
        target=short(rows),
        lottery=whole(rows).view(np.uint64),
        first=whole(areas + 1),
        order=short(rows),
        ranked=short(rows),
        begins=short(rows + areas),
        vacant_first=whole(areas + 1),
        vacant=whole(rows // 64 + areas + 1).view(np.uint64),
        vacant_words=whole(areas),
        taken=whole(areas),
        offer=np.zeros((areas, OWN_GROUP + groups), np.float32),
        free=whole(areas),
        births=whole(areas),
        listed=whole(1),
        parent_first=whole(areas),
        parent=short(rows),
        newborn=short(rows),
        arrivals=whole(municipalities),
        arrival_first=whole(municipalities + 1),
        kind=short(rows),
        sequence=short(rows),
        home=short(rows),
        age=short(rows),
        origin=short(rows),
        partner=short(rows),
        children=short(rows),
        search=short(rows),
        guests=whole(areas),
        roomy=whole(areas),
        guest=short(rows),
        people_housed=whole(areas),
        housed=short(rows),
    )
