"""The `agents` driver: the phases of the month in which every agent takes its own steps.

What belongs to no single resident stays with the engine: the rates of neighbourhoods, building, the lottery of homes,
the allocation of rows to movers and arrivals, and counting. Both drivers work on the same world and can alternate.
"""

import numpy as np

from agents.identity import check_identities, let_act
from agents.ranges import check_attributes, refused
from agents.register import Register
from agents.resident import Resident
from sim.machine.threads import ThreadPool
from sim.phases.home_choice import NO_HOME, OUTSIDE
from sim.phases.month import PHASES, Step
from sim.population import DIE, EMIGRATE, MOVE, NOBODY, NOTHING, SEEKS_TIE
from sim.world import World


def agent_phases(register: Register) -> dict[str, Step]:
    """The phases of the month, those of residents done by the agents of a register."""

    def live_phase(world: World, pool: ThreadPool) -> None:
        """Let residents meet, belong, decide and settle in: in any order, since each changes only their own state."""
        register.model.new_day()
        let_act(list(register.by_row.values()), lambda agent: agent.step(), register)
        check_agents(world, register)

    def tie_phase(world: World, pool: ThreadPool) -> None:
        """Form new ties, in the order of rows."""
        seekers = those_with(world.population.intention & SEEKS_TIE != 0, register)
        let_act(seekers, lambda agent: agent.make_acquaintance(), register)
        check_agents(world, register)

    def leave_phase(world: World, pool: ThreadPool) -> None:
        """Carry out deaths and departures abroad."""
        register.send_away()
        leave(world, register)
        check_agents(world, register)

    def choose_phase(world: World, pool: ThreadPool) -> None:
        """Let movers choose a home; the lottery then decides, and their records are moved."""
        choose(world, register)

    own = {"live": live_phase, "ties": tie_phase, "leave": leave_phase, "choose": choose_phase}
    return {name: own.get(name, phase) for name, phase in PHASES.items()}


def check_agents(world: World, register: Register) -> None:
    """Check what own code may have written into the agents, before compiled code reads it.

    An agent who has just left may have written in the row left behind: nobody acts there any more.
    """
    check_identities(register)
    check_attributes(world, register.by_row)
    people = world.population
    people.intention[people.serial == NOBODY] = NOTHING


def those_with(condition: np.ndarray, register: Register) -> list[Resident]:
    """The agents of the rows for which a condition holds, in the order of rows."""
    return [register.by_row[row] for row in np.flatnonzero(condition).tolist()]


def leave(world: World, register: Register) -> None:
    """Remove those who die or leave the country, and update the counts of the neighbourhood."""
    stocks, flows = world.stocks, world.flows
    stocks.gone[:] = 0
    stocks.leavers[:, world.month % 12] = 0
    intention = world.population.intention
    households, rules = world.parameters.households >= 0.5, register.model.lookups.rules

    def depart(agent: Resident) -> None:
        if households:  # which counts all who leave; who left with another has no intention any more
            agent.leave()
            return
        j = agent.neighbourhood.index
        stocks.gone[j, agent.origin] += 1
        if agent.intention == DIE:
            flows.deaths[j] += 1
        else:
            flows.emigrated[j] += 1
            stocks.leavers[j, world.month % 12] += 1
        agent.leave()

    let_act(those_with((intention == DIE) | (intention == EMIGRATE), register), depart, register)
    if households:
        for j in range(world.areas):
            world.moves.movers[j] = rules.cancel_moves(j, register.model.lookups.state)
        return
    movers = those_with(world.population.intention == MOVE, register)
    here = [agent.neighbourhood.index for agent in movers]
    world.moves.movers[:] = np.bincount(np.array(here, np.int64), minlength=world.areas)


def home_wanted(agent: Resident, areas: int) -> int:
    """Return where a mover wants to live: a neighbourhood, outside, or the present one.

    Raises
    ------
    InputError
        A subclass returned something else.
    """
    found = agent.look_for_home()
    if not isinstance(found, int | np.integer) or not NO_HOME <= found < areas:
        may_be = f"a neighbourhood, 0 to {areas - 1}, {OUTSIDE} for outside, {NO_HOME} for staying"
        raise refused(type(agent), "look_for_home()", found, agent.model.month, may_be)
    return int(found)


def choose(world: World, register: Register) -> None:
    """Let every mover look for a home; the engine's lottery decides who gets which, and moves their records."""
    moves, count = world.moves, int(world.moves.movers.sum())
    movers = those_with(world.population.intention == MOVE, register)
    rules = register.model.lookups.rules
    moves.row[:count] = [agent.row for agent in movers]
    wanted: list[int] = []
    let_act(movers, lambda agent: wanted.append(home_wanted(agent, world.areas)), register)
    moves.wanted[:count] = wanted
    check_agents(world, register)
    moves.lottery[:count] = [rules.lottery(agent.serial, world.key, world.month) for agent in movers]
    moves.target[:count] = -1
