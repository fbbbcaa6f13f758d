"""Target of each lever: a measure that it must move, in which direction, and the setting of the test."""

from dataclasses import dataclass, field
from typing import Any

from scenarios.policy.levers import Lever, levers

UP, DOWN = 1, -1
# A strong value where the highest accepted is not informative; else the highest.
FULL = {"reception_places": 3.0, "course_hours": 20.0, "attraction": 2.0}
CROWDED = {"migrants": "all", "arrivals": 3.0}  # a load far above what a municipality can take in


@dataclass(frozen=True)
class Case:
    """One lever, changed by itself.

    Attributes
    ----------
    lever : str
        Full name.
    value : float
    measure, group : str
        What it must move, of `experiments.compare.effects.MEASURES` and `GROUPS`; the group ``place`` is everyone in
        the first neighbourhood, where alone the lever is then moved.
    direction : {1, -1}
    beside : dict
        Measures with and without the lever; empty for the baseline.
    """

    lever: str
    value: float
    measure: str
    group: str
    direction: int
    beside: dict[str, Any] = field(default_factory=dict)

    def policies(self, where: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The policy without the lever and the one with it; names tell them apart."""
        without: dict[str, Any] = {"name": f"without {self.lever}"}
        if self.beside:
            without["beside"] = self.beside
        moved: dict[str, Any] = {"lever": self.lever, "value": self.value}
        if self.group == "place":
            moved["where"] = [where]
        return without, without | {"name": self.lever, "moved": moved}


def cases() -> list[Case]:
    """A case per lever, motive and kind of facility, in the order of conf/levers.yaml."""
    return [_case(lever, full) for lever in levers().values() for full in lever.full_names]


def _case(lever: Lever, full: str) -> Case:
    """The case of one lever."""
    value = FULL.get(lever.field, lever.high)
    target = full.rpartition(".")[2]
    match lever.name:
        case "reception.coverage" | "reception.one_stop":
            return Case(full, value, "belonging", "newcomer", UP)
        case "reception.course_hours":
            return Case(full, value, "language", "newcomer", UP)
        case "reception.places":
            return Case(full, value, "belonging", "newcomer", UP, CROWDED)
        case "facilities.funding":
            return Case(full, 2.0, "members" if target == "association" else "faces", "everyone", UP)
        case "facilities.mixing" | "facilities.competence":
            return Case(full, value, "contact", "everyone", UP)
        case "work.support":
            return Case(full, value, "employed", "newcomer", UP)
        case "work.enforcement":
            return Case(full, value, "employed", "background", UP)
        case "work.retention":
            return Case(full, 0.5, "employed", "everyone", UP)
        case "admission.permit":
            return Case(full, value, "residents", "newcomer", DOWN, CROWDED)
        case "admission.arrivals":
            return Case(full, 2.0, "residents", "newcomer", UP)
        case "housing.building":
            return Case(full, 3.0, "residents", "everyone", UP)
        case "housing.attraction":
            return Case(full, value, "residents", "place", UP)
        case "living.capacity":
            return Case(full, 2.0, "belonging", "newcomer", UP, CROWDED)
        case "living.associations":
            return Case(full, 2.0, "members", "everyone", UP)
    raise LookupError(f"{full}: say in experiments/levers/cases.py what it must move")
