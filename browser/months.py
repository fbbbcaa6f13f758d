"""What the page is told of a month: the columns and means of `thuis run`, from the same code."""

from collections.abc import Iterable

import numpy as np

from experiments.results.record import Recorder, narrowed
from experiments.results.summary import WEIGHTS
from experiments.simulation.simulate import Month
from sim.facilities import FACILITIES
from sim.measures import BACKGROUND, ESTABLISHED, NEWCOMERS, NO_BACKGROUND, RESIDENTS, measure_of, ratio
from sim.world import World

# Columns per neighbourhood, straight from months.parquet; those of EXTRA are made from them.
STRAIGHT = (
    "residents", "adults", "belonging", "at_home", "cohesion", "diversity", "turnover", "withdrawn", "faces", "ties",
    "contact", "language", "employed", "vacant", "births", "arrived_abroad", "arrived_country", "arrived_region",
    "left_death", "left_abroad", "left_country", "left_region", "moved_within",
)  # fmt: skip
EXTRA = ("newcomers", "facilities", *(f"supply_{name}" for name in FACILITIES))
COLUMNS = (*STRAIGHT, *EXTRA)
MEANS = (
    "belonging", "at_home", "cohesion", "withdrawn", "faces", "ties", "contact", "diversity", "turnover", "employed",
)  # fmt: skip
TOTALS = (
    *MEANS, "newcomers", "facilities", "residents", "belonging_established", "belonging_newcomers",
    "belonging_no_background", "belonging_background", "at_home_established", "at_home_newcomers", "adults",
    "arrived_abroad", "left_abroad", "spent",
)  # fmt: skip
MEASURES = (
    "at_home", "belonging", "cohesion", "diversity", "turnover", "newcomers", "withdrawn", "facilities", "ties",
    "faces", "contact", "employed",
)  # fmt: skip
"""What the map can show, in the order of the page."""
WEIGHT = {column: weight for weight, columns in WEIGHTS.items() for column in columns}
CLASS_GROUPS = {
    "established": ESTABLISHED,
    "newcomers": NEWCOMERS,
    "no_background": NO_BACKGROUND,
    "background": BACKGROUND,
}


def newcomer_share(month: Month) -> np.ndarray:
    """Share of residents who came from abroad less than five years ago, float64 [J]."""
    people = month.observations.sums[:, :, RESIDENTS]
    return ratio(people[:, NEWCOMERS].sum(axis=1), people.sum(axis=1))


def by_class(month: Month, measure: str, names: Iterable[str]) -> list[float]:
    """A measure over adults of some of `CLASS_GROUPS` in the whole region; nan where there is nobody."""
    sums = month.observations.sums.sum(axis=0)
    return [float(measure_of(sums[CLASS_GROUPS[name]].sum(axis=0), measure)) for name in names]


def month_numbers(recorder: Recorder, month: Month, world: World) -> tuple[np.ndarray, np.ndarray]:
    """Totals float64 [T] and columns float32 [C, J] of a month.

    Means are weighted as in summary.json: by adults, or by residents for diversity and turnover.
    """
    narrow = {name: narrowed(name, values) for name, values in recorder.month_columns(month, world).items()}
    found = {name: narrow[name].astype(np.float64) for name in (*MEANS, *WEIGHTS, "residents")}
    newcomers = newcomer_share(month)
    facilities = world.rates.supply.mean(axis=1, dtype=np.float64)
    straight = [narrow[name].astype(np.float32) for name in STRAIGHT]
    columns = np.stack([*straight, newcomers.astype(np.float32), facilities.astype(np.float32), *world.rates.supply.T])
    residents = found["residents"]
    totals = [
        *(weighted_mean(found[name], found[WEIGHT[name]]) for name in MEANS),
        float(np.nansum(newcomers * residents) / residents.sum()),
        float((facilities * residents).sum() / residents.sum()),
        float(residents.sum()),
        *by_class(month, "belonging", CLASS_GROUPS),
        *by_class(month, "at_home", ("established", "newcomers")),
        float(np.nansum(found["adults"])),
        float(narrow["arrived_abroad"].sum()),
        float(narrow["left_abroad"].sum()),
        float(world.stocks.spent.sum()),
    ]
    return np.array(totals, np.float64), columns.astype(np.float32)


def weighted_mean(values: np.ndarray, weights: np.ndarray) -> float:
    """As `experiments.results.summary.mean`, to the bit, from plain columns: ten of them took most of a month."""
    known = ~np.isnan(values) & (weights > 0)
    return float(np.average(values[known], weights=weights[known])) if known.any() else float("nan")
