"""`thuis validate`: reads the words, then measures patterns or sets the simulator beside outcomes."""

import time
from pathlib import Path
from typing import Any

from experiments.options.settings import Settings, settings_from
from scenarios.errors import InputError

HELP = ("--help", "-h", "help")
OWN_KEYS = ("outcomes", "quick", "seeds", "patterns")
OUTSIDE_YEARS = 1  # the outcomes are of about the year of the table: settled, and before its composition drifts
NOT_HERE = ("driver", "people", "checkpoint_every", "resume", "start", "policy", "language")
USAGE = """\
Set the simulator beside measured figures.

  thuis validate [KEY=VALUE ...] [--quick]

Patterns SF1 to SF20 (conf/patterns.yaml: target, band, source and how sure it is)
  thuis validate region=cbs region.table=wijk_2017.csv     real districts and the nine municipalities by name
  thuis validate                                           the nine municipalities by name only
  thuis validate --quick                                   on a sample, in less than a minute (also quick=true)
  thuis validate patterns=[SF1,SF6]                        some of them

Outside test: any table of measured outcomes
  thuis validate region=file region.table=AREAS outcomes=FILE out=FOLDER
  FILE has the columns code, construct (home or cohesion), value, scale_min, scale_max, and year if there are several
  (the mean of a place counts); a code is that of an area or of a municipality, suppressed values are left out. Scales:
  0 to 10, 1 to 10 (marks), 0 to 100 (home: percent who feel at home), any other linearly. FOLDER/validation.json holds
  n, pearson, spearman, rmse and slope of the simulator, of the mean of the other places, of least squares on diversity,
  and of a regression on the model's own inputs (each leave-one-out).

Options
  region=, region.*=, parameters.NAME=   as in thuis run
  outcomes=     table of measured outcomes
  out=          folder for the result; default out/validate-DATE-TIME
  years=        years to simulate after settling (default 1 with outcomes=, 10 for the patterns)
  seed=         seed of the first run (default 1);  seeds= runs that the patterns take the mean of (default 3)
  scale=        residents per agent (default: about 400,000 agents)
  threads=, progress=                    as in thuis run

Exit codes: 0 done (also where a pattern lies outside its band), 2 wrong input, 1 failure, 130 interrupt."""


def validate_command(words: list[str]) -> int:
    """Run `thuis validate` with these words and return its exit code."""
    if any(word in HELP for word in words):
        print(USAGE)
        return 0
    own, rest, given = split_words(words)
    settings = compose(rest)
    refuse_other(given)
    if own["outcomes"] is not None:
        run_outside_test(settings, given, own["outcomes"])
        return 0
    from experiments.validate.patterns_command import run_patterns

    run_patterns(settings, given, own)
    return 0


def split_words(words: list[str]) -> tuple[dict[str, Any], list[str], set[str]]:
    """Take out the options that only `validate` has.

    Returns
    -------
    dict, list of str, set of str
        Their values, the words that remain, and the keys of those.

    Raises
    ------
    InputError
    """
    own: dict[str, Any] = {"outcomes": None, "quick": False, "seeds": 0, "patterns": None}
    rest = []
    for word in words:
        if word == "--quick":
            own["quick"] = True
            continue
        key, equals, value = word.partition("=")
        value = value.strip().strip("'\"")
        if key == "quick":
            if value not in ("true", "false"):
                raise InputError(f"quick={value} is not allowed; allowed is true or false")
            own["quick"] = value == "true"
        elif key == "seeds":
            if not (value.isdigit() and 1 <= int(value) <= 100):
                raise InputError(f"seeds={value} is not allowed; allowed is 1 to 100")
            own["seeds"] = int(value)
        elif key == "patterns":
            own["patterns"] = [one.strip().upper() for one in value.strip("[]").split(",") if one.strip()]
        elif key == "outcomes":
            if not equals or not value:
                raise InputError("outcomes is empty; allowed is the name of a file")
            own["outcomes"] = value
        else:
            rest.append(word)
    return own, rest, {word.lstrip("+~").split("=")[0] for word in rest if not word.startswith("-")}


def compose(words: list[str]) -> Settings:
    """The configuration of conf/ with these words, checked.

    Raises
    ------
    InputError, sim.parameters.ParameterError
    """
    from hydra import compose as hydra_compose
    from hydra import initialize_config_module
    from hydra.core.config_store import ConfigStore
    from omegaconf import OmegaConf

    from experiments.options.hydra_errors import check_word, in_one_line
    from experiments.options.municipalities import with_municipalities
    from experiments.options.settings import defaults

    for word in words:
        if word.startswith("-"):
            raise InputError(f"unknown flag {word} (allowed: --quick, --help; options are written KEY=VALUE)")
        check_word(word)
    ConfigStore.instance().store(name="thuis_options", node=defaults())
    try:
        with initialize_config_module("conf", version_base="1.3"):
            config = hydra_compose("config", overrides=with_municipalities(words))
    except Exception as error:
        raise in_one_line(error, words) from error
    return settings_from(OmegaConf.to_container(config, resolve=True))  # type: ignore[arg-type]


def refuse_other(given: set[str]) -> None:
    """Refuse options of `thuis run` that would be ignored without a word."""
    for key in sorted(given):
        if key.split(".")[0] in NOT_HERE:
            raise InputError(f"{key} does not belong to validate (list: thuis validate --help)")


def run_outside_test(settings: Settings, given: set[str], outcomes: str) -> None:
    """Simulate the region and set it beside a table of outcomes."""
    began = time.perf_counter()
    if "region" not in given:
        raise InputError("outcomes needs a region, such as region=file region.table=AREAS")
    from experiments.results.folders import check_target, default_folder, new_result
    from experiments.simulation.progress import progress_of
    from experiments.simulation.simulate import load_table
    from experiments.validate.outcomes import read_outcomes
    from experiments.validate.outside import described, outside_test
    from experiments.validate.report import outside_lines, write_outside
    from experiments.validate.simulated import automatic_scale, simulate
    from sim.machine.threads import ThreadPool

    o = settings.options
    folder = Path(o.out) if o.out is not None else default_folder("validate")
    check_target(folder)
    table = load_table(settings)
    measured, left_out = read_outcomes(outcomes, [*table.code, *table.municipality_code])
    years = o.years if "years" in given else OUTSIDE_YEARS
    scale = o.scale if "scale" in given else automatic_scale(table, [c for one in measured for c in one.code])
    with new_result(folder) as hidden:
        simulated = simulate(
            table,
            settings.parameters,
            seed=o.seed,
            scale=scale,
            years=years,
            pool=ThreadPool(o.threads),
            progress=progress_of(o.progress),
        )
        found, rows = outside_test(measured, simulated)
        about = described(simulated, o.seed, years, left_out) | {
            "region": settings.region, "outcomes": outcomes, "seconds": round(time.perf_counter() - began, 1),
        }  # fmt: skip
        write_outside(hidden, found | about, rows)
    print("\n".join(outside_lines(found, left_out)))
    print(f"{folder}/validation.json")
