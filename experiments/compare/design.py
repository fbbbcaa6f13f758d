"""Design of a comparison: options, policies, and the replicates with the seeds and parameters of each."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from experiments.compare.draws import draw_parameters, posterior_digest, posterior_rows, sample_name
from experiments.options.declaration import choice, file_path, options_from, several, whole, words, yes_or_no
from experiments.options.imported import behaviour_digests
from experiments.options.repeat import command_line, parameter_words, plain_words, policy_word, region_words
from experiments.options.settings import (
    LANGUAGES,
    LARGEST_SCALE,
    LARGEST_SEED,
    LONGEST_YEARS,
    MOST_THREADS,
    PROGRESS,
    USUAL_REGION,
    Options,
    Settings,
    parameters_from,
    policy_values,
    region_from,
    usual_region,
)
from scenarios.errors import InputError
from scenarios.notes import Warned
from scenarios.policy import policy_from
from scenarios.policy.timing import never_in_force
from sim.parameters import Parameters

MOST_REPLICATES, MOST_POLICIES = 10_000, 30
USUAL_POLICIES = ("baseline", "libraries", "wrr_agenda")
NO_MATTER = ("out", "replace", "emulator", "progress", "threads", "language")  # options that change no number
START, FUTURE, PARAMETERS = range(3)  # kinds of seeds


@dataclass(frozen=True)
class CompareOptions:
    """Options of a comparison that are plain values."""

    replicates: int = whole(16, 1, MOST_REPLICATES, "sets of runs; every policy meets the same chance in each")
    years: int = whole(10, 1, LONGEST_YEARS, "years to simulate")
    scale: int = whole(1, 1, LARGEST_SCALE, "residents per agent; 1 simulates every resident")
    seed: int = whole(1, 0, LARGEST_SEED, "seed of all random draws; the same seed gives the same comparison")
    behaviour: str | None = words("class of agents of your own, FILE.py:CLASS or MODULE:CLASS (docs: own behaviour)")
    threads: int = whole(0, 0, MOST_THREADS, "threads; 0 takes one per processor (never changes the result)")
    parameters_drawn: bool = yes_or_no(
        "draw the uncertain parameters anew every starts x futures replicates; false holds them", True
    )
    range_percent: int = whole(100, 1, 100, "width of the draws around the values in force, in percent of the usual")
    posterior: str | None = file_path(
        "sample to draw from: calibrated (used unless parameters are given), none, or Parquet or CSV, a column per "
        "parameter; parameters that are not in it are drawn around the values in force"
    )
    starts: int = whole(2, 1, 1000, "starting populations per draw of the parameters")
    futures: int = whole(1, 1, 1000, "futures per starting population; 2 tells chance apart from the start")
    roads: int = whole(2, 0, 1000, "draws with effects decomposed by pathway, 3 more runs per policy each; 0: none")
    elements: int = whole(2, 0, 1000, "draws in which each element of a package is run alone as well; 0: none")
    matters: int = whole(5, 0, 1000, "smallest effect that matters, people of 1,000; below it the report says none")
    budget: int = whole(1_000_000, 1, 10**12, "euro a year of which the report says what it buys")
    language: str = choice("en", LANGUAGES, "language of the report; the other one is written beside it")
    emulator: str | None = file_path("sweep with an emulator, whose answer is shown until the simulation's is there")
    out: str | None = file_path("folder for the result; default out/compare-REGION-FINGERPRINT")
    replace: bool = yes_or_no("let a finished result in out= give way to the new one")
    progress: str = choice("auto", PROGRESS, "bar on a terminal (auto), lines, or none")


@dataclass(frozen=True)
class CompareWords(CompareOptions):
    """All options of the command line, the policies included."""

    policies: tuple[str, ...] = several(
        "two or more policies, by name or file; the first is the baseline", USUAL_POLICIES
    )


@dataclass(frozen=True)
class Design:
    """A checked comparison; the others are compared with the first policy."""

    region: dict[str, Any]
    policies: tuple[dict[str, Any], ...]
    parameters: Parameters
    options: CompareOptions

    @property
    def names(self) -> list[str]:
        """Names of the policies."""
        return [str(policy["name"]) for policy in self.policies]

    def settings(self, policy: Mapping[str, Any], parameters: Parameters, seed: int) -> Settings:
        """The run of one policy in one replicate."""
        o = self.options
        options = Options(
            years=o.years, seed=seed, scale=o.scale, threads=o.threads, language=o.language, behaviour=o.behaviour
        )
        return Settings(self.region, dict(policy), parameters, options)

    def as_dict(self) -> dict[str, Any]:
        """Nested plain values; `design_from` takes them back."""
        return {
            "region": self.region,
            "policies": list(self.policies),
            **asdict(self.options),
            "parameters": asdict(self.parameters),
        }


@dataclass(frozen=True)
class Replicate:
    """One replicate: its draw of the parameters, starting population and future.

    Attributes
    ----------
    unit : int
        Number of the independent unit: the draw of parameters, or the starting population where none are drawn.
    """

    number: int
    draw: int
    start: int
    future: int
    unit: int


def defaults() -> dict[str, Any]:
    """The whole configuration where nothing was given."""
    return {"region": usual_region(), **asdict(CompareWords()), "parameters": asdict(Parameters())}


def design_from(values: Mapping[str, Any]) -> Design:
    """Check a nested mapping of plain values.

    Raises
    ------
    InputError
        One clear line.
    """
    plain = {key: value for key, value in values.items() if key not in ("region", "policies", "parameters")}
    options = options_from(CompareOptions, plain, "compare")
    if options.posterior is not None and not options.parameters_drawn:
        raise InputError(f"posterior={options.posterior}: parameters are not drawn; leave out parameters_drawn=false")
    parameters = parameters_from(values.get("parameters", {}))
    if options.parameters_drawn and (sample := sample_name(parameters, options.posterior)):
        posterior_rows(sample)  # it can be read
    return Design(
        region=region_from(values.get("region", USUAL_REGION)),
        policies=policies_from(values.get("policies", USUAL_POLICIES)),
        parameters=parameters,
        options=options,
    )


def timing_of(design: Design) -> list[Warned]:
    """A warning per measure of a policy that begins after the end of the replicates."""
    months = 12 * design.options.years
    policies = [policy_from(policy) for policy in design.policies]
    return [note for policy in policies for note in never_in_force(policy.measures, months, policy.name)]


def policies_from(given: Any) -> tuple[dict[str, Any], ...]:
    """The policies as mappings, from names, files or mappings."""
    from scenarios.policy import policy_from

    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list | tuple) or len(listed) < 2:
        raise InputError(f"policies={given!r}: give two or more, such as policies=[baseline,libraries]")
    if len(listed) > MOST_POLICIES:
        raise InputError(f"policies names {len(listed)}; at most {MOST_POLICIES} are allowed")
    found = [policy_values(each) for each in listed]
    names = [str(policy.get("name", "")) for policy in found]
    for at, name in enumerate(names):
        if not name or name in names[:at]:
            raise InputError(f"policies: every policy needs a name of its own, and '{name}' occurs twice or is empty")
        policy_from(found[at])
    return tuple(found)


def plan(design: Design) -> list[Replicate]:
    """The replicates in order: futures within starts within draws."""
    o, found = design.options, []
    for number in range(o.replicates):
        world, future = divmod(number, design.options.futures)
        draw, start = divmod(world, o.starts) if o.parameters_drawn else (0, world)
        found.append(Replicate(number, draw, start, future, draw if o.parameters_drawn else start))
    return found


def seed_of(design: Design, *path: int) -> int:
    """A separate seed for every path, 63 bits."""
    return int(np.random.SeedSequence([design.options.seed, *path]).generate_state(1, np.uint64)[0] >> np.uint64(1))


def start_seed(design: Design, replicate: Replicate) -> int:
    """Seed of the starting population."""
    return seed_of(design, START, replicate.draw, replicate.start)


def future_seed(design: Design, replicate: Replicate) -> int:
    """Seed from month 0 on; that of the start where futures are not varied."""
    if design.options.futures == 1:
        return start_seed(design, replicate)
    return seed_of(design, FUTURE, replicate.draw, replicate.start, replicate.future)


def drawn_parameters(design: Design, replicate: Replicate) -> Parameters:
    """The parameters of a replicate: those given, or a draw that all its policies share."""
    o = design.options
    if not o.parameters_drawn:
        return design.parameters
    chance = np.random.Generator(np.random.PCG64(seed_of(design, PARAMETERS, replicate.draw)))
    return draw_parameters(design.parameters, o.posterior, o.range_percent, chance)


def command_of(design: Design) -> str:
    """The arguments that repeat a comparison: all that differ from the defaults."""
    values, usual = design.as_dict(), defaults()
    names = [policy_word(policy) for policy in design.policies]
    return command_line(
        [
            "thuis",
            "compare",
            *region_words(values["region"], usual["region"]),
            f"policies=[{','.join(names)}]",
            *plain_words(values, usual, always=("replicates", "years", "seed"), never=NO_MATTER),
            *parameter_words(values["parameters"], usual["parameters"]),
        ]
    )


def design_digest(design: Design, data_digest: str, code: str) -> str:
    """SHA-256 of all that determines the content of a replicate, but not their number."""
    values = design.as_dict()
    for key in ("replicates", "budget", "matters", *NO_MATTER):
        values.pop(key)
    sample = sample_name(design.parameters, design.options.posterior) if design.options.parameters_drawn else None
    if sample is not None:
        values["posterior"] = posterior_digest(sample)
    values["policies"] = [{key: one for key, one in policy.items() if key != "file"} for policy in design.policies]
    values["behaviour"] = behaviour_digests(design.options.behaviour)
    text = json.dumps([values, data_digest, code], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
