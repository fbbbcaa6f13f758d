"""A run before it begins, and after it has ended."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.options.settings import Settings
from scenarios.areas import AreaTable
from scenarios.build_options import BuildOptions
from scenarios.notes import Warned
from scenarios.policy import Schedule
from scenarios.policy.timing import never_in_force
from sim.world import World


@dataclass
class Job:
    """A checked run that has not started."""

    settings: Settings
    table: AreaTable
    schedule: Schedule
    options: BuildOptions

    def timing(self) -> list[Warned]:
        """A warning per measure that begins after the end of the run."""
        return never_in_force(self.schedule.policy.measures, 12 * self.settings.options.years)


@dataclass
class Outcome:
    """A finished run: its last world and its records.

    Attributes
    ----------
    earlier : list of dict
        Parts before it was resumed under another policy or with other parameters: `until` which month `policy` and
        `parameters` held.
    """

    job: Job
    world: World
    digest: str
    cohorts: np.ndarray
    seconds: dict[str, float]
    notes: list[str] = field(default_factory=list)
    earlier: list[dict[str, Any]] = field(default_factory=list)
