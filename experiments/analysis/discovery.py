"""Scenario discovery: in which conditions does something happen (a policy fails, a gap opens)? PRIM, Friedman & Fisher
1999, as Bryant & Lempert 2010 use it: a box of factors, peeled smaller while it holds ever more of the cases.

`ema_workbench` has the same with inspection plots (pip install ema_workbench); `Sweep.pl()` gives it its two tables.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from experiments.sweep.table import Sweep
from scenarios.errors import InputError

PEEL = 0.05
TRIVIAL = 0.01  # a limit that leaves out no more runs than this is none


@dataclass
class Box:
    """Conditions and what they tell.

    Attributes
    ----------
    limits : dict
        Factor to (low, high), or to the set of its levels; factors that are not restricted are left out.
    density : float
        Share of runs inside that are cases.
    coverage : float
        Share of cases that lie inside.
    mass : float
        Share of all runs that lie inside.
    """

    limits: dict[str, tuple[float, float] | frozenset[str]]
    density: float
    coverage: float
    mass: float

    def __str__(self) -> str:
        parts = []
        for name, limit in self.limits.items():
            one_of = isinstance(limit, frozenset)
            parts.append(f"{name} in {sorted(limit)}" if one_of else f"{limit[0]:.4g} <= {name} <= {limit[1]:.4g}")  # type: ignore[index]
        return (
            f"{' and '.join(parts) or 'anywhere'}: {self.density:.0%} of runs there, {self.coverage:.0%} of all cases"
        )


def discover(sweep: Sweep, outcome: str, below: float | None = None, above: float | None = None,
             least_mass: float = 0.05, density: float = 0.9) -> list[Box]:  # fmt: skip
    """Boxes from the whole space to the smallest: choose where density and coverage suit.

    Parameters
    ----------
    below, above : float
        A run is a case when its outcome is below or above this; give one.
    least_mass : float
        The smallest share of runs that a box may hold.
    density : float
        Peeling ends when this share is reached.

    Raises
    ------
    InputError
        Not one limit given, or no run (or every run) is a case.
    """
    if (below is None) == (above is None):
        raise InputError("give one of below=NUMBER and above=NUMBER: which runs are cases")
    frame = sweep.frame_for(outcome)
    cases = (frame[outcome] < below if below is not None else frame[outcome] > above).to_numpy()
    if not cases.any() or cases.all():
        raise InputError(f"{'no' if not cases.any() else 'every'} run is a case: nothing to tell apart")
    columns = {name: frame[name].to_numpy() for name in sweep.factors}
    inside, boxes = np.ones(len(frame), bool), []
    while True:
        boxes.append(box_of(columns, inside, cases))
        if boxes[-1].density >= density:
            return boxes
        peeled = best_peel(columns, inside, cases)
        if peeled is None or peeled.mean() < least_mass:
            return boxes
        inside = peeled


def best_peel(columns: dict[str, np.ndarray], inside: np.ndarray, cases: np.ndarray) -> np.ndarray | None:
    """The peel after which most of what is left are cases; None where none makes it better."""
    best, most = None, cases[inside].mean()
    for values in columns.values():
        for kept in peels(values, inside):
            held = cases[kept].mean()
            if kept.any() and kept.sum() < inside.sum() and held > most:
                best, most = kept, held
    return best


def peels(values: np.ndarray, inside: np.ndarray) -> list[np.ndarray]:
    """Without the lowest or the highest part of a factor, or without one of its levels."""
    here = values[inside]
    if values.dtype.kind not in "iuf":
        return [inside & (values != level) for level in np.unique(here)]
    low, high = np.quantile(here, [PEEL, 1 - PEEL])
    return [inside & (values >= low) & ((values > here.min()) | (low > here.min())),
            inside & (values <= high) & ((values < here.max()) | (high < here.max()))]  # fmt: skip


def box_of(columns: dict[str, np.ndarray], inside: np.ndarray, cases: np.ndarray) -> Box:
    """Limits and quality of a box."""
    limits: dict[str, tuple[float, float] | frozenset[str]] = {}
    for name, values in columns.items():
        here = values[inside]
        if values.dtype.kind in "iuf":
            outside = (values < here.min()) | (values > here.max())
            if outside.mean() > TRIVIAL:
                limits[name] = (float(here.min()), float(here.max()))
        elif len(np.unique(here)) < len(np.unique(values)):
            limits[name] = frozenset(map(str, np.unique(here)))
    found = cases[inside]
    return Box(limits, float(found.mean()), float(found.sum() / cases.sum()), float(inside.mean()))


def boxes_table(boxes: list[Box]) -> pl.DataFrame:
    """Boxes as a table."""
    rows = [{"box": str(b).split(":")[0], "density": b.density, "coverage": b.coverage, "mass": b.mass} for b in boxes]
    return pl.DataFrame(rows)
