"""Ages of origin groups at the start: those of their neighbourhood, and as far as is asked those of their group."""

import numpy as np

from scenarios.areas import AreaTable

FITTING_ROUNDS = 50


def ages_by_group(table: AreaTable, difference: float) -> np.ndarray:
    """Shares of the age classes by origin group, float64 [J, G, 5]; for all groups alike [J, 1, 5].

    Groups differ in age as in the country, and together they have the ages of the area (iterative proportional fitting
    of the country's ages by group to the area's two margins; Deming & Stephan 1940): who has a background is younger,
    so that of births more and of deaths fewer are theirs.

    Parameters
    ----------
    difference : float
        Exponent of the country's ages by group: 1, groups differ as in the country; 0, not at all. It has no effect
        where the origin scheme tells no ages.
    """
    if table.scheme.age is None or difference == 0:
        return table.age[:, None, :]
    country = table.scheme.age**difference
    people = table.origin[:, :, None] * country[None, :, :]
    for _ in range(FITTING_ROUNDS):
        people *= (table.age / np.maximum(people.sum(axis=1), 1e-300))[:, None, :]
        people *= (table.origin / np.maximum(people.sum(axis=2), 1e-300))[:, :, None]
    found = np.where(people.sum(axis=2, keepdims=True) > 0, people, country[None, :, :])
    return found / found.sum(axis=2, keepdims=True)
