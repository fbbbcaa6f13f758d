"""The `agents` driver: the phases of the month in which every agent takes its own steps.

What belongs to no single resident stays with the engine: the rates of places, building, the lottery of homes, handing
out rows to movers and arrivals, and counting. The world is the same one, so the two drivers can take turns.
"""

from typing import Any

import numpy as np

from agents.register import Register
from agents.resident import Resident
from sim.machine.threads import ThreadPool
from sim.month import PHASES, Phase
from sim.phases.move import by_destination, leave_old_homes, settle_movers
from sim.phases.vacancy_allocation import vacancies_for
from sim.population import DIE, EMIGRATE, MOVE, SEEKS_TIE
from sim.world import World


def agent_phases(register: Register) -> dict[str, Phase]:
    """The phases of the month, those of residents done by the agents of a register."""

    def live_phase(world: World, pool: ThreadPool) -> None:
        """Meet, belong, decide, settle in: in any order, since each changes only their own state."""
        register.model.new_day()
        for agent in list(register.by_row.values()):
            agent.step()

    def tie_phase(world: World, pool: ThreadPool) -> None:
        """New ties, in the order of rows."""
        for agent in those_with(world.population.intention & SEEKS_TIE != 0, register):
            agent.make_acquaintance()

    def leave_phase(world: World, pool: ThreadPool) -> None:
        """Deaths and departures abroad."""
        leave(world, register)

    def move_phase(world: World, pool: ThreadPool) -> None:
        """Movers choose, the lottery decides, records move."""
        move(world, register)

    own = {"live": live_phase, "ties": tie_phase, "leave": leave_phase, "move": move_phase}
    return {name: own.get(name, phase) for name, phase in PHASES.items()}


def those_with(condition: np.ndarray, register: Register) -> list[Resident]:
    """The agents of the rows for which a condition holds, in the order of rows."""
    return [register.by_row[row] for row in np.flatnonzero(condition).tolist()]


def leave(world: World, register: Register) -> None:
    """Those who die or leave the country go; the neighbourhood's books are kept."""
    stocks, flows = world.stocks, world.flows
    stocks.gone[:] = 0
    stocks.leavers[:, world.month % 12] = 0
    intention = world.population.intention
    for agent in those_with((intention == DIE) | (intention == EMIGRATE), register):
        j = agent.neighbourhood.index
        stocks.gone[j, agent.origin] += 1
        if agent.intention == DIE:
            flows.deaths[j] += 1
        else:
            flows.emigrated[j] += 1
            stocks.leavers[j, world.month % 12] += 1
        agent.leave()


def move(world: Any, register: Register) -> None:
    """Every mover looks for a home; the engine's lottery settles who gets which, and moves their records."""
    movers = those_with(world.population.intention == MOVE, register)
    rows = np.array([agent.row for agent in movers], np.int64)
    wanted = np.array([agent.look_for_home() for agent in movers], np.int64)
    rules = register.model.today.rules
    lottery = np.array([rules.lottery(agent.serial, world.key, world.month) for agent in movers], np.uint64)
    target = np.full(len(rows), -1, np.int64)
    per_area = np.bincount([agent.neighbourhood.index for agent in movers], minlength=world.areas)
    offset = np.concatenate(([0], np.cumsum(per_area)))
    first, order = by_destination(wanted, world.areas)
    world.vacancies = vacancies_for(world.stocks.vacant)
    settle_movers(
        0, world.areas, first, order, rows, lottery, target, world.vacancies, world.population, world.places,
        world.stocks, world.flows, world.key, world.month, world.coefficients.tie_kept_moving,
    )  # fmt: skip
    leave_old_homes(
        0, world.areas, offset, rows, wanted, target, world.population, world.places, world.stocks, world.flows,
        world.month,
    )  # fmt: skip
