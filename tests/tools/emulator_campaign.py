"""How well the emulator stands in for the model, and a plan against equal division: three municipalities.

    python -m tests.tools.emulator_campaign sweeps|emulators|levers|plans [FOLDER]

Prints the tables of docs/measured/emulator.md; sweeps that FOLDER holds are not run again.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import thuis
from experiments.emulate.command import table_in_words
from experiments.emulate.emulator import read_emulator
from experiments.sweep.checking import load_table
from experiments.sweep.table import Sweep

REGIONS = {"vaals": 5, "urk": 5, "diemen": 10}
"""Municipality to residents per agent."""
POINTS, REPLICATES, YEARS = 500, 20, 5
DRAWS, SETTINGS, HELD_OUT_SEED = 100, 4, 19
"""Draws of the parameters that the emulator has not seen, and settings of the levers at each."""
FACTORS = {
    "policy.reception.coverage": [0.2, 1],
    "policy.counter.one_stop": [0, 1],
    "policy.work.support": [0, 1],
    "policy.centres_mixed.funding": [1, 2],
    "policy.centres_other.funding": [1, 2],
    "parameters.base": [0.5, 0.72],
    "parameters.effect_amenities": [0.055, 0.15],
    "parameters.effect_reception": [0, 0.06],
    "parameters.effect_employment": [0, 0.08],
    "parameters.adjustment": [0.03, 0.15],
}
"""Four levers, one of them in two groups of neighbourhoods, and the parameters that their effects hang on."""


def package_for(region: str) -> dict[str, Any]:
    """The levers as a package: community centres apart for the half of the areas with most origins."""
    table = load_table({"name": region})
    shares = table.origin / table.origin.sum(axis=1, keepdims=True)
    mixed = np.argsort((shares**2).sum(axis=1), kind="stable")[: (len(table.code) + 1) // 2]
    codes: dict[bool, list[str]] = {True: [], False: []}
    for at, code in enumerate(table.code):
        codes[at in mixed].append(str(code))
    return {
        "name": "levers_to_plan",
        "title": {"en": "Levers to plan", "nl": "Instrumenten om te plannen"},
        "reception": {"coverage": 0.2, "migrants": ["labour_eu", "knowledge", "study", "other_eu"]},
        "counter": {"one_stop": 0},
        "work": {"support": 0},
        "centres_mixed": {"facilities": ["community_centre"], "funding": 1, "where": codes[True]},
        "centres_other": {"facilities": ["community_centre"], "funding": 1, "where": codes[False]},
    }


def run_sweep(region: str, scale: int, folder: Path) -> None:
    """Points of a Latin hypercube, each with the same seeds, from one settled start."""
    found = swept(region, scale, folder / region, factors=FACTORS, design="latin_hypercube", runs=POINTS)
    print(found, file=sys.stderr)


def swept(region: str, scale: int, out: Path, **design: Any) -> Sweep:
    """A design with what all have in common."""
    return thuis.sweep(
        region,
        policy=package_for(region),
        start="shared",
        replicates=REPLICATES,
        years=YEARS,
        scale=scale,
        engine="processes",
        out=out,
        **design,
    )


OUTCOMES = ["belonging", "at_home", "gap", "belonging_newcomers", "spent"]
BUDGETS = (100_000, 300_000)
WIDEST = 0.002


def show_emulator(region: str, folder: Path) -> None:
    """Error and coverage on points left out."""
    emulator = thuis.emulate(folder / region, OUTCOMES)
    emulator.write(folder / f"{region}.json")
    print(f"\n{region}\n\n{table_in_words(emulator.table())}", flush=True)


def held_out(region: str, scale: int, folder: Path) -> Sweep:
    """Runs that the emulator has not seen: draws of the parameters, each with several settings of the levers."""
    random, (low, high) = np.random.default_rng(HELD_OUT_SEED), np.array(list(FACTORS.values()), float).T
    values = random.uniform(low, high, (DRAWS, SETTINGS, len(FACTORS)))
    kept = [not name.startswith("policy.") for name in FACTORS]
    values[:, :, kept] = values[:, :1, kept]
    table = pl.DataFrame(values.reshape(-1, len(FACTORS)), list(FACTORS), orient="row")
    return swept(region, scale, folder / f"{region}_held_out", design="file", table=table)


def show_levers(region: str, folder: Path) -> None:
    """What levers do at the same parameters: said by the emulator, beside the model, in runs that it has not seen."""
    emulator = read_emulator(folder / f"{region}.json")
    seen = held_out(region, REGIONS[region], folder).pl().sort("point", "replicate")
    points = seen.group_by(list(FACTORS), maintain_order=True).agg(OUTCOMES)
    said = emulator.predict(points.select(list(FACTORS)), OUTCOMES)
    for name in OUTCOMES:
        runs = np.array(points[name].to_list(), float).reshape(DRAWS, SETTINGS, REPLICATES)
        apart = runs - runs.mean(axis=1, keepdims=True)  # of the mean over levers, draw by draw and seed by seed
        guess = said[name].to_numpy().reshape(DRAWS, SETTINGS)
        true, guess = apart.mean(axis=2), guess - guess.mean(axis=1, keepdims=True)
        free = DRAWS * (SETTINGS - 1)
        effect, error = (np.sqrt((each**2).sum() / free) for each in (true, guess - true))
        chance = np.sqrt(apart.var(axis=2, ddof=1).sum() / free / REPLICATES)
        own = np.sqrt(max(error**2 - chance**2, 0))
        shares = " | ".join(f"{each / effect:.0%}" for each in (error, chance, own))
        print(f"| {region} | {name} | {effect:.4g} | {error:.3g} | {shares} |", flush=True)


def show_plans(region: str, folder: Path) -> None:
    """Plans for two budgets against equal division."""
    for budget in BUDGETS:
        out = folder / f"{region}_{budget}"
        found = thuis.plan(folder / region, budget=budget, gap=WIDEST, confirm=1, progress="none", out=out)
        study = found.study
        levers = ", ".join(f"{value:.2f}" for value in study.front.plans[study.front.best])
        against, at = study.against, int(np.flatnonzero(study.shown == study.front.best)[0])
        print(
            f"| {region} | {budget:,} | {levers} | {study.confirmed.cost[at]:,.0f}, {study.confirmed.cost[-1]:,.0f} "
            f"| {study.confirmed.worst_gap[at]:+.4f}, {study.confirmed.worst_gap[-1]:+.4f} "
            f"| {study.predicted.better} | {against.better} | {against.mean:+.5f} ± {against.reach:.5f} "
            f"| {study.verdict} |",
            flush=True,
        )


if __name__ == "__main__":
    place = Path(sys.argv[2] if len(sys.argv) > 2 else "out/emulator_campaign")
    for name, residents in REGIONS.items():
        if sys.argv[1] == "sweeps":
            run_sweep(name, residents, place)
        elif sys.argv[1] == "emulators":
            show_emulator(name, place)
        elif sys.argv[1] == "levers":
            show_levers(name, place)
        else:
            show_plans(name, place)
