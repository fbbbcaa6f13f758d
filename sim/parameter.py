"""What a parameter is: a default with unit, range, source and certainty, declared once and used everywhere."""

from dataclasses import MISSING, dataclass, field, fields
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
    default: float, low: float, high: float, unit: str, certainty: str, source: str, text: str, uncertain: bool = True
) -> Any:
    """Declare a parameter of the model.

    Parameters
    ----------
    default, low, high : float
        Value shipped and the range that is accepted; sensitivity analysis and posterior draws stay within it.
    unit : str
    certainty : {"S", "C", "R", "E"}
    source : str
        Where the figure comes from.
    text : str
        What it means, in one plain sentence.
    uncertain : bool
        Whether sensitivity analysis varies it.
    """
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


def describe(declaration: type) -> dict[str, Description]:
    """Every parameter of a declaration by name, in the order declared."""
    return {
        f.name: Description(name=f.name, default=f.default, **f.metadata)
        for f in fields(declaration)
        if f.default is not MISSING
    }


def check_range(value: Any, description: Description, where: str) -> float:
    """The value as a float, or one clear line about what is wrong with it."""
    allowed = f"a number from {description.low:g} to {description.high:g} ({description.unit})"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(f"{where}{description.name}={value!r} is not a number; allowed is {allowed}")
    if not description.low <= value <= description.high:
        raise ParameterError(f"{where}{description.name}={value:g} is out of range; allowed is {allowed}")
    return float(value)
