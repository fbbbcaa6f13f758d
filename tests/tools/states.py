"""What must be true of a world at the end of any month."""

import numpy as np

from sim.household_kinds import label_households
from sim.motives import NO_MOTIVE
from sim.population import (
    BORN_ABROAD,
    CHILD,
    EMPLOYED,
    EMPTY,
    HEAD,
    HOUSEMATE,
    MOST_TIES,
    NEVER,
    NOBODY,
    NOTHING,
    PARTNER,
    STAYER,
    Population,
)
from sim.rules.households import ADULT_AGE
from sim.ties import ALL_TIES, END_BITS, IDENTITY, MARK_SHIFT, ROW_SHIFT, mark_of
from sim.world import World

BLANK = ("origin", "motive", "flags", "born", "arrived", "tie_count", "tie_own", "belonging", "disposition",
         "faces_own", "faces_other", "contact", "withdrawal", "language", "status",
         "household", "role")  # fmt: skip


def check_state(world: World) -> None:
    """Assert every invariant; `world` stands between two months."""
    opened = opened_rows(world)
    lived_in = opened & (world.population.serial != NOBODY)
    assert not world.population.serial[~opened].any(), "someone lives in a place that is not open yet"
    serials = world.population.serial[lived_in]
    assert len(np.unique(serials)) == len(serials), "someone is in two places"
    assert np.array_equal(world.population.role != EMPTY, lived_in), (
        "a role in a vacant row, or none where someone lives"
    )
    check_vacant(world, opened & ~lived_in)
    check_bounds(world, lived_in)
    check_lives(world, lived_in)
    check_ties(world, lived_in)
    check_stocks(world, lived_in)
    check_households(world, lived_in)


def opened_rows(world: World) -> np.ndarray:
    """Which rows of the table are open places."""
    opened = np.zeros(len(world.population.serial), bool)
    for first, count in zip(world.neighbourhoods.first[:-1], world.stocks.opened, strict=True):
        opened[first : first + count] = True
    return opened


def check_vacant(world: World, vacant: np.ndarray) -> None:
    """A vacant place holds nothing of who lived there, to the bit."""
    for name in BLANK:
        column = getattr(world.population, name)[vacant]
        assert not np.ascontiguousarray(column).view(np.uint8).any(), f"{name} of a vacant place"
    assert not world.population.ties[vacant, 1:].any()


def check_bounds(world: World, lived_in: np.ndarray) -> None:
    """Columns within the bounds of the model."""
    c = world.coefficients
    if not lived_in.any():
        return
    widest = 3.46 * c.disposition_spread
    apart = (
        np.abs(world.neighbourhoods.status).max() + 3.46 * 0.8 + 2 * c.job_position
    )  # of a person from the place's mean
    bounds = {
        "belonging": (0, 1),
        "contact": (0, 1),
        "language": (1e-3, 1),
        "withdrawal": (0, c.withdrawal_highest),
        "faces_own": (0, c.local_circle),
        "faces_other": (0, c.local_circle),
        "disposition": (-widest, widest),
        "status": (-apart, apart),
        "origin": (0, world.stocks.people.shape[1] - 1),
        "flags": (0, 15),
        "tie_count": (0, MOST_TIES),
        "tie_news": (0, ALL_TIES),
    }
    for name, (low, high) in bounds.items():
        column = getattr(world.population, name)[lived_in].astype(float)
        assert column.min() >= low and column.max() <= high, f"{name} from {column.min()} to {column.max()}"


def check_lives(world: World, lived_in: np.ndarray) -> None:
    """Dates, motives and flags that go together."""
    p = Population(*(column[lived_in] for column in world.population))
    abroad = p.motive != NO_MOTIVE
    assert (p.intention == NOTHING).all(), "an intention that nothing came of"
    assert (p.motive[abroad] < 6).all() and ((p.arrived != NEVER) == abroad).all()
    assert ((p.flags & BORN_ABROAD > 0) == abroad).all()
    assert not ((p.flags & STAYER > 0) & ~abroad).any(), "a stayer who never came"
    assert (p.moved_in < world.month).all() or world.month < 0
    if world.month >= 0:
        assert (p.born <= world.month).all() and (p.arrived[abroad] <= world.month).all()
        assert (p.born <= p.moved_in).all() and (p.born[abroad] <= p.arrived[abroad]).all(), "here before birth"
        assert (p.arrived[abroad] <= p.moved_in[abroad]).all(), "at the address before coming to the country"
        working = p.flags & EMPLOYED > 0
        assert (world.month - p.born[working].astype(int) >= 18 * 12).all(), "a child at work"


def check_ties(world: World, lived_in: np.ndarray) -> None:
    """Ties are to living people, or to where someone lived until this month; both partners know of them."""
    p = world.population
    slots = np.arange(MOST_TIES)[None, :] < p.tie_count[:, None]
    assert (p.ties[slots] != NOBODY).all() and not p.ties[lived_in][~slots[lived_in]].any()
    row, slot = np.nonzero(slots & lived_in[:, None])
    tie = p.ties[row, slot]
    partner = (tie >> ROW_SHIFT).astype(np.int64)
    serial = p.serial[partner]
    marks = np.array([mark_of(s) for s in serial], np.uint64)
    lives_there = (serial != NOBODY) & (marks == (tie & IDENTITY) >> MARK_SHIFT)
    just_left = (serial == NOBODY) & (p.moved_in[partner] == world.month - 1)
    assert (lives_there | just_left).all(), "a tie to someone long gone"
    assert (partner != row).all()
    assert (p.tie_news[row[just_left]] >> slot[just_left] & 1).all(), "someone has not heard that a partner left"
    quiet = (p.tie_news[row] == 0) & (p.tie_news[partner] == 0)
    known = {(int(a), int(b), int(t & END_BITS)) for a, b, t in zip(row, partner, tie, strict=True)}
    for a, b, t in zip(row[quiet], partner[quiet], tie[quiet], strict=True):
        assert (int(b), int(a), int(t & END_BITS)) in known, "a tie that only one of the two knows of"
    own = np.bincount(row, p.origin[row] == p.origin[partner], len(p.serial))
    settled = lived_in & (p.tie_news == 0)
    assert np.array_equal(own[settled], p.tie_own[settled]), "own-group ties miscounted"


def check_stocks(world: World, lived_in: np.ndarray) -> None:
    """Stocks are counts of the table, and never negative."""
    for j, (first, count) in enumerate(zip(world.neighbourhoods.first[:-1], world.stocks.opened, strict=True)):
        here = np.flatnonzero(lived_in[first : first + count]) + first
        counts = np.bincount(world.population.origin[here], minlength=world.stocks.people.shape[1])
        assert np.array_equal(counts, world.stocks.people[j])
        assert world.stocks.empty[j] == count - len(here) >= 0
        assert count <= world.neighbourhoods.first[j + 1] - first
    counted = [stock for name, stock in world.stocks._asdict().items() if name != "spent"]  # a cut saves money
    assert all((stock >= 0).all() for stock in (*counted, *world.flows))
    for name in ("felt_diversity", "negative", "gone_own", "gone_other", "trouble"):
        rate = getattr(world.rates, name)
        assert rate.min() >= 0 and rate.max() <= 1, f"rates.{name}"


def check_households(world: World, lived_in: np.ndarray) -> None:
    """Every household is one ring of rows of one neighbourhood, with one head, and takes one dwelling."""
    p, rows = world.population, np.flatnonzero(lived_in)
    following = p.household[rows].astype(np.int64)
    if world.parameters.households < 0.5:
        assert np.array_equal(following, rows), "someone who lives alone is linked to another"
        assert (p.role[rows] == HEAD).all()
        assert np.array_equal(world.stocks.homes, world.stocks.opened)
        return
    assert lived_in[following].all(), "a household has a member in a vacant row"
    assert len(np.unique(following)) == len(rows), "two people are followed by one"
    first = world.neighbourhoods.first
    assert np.array_equal(*(np.searchsorted(first, at, side="right") for at in (rows, following)))
    _, number = np.unique(label_households(world)[1], return_inverse=True)
    role = p.role[rows]
    heads, partners, children, mates = (np.bincount(number, role == code) for code in (HEAD, PARTNER, CHILD, HOUSEMATE))
    assert (heads == 1).all(), "a household has not one head"
    assert (partners <= 1).all() and not ((mates > 0) & (partners + children > 0)).any()
    homes = np.bincount(np.searchsorted(first, rows[role == HEAD], side="right") - 1, minlength=world.areas)
    assert np.array_equal(homes + world.stocks.vacant, world.stocks.homes), "dwellings are not households and vacancies"


def minors_without_adult(world: World) -> int:
    """Households in which everyone is under eighteen."""
    rows, household = label_households(world)
    _, number = np.unique(household, return_inverse=True)
    age = world.month - world.population.born[rows].astype(np.int64)
    return int((np.bincount(number, age >= 12 * ADULT_AGE) == 0).sum())
