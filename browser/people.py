"""Residents as they are at the end of a month, and one of them month by month, term by term of the equation."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from browser.timeline import Timeline
from sim.month import PHASES, Clock, live_phase, pass_month
from sim.parameters import MOTIVES
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER, NEWCOMER_MONTHS, NO_MOTIVE, NOBODY
from sim.rules.belonging import REFERENCE_CONTACT
from sim.world import Crew, World

SEEDS, MOST_SHOWN = 26, 80
LIFE_MONTHS = 60  # how far back a life is told
MIX = np.uint64(0xD6E8FEB86659FD93)


def is_newcomer(world: World, rows: np.ndarray, month: int) -> np.ndarray:
    """Whether people came from abroad less than five years ago."""
    p = world.population
    return (p.motive[rows] != NO_MOTIVE) & (month - p.arrived[rows].astype(np.int64) < NEWCOMER_MONTHS)


def shown_rows(world: World, area: int, person: int | None) -> np.ndarray:
    """Rows of a sample of residents of a neighbourhood: some chosen by a hash of their serial, and their ties."""
    from agents.ties import ties_of

    p, first = world.population, int(world.places.first[area])
    rows = first + np.flatnonzero(p.serial[first : first + int(world.stocks.opened[area])])
    if not len(rows):
        return rows
    serial = p.serial[rows]
    mixed = (serial ^ (serial >> np.uint64(32))) * MIX
    chosen = rows[np.argsort(mixed ^ (mixed >> np.uint64(29)), kind="stable")[:SEEDS]]
    if person is not None:
        chosen = np.concatenate([rows[serial == np.uint64(person)], chosen])
    partners = ties_of(p, chosen)[1]
    here = partners[(partners >= first) & (partners <= rows[-1])]
    shown = np.concatenate([chosen, here])
    _, order = np.unique(shown, return_index=True)
    return shown[np.sort(order)][:MOST_SHOWN]


def sample(world: World, area: int, person: int | None) -> dict[str, Any]:
    """Residents of a neighbourhood as columns, and the ties between them as pairs of positions."""
    from agents.ties import ties_of

    p, month, rows = world.population, world.month, shown_rows(world, area, person)
    holder, partner = ties_of(p, rows) if len(rows) else (rows, rows)
    at = {int(row): n for n, row in enumerate(rows)}
    pairs = sorted({(at[a], at[b]) for a, b in zip(holder.tolist(), partner.tolist(), strict=True)
                    if b in at and at[a] < at[b]})  # fmt: skip
    return {
        "id": [str(serial) for serial in p.serial[rows].tolist()],
        "origin": p.origin[rows].tolist(),
        "newcomer": is_newcomer(world, rows, month).tolist(),
        "belonging": p.belonging[rows].astype(float).round(4).tolist(),
        "faces": (p.faces_own[rows] + p.faces_other[rows]).astype(float).round(1).tolist(),
        "ties": p.tie_count[rows].tolist(),
        "age": (np.maximum(month - p.born[rows].astype(np.int64), 0) // 12).tolist(),
        "months_here": np.maximum(month - p.moved_in[rows].astype(np.int64), 0).tolist(),
        "pairs": pairs,
    }


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
    p, c, rates, places = world.population, world.parameters, world.rates, world.places
    faces = float(p.faces_own[row] + p.faces_other[row])
    ties, origin, motive = float(p.tie_count[row]), int(p.origin[row]), int(p.motive[row])
    newcomer = motive != NO_MOTIVE and month - int(p.arrived[row]) < NEWCOMER_MONTHS
    reception = float(rates.reception[area, motive]) if newcomer else 0.0
    weight = 1.0 if origin == 0 else c.diversity_migrants
    reference = 1 - float(REFERENCE_CONTACT) * c.contact_buffer
    burden = float(rates.diversity[area]) * weight * (1 - c.contact_buffer * float(p.contact[row])) / reference
    position = c.effect_place_position * float(places.position[area])
    turnover = -c.effect_turnover * float(rates.turnover[area])
    anonymity = -c.effect_anonymity * float(places.anonymity[area])
    return {
        "base": c.base,
        "disposition": float(p.disposition[row]),
        "familiarity": c.effect_familiarity * (1 - np.exp(-faces / c.faces_scale)),
        "ties": c.effect_ties * ties / (ties + c.tie_saturation),
        "residence": c.effect_residence * (1 - np.exp(-before["months_here"] / c.residence_scale)),
        "employment": c.effect_employment * before["employed"],
        "position": c.effect_position * before["position"],
        "language": c.effect_language * before["language"],
        "reception": c.effect_reception * reception,
        "diversity": -c.effect_diversity * burden,
        "place_position": position,
        "amenities": float(rates.place[area]) - position - turnover - anonymity,
        "turnover": turnover,
        "anonymity": anonymity,
    }


def state_before(world: World, row: int, month: int) -> dict[str, Any]:
    """What of a person the month's equation reads as it was at its beginning."""
    p = world.population
    return {
        "belonging": float(p.belonging[row]),
        "months_here": max(month - int(p.moved_in[row]), 0),
        "employed": 1.0 if p.flags[row] & EMPLOYED else 0.0,
        "position": float(p.position[row]),
        "language": float(p.language[row]),
    }


@dataclass
class Life:
    """One person, month by month."""

    person: int
    months: list[dict[str, Any]] = field(default_factory=list)

    def phases(self) -> dict[str, Any]:
        """The phases of the month, with a look at the person around the living phase."""

        def live_and_look(world: World, crew: Crew) -> None:
            row = find(world, self.person)
            before = state_before(world, row, world.month) if row >= 0 else {}
            live_phase(world, crew)
            if row >= 0:
                self.note(world, row, before)

        return PHASES | {"live": live_and_look}

    def note(self, world: World, row: int, before: dict[str, Any]) -> None:
        """Write down the month's equation."""
        area = int(np.searchsorted(world.places.first, row, side="right")) - 1
        terms = terms_of(world, row, area, before, world.month)
        target, after = float(sum(terms.values())), float(world.population.belonging[row])
        pull = world.parameters.adjustment * (target - before["belonging"])
        self.months.append({
            "month": world.month + 1, "area": area, "before": before["belonging"], "after": after, "target": target,
            "pull": pull, "chance": after - before["belonging"] - pull,
            "terms": {name: float(value) for name, value in terms.items()},
        })  # fmt: skip

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
        "home": int(np.searchsorted(world.places.first, row, side="right")) - 1,
        "origin": int(p.origin[row]),
        "newcomer": bool(is_newcomer(world, np.array([row]), month)[0]),
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
    }


class Viewer:
    """A world of its own that stands at the month the visitor looks at, while the run goes ahead."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.world: World | None = None
        self.about: tuple[Any, ...] = ()
        self.life: Life | None = None

    def look(self, timeline: Timeline, month: int, area: int, person: int | None) -> dict[str, Any]:
        """The residents of a neighbourhood in a month, and the life of the one who is followed."""
        about = (timeline.number, timeline.revision, id(timeline), person)
        ahead = self.world is not None and self.about == about and self.world.month <= month
        if not ahead:
            begin = month if person is None else max(month - LIFE_MONTHS, 0)
            self.world = timeline.revived(begin)
            self.life = None if person is None else Life(person)
            self.about = about
        world = self.world
        assert world is not None
        near = timeline.shelf.nearest(month)
        if self.life is None and near.month > world.month:
            self.world = world = timeline.revived(month)
        self.pass_until(timeline, world, month)
        if self.life is not None:
            self.life.forget_before(month - LIFE_MONTHS)
        row = -1 if person is None else find(world, person)
        now = portrait(world, row) if row >= 0 and person is not None and int(person) != int(NOBODY) else None
        lived = None if self.life is None else self.life.months
        return {"people": sample(world, area, person), "person": now, "life": lived}

    def pass_until(self, timeline: Timeline, world: World, month: int) -> None:
        """Pass months under the policy of the run."""
        schedule = timeline.new_schedule()
        while world.month < month:
            schedule.begin_month(world, self.crew)
            pass_month(world, self.crew, Clock(), PHASES if self.life is None else self.life.phases())
            if self.life is not None:
                self.life.close_month(world)
