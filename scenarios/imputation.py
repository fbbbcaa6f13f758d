"""Imputation of columns that a table of own areas does not have, by relations among Dutch districts.

In Dutch cities addresses are dense where many residents have a migration background, and within a city the areas with
more of them have lower incomes. So an unknown column is predicted from the known ones, by least squares over the
districts of the Netherlands (``conf/relations.yaml``, made by ``scripts/fit_relations.py``), shifted by the mean
residual of the areas that are known. These are regularities of where people live, not of who they are: composition
enters only as the share of residents outside the host background.
"""

from functools import lru_cache

import numpy as np

from conf.files import read_yaml
from scenarios.areas import AGES
from scenarios.columns import filled_by_municipality
from scenarios.notes import Note

RELATIONS: dict[str, tuple[str, ...]] = {
    "reach": ("town", "apart", "town_apart"),
    "socio_economic": ("apart", "town_apart"),
    "one_person": ("reach", "background"),
    "with_children": ("one_person", "background"),
    "household_size": ("one_person", "with_children"),
    **{f"age_{a}": ("one_person", "background") for a in AGES},
}
"""Predictors of each unknown column, in the order in which columns are imputed."""

BOUNDS = {
    "reach": (0.0, 1.0),
    "socio_economic": (-4.0, 4.0),
    "one_person": (0.05, 0.85),
    "with_children": (0.02, 0.85),
    "household_size": (1.1, 6.0),
}
WORDS = {
    "reach": (
        "Address density",
        "the share with a migration background in municipality and area",
        "Adressendichtheid",
        "het aandeel met een migratieachtergrond in gemeente en gebied",
    ),
    "socio_economic": (
        "The socio-economic score",
        "the share with a migration background beside that of the municipality",
        "De sociaal-economische score",
        "het aandeel met een migratieachtergrond vergeleken met dat van de gemeente",
    ),
    "one_person": (
        "One-person households",
        "address density and the share with a migration background",
        "Eenpersoonshuishoudens",
        "de adressendichtheid en het aandeel met een migratieachtergrond",
    ),
    "with_children": (
        "Households with children",
        "one-person households and the share with a migration background",
        "Huishoudens met kinderen",
        "eenpersoonshuishoudens en het aandeel met een migratieachtergrond",
    ),
    "household_size": (
        "Household size",
        "the kinds of households",
        "Huishoudgrootte",
        "de soorten huishoudens",
    ),
    "age": (
        "The age classes",
        "one-person households and the share with a migration background",
        "De leeftijdsklassen",
        "eenpersoonshuishoudens en het aandeel met een migratieachtergrond",
    ),
}
"""For the notes: the unknown column and its predictors, in English and in Dutch."""
LEAST_AGE = 0.02  # share of an age class
DECIMALS = 6  # so that the digest of a run does not depend on the last bit of a sum


@lru_cache(1)
def coefficients() -> dict[str, dict[str, float]]:
    """The relations as fitted, by unknown column."""
    return read_yaml("conf", "relations.yaml")["relations"]


def describe_imputation(what: str, missing: int, areas: int) -> Note:
    """A note that a column was imputed from others, in how many areas, and how well the relation fits."""
    relation = coefficients()[what]
    english, by, dutch, naar = WORDS["age" if what.startswith("age_") else what]
    r2, districts = f"{relation['r2']:.2f}", f"{relation['districts']:,}"
    where = "everywhere" if missing == areas else f"in {missing} of {areas} areas"
    waar = "overal" if missing == areas else f"in {missing} van {areas} gebieden"
    return Note(
        f"{english}: unknown {where}; there it follows {by} (R2 {r2} over {districts} Dutch districts).",
        f"{dutch}: {waar} onbekend; daar volgt het {naar} (R2 {r2.replace('.', ',')} over "
        f"{districts.replace(',', '.')} Nederlandse wijken).",
    )


def backgrounds(origin: np.ndarray, residents: np.ndarray, municipality: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of residents outside the host background in each area and in its municipality, float64 [J] each.

    Unlike diversity it means the same for a table of two groups and of eighteen.

    Parameters
    ----------
    origin : float64 [J, G]
        Shares of the groups; the first is the host background.
    residents, municipality : int [J]
    """
    own = 1 - origin[:, 0]
    average = np.bincount(municipality, residents * own) / np.bincount(municipality, residents)
    return own.round(DECIMALS), average.round(DECIMALS)[municipality]


def reach_of(density: np.ndarray) -> np.ndarray:
    """Density on a saturating scale, float64 [J] in [0, 1]: log(1 + addresses per km2 / 100) / log 61."""
    return np.clip(np.log1p(density / 100.0) / np.log(61.0), 0.0, 1.0)


def density_of(reach: np.ndarray) -> np.ndarray:
    """Addresses per km2 of a reach, in whole numbers."""
    return (100.0 * (np.exp(reach * np.log(61.0)) - 1.0)).round()


class Unknown:
    """Known columns of the areas of a table, and the imputation of others.

    Parameters
    ----------
    origin, residents, municipality
        As in `backgrounds`.
    """

    def __init__(self, origin: np.ndarray, residents: np.ndarray, municipality: np.ndarray):
        self.residents, self.municipality = residents, municipality
        background, average = backgrounds(origin, residents, municipality)
        apart = background - average
        self.known = {"background": background, "town": average, "apart": apart, "town_apart": average * apart}

    def predicted(self, what: str) -> np.ndarray:
        """The prediction for every area, float64 [J]."""
        told = coefficients()[what]
        found = np.full(len(self.residents), told["constant"])
        for name in RELATIONS[what]:
            found = found + told[name] * self.known[name]
        return found

    def completed(self, what: str, values: np.ndarray) -> np.ndarray:
        """Values with the unknown ones (nan) imputed, which later relations can use.

        The mean residual of the known areas of the municipality (else of the table) is added.
        """
        missing = np.isnan(values)
        if missing.any():
            expected = self.predicted(what)
            nothing = 0.0 if missing.all() else None
            apart, _ = filled_by_municipality(values - expected, self.residents, self.municipality, nothing, what)
            filled = np.clip(expected + apart, *BOUNDS[what]).round(DECIMALS)
            values = np.where(missing, filled, values)
        self.known[what] = values
        return values

    def ages(self, values: np.ndarray) -> np.ndarray:
        """Shares of the five age classes, float64 [J, 5], with rows that are unknown from the relations."""
        missing = np.isnan(values).any(axis=1)
        expected = np.stack([self.predicted(f"age_{a}") for a in AGES], axis=1)
        nothing = 0.0 if missing.all() else None
        apart, _ = filled_by_municipality(values - expected, self.residents, self.municipality, nothing, "age")
        filled = np.maximum(expected + apart, LEAST_AGE)
        total = np.zeros(len(filled))
        for column in filled.T:
            total = total + column
        return np.where(missing[:, None], filled / total[:, None], values)
