"""`thuis compare`: Hydra composes the configuration, everything is checked, and then the replicates begin."""

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.compare.design import CompareOptions, Design, defaults, design_digest, design_from, known_keys, plan
from scenarios.errors import InputError, close_matches

HELP = ("--help", "-h", "help")


def main(argv: Sequence[str]) -> int:
    """Run `thuis compare` with these words."""
    words = list(argv)
    if any(word in HELP for word in words):
        print(compare_help())
        return 0
    run_design(design_from(composed(words)))
    return 0


def composed(words: list[str]) -> dict[str, Any]:
    """The configuration from conf/compare.yaml and these words.

    Raises
    ------
    InputError
    """
    from hydra import compose, initialize_config_module
    from hydra.core.config_store import ConfigStore
    from omegaconf import OmegaConf

    from experiments.options.hydra_errors import in_one_line
    from experiments.options.municipalities import with_municipalities

    for word in words:
        if word.startswith("-"):
            raise InputError(f"unknown flag {word} (options are written KEY=VALUE; list: thuis compare --help)")
        if "=" not in word:
            raise InputError(f"'{word}' has no value; options are written KEY=VALUE{close_matches(word, known_keys())}")
    ConfigStore.instance().store(name="thuis_compare_options", node=defaults())
    try:
        with initialize_config_module("conf", version_base="1.3"):
            config = compose("compare", overrides=with_municipalities(words))
            return OmegaConf.to_container(config, resolve=True)  # type: ignore[return-value]
    except Exception as error:
        unknown = re.search(r"Could not override '([^']+)'", str(error))
        if unknown and not unknown[1].startswith(("region", "parameters")):
            hint = close_matches(unknown[1], known_keys())
            raise InputError(f"{unknown[1]} is not an option of compare{hint} (list: thuis compare --help)") from error
        raise in_one_line(error, words) from error


def run_design(design: Design) -> Path:
    """Run, or go on with, a comparison and write its folder; returns the folder."""
    from experiments.compare.outcome import summarise
    from experiments.compare.report import write_reports
    from experiments.compare.run import Comparison, Stopwatch
    from experiments.results.folders import check_target, new_result
    from experiments.results.version import code_digest
    from experiments.run.job import peak_memory
    from experiments.simulation.progress import progress_of
    from experiments.simulation.simulate import load_table

    watch = Stopwatch()
    if design.options.out is not None:
        check_target(Path(design.options.out))
    table = load_table(design.settings(design.policies[0], design.parameters, design.options.seed))
    digest = design_digest(design, table.digest, code_digest())
    folder = Path(design.options.out or Path("out") / f"compare-{design.region['name']}-{digest[:8]}")
    check_target(folder)
    store = folder.with_name(f"{folder.name}.replicates") / digest[:16]
    comparison = Comparison(design, table, store)
    check_memory(comparison)
    try:
        gathered = comparison.gather(plan(design), progress_of(design.options.progress))
    except KeyboardInterrupt:
        print(f"thuis: finished replicates are kept; the same command goes on (out={folder})", file=sys.stderr)
        raise
    if not gathered.finished:
        raise RuntimeError(f"no replicate finished; the first failed with {gathered.failed[0]['reason']}")
    comparison.start = None
    with new_result(folder) as hidden:
        summary = summarise(gathered, design, table, hidden, watch.seconds, peak_memory())
        write_reports(hidden, summary, table, design.options.language)
    if not gathered.failed:
        shutil.rmtree(store.parent, ignore_errors=True)
    print(closing_lines(summary, folder))
    return folder


def check_memory(comparison: Any) -> None:
    """Refuse more residents than memory before anything begins; a start and one copy of it are held at a time."""
    from scenarios.building import make_places

    make_places(comparison.table, comparison.build_options, comparison.design.parameters)


def closing_lines(summary: dict[str, Any], folder: Path) -> str:
    """What is said at the end."""
    lines = [f"{summary['title']}: {summary['replicates']} replicates of {summary['years']} years in "
             f"{summary['seconds']:.0f} s"]  # fmt: skip
    for name, effects in summary["effects"].items():
        found = effects["belonging"]
        ends = "" if found["low"] is None else f" ({found['low']:+.4f} to {found['high']:+.4f})"
        ratio = found["variance_reduction"]
        saved = "" if ratio is None else f"; varies {ratio:,.0f} times less than with seeds of their own"
        lines.append(f"  {name}: belonging {found['difference']:+.4f}{ends}{saved}")
    if summary["failed"]:
        lines.append(f"  {len(summary['failed'])} replicates failed; the same command tries them again")
    return "\n".join([*lines, f"read {folder / 'report.html'}"])


def compare_help() -> str:
    """The text of --help."""
    from dataclasses import fields

    from experiments.options.settings import names_in
    from experiments.run.help import entry, range_of

    options = []
    for f in fields(CompareOptions):
        shown = "" if f.default is None else f"; default {str(f.default).lower()}"
        options.append(entry(f"{f.name}=", f"{f.metadata['text']} ({range_of(f.metadata)}{shown})"))
    return f"""\
Compare policies on the same random draws; the first is what the others are measured against.
Writes report.html to read, tables (Parquet) and summary.json. Interrupted, the same command goes on.

  thuis compare [KEY=VALUE ...]

Examples
  thuis compare region=vaals policies=[baseline,libraries] replicates=5 years=3
  thuis compare region=rotterdam policies=[baseline,libraries,wrr_agenda] replicates=20 language=nl
  thuis compare policies=[baseline,my_policy.yaml] parameters_drawn=true replicates=40
  thuis verify out/compare-vaals-1a2b3c4d        run it again and confirm every number

Options
{entry("region=", "as in thuis run, with region.codes, region.table and the rest")}
{entry("policies=", f"two or more of {', '.join(names_in('conf.policy'))}, or files of your own")}
{chr(10).join(options)}
{entry("parameters.NAME=", "any parameter of the model, see thuis run --help")}"""
