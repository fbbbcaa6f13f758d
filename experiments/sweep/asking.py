"""From the words of `thuis sweep` to a plan and a design table, everything checked before anything runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.sweep.design import DESIGNS, design_points, starts_together, with_replicates
from experiments.sweep.factors import Factor, read_value
from experiments.sweep.models import FunctionRuns
from experiments.sweep.plan import Plan, check_factor_columns, chunk_size, factors_from, source_digest, table_digest
from scenarios.errors import InputError, close_matches
from sim.parameters import Parameters

ENGINES = ("processes", "threads", "slurm", "dask")
STARTS = ("own", "shared")
WHOLE = {"runs": (1, 20_000_000), "years": (1, 100), "scale": (1, 100_000), "seed": (0, 2**63 - 1),
         "replicates": (1, 1_000_000), "workers": (1, 4096), "chunk": (1, 100_000)}  # fmt: skip
CHOICES = {"design": tuple(DESIGNS), "engine": ENGINES, "start": STARTS, "progress": ("auto", "bar", "lines", "none")}
FLAGS = ("common", "yearly")
TEXTS = ("out", "table", "model", "scheduler")
STRUCTURED = ("region", "policy", "parameters", "factors", "slurm")
# Parameters that shape the world at its start and cannot be changed after it.
ONLY_AT_START = ("parameters.vacancy",)


@dataclass
class Asked:
    """What the words say.

    Attributes
    ----------
    options : dict
        Plain options by name.
    region, policy, parameters, factors, slurm : dict
        What follows the dot, to its value.
    """

    options: dict[str, Any] = field(default_factory=dict)
    region: dict[str, Any] = field(default_factory=lambda: {"name": "westland"})
    policy: str = "baseline"
    policy_changes: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    factors: dict[str, Any] = field(default_factory=dict)
    slurm: dict[str, Any] = field(default_factory=dict)


def read_words(words: Sequence[str]) -> Asked:
    """Read KEY=VALUE words.

    Raises
    ------
    InputError
        A word that is not KEY=VALUE, an unknown key, or a value that is not allowed.
    """
    asked = Asked()
    for word in words:
        key, sign, text = word.partition("=")
        if not sign:
            raise InputError(f"'{word}' has no value; options are written KEY=VALUE (list: thuis sweep --help)")
        take(asked, key, text)
    choose_policy(asked, words)
    return asked


def choose_policy(asked: Asked, words: Sequence[str]) -> None:
    """Where no policy is chosen, the one whose measures are varied or set, as `thuis run` does."""
    from scenarios.policy.packages import package_with

    if any(word.startswith(("policy=", "factors.policy=")) for word in words):
        return
    varied = [name.removeprefix("policy.") for name in asked.factors if name.startswith("policy.")]
    measures = {name.split(".")[0] for name in [*asked.policy_changes, *varied] if "." in name}
    asked.policy = package_with(measures) or asked.policy


def take(asked: Asked, key: str, text: str) -> None:
    """Put one KEY=VALUE in its place."""
    from experiments.options.settings import REGION_KEYS

    value = read_value(key, text)
    first, _, rest = key.partition(".")
    if first in ("factors", "parameters", "slurm") and rest:
        if first == "parameters" and isinstance(value, list):
            raise InputError(f"{key}={text} is a list; to vary it write factors.{key}={text}")
        getattr(asked, first)[rest] = value
    elif key == "region":
        asked.region["name"] = text  # as it was written: 0513 is a code, not a number
    elif first == "region" and rest in REGION_KEYS:
        asked.region[rest] = value
    elif key == "policy":
        asked.policy = str(value)
    elif first == "policy" and rest:
        asked.policy_changes[rest] = value
    else:
        asked.options[key] = plain_option(key, value, text)


def plain_option(key: str, value: Any, text: str) -> Any:
    """Check one plain option."""
    if key in WHOLE:
        low, high = WHOLE[key]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InputError(f"{key}={text} is not allowed; allowed is a whole number from {low} to {high:,}")
        return value
    if key in CHOICES:
        if value not in CHOICES[key]:
            near = close_matches(text, CHOICES[key])
            raise InputError(f"{key}={text} is not allowed; allowed is {' or '.join(CHOICES[key])}{near}")
        return value
    if key in FLAGS:
        if not isinstance(value, bool):
            raise InputError(f"{key}={text} is not allowed; allowed is true or false")
        return value
    if key in TEXTS:
        if not text.strip():
            raise InputError(f"{key} is empty")
        return text
    known = [*WHOLE, *CHOICES, *FLAGS, *TEXTS, *STRUCTURED]
    raise InputError(f"{key} is not an option of a sweep{close_matches(key, known)} (list: thuis sweep --help)")


def make_plan(asked: Asked) -> tuple[Plan, pl.DataFrame]:
    """Plan and design table of what is asked.

    Raises
    ------
    InputError, sim.parameters.ParameterError
        One line for whatever is wrong.
    """
    o = asked.options
    design, seed = o.get("design", "factorial"), o.get("seed", 1)
    if o.get("model", "thuis") != "thuis":
        FunctionRuns(o["model"])  # refuses what cannot be imported
    model, replicates, common = o.get("model", "thuis"), o.get("replicates", 1), o.get("common", True)
    points, factors = points_and_factors(asked, design, seed, model)
    if any(f.name == "seed" for f in factors) and replicates > 1:
        raise InputError("factors.seed and replicates are both given; allowed is one of them")
    count = max(len(points), 1)
    table = with_replicates(points, seed, replicates, common, count)
    years, scale = o.get("years", 5), o.get("scale", 1)
    fixed: dict[str, Any] = {}
    building, agent_months = 1.0, 1.0
    start = o.get("start", "own")
    if model == "thuis":
        from experiments.sweep.checking import check_model

        fixed = {"region": asked.region, "policy": asked.policy, "policy_changes": asked.policy_changes,
                 "parameters": asked.parameters}  # fmt: skip
        Parameters().changed(**fixed["parameters"])
        if start == "shared":
            refuse_start_factors(factors)
        elif len(table):
            table = starts_together(table)
        building, agents = check_model(fixed, factors, scale)
        agent_months = agents * 12 * years
    return Plan(
        design=design, runs=len(table), points=count, model=model,
        factors={f.name: [list(f.values) if len(f.values) <= 1000 else [], f.is_range] for f in factors},
        fixed=fixed, years=years, scale=scale, seed=seed, replicates=replicates, common=common, start=start,
        yearly=o.get("yearly", False), chunk=o.get("chunk") or chunk_size(len(table), agent_months), building=building,
        table_digest=table_digest(table), code=source_digest(),
    ), table  # fmt: skip


def points_and_factors(asked: Asked, design: str, seed: int, model: str) -> tuple[pl.DataFrame, list[Factor]]:
    """The points of the design, and what varies in it."""
    o = asked.options
    if model != "thuis":
        factors = [free_factor(name, values, design) for name, values in asked.factors.items()]
    else:
        factors = factors_from(asked.factors, design)
    points = design_points(design, factors, o.get("runs"), seed, o.get("table"))
    if design == "file":
        if factors:
            raise InputError("design=file takes its factors from the table; leave factors.NAME out")
        factors = check_factor_columns(points) if model == "thuis" else []
    return points, factors


def free_factor(name: str, values: Any, design: str) -> Factor:
    """A factor of another model than Thuis: numbers by any name."""
    values = values if isinstance(values, list) else [values]
    if not values or not all(isinstance(v, int | float) and np.isfinite(v) for v in values):
        raise InputError(f"factors.{name}={values} is not a list of numbers")
    return Factor(name, tuple(values), design != "factorial" and len(values) == 2)


def refuse_start_factors(factors: Sequence[Factor]) -> None:
    """Refuse to share a start among runs that cannot have the same one."""
    for factor in factors:
        if factor.name in ONLY_AT_START:
            raise InputError(
                f"factors.{factor.name} shapes the first residents' homes: start=shared cannot vary it; use start=own"
            )


def default_out(asked: Asked) -> Path:
    """out/sweep-REGION-DATE-TIME."""
    from experiments.results.folders import default_folder

    return default_folder(f"sweep-{asked.region['name']}")
