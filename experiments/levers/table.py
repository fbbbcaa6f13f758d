"""The table of levers: runs with and without each, on the same draws, and in how many seeds the target moved."""

import copy
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from experiments.compare.design import Design, plan
from experiments.compare.effects import Counts, stack
from experiments.compare.run import Comparison
from experiments.levers.cases import Case, cases
from experiments.simulation.progress import Progress
from scenarios.areas import AreaTable
from scenarios.policy import Schedule, policy_from
from sim.machine.threads import ThreadPool
from sim.motives import NO_MOTIVE
from sim.phases.month import PHASES
from sim.population import COLUMNS
from sim.rules.people import NEWCOMER_MONTHS
from sim.world import World

ENOUGH = 0.95  # share of seeds in which the target must move the right way
RECEPTION = "reception."


@dataclass(frozen=True)
class Levers:
    """Cases and the policies they need, each once."""

    cases: list[Case]
    policies: list[dict]
    without: list[int]
    moved: list[int]


def levers_of(where: str) -> Levers:
    """All cases, with the indices of their policies in one list."""
    found = Levers(cases(), [], [], [])
    by_beside: dict[str, int] = {}
    for case in found.cases:
        without, moved = case.policies(where)
        key = str(case.beside)
        if key not in by_beside:
            by_beside[key] = len(found.policies)
            found.policies.append(without)
        found.without.append(by_beside[key])
        found.moved.append(len(found.policies))
        found.policies.append(moved)
    return found


def targets_table(design: Design, table: AreaTable, progress: Progress) -> pl.DataFrame:
    """A row per lever: the mean of what it must move with and without it, and in what share of seeds it did."""
    found = levers_of(table.code[0])
    design = replace(design, policies=tuple(found.policies))
    comparison = Comparison(design, table)
    gathered = comparison.gather(plan(design), progress)
    if gathered.failed:
        raise RuntimeError(f"a replicate failed with {gathered.failed[0]['reason']}")
    counts = stack(design, gathered.finished)
    rows = []
    for case, without, moved in zip(found.cases, found.without, found.moved, strict=True):
        levels = target_levels(counts, case)
        difference = levels[:, moved] - levels[:, without]
        right = float((np.sign(difference) == case.direction).mean())
        rows.append(
            {
                "lever": case.lever,
                "value": case.value,
                "measure": case.measure,
                "group": case.group,
                "beside": "three times the arrivals" if case.beside else "",
                "direction": case.direction,
                "without": float(levels[:, without].mean()),
                "difference": float(difference.mean()),
                "sd": float(difference.std(ddof=min(len(difference) - 1, 1))),
                "seeds": len(difference),
                "right": right,
                "holds": right >= ENOUGH,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def target_levels(counts: Counts, case: Case) -> np.ndarray:
    """Levels [replicates, policies] of a case's measure at the end."""
    if case.group == "place":
        return counts.neighbourhood_levels(case.measure)[:, :, 0]
    return counts.levels(case.measure, case.group)


def directly_touched(design: Design, table: AreaTable, seeds: int) -> pl.DataFrame:
    """Whom each reception lever touches within a month, before anyone comes, goes or moves.

    Whoever is not a newcomer must be the same person in the same state; a row per lever and seed.
    """
    pool, rows = ThreadPool(design.options.threads), []
    chosen = [case for case in cases() if case.lever.startswith(RECEPTION)]
    policies = tuple(policy for case in chosen for policy in case.policies(table.code[0]))
    comparison = Comparison(replace(design, policies=policies), table)
    for replicate in plan(comparison.design)[:seeds]:
        start = comparison.settled(replicate)
        for case in chosen:
            one, other = (
                after_living(start, policy, table, design.options.scale, pool)
                for policy in case.policies(table.code[0])
            )
            newcomer = newcomers(start)
            changed = different(one, other)
            rows.append(
                {
                    "lever": case.lever,
                    "replicate": replicate.number,
                    "newcomers": int(newcomer.sum()),
                    "newcomers_changed": int((changed & newcomer).sum()),
                    "others": int(((start.population.serial != 0) & ~newcomer).sum()),
                    "others_changed": int((changed & ~newcomer).sum()),
                }
            )
    return pl.DataFrame(rows)


def after_living(start: World, policy: dict, table: AreaTable, scale: int, pool: ThreadPool) -> World:
    """A copy of a world after the update of residents of one month, before anyone leaves or arrives."""
    world = copy.deepcopy(start)
    world.set_parameters(world.parameters)
    Schedule(policy_from(policy), table, scale).begin_month(world, pool)
    for name, phase in PHASES.items():
        if name == "leave":
            break
        phase(world, pool)
    return world


def newcomers(world: World) -> np.ndarray:
    """Whether each row holds someone who came from abroad less than five years ago."""
    p = world.population
    return (p.serial != 0) & (p.motive != NO_MOTIVE) & (world.month - p.arrived.astype(np.int64) < NEWCOMER_MONTHS)


def different(one: World, other: World) -> np.ndarray:
    """Rows in which any column differs, ties included."""
    unequal = (one.population.ties != other.population.ties).any(axis=1)
    for name in COLUMNS:
        unequal |= getattr(one.population, name) != getattr(other.population, name)
    return unequal
