"""How well the emulator stands in for the model, and a plan against equal division: three municipalities.

    python -m tests.tools.emulator_campaign sweeps|emulators|plans [FOLDER]

Prints the tables of docs/measured/emulator.md; sweeps that FOLDER holds are not run again.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

import thuis
from experiments.emulate.command import table_in_words
from experiments.sweep.checking import load_table

REGIONS = {"vaals": 5, "urk": 5, "diemen": 10}
"""Municipality to residents per agent."""
POINTS, REPLICATES, YEARS = 500, 20, 5
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
    found = thuis.sweep(
        region,
        policy=package_for(region),
        factors=FACTORS,
        design="latin_hypercube",
        runs=POINTS,
        start="shared",
        replicates=REPLICATES,
        years=YEARS,
        scale=scale,
        engine="processes",
        out=folder / region,
    )
    print(found, file=sys.stderr)


OUTCOMES = ["belonging", "at_home", "gap", "belonging_newcomers", "spent"]
BUDGETS = (100_000, 300_000)
WIDEST = 0.002


def show_emulator(region: str, folder: Path) -> None:
    """Error and coverage on points left out."""
    print(f"\n{region}\n\n{table_in_words(thuis.emulate(folder / region, OUTCOMES).table())}", flush=True)


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
        else:
            show_plans(name, place)
