"""What policy sets for one month: per neighbourhood, or per municipality where it applies before anyone has a home."""

from typing import NamedTuple

import numpy as np

from sim.facilities import FACILITY_COUNT
from sim.machine.struct import Floats, FloatTable
from sim.motives import DECLARED, MOTIVE_COUNT


class Conditions(NamedTuple):
    """Levers in force in one month; in the baseline each has the value without a policy.

    Attributes
    ----------
    funding : float32 [J, 7]
        Multiplies facility supply; 1 in the baseline.
    mixing : float32 [J, 7]
        Share by which a facility's homophily falls, 0 to 1; 0 in the baseline.
    positivity : float32 [J]
        Share by which bad encounters fall, 0 to 1; 0 in the baseline.
    building : float32 [J]
        New dwellings as a multiple of the baseline's building programme; 1 in the baseline.
    attraction : float32 [J]
        Utility added for newcomers who look for a home here; 0 in the baseline.
    coverage, course_hours : float32 [J, 6]
        Reception by motive: share reached, and hours of Dutch per month for those reached; by where they live.
    one_stop : float32 [J]
        One service point instead of many, 0 to 1.
    job_support, enforcement, retention : float32 [J]
        Support to newcomers' job finding 0 to 1; against hiring discrimination 0 to 1; fewer job losses 0 to 1; of
        those who live here.
    permit : float32 [K]
        Strength psi of the permit rule for labour from outside the EU; 0 = present law.
    reception_places : float32 [K]
        Reception places per year, part of the incorporation capacity, as a multiple of the baseline's.
    arrivals : float32 [K, 6]
        Multiplies arrivals from abroad; 1 in the baseline.
    """

    funding: FloatTable
    mixing: FloatTable
    positivity: Floats
    building: Floats
    attraction: Floats
    coverage: FloatTable
    course_hours: FloatTable
    one_stop: Floats
    job_support: Floats
    enforcement: Floats
    retention: Floats
    permit: Floats
    reception_places: Floats
    arrivals: FloatTable


def baseline_conditions(areas: int, municipalities: int) -> Conditions:
    """Return the baseline (nulvariant) for J = areas neighbourhoods and K = municipalities."""

    def filled(shape: int | tuple[int, int], value: float) -> np.ndarray:
        return np.full(shape, value, np.float32)

    kinds, motives = FACILITY_COUNT, MOTIVE_COUNT
    reached, hours = [m.reception for m in DECLARED], [m.course_hours for m in DECLARED]
    return Conditions(
        funding=filled((areas, kinds), 1),
        mixing=filled((areas, kinds), 0),
        positivity=filled(areas, 0),
        building=filled(areas, 1),
        attraction=filled(areas, 0),
        coverage=np.tile(np.array(reached, np.float32), (areas, 1)),
        course_hours=np.tile(np.array(hours, np.float32), (areas, 1)),
        one_stop=filled(areas, 0),
        job_support=filled(areas, 0),
        enforcement=filled(areas, 0),
        retention=filled(areas, 0),
        permit=filled(municipalities, 0),
        reception_places=filled(municipalities, 1),
        arrivals=filled((municipalities, motives), 1),
    )
