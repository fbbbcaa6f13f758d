"""Each lever changes what the model says it changes, and nobody else: one row of a table per lever.

Two copies of a world pass one month, one of them with the lever moved. Compared are

- just before anyone leaves or moves: every column of every resident. Only the people in `who` may differ, and only in
  the columns in `may_change`; at least one must (`acts` says where to look when it is not a person).
- at the end of the month: everybody who did not move house in either copy, and is not in `who`, is the same in every
  column. Who is there in one copy only is in `who` or is an arrival of the motive whose inflow is moved.
- after half a year, with all that follows from the lever: whoever lives in both copies has the same draws for life
  (origin, motive, birth, arrival, disposition, stayer or not).
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from scenarios.policy import Schedule, levers, policy_from
from sim.machine.threads import ThreadPool
from sim.motives import MOTIVES, NO_MOTIVE
from sim.parameters import Parameters
from sim.phases.month import PHASES, Clock, pass_month
from sim.population import COLUMNS, EMPLOYED, STAYER
from sim.rules.people import NEWCOMER_MONTHS
from tests.tools.worlds import RATES, small_table, small_world

POOL = ThreadPool(1)
TABLE = small_table(arrival_rate=np.tile(3 * RATES, (2, 1)))
DRAWN_FOR_LIFE = ("origin", "motive", "born", "arrived", "disposition")
RECEIVED = {"belonging", "withdrawal", "language", "intention"}
MET = {"contact", "belonging", "withdrawal", "language", "intention"}
TIED = {"ties", "tie_count", "tie_own", "tie_end"}
WORKED = {"flags", "status", "intention"}

Mask = Callable[[Any], np.ndarray]


@dataclass(frozen=True)
class Case:
    """One lever: its measure, who may change in the month and in which columns."""

    lever: str
    measure: dict[str, Any]
    who: Mask | None = None
    may_change: set[str] = field(default_factory=set)
    acts: Mask | None = None
    beside: dict[str, Any] | None = None
    motive: str | None = None


def area_of(world) -> np.ndarray:
    """Neighbourhood of every row."""
    return np.repeat(np.arange(world.areas), np.diff(world.neighbourhoods.first))


def in_area(area: int) -> Mask:
    return lambda w: (area_of(w) == area) & (w.population.serial != 0)


def in_gm0000(w) -> np.ndarray:
    return (w.neighbourhoods.municipality[area_of(w)] == 0) & (w.population.serial != 0)


def newcomers(*motives: str, within: Mask) -> Mask:
    """Newcomers who live somewhere, with one of the motives or with any."""
    wanted = [MOTIVES.index(m) for m in motives or MOTIVES]

    def mask(w) -> np.ndarray:
        recent = (w.population.motive != NO_MOTIVE) & (w.month - w.population.arrived.astype(int) < NEWCOMER_MONTHS)
        return within(w) & recent & np.isin(w.population.motive, wanted)

    return mask


def of_working_age(w) -> np.ndarray:
    age = (w.month - w.population.born.astype(int)) // 12
    return (age >= 18) & (age < 67)


def without_work(w) -> np.ndarray:
    return of_working_age(w) & (w.population.flags & EMPLOYED == 0)


IN_GM0000, AREA = {"where": "GM0000"}, {"where": "WK0001"}
here = in_area(1)
CASES = [
    Case("reception.coverage", {"migrants": "asylum", "coverage": 0, **AREA}, newcomers("asylum", within=here),
         RECEIVED),
    Case("reception.course_hours", {"migrants": "family", "course_hours": 30, **AREA}, newcomers("family", within=here),
         {"language", "intention"}),
    Case("reception.one_stop", {"one_stop": 1, **AREA}, newcomers(within=here), RECEIVED),
    Case("reception.places", {"places": 0.2, **IN_GM0000}, newcomers(within=in_gm0000), RECEIVED),
    Case("facilities.funding", {"facilities": "library", "funding": 3, **AREA}, here,
         MET | TIED | {"faces_own", "faces_other"}),
    Case("living.associations", {"associations": 3, **AREA}, here,
         MET | TIED | {"faces_own", "faces_other", "flags"}),
    Case("facilities.mixing", {"facilities": "park", "mixing": 1, **AREA}, here, MET | TIED | {"faces_other"}),
    Case("facilities.competence", {"competence": 1, **AREA}, here, MET),
    Case("work.support", {"support": 1, **IN_GM0000}, lambda w: newcomers(within=in_gm0000)(w) & without_work(w),
         WORKED),
    Case("work.enforcement", {"enforcement": 1, **AREA},
         lambda w: here(w) & without_work(w) & (w.population.origin > 0), WORKED),
    Case("work.retention", {"retention": -4, **AREA},
         lambda w: here(w) & of_working_age(w) & (w.population.flags & EMPLOYED != 0), WORKED),
    # Who is let in counts for the load of the same month, and so for the reception of those who are there.
    Case("admission.permit", {"permit": 2, **IN_GM0000}, newcomers(within=in_gm0000), RECEIVED,
         acts=lambda w: w.rates.expected[:, 1], beside={"places": 0.2, **IN_GM0000}, motive="knowledge"),
    Case("admission.arrivals", {"migrants": "study", "arrivals": 9, **IN_GM0000}, newcomers(within=in_gm0000), RECEIVED,
         acts=lambda w: w.rates.expected[:, 2], motive="study"),
    Case("housing.building", {"building": 5, **AREA}, here, TIED, acts=lambda w: w.stocks.opened),
    # Only movers and arrivals choose; they may also take a place that another mover or arrival would have had.
    Case("housing.attraction", {"attraction": 5, **AREA}, acts=lambda w: w.conditions.attraction),
    Case("living.capacity", {"capacity": 3, **IN_GM0000}, in_gm0000, MET | TIED | {"faces_own", "faces_other"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def start():
    """A world in which much happens in a month: many newcomers and free homes, work soon found, support that counts."""
    often = Parameters(job_finding=0.1, job_support_effect=1.0, building=0.03, vacancy=0.12)
    return small_world(parameters=often, table=TABLE, years=20)


def schedules(case: Case) -> tuple[Schedule, Schedule]:
    """Without and with the lever."""
    beside = {"beside": case.beside} if case.beside else {}
    return Schedule(policy_from(beside), TABLE), Schedule(policy_from(beside | {"moved": case.measure}), TABLE)


def copies(start, case: Case, months: int, until: str | None = None):
    """Two copies of the world after whole months, or after the phases before `until` of the first."""
    found = []
    for schedule in schedules(case):
        world = copy.deepcopy(start)
        if until is None:
            for _ in range(months):
                pass_month(world, POOL, Clock(), {"policy": schedule.begin_month} | PHASES)
        else:
            schedule.begin_month(world, POOL)
            for name, phase in PHASES.items():
                if name == until:
                    break
                phase(world, POOL)
        found.append(world)
    return found


def differs(name: str, one, other) -> np.ndarray:
    """Rows in which a column differs."""
    unequal = getattr(one.population, name) != getattr(other.population, name)
    return unequal.any(axis=1) if unequal.ndim == 2 else unequal


def touched(case: Case, start) -> np.ndarray:
    return case.who(start) if case.who else np.zeros(len(start.population.serial), bool)


def test_every_lever_has_a_row() -> None:
    assert {case.lever for case in CASES} == set(levers())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lever)
def test_before_anyone_leaves_only_those_a_lever_is_for_have_changed(case, start) -> None:
    without, moved = copies(start, case, 0, until="leave")
    changed = {name: differs(name, without, moved) for name in (*COLUMNS, "ties")}
    assert {name for name, rows in changed.items() if rows.any()} <= case.may_change
    anyone = np.any(list(changed.values()), axis=0)
    assert not (anyone & ~touched(case, start)).any()
    assert (case.acts(without) != case.acts(moved)).any() if case.acts else anyone.any()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lever)
def test_after_the_month_those_who_did_not_move_are_the_same(case, start) -> None:
    without, moved = (by_serial(world) for world in copies(start, case, 1))
    allowed = set(start.population.serial[touched(case, start)].tolist())
    for serial in without.keys() ^ moved.keys():
        kind = (serial >> 28) & 15  # 1 to 6 are the motives
        arrived = case.motive is not None and kind == MOTIVES.index(case.motive) + 1 and serial >> 63 == 0
        assert serial in allowed or arrived
    for serial in without.keys() & moved.keys() - allowed:
        one, other = without[serial], moved[serial]
        if one["moved_in"] < start.month and other["moved_in"] < start.month:
            assert one == other


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lever)
def test_after_half_a_year_everyone_still_has_their_own_draws(case, start) -> None:
    without, moved = (by_serial(world) for world in copies(start, case, 6))
    both = without.keys() & moved.keys()
    assert len(both) > 0.9 * len(without)
    for serial in both:
        one, other = without[serial], moved[serial]
        assert all(one[name] == other[name] for name in DRAWN_FOR_LIFE)
        assert (one["flags"] ^ other["flags"]) & STAYER == 0


def by_serial(world) -> dict[int, dict[str, Any]]:
    """Every resident's columns with the neighbourhood; without ties and household, which name rows of others.

    Who joins someone at home may be one of those whom a lever of admission lets in.
    """
    rows = np.flatnonzero(world.population.serial)
    own = [name for name in COLUMNS if name != "household"]
    columns = {name: getattr(world.population, name)[rows].tolist() for name in own} | {
        "area": area_of(world)[rows].tolist()
    }
    return {serial: {name: values[i] for name, values in columns.items()} for i, serial in enumerate(columns["serial"])}
