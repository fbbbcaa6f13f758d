"""The start of a model: the driver, the seed, and the world built from a region or a table."""

from collections.abc import Mapping
from inspect import signature
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.copies import begin_simulating
from scenarios.errors import InputError, close_matches
from scenarios.frames import FILES, frame_of
from scenarios.plain import read_plain
from scenarios.policy import Policy, Schedule, policy_from
from scenarios.policy.packages import read_policy
from scenarios.regions.region import load_region
from scenarios.start_cache import settled_start
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.parameters.declaration import ParameterError
from sim.world import World

DRIVERS = ("compiled", "agents")
UNSEEN: Any = object()  # distinct from None, which Mesa passes when the seed should be random


class Beginning(TypedDict, total=False):
    """How a region or a table becomes a world.

    They are keywords apart and not arguments of the model because `mesa.batch_run` overwrites an argument that
    is called seed.

    Attributes
    ----------
    seed, scale, years, settling_months : int
        See `scenarios.building.BuildOptions`; 1, 1, 10 and 60 when left out.
    parameters : mapping or Parameters
        Values by name; the others are the defaults.
    region_options : dict
        For a region, e.g. ``table=`` and ``codes=``; see `scenarios.regions.region.load_region`.
    policy : str, path, mapping or Policy
        By name or file, or its content: it sets the levers of every month. None leaves all as it is today.
    """

    seed: int
    scale: int
    years: int
    settling_months: int
    parameters: Mapping[str, float] | Parameters | None
    region_options: dict[str, Any] | None
    policy: str | Path | Mapping[str, Any] | Policy | None


OF_A_WORLD = ("scale", "years", "policy")  # what may be said of a world that is built already


def driver_for(requested: str | None, own_classes: bool) -> str:
    """Return the requested driver; by default `agents` where own classes are given, else `compiled`.

    Raises
    ------
    InputError
        An unknown driver, or the compiled one for own classes, which it would ignore.
    """
    if requested is None:
        return "agents" if own_classes else "compiled"
    if requested not in DRIVERS:
        raise InputError(f"driver={requested!r} is not known; allowed is {' or '.join(DRIVERS)}")
    if own_classes and requested == "compiled":
        raise InputError("driver='compiled' does not look at established= and transient=; leave driver out")
    return requested


def begin(region: Any, requested: Beginning, rng: Any, pool: ThreadPool) -> tuple[AreaTable, World, Schedule | None]:
    """Return the table of a region, its settled world, and the schedule of the policy where there is one.

    Raises
    ------
    InputError
        A word that is not known, or a value that is not allowed.
    """
    begin_simulating()
    check_words(requested)
    table = table_of(region, requested.get("region_options") or {})
    schedule = schedule_of(requested, table)
    options = BuildOptions(
        seed=whole(seed_from(requested, rng), "seed", 0),
        scale=whole(requested.get("scale", 1), "scale", 1),
        years=years_of(requested),
        building=1.0 if schedule is None else schedule.most_building,
        settling_months=whole(requested.get("settling_months", 60), "settling_months", 0),
    )
    return table, settled_start(table, parameters_from(requested.get("parameters")), options, pool), schedule


def table_of(region: Any, options: Mapping[str, Any]) -> AreaTable:
    """Return the areas of a region: by name or names, from a file, from a frame, or as they are.

    Raises
    ------
    InputError
        None of these, an unknown name or option, or a table that cannot be read.
    """
    if isinstance(region, AreaTable):
        return region
    frame = frame_of(region)
    reader: Any = load_region if frame is None else read_plain
    known = [name for name in signature(reader).parameters if name not in ("name", "path", "found")]
    if not isinstance(options, Mapping):
        raise InputError(f"region_options is a {type(options).__name__} (allowed: a mapping of {', '.join(known)})")
    for key in options:
        if key not in known:
            near = close_matches(str(key), known)
            raise InputError(
                f"region_options: {key} is not an option of this region{near} (allowed: {', '.join(known)})"
            )
    if frame is not None:
        return read_plain(frame, **options)
    if isinstance(region, Path) or (isinstance(region, str) and region.lower().endswith(FILES)):
        return load_region("file", **{**options, "table": region})
    if isinstance(region, str) or (isinstance(region, list | tuple) and all(isinstance(each, str) for each in region)):
        return load_region(region, **options)
    raise InputError(
        f"world is a {type(region).__name__} (allowed: a World, a table of areas, the name of a region or a list of "
        "names, a file, or a polars or pandas frame with a row per area)"
    )


def parameters_from(requested: Any) -> Parameters:
    """Return parameters from a mapping of names to values, or as they are; the defaults for None.

    Raises
    ------
    InputError
        An unknown name, or a value out of its range.
    """
    if requested is None or isinstance(requested, Parameters):
        return requested or Parameters()
    if not isinstance(requested, Mapping):
        raise InputError(f"parameters is a {type(requested).__name__} (allowed: a mapping such as {{'base': 0.5}})")
    try:
        return Parameters().changed(**{str(name): value for name, value in requested.items()})
    except ParameterError as error:
        raise InputError(str(error)) from error


def check_words(requested: Beginning) -> None:
    """Refuse a word that is not known."""
    for word in requested:
        if word not in Beginning.__annotations__:
            near = close_matches(word, Beginning.__annotations__)
            raise InputError(f"{word} is not an argument of CohesionModel{near}")


def begin_with(table: AreaTable | None, requested: Beginning, rng: Any) -> Schedule | None:
    """Return the schedule of the policy for a world that is built already.

    Raises
    ------
    InputError
        Something that only shapes a world when it is built, or a policy without the table of the areas.
    """
    check_words(requested)
    for word in [*requested, *([] if rng in (UNSEEN, None) else ["rng"])]:
        if word not in OF_A_WORLD:
            raise InputError(f"{word}= has no effect on a world that is built already; give a region or a table")
    if requested.get("policy") is not None and table is None:
        raise InputError("policy= for a world that is built already needs table=, the areas it was built from")
    return None if table is None else schedule_of(requested, table)


def schedule_of(requested: Beginning, table: AreaTable) -> Schedule | None:
    """Return the schedule of the requested policy; None without one."""
    policy = requested.get("policy")
    if policy is None:
        return None
    if not isinstance(policy, str | Path | Mapping | Policy):
        raise InputError(f"policy={policy!r} is no policy; allowed is a name, a file, or a mapping of measures")
    read = policy if isinstance(policy, Policy) else policy_from(read_policy(policy))
    return Schedule(read, table, whole(requested.get("scale", 1), "scale", 1))


def years_of(requested: Beginning) -> int:
    """Return the years of the run: the horizon for which there is room, after which `run_model` ends."""
    return whole(requested.get("years", 10), "years", 1)


def whole(value: Any, name: str, least: int) -> int:
    """Check that a value is a whole number, of Python or NumPy."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value < 2**63:
        raise InputError(f"{name}={value!r} is not allowed; allowed is a whole number from {least}")
    return int(value)


def seed_from(requested: Beginning, rng: Any) -> Any:
    """Return the seed: `seed`, or what Mesa passes as `rng`."""
    if rng is UNSEEN or (rng is None and "seed" in requested):
        seed = requested.get("seed")
        return 1 if seed is None else seed
    if "seed" in requested:
        raise InputError(f"seed={requested['seed']!r} and rng={rng!r} are both given; allowed is one of them")
    if isinstance(rng, int | np.integer):
        return rng
    try:
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError) as error:
        raise InputError(f"rng={rng!r:.60} is not allowed; allowed is a whole number, a Generator or None") from error
