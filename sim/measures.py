"""What is counted of residents and what is reported of the counts: each count and each measure declared once.

A count is a sum of whole numbers over residents of a neighbourhood and class, so that no order of summing can change
it. A measure is one count over another. Records, sweeps, comparisons, validation, sensitivity, agents and the page all
decode counts with `measure_of`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

FINE, COARSE = 65536, 256  # whole numbers that stand for one
CLASSES = ("established, no background", "established, background", "newcomer, no background", "newcomer, background")
ESTABLISHED, NEWCOMERS = slice(0, 2), slice(2, 4)  # of the classes
NO_BACKGROUND, BACKGROUND = slice(0, 4, 2), slice(1, 4, 2)
QUANTILE_BINS = 50


@dataclass(frozen=True)
class Count:
    """A sum over residents; `units` whole numbers stand for one."""

    name: str
    units: int = 1


COUNTS = (
    Count("residents"),
    Count("adults"),
    Count("belonging", FINE),
    Count("belonging_squared", FINE),
    Count("at_home"),
    Count("cohesion", FINE),
    Count("withdrawn"),
    Count("withdrawal", FINE),
    Count("faces", COARSE),
    Count("faces_own", COARSE),
    Count("ties"),
    Count("ties_own"),
    Count("contact", FINE),
    Count("language", FINE),
    Count("working_age"),
    Count("employed"),
    Count("members"),
    Count("position", FINE),
    Count("pupils"),
    Count("pupils_new"),
    Count("months_here"),
    Count("belonging_months_here", FINE),
    Count("months_here_squared"),
    Count("first_generation"),
)
COUNT_NAMES = tuple(count.name for count in COUNTS)
# Columns of Observations.sums, per neighbourhood and class, as compiled code names them.
(
    RESIDENTS,
    ADULTS,
    BELONGING,
    BELONGING_SQUARED,
    AT_HOME,
    COHESION,
    IN_OWN_CIRCLE,
    WITHDRAWAL,
    FACES,
    FACES_OWN,
    TIES,
    TIES_OWN,
    CONTACT,
    LANGUAGE,
    WORKING_AGE,
    EMPLOYED_COUNT,
    MEMBERS,
    STATUS,
    PUPILS,
    PUPILS_NEW,
    MONTHS_HERE,
    BELONGING_MONTHS,
    MONTHS_SQUARED,
    FIRST_GENERATION,
) = range(len(COUNTS))
BINS = len(CLASSES) * QUANTILE_BINS + 1  # one more for those who are not adults


@dataclass(frozen=True)
class Measure:
    """A reported number: a count over another count, times a factor.

    Attributes
    ----------
    name : str
    part, whole : str
        Counts; `whole` is empty for a plain number of people.
    factor, divisor : float
        To the scale it is reported on: cohesion on a scale of 10, months as years.
    unit, english, dutch : str
    """

    name: str
    part: str
    whole: str
    unit: str
    english: str
    dutch: str
    factor: float = 1.0
    divisor: float = 1.0


MEASURES = (
    Measure("residents", "residents", "", "people", "Residents", "Inwoners"),
    Measure("belonging", "belonging", "adults", "0 to 1", "Feeling at home, mean", "Thuisgevoel, gemiddeld"),
    Measure("at_home", "at_home", "adults", "share", "Adults who feel at home", "Volwassenen die zich thuis voelen"),
    Measure("cohesion", "cohesion", "adults", "0 to 10", "Social cohesion", "Sociale cohesie", 10.0),
    Measure(
        "withdrawn", "withdrawn", "adults", "share", "Withdrawn into their own circle", "Teruggetrokken in eigen kring"
    ),
    Measure("withdrawal", "withdrawal", "adults", "0 to 1", "Withdrawal, mean", "Terugtrekking, gemiddeld"),
    Measure("faces", "faces", "adults", "people", "Familiar faces", "Bekende gezichten"),
    Measure(
        "faces_own", "faces_own", "adults", "people", "Familiar faces, own group", "Bekende gezichten, eigen groep"
    ),
    Measure("ties", "ties", "adults", "people", "Personal ties", "Persoonlijke banden"),
    Measure("ties_own", "ties_own", "ties", "share", "Ties with the own group", "Banden met de eigen groep"),
    Measure("contact", "contact", "adults", "0 to 1", "Contact between groups", "Contact tussen groepen"),
    Measure("language", "language", "adults", "0 to 1", "Command of Dutch", "Beheersing van het Nederlands"),
    Measure("working_age", "working_age", "", "people", "Residents of working age", "Inwoners van werkende leeftijd"),
    Measure(
        "employed", "employed", "working_age", "share", "At work, of 18 to 66", "Aan het werk, van 18 tot en met 66"
    ),
    Measure("members", "members", "adults", "share", "Members of an association", "Lid van een vereniging"),
    Measure("position", "position", "adults", "SD", "Socio-economic position", "Sociaal-economische positie"),
    Measure("pupils", "pupils", "", "people", "Children at school", "Schoolkinderen"),
    Measure("pupils_new", "pupils_new", "pupils", "share", "Pupils new this year", "Leerlingen nieuw dit jaar"),
    Measure("years_here", "months_here", "adults", "years", "Years at the address", "Jaren op het adres", divisor=12),
    Measure("first_generation", "first_generation", "adults", "share", "Born abroad", "Geboren in het buitenland"),
)
MEASURE_BY_NAME = {measure.name: measure for measure in MEASURES}


def ratio(part: Any, whole: Any, units: float = 1.0) -> np.ndarray:
    """part / whole / units; nan where the whole is 0."""
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.divide(part, whole * units, out=np.full(shape, np.nan), where=whole > 0)


def mean_count(sums: np.ndarray, name: str) -> Any:
    """A count per adult, for what is not reported by itself; `sums` as in `measure_of`."""
    at = COUNT_NAMES.index(name)
    return ratio(sums[..., at], sums[..., ADULTS], COUNTS[at].units)


def measure_of(sums: np.ndarray, name: str) -> np.ndarray:
    """A measure from counts.

    Parameters
    ----------
    sums : array [..., 24]
        Counts in the order of `COUNTS`, added up over whatever neighbourhoods, classes and months are wanted.
    name : str
        Of one of `MEASURES`.

    Returns
    -------
    float64 array [...]
        nan where there is nobody to measure.
    """
    measure = MEASURE_BY_NAME[name]
    part = COUNT_NAMES.index(measure.part)
    if not measure.whole:
        return np.asarray(sums[..., part], float)
    whole = sums[..., COUNT_NAMES.index(measure.whole)]
    found = ratio(sums[..., part], whole, COUNTS[part].units * measure.divisor)
    return found if measure.factor == 1 else found * measure.factor


def spread_of_belonging(sums: np.ndarray) -> np.ndarray:
    """Standard deviation of belonging over adults, from counts [..., 24] as in `measure_of`."""
    mean, adults = measure_of(sums, "belonging"), sums[..., ADULTS]
    square = ratio(sums[..., BELONGING_SQUARED], adults, FINE)
    return np.sqrt(np.maximum(square - mean**2, 0))
