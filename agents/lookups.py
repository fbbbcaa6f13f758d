"""What every agent can look up in the current month: the rules, the parameters, tables by age and motive."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.scalar import ScalarRules, parameter_array, scalar_rules
from sim.machine.struct import State
from sim.population import Population
from sim.world import World


@dataclass(slots=True)
class Lookups:
    """Shared by all agents of a model; made anew every month by the `agents` driver.

    Attributes
    ----------
    month : int
    key : uint64
        Key of the run's draws.
    rules : namespace
        The compiled rules and draws for one resident, see `agents.scalar`.
    c : sim.parameters.Coefficients
        Parameters by name, single precision.
    parameters : float32 array
        The same, as the rules take them.
    people : Population
    state : sim.machine.struct.State
        The world as compiled functions take it.
    death, birth, move : list of float
        Monthly chances by age in years.
    finding_asylum : list of float
        Monthly chance of work of asylum migrants by year since arrival.
    leave : list of float
        Yearly hazard to leave the country by motive.
    discrimination : list of float
        Hiring ratio by origin group.
    """

    month: int
    key: np.uint64
    rules: ScalarRules
    c: Any
    parameters: np.ndarray
    people: Population
    state: State
    death: list[float]
    birth: list[float]
    move: list[float]
    finding_asylum: list[float]
    leave: list[float]
    discrimination: list[float]


def look_up(world: World) -> Lookups:
    """Return what agents can look up in the world's current month."""
    return Lookups(
        month=int(world.month),
        key=world.key,
        rules=scalar_rules(),
        c=world.coefficients,
        parameters=parameter_array(world.coefficients),
        people=world.population,
        state=world.state(),
        death=world.tables.death.tolist(),
        birth=world.tables.birth.tolist(),
        move=world.tables.move.tolist(),
        finding_asylum=world.tables.asylum_finding.tolist(),
        leave=world.motive_rates.leave.tolist(),
        discrimination=world.municipalities.discrimination.tolist(),
    )
