"""Why people come from abroad: one record for each motive, from which every list and table of motives derives.

A motive is added here, with its parameters `stay_<name>` and `leave_<name>` in `sim.parameters` and its arrivals in the
data. Serials and draws depend on the order of motives, so that a seed keeps its run only if new ones come at the end.
"""

from dataclasses import dataclass

from sim.rules.people import NO_MOTIVE as NO_MOTIVE  # of people born here and of returning Dutch


@dataclass(frozen=True)
class Motive:
    """A motive of migration.

    Attributes
    ----------
    name : str
    arrival_age : (float, int, int, int)
        Share of children, then a triangle for the others: lowest, commonest and highest age in years [E].
    in_couple, shares_home : float
        Share of arriving adults' households that are couples, and of those who come alone that share a dwelling [E].
    works_on_arrival : float
        Share with work on arrival [E].
    reception : float
        Share whom reception reaches in the baseline [E]: only those obliged to integrate are served.
    course_hours : float
        Hours of Dutch a month of those reached in the baseline [E]; for asylum migrants about 500 hours in three years.
    """

    name: str
    arrival_age: tuple[float, int, int, int]
    in_couple: float
    shares_home: float
    works_on_arrival: float
    reception: float
    course_hours: float


DECLARED = (
    Motive("labour_eu", (0.02, 18, 26, 60), 0.2, 0.5, works_on_arrival=0.95, reception=0.1, course_hours=0.0),
    Motive("knowledge", (0.05, 22, 29, 55), 0.35, 0.1, works_on_arrival=0.95, reception=0.2, course_hours=0.0),
    Motive("study", (0.0, 18, 20, 32), 0.03, 0.6, works_on_arrival=0.3, reception=0.2, course_hours=0.0),
    Motive("family", (0.35, 18, 30, 65), 0.3, 0.05, works_on_arrival=0.3, reception=0.7, course_hours=6.0),
    Motive("asylum", (0.35, 18, 24, 60), 0.25, 0.2, works_on_arrival=0.0, reception=0.9, course_hours=12.0),
    Motive("other_eu", (0.12, 18, 28, 70), 0.3, 0.2, works_on_arrival=0.55, reception=0.1, course_hours=0.0),
)
MOTIVES = tuple(motive.name for motive in DECLARED)
MOTIVE_COUNT = len(MOTIVES)
# Places in the list of motives.
KNOWLEDGE, FAMILY, ASYLUM = (MOTIVES.index(name) for name in ("knowledge", "family", "asylum"))
