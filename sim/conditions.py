"""What policy sets for one month: per neighbourhood, but for what is decided before anyone has a home."""

from typing import NamedTuple

import numpy as np

from sim.parameters import FACILITIES, MOTIVES

# Today's coverage of reception by motive (evidence 5.2 [E]): only those obliged to integrate are served.
COVERAGE_TODAY = {
    "labour_eu": 0.1, "knowledge": 0.2, "study": 0.2, "family": 0.7, "asylum": 0.9, "other_eu": 0.1,
}  # fmt: skip
# Today's course hours per month of those reached [E]; about 500 hours in three years for asylum migrants.
COURSE_TODAY = {"labour_eu": 0.0, "knowledge": 0.0, "study": 0.0, "family": 6.0, "asylum": 12.0, "other_eu": 0.0}


class Conditions(NamedTuple):
    """Levers in force in one month; the baseline leaves everything as it is today.

    Attributes
    ----------
    funding : float32 [J, 7]
        Multiplies facility supply; 1 = today.
    mixing : float32 [J, 7]
        Share by which a facility's homophily falls, 0 to 1; 0 = today.
    positivity : float32 [J]
        Share by which bad encounters fall, 0 to 1; 0 = today.
    building : float32 [J]
        New places over today's building programme; 1 = today.
    attraction : float32 [J]
        Utility added for newcomers who look for a home here; 0 = today.
    coverage, course_hours : float32 [J, 6]
        Reception by motive: share reached, and hours of Dutch per month for those reached; by where they live.
    one_stop : float32 [J]
        One counter instead of many, 0 to 1.
    job_support, enforcement, retention : float32 [J]
        Support to newcomers' job finding 0 to 1; against hiring discrimination 0 to 1; fewer job losses 0 to 1; of
        those who live here.
    permit : float32 [K]
        Strength psi of the permit rule for labour from outside the EU; 0 = present law.
    reception_places : float32 [K]
        Places per year added to the incorporation capacity, over today's; 1 = today.
    arrivals : float32 [K, 6]
        Multiplies arrivals from abroad; 1 = today.
    """

    funding: np.ndarray
    mixing: np.ndarray
    positivity: np.ndarray
    building: np.ndarray
    attraction: np.ndarray
    coverage: np.ndarray
    course_hours: np.ndarray
    one_stop: np.ndarray
    job_support: np.ndarray
    enforcement: np.ndarray
    retention: np.ndarray
    permit: np.ndarray
    reception_places: np.ndarray
    arrivals: np.ndarray


def today(areas: int, towns: int) -> Conditions:
    """The baseline (nulvariant) for J = areas neighbourhoods and K = towns municipalities."""

    def filled(shape: int | tuple[int, int], value: float) -> np.ndarray:
        return np.full(shape, value, np.float32)

    kinds, motives = len(FACILITIES), len(MOTIVES)
    return Conditions(
        funding=filled((areas, kinds), 1),
        mixing=filled((areas, kinds), 0),
        positivity=filled(areas, 0),
        building=filled(areas, 1),
        attraction=filled(areas, 0),
        coverage=np.tile(np.array([COVERAGE_TODAY[m] for m in MOTIVES], np.float32), (areas, 1)),
        course_hours=np.tile(np.array([COURSE_TODAY[m] for m in MOTIVES], np.float32), (areas, 1)),
        one_stop=filled(areas, 0),
        job_support=filled(areas, 0),
        enforcement=filled(areas, 0),
        retention=filled(areas, 0),
        permit=filled(towns, 0),
        reception_places=filled(towns, 1),
        arrivals=filled((towns, motives), 1),
    )
