"""A run before it begins, and after it has ended."""

from dataclasses import dataclass, field

import numpy as np

from experiments.options.settings import Settings
from scenarios.areas import AreaTable
from scenarios.building import BuildOptions
from scenarios.policy import Schedule
from sim.world import World


@dataclass
class Job:
    """A run of which everything is checked and nothing has begun."""

    settings: Settings
    table: AreaTable
    schedule: Schedule
    options: BuildOptions


@dataclass
class Outcome:
    """A run that has ended: its last world, and what was noted on the way."""

    job: Job
    world: World
    digest: str
    cohorts: np.ndarray
    seconds: dict[str, float]
    notes: list[str] = field(default_factory=list)
