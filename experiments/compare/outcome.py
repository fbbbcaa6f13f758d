"""The result of a comparison: tables, summary with provenance and receipt, and the report in both languages."""

import hashlib
import json
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from experiments.compare.apart import elements_summary, roads_summary
from experiments.compare.cost import cost_summary, costs_table, prices_of
from experiments.compare.counted import Gathered
from experiments.compare.design import Design, command_of, design_digest, timing_of
from experiments.compare.draws import sample_name
from experiments.compare.effects import (
    Counts,
    effects_table,
    groups_table,
    neighbourhoods_table,
    replicates_table,
    stack,
    time_table,
)
from experiments.compare.elements import element_runs
from experiments.compare.headline import both_share, people_summary, people_table, ranking
from experiments.compare.kept import replicate_digest
from experiments.compare.roads import more_runs
from experiments.compare.run import poorer_neighbourhoods
from experiments.compare.variance import components, needed
from experiments.results.folders import COMPARISON, write_json
from experiments.results.version import code_digest, version
from experiments.results.writing import write_table
from scenarios.areas import AreaTable
from scenarios.notes import in_dutch
from scenarios.policy import policy_from, policy_in_words
from scenarios.start_cache import table_digest
from sim.measures import ADULTS, spread_of_belonging
from sim.parameters import Parameters
from sim.parameters.declaration import CERTAINTY, describe

TABLES = ("people", "effects", "by_group", "by_neighbourhood", "over_time", "costs", "replicates")
HOME_SIZES = (0.001, 0.002, 0.005, 0.01, 0.02)
PACKAGES = ("numpy", "numba", "polars")


def write_tables(gathered: Gathered, design: Design, table: AreaTable, folder: Path) -> tuple[Counts, dict[str, Any]]:
    """Write the Parquet tables, which do not depend on when or where they are made."""
    counts = stack(design, gathered.finished)
    frames = {
        "people": people_table(counts),
        "effects": effects_table(counts),
        "by_group": groups_table(counts),
        "by_neighbourhood": neighbourhoods_table(counts, table, poorer_neighbourhoods(table)),
        "over_time": time_table(counts),
        "costs": costs_table([policy_from(p) for p in design.policies], gathered.finished, design.options.years),
        "replicates": replicates_table(counts),
    }
    for name, frame in frames.items():
        write_table(frame, folder / f"{name}.parquet")
    return counts, frames


def summarise(
    gathered: Gathered, design: Design, table: AreaTable, folder: Path, seconds: float, memory: int
) -> dict[str, Any]:
    """Write the tables and summary.json into a folder; returns the summary."""
    counts, frames = write_tables(gathered, design, table, folder)
    names = table.municipality_name
    summary = {
        "kind": COMPARISON,
        "version": version(),
        "title": ", ".join(names) if len(names) <= 4 else f"{len(names)} municipalities",
        "municipality_names": list(names),
        "region": design.region["name"],
        "data_source": table.source,
        "data_source_nl": in_dutch([table.source])[0],
        "neighbourhoods": len(table),
        "municipalities": len(names),
        "years": design.options.years,
        "scale": design.options.scale,
        "seed": design.options.seed,
        "replicates": len(gathered.finished),
        "failed": gathered.failed,
        "units": len({r.unit for r in counts.replicates}),
        "parameters_drawn": design.options.parameters_drawn,
        "sample": sample_of(design),
        "start": start_numbers(counts),
        "policies": [policy_entry(policy) for policy in design.policies],
        "people": {name: people_summary(frames["people"], name) for name in design.names[1:]},
        "in_both": {name: both_share(counts, p) for p, name in enumerate(design.names[1:], 1)},
        "roads": {name: roads_summary(gathered.finished, p) for p, name in enumerate(design.names[1:], 1)},
        "road_runs": more_runs(design),
        "elements": {
            name: elements_summary(gathered.finished, design, p, frames["costs"])
            for p, name in enumerate(design.names[1:], 1)
        },
        "element_runs": element_runs(design),
        "effects": {name: effect_entry(frames["effects"], name) for name in design.names[1:]},
        "costs": cost_summary(counts, frames["costs"]),
        "prices": {policy["name"]: prices_of(frames["costs"], policy_from(policy)) for policy in design.policies[1:]},
        "ranking": ranking(counts),
        "spread": {name: spread(counts, p) for p, name in enumerate(design.names[1:], 1)},
        "units_needed": {name: units_needed(frames["people"], name) for name in design.names[1:]},
        "certainty": certainty(design.parameters),
        "notes": [*table.notes, *timing_of(design)],
        "notes_nl": in_dutch([*table.notes, *timing_of(design)]),
        "budget_notes": budget_notes(gathered, design),
        "seconds": round(seconds, 3),
        "peak_memory_bytes": memory,
        "threads": design.options.threads,
        "receipt": receipt(gathered, design, table, folder),
        "configuration": design.as_dict(),
        "command": command_of(design),
    }
    write_json(folder / "summary.json", summary)
    return summary


def sample_of(design: Design) -> str | None:
    """The sample from which parameters were drawn, if any."""
    o = design.options
    return sample_name(design.parameters, o.posterior) if o.parameters_drawn else None


def policy_entry(values: dict[str, Any]) -> dict[str, Any]:
    """A policy by name, title and what it does in both languages."""
    policy = policy_from(values)
    words = {language: policy_in_words(policy, language) for language in ("en", "nl")}
    return {"name": policy.name, "title": policy.title, "text": policy.text, "words": words}


def start_numbers(counts: Counts) -> dict[str, Any]:
    """The region at the start and at the end of the first policy, mean over replicates."""
    found: dict[str, Any] = {}
    for when, month in (("start", 0), ("end", -1)):
        found[when] = {
            measure: float(counts.levels(measure, "everyone", month)[:, 0].mean())
            for measure in ("residents", "belonging", "at_home", "cohesion", "ties", "employed")
        }
        for group in ("established", "newcomer", "background", "poorer"):
            found[when][f"residents_{group}"] = float(counts.levels("residents", group, month)[:, 0].mean())
            found[when][f"at_home_{group}"] = float(counts.levels("at_home", group, month)[:, 0].mean())
        sums = counts.region[:, 0, month].sum(axis=(-3, -2))
        found[when]["adults"] = float(sums[..., ADULTS].mean()) * counts.design.options.scale
        found[when]["belonging_sd"] = float(spread_of_belonging(sums).mean())
    return found


def effect_entry(frame: Any, name: str) -> dict[str, Any]:
    """The rows of the table of effects of one policy, by measure."""
    import polars as pl

    rows = frame.filter(pl.col("policy") == name).to_dicts()
    return {row["measure"]: {k: v for k, v in row.items() if k not in ("policy", "measure")} for row in rows}


def spread(counts: Counts, policy: int) -> dict[str, Any]:
    """Variance by source of the effect on the share at home: chance, starting population, parameters."""
    o = counts.design.options
    values = {
        "difference": counts.both_effect("at_home", "everyone")[:, policy],
        "level": counts.levels("at_home", "everyone")[:, policy],
    }
    return {
        name: components(each, counts.replicates, o.starts, o.futures, o.parameters_drawn)
        for name, each in values.items()
    }


def units_needed(frame: Any, name: str) -> list[dict[str, Any]]:
    """Draws or replicates needed to detect mean effects of several sizes on the share at home."""
    found = people_summary(frame, name)["everyone"]["at_home"]["both"]
    sd = float("nan") if found["sd"] is None else found["sd"]
    return [{"size": size, "units": needed(sd, size, found["units"])} for size in HOME_SIZES]


def certainty(parameters: Parameters) -> dict[str, int]:
    """Number of parameters by certainty of their source; those that are 0 stand for what is switched off."""
    letters = [d.certainty for name, d in describe(Parameters).items() if getattr(parameters, name)]
    return {letter: letters.count(letter) for letter in CERTAINTY}


def budget_notes(gathered: Gathered, design: Design) -> dict[str, dict[str, list[str]]]:
    """Where a budget bound, in the first replicate that finished."""
    first = gathered.finished[0].followed
    return {name: first[p].notes for p, name in enumerate(design.names)}


def receipt(gathered: Gathered, design: Design, table: AreaTable, folder: Path) -> dict[str, Any]:
    """Digests of configuration, data, code and result: what `thuis verify` confirms."""
    configuration = json.dumps(design.as_dict(), sort_keys=True, ensure_ascii=False)
    return {
        "configuration": hashlib.sha256(configuration.encode()).hexdigest(),
        "design": design_digest(design, table_digest(table), code_digest()),
        "data": table.digest,
        "code": code_digest(),
        "tables": {name: hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest() for name in TABLES},
        "replicates": {str(f.replicate.number): replicate_digest(f) for f in gathered.finished},
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }
