"""One resident month by month: whom they meet, and every term of the equation of belonging."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents.lookups import look_up
from agents.scalar import scalar_rules
from browser.movers import area_of, newcomers
from sim.machine.threads import ThreadPool
from sim.motives import MOTIVES, NO_MOTIVE
from sim.phases.month import LIVE, PHASES, TIES, Step
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER, ROLES
from sim.rules.belonging import person_state
from sim.world import World

LIFE_MONTHS = 60  # how far back a life is told


def find(world: World, person: int) -> int:
    """The row in which a person lives, or -1."""
    rows = np.flatnonzero(world.population.serial == np.uint64(person))
    return int(rows[0]) if len(rows) else -1


def terms_of(world: World, row: int, area: int, before: dict[str, Any], month: int) -> dict[str, float]:
    """Every term of b* this month, as `sim.rules.belonging` adds them up; to be called just after the living phase.

    Parameters
    ----------
    before : dict
        What the living phase changes only after it used it, see `state_before`.
    """
    p, rates, neighbourhoods, lookups = world.population, world.rates, world.neighbourhoods, look_up(world)
    rules, parameters = lookups.rules, lookups.parameters
    origin, motive = int(p.origin[row]), int(p.motive[row])
    newcomer = bool(newcomers(p.motive[row], p.arrived[row], month))
    weight = 1.0 if origin == 0 else lookups.c.diversity_migrants
    burden = rules.diversity_burden(rates.felt_diversity[area], p.contact[row], weight, lookups.c.contact_buffer)
    person = person_state(
        p.disposition[row],
        p.faces_own[row] + p.faces_other[row],
        p.tie_count[row],
        before["months_here"],
        before["employed"],
        before["status"],
        before["language"],
        rates.reception[area, motive] if newcomer else 0.0,
    )
    own = rules.belonging_terms(person, burden, parameters)
    around = rules.neighbourhood_terms(
        rules.status_term(neighbourhoods.status[area], neighbourhoods.municipality_status[area], parameters),
        rates.amenity[area],
        rates.turnover[area],
        neighbourhoods.anonymity[area],
        rates.crowding[area],
        parameters,
    )
    return {name: float(value) for name, value in (own._asdict() | around._asdict()).items()}


def state_before(world: World, row: int) -> dict[str, float]:
    """What of a person the month's equation reads as it was at its beginning."""
    p, month = world.population, world.month
    return {
        "belonging": float(p.belonging[row]),
        "months_here": max(month - int(p.moved_in[row]), 0),
        "employed": 1.0 if p.flags[row] & EMPLOYED else 0.0,
        "status": float(p.status[row]),
        "language": float(p.language[row]),
    }


def meetings(world: World, row: int) -> dict[str, float]:
    """Encounters this month with people of the own and of other groups (`sim.rules.meeting`), and faces known before.

    To be called just before the living phase.
    """
    p, rates, area = world.population, world.rates, int(area_of(world, np.array([row]))[0])
    rules, origin, withdrawal = scalar_rules(), int(p.origin[row]), p.withdrawal[row]
    floor = world.coefficients.language_floor
    spoken = rules.common_language(p.language[row], rates.other_language[area, origin], floor)
    return {
        "met_own": float(rules.encounters(withdrawal, rates.own[area, origin], 1.0)),
        "met_other": float(rules.encounters(withdrawal, rates.other[area, origin], spoken)),
        "faces": float(p.faces_own[row] + p.faces_other[row]),
    }


@dataclass
class Life:
    """One person, month by month."""

    person: int
    months: list[dict[str, Any]] = field(default_factory=list)

    def phases(self) -> dict[str, Step]:
        """The phases of the month, with a look at the person around the living phase; ties have their own phase."""

        def live_and_look(world: World, pool: ThreadPool) -> None:
            row = find(world, self.person)
            before = state_before(world, row) | meetings(world, row) if row >= 0 else {}
            world.ties_at_once = False  # the look comes before the ties of the month
            LIVE(world, pool)
            if row >= 0:
                self.note(world, row, before)

        def form_ties(world: World, pool: ThreadPool) -> None:
            TIES(world, pool)
            world.ties_at_once = True

        return PHASES | {"live": live_and_look, "ties": form_ties}

    def note(self, world: World, row: int, before: dict[str, Any]) -> None:
        """Write down the month's equation."""
        area = int(area_of(world, np.array([row]))[0])
        terms = terms_of(world, row, area, before, world.month)
        target, after = float(sum(terms.values())), float(world.population.belonging[row])
        pull = world.parameters.adjustment * (target - before["belonging"])
        self.months.append(
            {
                "month": world.month + 1,
                "area": area,
                "before": before["belonging"],
                "after": after,
                "target": target,
                "pull": pull,
                "chance": after - before["belonging"] - pull,
                "terms": {name: float(value) for name, value in terms.items()},
                "met_own": before["met_own"],
                "met_other": before["met_other"],
                "faces_before": before["faces"],
            }
        )

    def close_month(self, world: World) -> None:
        """Add to the last entry what the rest of the month brought."""
        if not self.months or self.months[-1]["month"] != world.month:
            return
        row, last = find(world, self.person), self.months[-1]
        last["stays"] = row >= 0
        if row >= 0:
            last |= portrait(world, row)

    def forget_before(self, month: int) -> None:
        """Keep the last years only."""
        self.months = [entry for entry in self.months if entry["month"] > month]


def portrait(world: World, row: int) -> dict[str, Any]:
    """A person at the end of a month."""
    p, month = world.population, world.month
    motive = int(p.motive[row])
    return {
        "home": int(area_of(world, np.array([row]))[0]),
        "origin": int(p.origin[row]),
        "newcomer": bool(newcomers(p.motive[row], p.arrived[row], month)),
        "motive": None if motive == NO_MOTIVE else MOTIVES[motive],
        "born_abroad": bool(p.flags[row] & BORN_ABROAD),
        "age": max(month - int(p.born[row]), 0) // 12,
        "months_here": max(month - int(p.moved_in[row]), 0),
        "employed": bool(p.flags[row] & EMPLOYED),
        "member": bool(p.flags[row] & MEMBER),
        "faces_own": float(p.faces_own[row]),
        "faces_other": float(p.faces_other[row]),
        "ties": int(p.tie_count[row]),
        "contact": float(p.contact[row]),
        "language": float(p.language[row]),
        "withdrawal": float(p.withdrawal[row]),
        "belonging": float(p.belonging[row]),
        "role": ROLES[p.role[row]],
        "lives_with": Counter(ROLES[p.role[other]] for other in others_at_home(world, row)),
    }


def others_at_home(world: World, row: int) -> list[int]:
    """Rows of those with whom a person lives; nobody where everyone lives alone."""
    found, following = [], int(world.population.household[row])
    while following != row:
        found.append(following)
        following = int(world.population.household[following])
    return found


def people_at(world: World, rows: np.ndarray) -> list[dict[str, Any]]:
    """Who lives in these rows: their number, age, group, place in the household, how much at home, and where."""
    p, month = world.population, world.month
    new = newcomers(p.motive[rows], p.arrived[rows], month)
    return [
        {
            "id": str(int(p.serial[one])),
            "age": max(month - int(p.born[one]), 0) // 12,
            "origin": int(p.origin[one]),
            "newcomer": bool(fresh),
            "belonging": float(p.belonging[one]),
            "home": int(home),
            "role": ROLES[p.role[one]],
        }
        for one, fresh, home in zip(rows, new, area_of(world, rows), strict=True)
    ]


def household(world: World, row: int) -> list[dict[str, Any]] | None:
    """Those with whom a person lives: head, partner, children from the eldest, housemates; None without households."""
    if world.parameters.households < 0.5:
        return None
    p = world.population
    others = sorted(others_at_home(world, row), key=lambda one: (int(p.role[one]), int(p.born[one])))
    return people_at(world, np.array(others, np.int64))


def friends(world: World, row: int) -> list[dict[str, Any]]:
    """Those with whom a person has a tie: who they are, how much at home, and where they live."""
    from agents.ties import ties_of

    return people_at(world, ties_of(world.population, np.array([row]))[1])
