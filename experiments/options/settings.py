"""What can be asked of a run: every option with its default and range, checked in one place.

Hydra, the command line's help and completion, and the Python interface all take the options from here.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Any

from scenarios.errors import InputError, close_matches
from scenarios.region import region_kind, settled_region
from sim.parameters import Parameters

REGION_KEYS = ("name", "table", "codes", "extra", "geometry", "geometry_code", "adjacency", "scheme", "areas", "year")
LONGEST_YEARS, LARGEST_SCALE, MOST_THREADS, LARGEST_SEED = 100, 100_000, 256, 2**63 - 1


def whole(default: int, low: int, high: int, text: str) -> Any:
    """Declare an option that is a whole number."""
    return field(default=default, metadata={"kind": "whole", "low": low, "high": high, "text": text})


def choice(default: str, choices: tuple[str, ...], text: str) -> Any:
    """Declare an option that is one of a few words."""
    return field(default=default, metadata={"kind": "choice", "choices": choices, "text": text})


def yes_or_no(text: str) -> Any:
    """Declare an option that is true or false, false unless said otherwise."""
    return field(default=False, metadata={"kind": "flag", "text": text})


def file_path(text: str) -> Any:
    """Declare an option that is a file or folder, none unless given."""
    return field(default=None, metadata={"kind": "path", "text": text})


@dataclass(frozen=True)
class Options:
    """Options of a run that are plain values; `options_from` checks them."""

    years: int = whole(10, 1, LONGEST_YEARS, "years to simulate")
    seed: int = whole(1, 0, LARGEST_SEED, "seed of all random draws; the same seed gives the same run")
    scale: int = whole(1, 1, LARGEST_SCALE, "residents per agent; 1 simulates every resident")
    driver: str = choice("compiled", ("compiled", "agents"), "fast compiled loops, or Mesa agents one by one")
    threads: int = whole(0, 0, MOST_THREADS, "threads; 0 takes one per processor (never changes the result)")
    out: str | None = file_path("folder for the result; default out/REGION-DATE-TIME")
    people: bool = yes_or_no("also write the end state of every person (people.parquet)")
    language: str = choice("en", ("en", "nl"), "language of page and figures")
    checkpoint_every: int = whole(0, 0, 12 * LONGEST_YEARS, "months between checkpoints (OUT.checkpoint); 0 for none")
    resume: str | None = file_path("checkpoint to go on from")
    start: str | None = file_path("keep the settled start in this file, or use it when it is there")
    fresh_start: bool = yes_or_no("settle anew: neither use a start kept in the cache nor keep one")
    progress: str = choice("auto", ("auto", "bar", "lines", "none"), "bar on a terminal (auto), lines, or none")


@dataclass(frozen=True)
class Settings:
    """Everything asked of a run, checked.

    Attributes
    ----------
    region : dict
        `name` and the further options of `scenarios.region.load_region`.
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


def defaults() -> dict[str, Any]:
    """The whole configuration without region and policy, as Hydra's schema."""
    return {"region": dict.fromkeys(REGION_KEYS), **asdict(Options()), "policy": {}, "parameters": asdict(Parameters())}


def names_in(package: str) -> list[str]:
    """Names of the YAML files in a package."""
    return sorted(f.name.removesuffix(".yaml") for f in resources.files(package).iterdir() if f.name.endswith(".yaml"))


def known_keys() -> list[str]:
    """Every key that can be set, dotted."""
    options = [f.name for f in fields(Options)]
    region = [f"region.{key}" for key in REGION_KEYS]
    return ["region", *region, *options, "policy", *(f"parameters.{f.name}" for f in fields(Parameters))]


def settings_from(values: Mapping[str, Any]) -> Settings:
    """Check a nested mapping of plain values.

    Raises
    ------
    InputError, sim.parameters.ParameterError
        An unknown key, a wrong type, or a value out of range: one clear line.
    """
    _refuse_unknown(values, known_keys(), "")
    return Settings(
        region=region_from(values.get("region", "westland")),
        policy=policy_values(values.get("policy", "baseline")),
        parameters=Parameters().changed(**_mapping(values.get("parameters", {}), "parameters")),
        options=options_from({key: value for key, value in values.items() if key not in PARTS}),
    )


PARTS = ("region", "policy", "parameters")


def _mapping(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(f"{key} is {value!r}; set one of its parts instead, such as {key}.NAME=VALUE")
    return {str(k): v for k, v in value.items()}


def _refuse_unknown(values: Mapping[str, Any], known: list[str], prefix: str) -> None:
    for key in values:
        if key not in known and f"{prefix}{key}" not in known and key not in PARTS:
            raise unknown_option(f"{prefix}{key}")


def unknown_option(key: str) -> InputError:
    """The error for an option that does not exist, with those that look like it."""
    what = "is not a parameter of the model" if key.startswith("parameters.") else "is not an option"
    return InputError(f"{key} {what}{close_matches(key, known_keys())} (list: thuis run --help)")


def region_from(value: Any) -> dict[str, Any]:
    """A region by name or mapping, its options checked for their kind."""
    region: dict[str, Any] = {"name": value} if isinstance(value, str | list) else _mapping(value, "region")
    _refuse_unknown(region, known_keys(), "region.")
    for key in ("codes", "extra"):
        one = region.get(key)
        if isinstance(one, list | tuple):
            if not one:
                raise InputError(f"region.{key} is an empty list; allowed is one or more, such as region.{key}=[A,B]")
            region[key] = [str(each) for each in one]
        elif one is not None and not isinstance(one, str):
            raise InputError(f"region.{key}={one!r} is not a list; allowed is region.{key}=[A,B]")
    if isinstance(region.get("name"), list | tuple):
        region["name"] = region_kind([str(one) for one in region["name"]])
    for key in ("name", "table", "geometry", "geometry_code", "adjacency", "scheme", "areas"):
        if region.get(key) is not None and not isinstance(region[key], str | Path):
            raise InputError(f"region.{key}={region[key]!r} is not a text")
        region[key] = None if region.get(key) is None else str(region[key])
    if not region["name"]:
        raise InputError("region is missing; allowed is region=NAME (names: thuis run --help)")
    year = region.get("year")
    return settled_region(region | {"year": None if year is None else _whole("region.year", year, 1990, 2100)})


def policy_values(value: Any) -> dict[str, Any]:
    """A policy as a mapping; by name it is read from its package."""
    from scenarios.policy.packages import read_package

    return read_package(value) if isinstance(value, str | Path) else _mapping(value, "policy")


def options_from(values: Mapping[str, Any]) -> Options:
    """Check the options that are plain values."""
    known = {f.name: f for f in fields(Options)}
    found = {}
    for key, value in values.items():
        found[key] = check_option(key, value, known[key].metadata)
    return Options(**found)


def check_option(key: str, value: Any, about: Mapping[str, Any]) -> Any:
    """One option's value in its own type, or one clear line about what is wrong with it."""
    if about["kind"] == "whole":
        return _whole(key, value, about["low"], about["high"])
    if about["kind"] == "flag":
        if not isinstance(value, bool):
            raise InputError(f"{key}={value!r} is not allowed; allowed is true or false")
        return value
    if about["kind"] == "choice":
        if value not in about["choices"]:
            near = close_matches(str(value), about["choices"])
            raise InputError(f"{key}={value} is not allowed; allowed is {' or '.join(about['choices'])}{near}")
        return value
    if value is None or isinstance(value, str | Path):
        if value is not None and not str(value).strip():
            raise InputError(f"{key} is empty; allowed is the name of a file or folder")
        return None if value is None else str(value)
    return str(value)  # a folder named 2024 is read as a number


def _whole(key: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{key}={value!r} is not a whole number; allowed is {low} to {high}")
    if not low <= value <= high:
        raise InputError(f"{key}={value} is out of range; allowed is {low} to {high}")
    return value
