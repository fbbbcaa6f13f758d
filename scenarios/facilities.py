"""Supply Q per kind of facility from the available data, 1 = the national average resident.

Three methods, the first of which the data allow:

1. counts per area (shops, schools, ...): ``2 c / (c + mean c)`` with c per resident, so that twice as many never
   means twice as good; its level comes from method 3, since counts of different registers cannot be compared;
2. distances in km to the nearest one: ``2 / (1 + d / d0)``, d0 = what makes the average resident's distance 1;
3. no data: ``1 + a (R - mean R) + s (S - mean S)``. R = log(1 + density/100) / log 61 in [0, 1]: more lies
   within reach where addresses are dense, with decreasing returns. S = n/(n + 2000): a small area has fewer of its
   own. Slopes a of shops, library and school are those of method 2 regressed on R over the 355 municipalities of
   2020 [C]; the others are assumptions [E].

Every Q is clipped to [0.1, 3].
"""

import numpy as np

from scenarios.areas import FACILITIES
from scenarios.notes import TARGET_NAMES, Note

LOWEST, HIGHEST = 0.1, 3.0
MEAN_REACH = 0.6476
"""Mean of R over the residents of the Netherlands [C, CBS wijken 2017]."""
MEAN_SIZE = 0.7999
"""Mean of S over the residents of the Netherlands [C, CBS wijken 2017]."""

# kind: slope on reach, slope on size
DEFAULT_SLOPES = {
    "shops": (0.90, 0.0),
    "library": (0.58, 0.2),
    "park": (-0.15, 0.0),
    "sports": (0.40, 0.1),
    "community_centre": (0.30, 0.1),
    "school": (0.54, 0.1),
    "association": (0.20, 0.1),
}

COUNT_COLUMNS = {
    "awinkels": "shops",  # The Hague
    "acultuur": "library",
    "arecreat": "park",
    "asport": "sports",
    "ascholen": "school",
    "BHVEST_WINK": "shops",  # Amsterdam
    "SRCULTUUR": "library",
    "BHVEST_CULT": "association",
    "ORGROEN": "park",
    "SRSPORT": "sports",
    "WZWELZIJN": "community_centre",
    "OSCHBAO": "school",
}
"""Columns with a number (or surface) of facilities in the area; ``count_<kind>`` works for every kind."""

DISTANCE_COLUMNS = {
    "Afstand tot overige dagelijkse levensmiddelen (km)": ("shops", 0.79),  # CBS, means of 2020 [C]
    "Afstand tot bibliotheek (km)": ("library", 1.95),
    "Afstand tot zwembad (km)": ("sports", 3.24),
    "Afstand tot basisscholen (km)": ("school", 0.70),
    "distance_shops": ("shops", 0.79),
    "distance_library": ("library", 1.95),
    "distance_park": ("park", 1.0),  # assumption [E]
    "distance_sports": ("sports", 3.24),
    "distance_community_centre": ("community_centre", 1.5),  # assumption [E]
    "distance_school": ("school", 0.70),
}
"""Columns with a distance in km to the nearest one: the kind, and the national mean distance."""

# Residents live closer than the mean distance says (the transform is convex): these make the national mean Q one.
_MEAN_CORRECTION = {"shops": 1.034, "library": 1.039, "sports": 1.050, "school": 1.012}


def reach(density: np.ndarray) -> np.ndarray:
    """Return R in [0, 1] from addresses per km2: what lies within reach, saturating."""
    return np.clip(np.log1p(density / 100.0) / np.log(61.0), 0.0, 1.0)


def default_supply(density: np.ndarray, residents: np.ndarray) -> np.ndarray:
    """Return Q, float64[J, 7], from address density and size alone (method 3); national mean 1 for every kind."""
    r = reach(density)[:, None] - MEAN_REACH
    s = (residents / (residents + 2000.0))[:, None] - MEAN_SIZE
    slopes = np.array([DEFAULT_SLOPES[kind] for kind in FACILITIES])
    return np.clip(1.0 + r * slopes[:, 0] + s * slopes[:, 1], LOWEST, HIGHEST)


def supply_from_count(count: np.ndarray, residents: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return Q of one kind from numbers per area (method 1); nan where the number is unknown.

    Parameters
    ----------
    count : float64[J]
        Number or surface of the facility in each area, at least 0.
    residents : int64[J]
    level : float64[J]
        Q of method 3, whose mean over the residents becomes the mean of the result.
    """
    known = np.isfinite(count)
    people = residents[known]
    if not known.any() or count[known].sum() <= 0:
        return np.full(len(count), np.nan)
    per_resident = count / residents
    mean = count[known].sum() / people.sum()
    supply = 2.0 * per_resident / (per_resident + mean)
    achieved = (supply[known] * people).sum() / people.sum()
    wanted = (level[known] * people).sum() / people.sum()
    return np.clip(supply * wanted / achieved, LOWEST, HIGHEST)


def supply_from_distance(distance: np.ndarray, kind: str, national_mean: float) -> np.ndarray:
    """Return Q of one kind from distances in km (method 2); nan where the distance is unknown."""
    return np.clip(2.0 / (1.0 + distance / national_mean) / _MEAN_CORRECTION.get(kind, 1.0), LOWEST, HIGHEST)


def supply(columns: dict[str, np.ndarray], density: np.ndarray, residents: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Return Q for all kinds from the available columns, with a note on each method used.

    Parameters
    ----------
    columns : dict of str to float64[J]
        Columns named ``facility_<kind>`` (Q itself), ``count_<kind>``, or as in `COUNT_COLUMNS` and
        `DISTANCE_COLUMNS`; nan = unknown. Other names are ignored. Q itself goes before counts, counts before
        distances, distances before the default.
    density, residents : float64[J], int64[J]

    Returns
    -------
    float64[J, 7], list of str
    """
    result = default_supply(density, residents)
    level = result.copy()
    known = np.zeros(result.shape, dtype=bool)
    notes: list[str] = []
    for name, kind, values, road in _candidates(columns, residents, level):
        at = FACILITIES.index(kind)
        new = np.isfinite(values) & ~known[:, at]
        result[new, at] = values[new]
        known[new, at] = True
        if new.any() and road:
            called = TARGET_NAMES[kind]["nl"]
            notes.append(
                Note(
                    f"Supply of {kind.replace('_', ' ')} in {new.sum()} areas comes from {road} (column {name}).",
                    f"Aanbod van {called} in {new.sum()} gebieden komt uit {road.dutch} (kolom {name}).",
                )
            )
    if not known.all():
        notes.append(_default_note(known))
    return result, notes


def _default_note(known: np.ndarray) -> Note:
    """Describe which facilities have no data, and where."""
    english, dutch = [], []
    for kind, k in zip(FACILITIES, known.T, strict=True):
        lacking = int((~k).sum())
        if lacking:
            where = "everywhere" if lacking == len(k) else f"in {lacking} of {len(k)} areas"
            waar = "overal" if lacking == len(k) else f"in {lacking} van de {len(k)} gebieden"
            english.append(f"{kind.replace('_', ' ')} {where}")
            dutch.append(f"{TARGET_NAMES[kind]['nl']} {waar}")
    return Note(
        "Supply follows address density and size where it is not known (assumption, mean 1 over the Netherlands): "
        f"{', '.join(english)}.",
        "Het aanbod volgt adressendichtheid en grootte waar het niet bekend is (aanname, gemiddeld 1 in Nederland): "
        f"{', '.join(dutch)}.",
    )


def _candidates(columns: dict[str, np.ndarray], residents: np.ndarray, level: np.ndarray):
    """Yield (column, kind, Q, method) from the best method to the least."""
    for kind in FACILITIES:
        if f"facility_{kind}" in columns:
            yield f"facility_{kind}", kind, columns[f"facility_{kind}"], None
    counts = {f"count_{kind}": kind for kind in FACILITIES} | COUNT_COLUMNS
    for name, kind in counts.items():
        if name in columns:
            own = supply_from_count(columns[name], residents, level[:, FACILITIES.index(kind)])
            yield name, kind, own, Note("counts per resident", "aantallen per bewoner")
    for name, (kind, mean) in DISTANCE_COLUMNS.items():
        if name in columns:
            yield name, kind, supply_from_distance(columns[name], kind, mean), Note("distances", "afstanden")
