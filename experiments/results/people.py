"""Tables made at the end of a run: the neighbourhoods, who stayed of those who arrived, and every person."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from experiments.simulation.outcome import Outcome
from scenarios.areas import AGES
from sim.facilities import FACILITIES
from sim.motives import MOTIVES, NO_MOTIVE
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER, NEVER, STAYER
from sim.world import World

ROWS_PER_PIECE = 200_000


def neighbourhood_table(outcome: Outcome) -> pl.DataFrame:
    """What is fixed about each neighbourhood: names, composition at the start, facilities, location."""
    table = outcome.job.table
    columns = {
        "neighbourhood": table.code,
        "name": table.name,
        "municipality": [table.municipality_code[k] for k in table.municipality],
        "municipality_name": [table.municipality_name[k] for k in table.municipality],
        "residents_data": table.residents,
        "density": table.density,
        "socio_economic": table.socio_economic,
        "one_person": table.one_person,
        "with_children": table.with_children,
        "moving_rate": table.moving_rate,
        "x": table.x,
        "y": table.y,
    }
    columns |= {f"origin_{label}": table.origin[:, g] for g, label in enumerate(table.scheme.groups)}
    columns |= {f"age_{label}": table.age[:, a] for a, label in enumerate(AGES)}
    columns |= {f"facility_{label}": table.facilities[:, f] for f, label in enumerate(FACILITIES)}
    return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))


def cohort_table(outcome: Outcome) -> pl.DataFrame:
    """Of those who came from abroad in each month, by motive: how many found a home, and still live in the region."""
    world, scale = outcome.world, outcome.job.settings.options.scale
    cohorts = outcome.cohorts
    here = np.zeros_like(cohorts)
    for rows in runs_of_rows(world):
        month, motive = world.population.arrived[rows], world.population.motive[rows]
        came = (month >= 0) & (month < len(cohorts)) & (motive < len(MOTIVES)) & (world.population.serial[rows] != 0)
        np.add.at(here, (month[came], motive[came]), 1)
    months = np.arange(len(cohorts))
    return pl.DataFrame(
        {
            "month": np.repeat(months, len(MOTIVES)).astype(np.int16),
            "motive": list(MOTIVES) * len(cohorts),
            "months_since": np.repeat(world.month - months, len(MOTIVES)).astype(np.int16),
            "arrived": cohorts.reshape(-1) * scale,
            "still_here": here.reshape(-1) * scale,
        }
    )


def people_frames(outcome: Outcome) -> Iterator[pl.DataFrame]:
    """The end state of every agent, some neighbourhoods at a time; an agent stands for `scale` residents."""
    for rows in runs_of_rows(outcome.world):
        yield people_of(rows[outcome.world.population.serial[rows] != 0], outcome)


def runs_of_rows(world: World) -> Iterator[np.ndarray]:
    """Rows of all dwellings, some neighbourhoods at a time, so that little memory is needed."""
    first, opened = world.neighbourhoods.first, world.stocks.opened
    begin = 0
    while begin < world.areas:
        end = begin + 1
        while end < world.areas and first[end + 1] - first[begin] <= ROWS_PER_PIECE:
            end += 1
        yield np.concatenate([np.arange(first[j], first[j] + opened[j]) for j in range(begin, end)])
        begin = end


def people_of(rows: np.ndarray, outcome: Outcome) -> pl.DataFrame:
    """The people of some rows."""
    world, table = outcome.world, outcome.job.table
    p = world.population
    area = np.searchsorted(world.neighbourhoods.first, rows, side="right") - 1
    motive, flags, arrived = p.motive[rows], p.flags[rows], p.arrived[rows]
    labels = pl.Series([*MOTIVES, None])
    came = (motive != NO_MOTIVE) & (arrived != NEVER)
    columns = {
        "serial": p.serial[rows],
        "neighbourhood": pl.Series(table.code).gather(area),
        "origin": pl.Series(list(table.scheme.groups)).gather(p.origin[rows].astype(np.int64)),
        "motive": labels.gather(np.minimum(motive, len(MOTIVES)).astype(np.int64)),
        "age": np.maximum((world.month - p.born[rows].astype(np.int32)) // 12, 0).astype(np.int16),
        "months_here": np.maximum(world.month - p.moved_in[rows].astype(np.int32), 0),
        "months_in_country": pl.Series(world.month - arrived.astype(np.int32)).set(pl.Series(~came), None),
        "born_abroad": flags & BORN_ABROAD != 0,
        "stayer": flags & STAYER != 0,
        "employed": flags & EMPLOYED != 0,
        "member": flags & MEMBER != 0,
        "ties": p.tie_count[rows],
        "ties_own": p.tie_own[rows],
    }
    for name in ("belonging", "faces_own", "faces_other", "contact", "withdrawal", "language"):
        columns[name] = getattr(p, name)[rows]
    columns["position"] = p.status[rows]
    return pl.DataFrame(columns)
