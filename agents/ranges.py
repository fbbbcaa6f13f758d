"""Allowed values of the attributes of an agent, and the check of what was written into them.

A subclass may write anything into a resident, and compiled code reads it unchecked: a belonging below 0 would be
counted in a bin that does not exist. So values are checked before compiled code reads them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from scenarios.errors import InputError
from sim.motives import MOTIVES, NO_MOTIVE
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER, NOBODY, PAIR, SEEKS_TIE, STAYER, Population
from sim.world import World

SHORT = (-32768, 32767)
MOST_FLAGS = int(BORN_ABROAD | STAYER | EMPLOYED | MEMBER)
INTENTIONS = tuple(code + seeks for seeks in (0, int(SEEKS_TIE)) for code in range(int(PAIR) + 1))

FLOATS: dict[str, tuple[float, float]] = {
    "belonging": (0, 1),
    "disposition": (-100, 100),
    "faces_own": (0, 100_000),
    "faces_other": (0, 100_000),
    "contact": (0, 1),
    "withdrawal": (0, 1),
    "language": (0, 1),
    "status": (-100, 100),
}
"""Lowest and highest value of the float columns; checked after each phase in which agents act."""

WHOLE: dict[str, tuple[int, ...]] = {
    "flags": tuple(range(MOST_FLAGS + 1)),
    "intention": INTENTIONS,
    "motive": (*range(len(MOTIVES)), int(NO_MOTIVE)),
}
"""Values of the columns of codes; checked when they are written, since the next step may use them as an index."""

BOOKED = {
    "origin": "the books of the neighbourhood count by it",
    "tie_count": "ties are made by make_acquaintance and end in keep_ties",
    "tie_own": "ties are made by make_acquaintance and end in keep_ties",
    "tie_end": "ties are made by make_acquaintance and end in keep_ties",
    "household": "households form, part and move in the engine",
    "role": "households form, part and move in the engine",
    "tie_news": "it is set for the partners of those who leave or move",
}
"""Columns that an agent may read only, with the reason."""


def allowed(name: str) -> str:
    """Describe the allowed values of a column."""
    if name in FLOATS:
        low, high = FLOATS[name]
        return f"{low:,} to {high:,}"
    if name in WHOLE:
        return ", ".join(map(str, WHOLE[name])) if len(WHOLE[name]) < 12 else f"0 to {WHOLE[name][-1]}"
    return f"whole months, {SHORT[0]:,} to {SHORT[1]:,}"


def refused(kind: type, name: str, value: Any, month: int, may_hold: str) -> InputError:
    """The error for a value that is not allowed."""
    return InputError(f"{kind.__name__}: {name} is {value!r} in month {month} (allowed: {may_hold})")


def changed(agent: object, name: str) -> InputError:
    """The error for an attribute that ties an agent to its person, and that own code wrote or deleted."""
    return InputError(
        f"{type(agent).__name__}: {name} was written or deleted; it ties the agent to its person, and may only be read"
    )


def check_attributes(world: World, agents: Mapping[int, Any]) -> None:
    """Check what is written in the rows of all residents.

    Parameters
    ----------
    agents : mapping
        The agents by row.

    Raises
    ------
    InputError
        A value out of range: class of the agent, attribute, value, month and allowed range.
    """
    people = world.population
    lived_in = people.serial != NOBODY
    for name, (low, high) in FLOATS.items():
        column = getattr(people, name)
        # One comparison that nan fails too.
        wrong = lived_in & ~((column >= np.float32(low)) & (column <= np.float32(high)))
        if wrong.any():
            row = int(np.argmax(wrong))
            kind = type(agents[row]) if row in agents else Population
            raise refused(kind, name, column[row].item(), world.month, allowed(name))
