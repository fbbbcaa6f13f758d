"""Declaration of a parameter: a default with unit, range, source and certainty."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import Any

CERTAINTY = {
    "S": "seen in the source",
    "C": "computed from public data",
    "R": "recalled, unverified",
    "E": "a design choice without an empirical source",
}


@dataclass(frozen=True)
class Description:
    """All that is known of one parameter besides its value."""

    name: str
    default: float
    low: float
    high: float
    unit: str
    certainty: str
    source: str
    text: str
    uncertain: bool


def parameter(
    default: float,
    span: tuple[float, float],
    unit: str,
    evidence: tuple[str, str],
    text: str,
    uncertain: bool = True,
) -> Any:
    """Declare a parameter of the model.

    Parameters
    ----------
    default : float
        Value shipped.
    span : (float, float)
        Lowest and highest value accepted; sensitivity analysis and posterior draws stay within.
    unit : str
    evidence : (str, str)
        How sure the default is, a letter of `CERTAINTY`, and where the figure comes from.
    text : str
        What it means, in one plain sentence.
    uncertain : bool
        Whether sensitivity analysis varies it.
    """
    (low, high), (certainty, source) = span, evidence
    if not low <= default <= high or certainty not in CERTAINTY:
        raise ValueError(f"{text}: default {default} outside [{low}, {high}] or certainty {certainty!r} unknown")
    return field(
        default=default,
        metadata={
            "low": low,
            "high": high,
            "unit": unit,
            "certainty": certainty,
            "source": source,
            "text": text,
            "uncertain": uncertain,
        },
    )


class ParameterError(ValueError):
    """A parameter that is unknown, not a number, or outside its range."""


@cache
def describe(declaration: type) -> Mapping[str, Description]:
    """Every parameter of a declaration by name, in the order declared; made once, and read-only."""
    return MappingProxyType(
        {
            f.name: Description(name=f.name, default=f.default, **f.metadata)
            for f in fields(declaration)
            if f.default is not MISSING
        }
    )


def check_range(value: Any, description: Description, where: str) -> float:
    """Return the value as a float, or raise a `ParameterError` of one line."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and description.low <= value <= description.high:
        return float(value)
    allowed = f"a number from {description.low:g} to {description.high:g} ({description.unit})"
    problem = f"={value:g} is out of range" if number else f"={value!r} is not a number"
    raise ParameterError(f"{where}{description.name}{problem}; allowed is {allowed}")
