"""Options of a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.options.declaration import choice, file_path, options_from, whole, words, yes_or_no
from experiments.options.policy_words import chosen_policy
from experiments.options.settings import LARGEST_SCALE, LARGEST_SEED, LONGEST_YEARS, PROGRESS
from experiments.options.words import Command, Request, read_words
from experiments.sweep.design import DESIGNS
from scenarios.errors import InputError

ENGINES = ("processes", "threads", "slurm", "dask")
STARTS = ("own", "shared")
THUIS = "thuis"


@dataclass(frozen=True)
class WorkOptions:
    """Options of execution, which change no result."""

    engine: str = choice("processes", ENGINES, "where runs are done")
    workers: int | None = whole(None, 1, 4096, "workers; default one per processor")
    progress: str = choice("auto", PROGRESS, "bar on a terminal, else lines (auto)")
    scheduler: str | None = words("of a Dask cluster, tcp://HOST:8786")


@dataclass(frozen=True)
class SweepOptions(WorkOptions):
    """Options of a sweep that are plain values."""

    out: str | None = file_path("folder for the sweep; default out/sweep-REGION-DATE-TIME")
    design: str = choice("factorial", tuple(DESIGNS), "how points are chosen, see below")
    runs: int | None = whole(
        None, 1, 20_000_000, "points (latin_hypercube), base sample (sobol), trajectories (morris)"
    )
    table: str | None = file_path("points of your own for design=file, a column per factor")
    replicates: int = whole(1, 1, 1_000_000, "runs of each point with seeds of their own")
    common: bool = yes_or_no("every point has the same seeds, so that differences between points are sharp", True)
    seed: int = whole(1, 0, LARGEST_SEED, "seed of the design and the first replicate")
    years: int = whole(5, 1, LONGEST_YEARS, "years to simulate")
    scale: int = whole(1, 1, LARGEST_SCALE, "residents per agent")
    yearly: bool = yes_or_no("results of every year, not the last alone")
    monthly: bool = yes_or_no("results of every month")
    reporter: str | None = words("function of your own, FILE.py:NAME: takes the model, answers with numbers by name")
    stop: str | None = words("function of your own that takes the model after each month; true ends the run")
    behaviour: str | None = words("class of agents of your own, FILE.py:CLASS or MODULE:CLASS (docs: own behaviour)")
    start: str = choice("own", STARTS, "own: every run settles by itself; shared: one settled start per region")
    model: str = words("thuis, or package.module:function to sweep a function of your own", THUIS)
    chunk: int | None = whole(None, 1, 100_000, "runs per file")


SWEEP = Command(
    "sweep",
    "Run a whole design of regions, policies and parameters; killed, the same command goes on where it was.",
    SweepOptions,
    parts=("region", "policy", "parameters", "factors", "slurm"),
    usage=(
        "thuis sweep [KEY=VALUE ...]              run a design",
        "thuis sweep status FOLDER                how far it is: rate, time left, failures",
        "thuis sweep resume FOLDER [KEY=VALUE]    go on (with another engine or number of workers)",
        "thuis sweep page FOLDER                  its figures and runs as a page to read",
        "thuis sweep analyse FOLDER outcome=NAME  indices, main effects and figures of one outcome",
        "thuis sweep search [KEY=VALUE ...]       levers that do well whatever the conditions, by an optimiser",
        'thuis results query FOLDER "SQL"         the results as a table: views runs, design, outcomes',
    ),
    examples=(
        "thuis sweep region=vaals factors.policy=[baseline,libraries] replicates=20 out=two",
        "thuis sweep design=latin_hypercube runs=200 region=vaals scale=5 policy=libraries replicates=2 out=lhs \\",
        "    factors.parameters.effect_diversity=[0.03,0.16] factors.policy.libraries.funding=[0.5,2]",
        "thuis sweep design=sobol runs=512 region=vaals scale=5 factors.parameters.base=[0.45,0.6] \\",
        "    factors.parameters.effect_ties=[0.02,0.15] engine=processes workers=2 out=indices",
        "thuis sweep region=vaals factors.seed=range(1,101) engine=slurm workers=20 slurm.partition=short out=cluster",
    ),
    notes="""\
What is varied
  factors.NAME=[A,B,...]   NAME: region, policy, seed, years, scale, parameters.NAME or policy.MEASURE.LEVER
                           in a factorial design every value is a level; in the others two numbers are a range
  region= policy= policy.MEASURE.LEVER= parameters.NAME=    fixed values, as in thuis run
Designs
  """
    + "\n  ".join(f"{name}: {text}" for name, text in DESIGNS.items())
    + """
Shared starts
  start=shared takes one settled start per region; what a run varies holds from month 0 on; about twice as fast
Slurm
  slurm.KEY=VALUE, an option of sbatch""",
)


@dataclass
class SweepRequest:
    """The request of a sweep.

    Attributes
    ----------
    region, parameters, policy_changes : dict
        What all runs share; of the policy what is changed, dotted.
    policy : str or dict
        By name or file, or its content.
    factors : dict
        What is varied, to its values.
    slurm : dict
        Options of sbatch.
    """

    options: SweepOptions
    region: dict[str, Any] = field(default_factory=dict)
    policy: Any = "baseline"
    policy_changes: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    factors: dict[str, Any] = field(default_factory=dict)
    slurm: dict[str, Any] = field(default_factory=dict)


def sweep_request(given: Request, options: Mapping[str, Any] | None = None) -> SweepRequest:
    """Check values from the command line or Python.

    Parameters
    ----------
    options : mapping, optional
        Plain options in place of those given.

    Raises
    ------
    InputError
        A value that is not allowed.
    """
    for name, value in given.parameters.items():
        if isinstance(value, list):
            raise InputError(f"parameters.{name}={value} is a list; to vary it write factors.parameters.{name}={value}")
    varied = [name.removeprefix("policy.") for name in given.factors if name.startswith("policy.")]
    policy = given.policy
    if policy is None and "policy" not in given.factors:
        policy = chosen_policy(None, [*given.policy_changes, *varied])
    return SweepRequest(
        options=options_from(SweepOptions, given.values if options is None else options, SWEEP.name),
        region={"name": given.usual_region} | given.region,
        policy=policy or "baseline",
        policy_changes=given.policy_changes,
        parameters=given.parameters,
        factors=given.factors,
        slurm=given.slurm,
    )


def read_sweep(words: Sequence[str]) -> SweepRequest:
    """Make the request from the arguments.

    Raises
    ------
    InputError
    """
    return sweep_request(read_words(SWEEP, words))
