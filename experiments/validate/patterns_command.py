"""`thuis validate` without outcomes: simulate, measure the patterns, and write table, figure and JSON."""

import sys
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from experiments.results.folders import check_target, default_folder, new_result
from experiments.validate.patterns import Row, chosen_patterns, read_patterns, rows_of, verdict
from experiments.validate.report import pattern_lines, write_patterns
from experiments.validate.request import ValidateRequest
from experiments.validate.scenes import Measured, Plan, limit_case, measure_scene, sample, typology
from scenarios.areas import AreaTable
from sim.machine.threads import ThreadPool

REAL, TYPOLOGY, LIMIT = "real districts", "typology", "limit case"
PATTERN_YEARS = 10
ABSENT = "no real districts: give region=cbs region.table=FILE (CBS districts), and region.extra for income"


def run_patterns(request: ValidateRequest) -> None:
    """Measure the requested patterns, in every available scene."""
    began = time.perf_counter()
    known, mixes = read_patterns()
    o = request.options
    folder = Path(o.out) if o.out is not None else default_folder("validate")
    check_target(folder)
    plan = Plan(
        request.parameters,
        chosen_patterns([str(name).upper() for name in o.patterns] or None, known),
        years=o.years or PATTERN_YEARS,
        seeds=tuple(range(o.seed, o.seed + (o.seeds or (1 if o.quick else 3)))),
        scale=o.scale or 0,
        quick=o.quick,
        mixes=mixes,
    )
    scenes, skipped = scenes_of(request, plan)
    with new_result(folder) as hidden:
        rows = measure_all(scenes, plan, known, ThreadPool(o.threads), talk=o.progress != "none")
        result = summary_of(rows, known, plan, skipped, request) | {"seconds": round(time.perf_counter() - began, 1)}
        write_patterns(hidden, result, rows, known)
    print("\n".join(pattern_lines(rows, known, result)))
    print(f"{folder}/validation.json ({result['seconds']:.0f} s)")


def scenes_of(request: ValidateRequest, plan: Plan) -> tuple[dict[str, AreaTable], dict[str, str]]:
    """The scenes by name, and why one is missing."""
    from experiments.simulation.simulate import load_table

    scenes = {}
    skipped = {}
    if request.region is not None:
        table = load_table(request.region)
        scenes[REAL] = sample(table) if plan.quick else table
    else:
        skipped[REAL] = ABSENT
    scenes[TYPOLOGY] = typology()
    return scenes, skipped


def measure_all(
    scenes: dict[str, AreaTable], plan: Plan, known: dict[str, Any], pool: ThreadPool, talk: bool
) -> list[Row]:
    """Rows of all patterns, in their order and scene by scene."""

    def say(where: str, text: str = "") -> None:
        if talk:
            print(f"thuis: {where}{': ' if text else ''}{text}", file=sys.stderr, flush=True)

    found: dict[str, list[Measured]] = {}
    if plan.patterns - {"SF20"}:
        for name, table in scenes.items():
            for seed in plan.seeds:
                said = partial(say, f"{name}, seed {seed}")
                found.setdefault(name, []).append(measure_scene(table, plan, seed, pool, said))
    if "SF20" in plan.patterns:
        say(LIMIT)
        found[LIMIT] = [{"SF20": limit_case(plan.quick, seed)} for seed in plan.seeds]
    rows = []
    for pattern, about in known.items():
        for scene, runs in found.items():
            rows += rows_of(pattern, about, scene, [run[pattern] for run in runs if pattern in run])
    return rows


def summary_of(
    rows: list[Row], known: dict[str, Any], plan: Plan, skipped: dict[str, str], request: ValidateRequest
) -> dict[str, Any]:
    """Content of validation.json: verdicts by pattern and scene, counts, and every row."""
    scenes = list(dict.fromkeys(row.scene for row in rows))
    verdicts = {p: {s: verdict(rows, p, s) for s in scenes} for p in known if p in plan.patterns}
    verdicts = {p: {s: v for s, v in by_scene.items() if v is not None} for p, by_scene in verdicts.items()}
    counts = {
        scene: {
            "inside": sum(v.get(scene, v.get(LIMIT)) is True for v in verdicts.values()),
            "measured": sum(scene in v or LIMIT in v for v in verdicts.values()),
        }
        for scene in (REAL, TYPOLOGY)
        if scene in scenes
    }
    return {
        "kind": "thuis validation 1",
        "counts": counts,
        "patterns": verdicts,
        "rows": [asdict(row) for row in rows],
        "skipped": skipped,
        "seeds": list(plan.seeds),
        "years": plan.years,
        "quick": plan.quick,
        "region": request.region if REAL in scenes else None,
        "parameters": asdict(plan.parameters),
    }
