"""Arrivals from abroad per municipality and motive, estimated from the composition of its residents."""

import numpy as np

from scenarios.origins import MOTIVES, OriginScheme

NATIONAL_ARRIVALS = 191_000 / 17_200_000
"""Immigrants without Dutch nationality per resident in 2018: 191,000 on 17.2 million [S, CBS 22-07-2020]."""

MOTIVE_MIX = {
    "labour_eu": 0.21,
    "knowledge": 0.09,  # non-EU labour
    "study": 0.17,  # EU .08 and non-EU .09
    "family": 0.27,  # EU .13 and non-EU .14
    "asylum": 0.07,  # with family reunification
    "other_eu": 0.19,  # EU .16, and .03 other who have no motive of their own in the model
}
"""Share of each motive in an average year [C from CBS 2018; the non-EU split of labour and study is E]."""


def national_rates() -> np.ndarray:
    """Return the national arrivals per resident per year, float64[6] in the order of `MOTIVES`."""
    return NATIONAL_ARRIVALS * np.array([MOTIVE_MIX[motive] for motive in MOTIVES])


def arrival_rates(origin: np.ndarray, national: np.ndarray, scheme: OriginScheme) -> np.ndarray:
    """Scale the national arrivals by motive to municipalities, by their composition.

    People settle where others of their origin live: for each motive m,
    ``rate_m(k) = national_m * sum_g a_mg * share_g(k) / share_g(national)``, where a_mg is the share of the
    motive's arrivals that belong to group g. Averaged over the national population this is the national rate.

    Parameters
    ----------
    origin : float64[K, G]
        Shares of residents per municipality.
    national : float64[G]
        Shares of residents in the country (or in the whole table).
    scheme : OriginScheme
        For the distribution of arrivals over groups.

    Returns
    -------
    float64[K, 6]
        Arrivals per resident per year, clipped to [0, 0.5].
    """
    # Arrivals of a group that is absent nationally are spread evenly.
    present = national > 0
    relative = np.where(present, origin / np.where(present, national, 1.0), 1.0)
    return np.clip(national_rates() * (relative @ scheme.arrivals.T), 0.0, 0.5)
