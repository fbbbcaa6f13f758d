"""Settings of a run: every option with its default and range, and the check of values.

The command line, its help and completion, Hydra and Python all take the options from here.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from experiments.options.declaration import (
    check_whole,
    choice,
    declared,
    file_path,
    options_from,
    unknown_option,
    whole,
    words,
    yes_or_no,
)
from experiments.options.words import REGION_KEYS, REGION_LISTS, USUAL_REGION, Command
from scenarios.errors import InputError
from scenarios.regions.region import region_kind, settled_region
from scenarios.text import plain_text
from sim.parameters import Parameters
from sim.parameters.declaration import ParameterError

LONGEST_YEARS, LARGEST_SCALE, MOST_THREADS, LARGEST_SEED = 100, 100_000, 256, 2**63 - 1
LANGUAGES, PROGRESS = ("en", "nl"), ("auto", "bar", "lines", "none")
USUAL_POLICY = "baseline"
PARTS = ("region", "policy", "parameters")


@dataclass(frozen=True)
class Options:
    """Options of a run that are plain values."""

    years: int = whole(10, 1, LONGEST_YEARS, "years to simulate")
    seed: int = whole(1, 0, LARGEST_SEED, "seed of all random draws; the same seed gives the same run")
    scale: int = whole(1, 1, LARGEST_SCALE, "residents per agent; 1 simulates every resident")
    driver: str = choice("compiled", ("compiled", "agents"), "fast compiled loops, or Mesa agents one by one")
    behaviour: str | None = words("class of agents of your own, FILE.py:CLASS or MODULE:CLASS (docs: own behaviour)")
    threads: int = whole(0, 0, MOST_THREADS, "threads; 0 takes one per processor (never changes the result)")
    out: str | None = file_path("folder for the result; default out/REGION-DATE-TIME")
    replace: bool = yes_or_no("let a finished result in out= give way to the new one")
    people: bool = yes_or_no("also write the end state of every person (people.parquet)")
    language: str = choice("en", LANGUAGES, "language of page and figures")
    checkpoint_every: int = whole(0, 0, 12 * LONGEST_YEARS, "months between checkpoints (OUT.checkpoint); 0 for none")
    stop_after: int = whole(0, 0, 12 * LONGEST_YEARS, "month after which to stop, leaving OUT.checkpoint; 0 for none")
    resume: str | None = file_path("checkpoint to go on from")
    start: str | None = file_path("keep the settled start in this file, or use it when it is there")
    fresh_start: bool = yes_or_no("settle anew: neither use a start kept in the cache nor keep one")
    progress: str = choice("auto", PROGRESS, "bar on a terminal (auto), lines, or none")


@dataclass(frozen=True)
class Settings:
    """All settings of a run, checked.

    Attributes
    ----------
    region : dict
        `name` and the further options of `scenarios.regions.region.load_region`.
    policy : dict
        The package as a mapping, see `scenarios.policy`.
    """

    region: dict[str, Any]
    policy: dict[str, Any]
    parameters: Parameters
    options: Options

    def as_dict(self) -> dict[str, Any]:
        """Nested plain values, as in summary.json; `settings_from` takes them back."""
        return {
            "region": self.region,
            **asdict(self.options),
            "policy": self.policy,
            "parameters": asdict(self.parameters),
        }


@dataclass
class RunRequest:
    """A requested run.

    Attributes
    ----------
    given : set of str
        Keys that stood on the command line.
    """

    settings: Settings
    given: set[str]


def usual_region() -> dict[str, Any]:
    """The options of a region that were not given."""
    return dict.fromkeys(REGION_KEYS)


def defaults() -> dict[str, Any]:
    """The whole configuration without region and policy, as Hydra's schema."""
    return {"region": usual_region(), **asdict(Options()), "policy": {}, "parameters": asdict(Parameters())}


def names_in(package: str) -> list[str]:
    """Names of the YAML files in a package."""
    return sorted(f.name.removesuffix(".yaml") for f in resources.files(package).iterdir() if f.name.endswith(".yaml"))


def known_keys() -> list[str]:
    """Every key of a run that can be set, dotted."""
    return Command("run", "", Options, PARTS).known_keys()


def settings_from(values: Mapping[str, Any]) -> Settings:
    """Check a nested mapping of plain values.

    Raises
    ------
    InputError
        An unknown key, a wrong type, or a value out of range: one clear line.
    """
    plain = {key: value for key, value in values.items() if key not in PARTS}
    known = declared(Options)
    for key in plain:
        if key not in known:
            raise unknown_option(key, known_keys(), "run")
    return Settings(
        region=region_from(values.get("region", USUAL_REGION)),
        policy=policy_values(values.get("policy", USUAL_POLICY)),
        parameters=parameters_from(values.get("parameters", {})),
        options=options_from(Options, plain, "run"),
    )


def mapping_of(value: Any, key: str) -> dict[str, Any]:
    """A part of the configuration as a mapping."""
    if not isinstance(value, Mapping):
        raise InputError(f"{key} is {value!r}; set one of its parts instead, such as {key}.NAME=VALUE")
    return {plain_text(str(k)): v for k, v in value.items()}


def parameters_from(values: Any) -> Parameters:
    """Parameters of the model, those that are given in place of their defaults.

    Raises
    ------
    InputError
        No mapping, an unknown name, or a value out of range.
    """
    try:
        return Parameters().changed(**mapping_of(values, "parameters"))
    except ParameterError as error:
        raise InputError(str(error)) from error


def region_from(value: Any) -> dict[str, Any]:
    """A region by name or mapping, its options checked for their kind."""
    given: dict[str, Any] = {"name": value} if isinstance(value, str | list) else mapping_of(value, "region")
    region = usual_region() | given
    for key in given:
        if key not in REGION_KEYS:
            raise unknown_option(f"region.{key}", known_keys(), "run")
    for key in REGION_LISTS:
        one = region.get(key)
        if isinstance(one, list | tuple):
            if not one:
                raise InputError(f"region.{key} is an empty list; allowed is one or more, such as region.{key}=[A,B]")
            region[key] = [str(each) for each in one]
        elif one is not None and not isinstance(one, str):
            raise InputError(f"region.{key}={one!r} is not a list; allowed is region.{key}=[A,B]")
    if isinstance(region.get("name"), list | tuple):
        region["name"] = region_kind([str(one) for one in region["name"]])
    for key in ("name", "table", "geometry", "geometry_code", "adjacency", "scheme", "areas", "arrivals"):
        if region.get(key) is not None and not isinstance(region[key], str | Path):
            raise InputError(f"region.{key}={region[key]!r} is not a text")
        region[key] = None if region.get(key) is None else str(region[key])
    if not region["name"]:
        raise InputError("region is missing; allowed is region=NAME (names: thuis regions)")
    year = region["year"]
    return settled_region(region | {"year": None if year is None else check_whole("region.year", year, 1990, 2100)})


def policy_values(value: Any) -> dict[str, Any]:
    """A policy as a mapping; by name it is read from its package, and what a mapping builds on (`defaults`) too."""
    from scenarios.policy.packages import read_policy

    return read_policy(value if isinstance(value, str | Path) else mapping_of(value, "policy"))
