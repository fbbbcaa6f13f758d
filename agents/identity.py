"""What ties an agent to its person: only the register writes it, and compiled code takes it as an index, unchecked.

Own code can write or delete any attribute of an agent, these too; so they are compared with the register's books.
"""

import sys
import traceback
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from agents.ranges import changed
from scenarios.errors import InputError

if TYPE_CHECKING:
    from agents.register import Register
    from agents.resident import Resident

TIES = {"model": "model", "_row": "row", "_table": "table", "_serial": "serial", "_neighbourhood": "neighbourhood"}
"""Attributes by which an agent knows its person, and the names by which they are read."""
MODEL = "agents.resident"
"""The module of the classes that are the model."""
OURS = ("agents", "sim", "mesa", "numpy", "numba")
"""Packages that are not own code."""


def check_identities(register: "Register") -> None:
    """Check that every agent still knows its own person.

    Raises
    ------
    InputError
        Own code changed one of `TIES`, or the class of an agent.
    """
    model = register.model
    rows = np.fromiter(register.by_row, np.int64, len(register.by_row))
    places = register.areas_of(rows).tolist()
    for (row, agent), serial, place in zip(register.by_row.items(), register.serials[rows], places, strict=True):
        kept = agent.__dict__
        if type(kept.get("_row")) is not int or kept["_row"] != row:
            raise changed(agent, "row")
        if type(kept.get("_serial")) is not np.uint64 or kept["_serial"] != serial:
            raise changed(agent, "serial")
        true = {"model": model, "_table": model.world.population, "_neighbourhood": model.neighbourhoods[place]}
        for name, value in true.items():
            if kept.get(name) is not value:
                raise changed(agent, TIES[name])
        if type(kept.get("unique_id")) is not int:
            raise changed(agent, "unique_id")
        if type(agent) is not (register.transient if register.newcomers[row] else register.established):
            raise changed(agent, "__class__")


def let_act(agents: Iterable["Resident"], act: Callable[["Resident"], object], register: "Register") -> None:
    """Let each agent act.

    Raises
    ------
    InputError
        A step of the model cannot be taken because own code, which is not running now, wrote what the step reads.
    """
    for agent in agents:
        try:
            act(agent)
        except InputError:
            raise
        except Exception as error:
            check_identities(register)
            if type(agent).__module__ == MODEL or not all(is_ours(name) for name in modules(error)):
                raise
            what = f"{type(error).__name__}: {error}"
            raise InputError(
                f"{type(agent).__name__}: a step of the model cannot be taken in month {register.model.month}: {what}; "
                "own code wrote something else into an attribute that it reads"
            ) from error


def modules(error: BaseException) -> list[str]:
    """The modules that an error came through."""
    return [str(frame.f_globals.get("__name__", "")) for frame, _ in traceback.walk_tb(error.__traceback__)]


def is_ours(name: str) -> bool:
    """Whether a module is not own code: of the model, or a library that it calls."""
    first = name.partition(".")[0]
    return first in OURS or first in sys.stdlib_module_names
