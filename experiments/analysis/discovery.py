"""Scenario discovery: in which conditions does an outcome occur (a policy fails, a gap widens)?

PRIM (Friedman & Fisher 1999) as Bryant & Lempert (2010) use it: a box of factors that is peeled while the share of
cases inside rises; by the EMA workbench (Kwakkel 2017).
"""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from experiments.sweep.table import Sweep
from scenarios.errors import InputError

if TYPE_CHECKING:
    import pandas

INSTALL = "pip install 'thuis[analysis]'"


@dataclass
class Box:
    """Conditions and their statistics.

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
    chances : dict
        Factor to the chance of as many cases inside if that limit had no effect (quasi-p of Bryant & Lempert).
    """

    limits: dict[str, tuple[float, float] | frozenset[str]]
    density: float
    coverage: float
    mass: float
    chances: dict[str, float]

    def __str__(self) -> str:
        parts = []
        for name, limit in self.limits.items():
            one_of = isinstance(limit, frozenset)
            parts.append(f"{name} in {sorted(limit)}" if one_of else f"{limit[0]:.4g} <= {name} <= {limit[1]:.4g}")  # type: ignore[index]
        return " and ".join(parts) or "anywhere"


def discover(
    sweep: Sweep,
    outcome: str,
    below: float | None = None,
    above: float | None = None,
    least_mass: float = 0.05,
    density: float = 0.9,
) -> list[Box]:
    """Boxes from the whole space to the smallest: choose where density and coverage suit.

    Parameters
    ----------
    below, above : float
        A run is a case when its outcome is below or above this; give one.
    least_mass : float
        The smallest share of runs that a box may hold.
    density : float
        The first box that reaches this share of cases is the last.

    Raises
    ------
    InputError
        Not one limit given, no run (or every run) is a case, or the EMA workbench is not installed.
    """
    if (below is None) == (above is None):
        raise InputError("give one of below=NUMBER and above=NUMBER: which runs are cases")
    try:
        with warnings.catch_warnings(action="ignore"):  # about engines that are not used here
            from ema_workbench.analysis.prim import Prim
    except ImportError as error:
        raise InputError(f"PRIM needs the EMA workbench: {INSTALL}") from error
    frame = sweep.frame_for(outcome)
    cases = (frame[outcome] < below if below is not None else frame[outcome] > above).to_numpy()
    if not cases.any() or cases.all():
        raise InputError(f"{'no' if not cases.any() else 'every'} run is a case: nothing to tell apart")
    prim = Prim(frame.select(sweep.factors).to_pandas(), cases, mass_min=least_mass)
    return boxes_of(prim.find_box(), prim.box_init, density)


def boxes_of(found: Any, whole: "pandas.DataFrame", density: float) -> list[Box]:
    """The boxes that the EMA workbench found, up to the first that is dense enough."""
    boxes: list[Box] = []
    for at, row in found.peeling_trajectory.iterrows():
        limits = limits_of(found.box_lims[at], whole)
        known = {name: [v for v in values if v >= 0] for name, values in found.p_values[at].items()}  # -1: not limited
        chances = {name: float(min(values)) for name, values in known.items() if values}
        boxes.append(Box(limits, float(row["density"]), float(row["coverage"]), float(row["mass"]), chances))
        if boxes[-1].density >= density:
            break
    return boxes


def limits_of(box: "pandas.DataFrame", whole: "pandas.DataFrame") -> dict[str, tuple[float, float] | frozenset[str]]:
    """The factors that a box restricts, with its limits or levels."""
    limits: dict[str, tuple[float, float] | frozenset[str]] = {}
    for name in whole.columns:
        low, high = box[name]
        if isinstance(low, set):
            if low != whole[name][0]:
                limits[name] = frozenset(map(str, low))
        elif (low, high) != tuple(whole[name]):
            limits[name] = (float(low), float(high))
    return limits


def boxes_table(boxes: list[Box]) -> pl.DataFrame:
    """Boxes as a table."""
    rows = [{"box": str(b), "density": b.density, "coverage": b.coverage, "mass": b.mass} for b in boxes]
    return pl.DataFrame(rows)


def limits_table(box: Box, sweep: Sweep) -> pl.DataFrame:
    """A box's limits beside the whole range of each numeric factor it restricts.

    Returns
    -------
    DataFrame
        factor, low, high (of the box), least, most (of the sweep), chance.
    """
    rows = []
    for name, limit in box.limits.items():
        if isinstance(limit, frozenset):
            continue
        values = sweep.design[name].to_numpy()
        rows.append(
            {
                "factor": name,
                "low": limit[0],
                "high": limit[1],
                "least": float(np.min(values)),
                "most": float(np.max(values)),
                "chance": box.chances.get(name),
            }
        )
    schema = {"factor": pl.String} | dict.fromkeys(("low", "high", "least", "most", "chance"), pl.Float64)
    return pl.DataFrame(rows, schema=schema)
