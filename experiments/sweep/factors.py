"""Factors of a sweep: their ranges or levels, checked against what the model accepts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenarios.errors import InputError, close_matches
from sim.parameters import Parameters
from sim.parameters.declaration import ParameterError, describe

PLAIN = ("region", "policy", "seed", "years", "scale")
WHOLE = ("seed", "years", "scale", "start", "ramp", "end", "duration")  # last words of factors that are whole numbers


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    Attributes
    ----------
    name : str
        region, policy, seed, years, scale, parameters.NAME or policy.MEASURE.LEVER.
    values : tuple
        Low and high of a range, or the levels.
    is_range : bool
    """

    name: str
    values: tuple[Any, ...]
    is_range: bool

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return all(is_number(value) for value in self.values)

    def at(self, share: np.ndarray) -> np.ndarray:
        """Values at quantiles in [0, 1): along the range, or of the levels, each with an equal part.

        Parameters
        ----------
        share : float64 [N]
        """
        if not self.is_range:
            return self.column(np.minimum((share * len(self.values)).astype(int), len(self.values) - 1))
        low, high = (float(value) for value in self.values)
        if self.name.split(".")[-1] in WHOLE:
            return np.minimum(np.floor(low + share * (high - low + 1)), high).astype(np.int64)
        return low + share * (high - low)

    def column(self, index: np.ndarray) -> np.ndarray:
        """Levels by their index."""
        if all(isinstance(value, int) and not isinstance(value, bool) for value in self.values):
            return np.array(self.values, np.int64)[index]
        kind = np.float64 if self.numeric else str
        return np.array([value if self.numeric else str(value) for value in self.values], kind)[index]


def is_number(value: Any) -> bool:
    """Whether a value is a number (true and false are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def factor_from(name: str, values: Any, ranges: bool) -> Factor:
    """Check one factor.

    Parameters
    ----------
    ranges : bool
        Whether two numbers are the ends of a range (random designs) or two levels (factorial).

    Raises
    ------
    InputError
        An unknown name, or values that cannot be varied.
    """
    check_name(name)
    values = values if isinstance(values, list) else [values]
    if not values or any(isinstance(value, list | dict) or value is None for value in values):
        raise InputError(f"factors.{name}={values} is not a list of values, such as factors.{name}=[A,B]")
    numbers = all(is_number(value) for value in values)
    is_range = ranges and numbers and len(values) == 2
    if is_range and not values[0] < values[1]:
        raise InputError(f"factors.{name}={values}: the first end of a range must be below the second")
    if not is_range and len(set(map(str, values))) < len(values):
        raise InputError(f"factors.{name}={values} has a value twice")
    factor = Factor(name, tuple(values), is_range)
    check_values(factor)
    return factor


def check_name(name: str) -> None:
    """Refuse what cannot be varied."""
    parameters = describe(Parameters)
    if name.startswith("parameters."):
        if name.removeprefix("parameters.") not in parameters:
            near = close_matches(name, [f"parameters.{p}" for p in parameters])
            raise InputError(f"factors.{name} is not a parameter of the model{near}")
    elif name not in PLAIN and not re.fullmatch(r"policy(\.\w+)+", name):
        near = close_matches(name, [*PLAIN, *(f"parameters.{p}" for p in parameters)])
        raise InputError(
            f"factors.{name} cannot be varied (allowed: {', '.join(PLAIN)}, parameters.NAME, policy.MEASURE.LEVER)"
            f"{near}"
        )


def check_values(factor: Factor) -> None:
    """Refuse parameters out of range, seeds that are not whole, regions and policies that do not exist."""
    from experiments.options.declaration import check_whole, declared
    from experiments.options.settings import Options, names_in, region_from

    if factor.name.startswith("parameters."):
        name = factor.name.removeprefix("parameters.")
        for value in factor.values:
            try:
                Parameters().changed(**{name: value})
            except ParameterError as error:
                raise InputError(f"factors.{error}") from error
    elif factor.name == "seed":
        for value in factor.values:
            if not isinstance(value, int) or not 0 <= value < 2**63:
                raise InputError(f"factors.seed has {value!r}; allowed are whole numbers from 0")
    elif factor.name in ("years", "scale"):
        about = declared(Options)[factor.name]
        for value in factor.values:
            check_whole(f"factors.{factor.name}", value, about["low"], about["high"])
    elif factor.name == "region":
        for value in factor.values:
            region_from(str(value))
    elif factor.name == "policy":
        names = names_in("conf.policy")
        for value in factor.values:
            if str(value) not in names and not str(value).endswith((".yaml", ".yml")):
                raise InputError(
                    f"unknown {factor.name} '{value}'{close_matches(str(value), names)} (allowed: {', '.join(names)})"
                )


def names(factors: Iterable[Factor]) -> list[str]:
    """Names of factors."""
    return [factor.name for factor in factors]
