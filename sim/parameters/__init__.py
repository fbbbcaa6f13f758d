"""The parameters of the model, declared once, a file for a subject; configuration, checks and reference derive from it.

Sources are the studies and statistics that docs/evidence.md names. E marks a design choice: it has a range
and is part of every sensitivity analysis. "Calibrated" defaults are the result of the study in
docs/calibration.md; the source named after it gave the starting value and the range.
"""

from collections import namedtuple
from copy import copy
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import numpy as np

from sim.parameters.belonging import Belonging, Withdrawal
from sim.parameters.capacity import Capacity, Places
from sim.parameters.cohesion import Cohesion
from sim.parameters.consequences import Consequences, Unsafety
from sim.parameters.declaration import ParameterError, check_range, describe
from sim.parameters.demography import Demography, Growth
from sim.parameters.households import Households
from sim.parameters.leaving import Leaving
from sim.parameters.meeting import Contact, Meeting, Ties
from sim.parameters.moving import Moving
from sim.parameters.participation import Associations, LanguageAndWork


@dataclass(frozen=True)
class Parameters(  # a dataclass has the fields of its last base first
    Unsafety,
    Consequences,
    Growth,
    Households,
    Demography,
    Moving,
    Leaving,
    Places,
    Capacity,
    Associations,
    LanguageAndWork,
    Cohesion,
    Withdrawal,
    Belonging,
    Contact,
    Ties,
    Meeting,
):
    """Every number of the model with its default; `describe(Parameters)` tells unit, range, source and certainty."""

    def __post_init__(self) -> None:
        for name, description in describe(Parameters).items():
            check_range(getattr(self, name), description, "parameters.")

    def changed(self, **values: Any) -> "Parameters":
        """A copy with some values changed.

        Raises
        ------
        ParameterError
            An unknown name, or a value out of range.
        """
        known = describe(Parameters)
        for name, value in values.items():
            if name not in known:
                close = get_close_matches(name, known, 3)
                hint = f"; did you mean {', '.join(close)}?" if close else ""
                raise ParameterError(f"parameters.{name} is not a parameter of the model{hint}")
            check_range(value, known[name], "parameters.")
        changed = copy(self)  # not `replace`, which checks all of them again: a sweep does this for every run
        changed.__dict__.update(values)
        return changed


SUBJECTS: tuple[type, ...] = Parameters.__bases__[::-1]
"""The declarations of the parameters, in their order."""

# The same numbers as the compiled rules take them: single precision, by name.
Coefficients: Any = namedtuple("Coefficients", [f.name for f in fields(Parameters)])  # type: ignore[misc]


@lru_cache(64)
def coefficients(parameters: Parameters) -> Any:
    """The parameters in single precision, for compiled code."""
    return Coefficients(*(np.float32(getattr(parameters, f.name)) for f in fields(Parameters)))
