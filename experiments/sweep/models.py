"""Models that a sweep runs: Thuis, or any function of numbers, so that sweeps can be tested on known functions."""

import inspect
import math
from typing import Any, Protocol

from experiments.options.imported import imported
from experiments.sweep.plan import Plan

KEYS = ("run", "point", "replicate")


class Rows(Protocol):
    """Rows of a chunk while they come in."""

    def columns(self) -> dict[str, Any]:
        """run, year, digest and outcomes."""


class Model(Protocol):
    """Runs rows of a design, in one thread."""

    def begin(self) -> Any:
        """A place for the rows of a chunk."""

    def run(self, row: dict[str, Any], gathered: Any) -> None:
        """Run one row and add what came out."""


class FunctionRows:
    """Rows of a function's values."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def columns(self) -> dict[str, Any]:
        """run, year, digest and outcomes."""
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        found = {name: [row.get(name) for row in self.rows] for name in names}
        return found or {"run": [], "year": [], "digest": []}


class FunctionRuns:
    """Calls a function with the factors of a row (and `seed` if it takes that name) as keywords.

    Parameters
    ----------
    name : str
        "package.module:function"; it returns a number, or numbers by name.
    """

    def __init__(self, name: str) -> None:
        self.function = imported(name if ":" in name else f"{name}:model", "model")
        self.takes_seed = "seed" in inspect.signature(self.function).parameters

    def begin(self) -> FunctionRows:
        """A place for the rows of a chunk."""
        return FunctionRows()

    def run(self, row: dict[str, Any], gathered: FunctionRows) -> None:
        """Call the function for one row."""
        given = {k: v for k, v in row.items() if k not in KEYS and (k != "seed" or self.takes_seed)}
        value = self.function(**given)
        values = value if isinstance(value, dict) else {"outcome": float(value)}
        gathered.rows.append({"run": row["run"], "year": 0, "digest": ""} | values)


def model_of(plan: Plan) -> Model:
    """The model that a plan runs."""
    if plan.model == "thuis":
        from experiments.sweep.whole import ThuisRuns

        return ThuisRuns(plan)
    return FunctionRuns(plan.model)


def ishigami(x1: float, x2: float, x3: float, a: float = 7.0, b: float = 0.1) -> float:
    """Ishigami and Homma's function (1990), of which Sobol indices are known; each x from -pi to pi."""
    return math.sin(x1) + a * math.sin(x2) ** 2 + b * x3**4 * math.sin(x1)
