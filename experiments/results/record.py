"""From whole-number observations to tables: a row per month and neighbourhood, group or municipality.

Counts are in residents (agents times scale). Means are of adults (15 or older), whom surveys ask; work is of people of
18 to 66, school of pupils of 4 to 17. A mean over nobody is null.
"""

import numpy as np
import polars as pl

from experiments.results.month_table import GROUPS
from experiments.simulation.simulate import Month
from scenarios.areas import AreaTable
from sim.facilities import FACILITIES
from sim.measures import ADULTS, MEASURES, measure_of, ratio, spread_of_belonging
from sim.motives import MOTIVES
from sim.rules.safety import MEAN_BELONGING
from sim.world import World

REPORTED = tuple(measure.name for measure in MEASURES)
NUMBERS = tuple(measure.name for measure in MEASURES if not measure.whole)
# What is made of several measures comes after the one it goes with.
AFTER = {"residents": "adults", "belonging": "belonging_sd", "withdrawal": "unsafe", "ties_own": "ties_own_corrected"}
COLUMNS = tuple(name for measure in REPORTED for name in (measure, AFTER.get(measure)) if name)
PERCENTS = (10, 25, 50, 75, 90)
FLOWS = {
    "births": "births", "immigrated": "arrived_abroad", "domestic": "arrived_country", "moved_in": "arrived_region",
    "deaths": "left_death", "emigrated": "left_abroad", "moved_away": "left_country", "moved_out": "left_region",
    "moved_within": "moved_within", "no_home": "found_no_home", "unhoused": "unhoused",
    "unhoused_births": "unhoused_births",
}  # fmt: skip


def quantiles(histogram: np.ndarray, percents: tuple[int, ...] = PERCENTS) -> np.ndarray:
    """Quantiles [N, P] of belonging from counts [N, 50] in bins of 0.02, linear within a bin; nan without people."""
    bins = histogram.shape[1]
    reached = np.cumsum(histogram, axis=1).astype(float)
    total = reached[:, -1]
    result = np.full((len(histogram), len(percents)), np.nan)
    lines = np.arange(len(histogram))
    for at, percent in enumerate(percents):
        goal = total * percent / 100
        index = (reached < goal[:, None]).argmin(axis=1)  # of the first bin by which so many are reached
        inside = histogram[lines, index]
        before = reached[lines, index] - inside
        part = np.divide(goal - before, inside, out=np.zeros(len(lines)), where=inside > 0)
        result[:, at] = np.where(total > 0, (index + part) / bins, np.nan)
    return result


def corrected(own: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Coleman's index: own-group share of ties beyond that of chance meetings, -1 to 1, 0 where ties follow chance."""
    room = np.where(own >= expected, 1 - expected, expected)
    return np.divide(own - expected, room, out=np.full(np.shape(own), np.nan), where=room > 0)


def unsafe(belonging: np.ndarray, world: World) -> np.ndarray:
    """Share who feel unsafe at times: logistic in mean belonging, as in `sim.rules.safety`."""
    c = world.parameters
    return 1 / (1 + np.exp(-(c.unsafe_level - c.unsafe_belonging * (belonging - MEAN_BELONGING))))


def measures(
    sums: np.ndarray, histogram: np.ndarray, expected_own: np.ndarray, world: World, scale: int
) -> dict[str, np.ndarray]:
    """Columns of N neighbourhoods or groups.

    Parameters
    ----------
    sums, histogram : int64 [N, 24] and [N, 50]
        As in `sim.observations.Observations`.
    expected_own : float64 [N]
        Own-group share of ties if ties followed chance.
    """
    found = {name: measure_of(sums, name) for name in REPORTED}
    found["belonging_sd"] = spread_of_belonging(sums)
    found["unsafe"] = unsafe(found["belonging"], world)
    found["ties_own_corrected"] = corrected(found["ties_own"], expected_own)
    for name in NUMBERS:
        found[name] = found[name].astype(np.int64) * scale
    found["adults"] = sums[:, ADULTS] * scale
    found = {name: found[name] for name in COLUMNS}
    levels = quantiles(histogram)
    return found | {f"belonging_p{p}": levels[:, at] for at, p in enumerate(PERCENTS)}


def expected_own_share(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Own-group share of ties by chance: of everyone [J], and of those without and with a background [J, 2]."""
    share = ratio(people, people.sum(axis=1, keepdims=True).repeat(people.shape[1], axis=1))
    squares = share**2
    background = share[:, 1:].sum(axis=1)
    others = ratio(squares[:, 1:].sum(axis=1), background)
    return squares.sum(axis=1), np.stack([share[:, 0], others], axis=1)


class Recorder:
    """Turns each month into rows of the three tables of a result."""

    def __init__(self, table: AreaTable, scale: int) -> None:
        self.table, self.scale = table, scale
        self.areas, self.municipality_count = len(table), len(table.municipality_code)
        self.code = pl.Series("neighbourhood", table.code)
        self.municipality_code = pl.Series("municipality", table.municipality_code)
        self.area_municipality = self.municipality_code.gather(table.municipality)
        self.group_code = self.code.gather(np.repeat(np.arange(self.areas), len(GROUPS)))
        self.group = pl.Series("group", list(GROUPS) * self.areas)

    def months(self, month: Month, world: World) -> pl.DataFrame:
        """A row per neighbourhood: all residents, flows, and the neighbourhood itself."""
        frame = self._frame(month.month, self.month_columns(month, world))
        return frame.insert_column(1, self.code).insert_column(2, self.area_municipality)

    def month_columns(self, month: Month, world: World) -> dict[str, np.ndarray]:
        """The same as plain columns, before they are made narrow (`narrowed`)."""
        seen, rates, stocks = month.observations, world.rates, world.stocks
        everyone, _ = expected_own_share(stocks.people)
        columns = measures(seen.sums.sum(axis=1), seen.histogram.sum(axis=1), everyone, world, self.scale)
        columns["diversity"] = 1 - everyone
        columns["turnover"] = ratio(stocks.leavers.sum(axis=1), stocks.people.sum(axis=1))
        columns["dwellings"] = stocks.homes * self.scale
        columns["households"] = (stocks.homes - stocks.vacant) * self.scale
        columns["vacant"] = stocks.vacant * self.scale
        for name, column in FLOWS.items():
            columns[column] = getattr(world.flows, name) * (self.scale if month.month else 0)
        columns["crowding"] = ratio(stocks.people.sum(axis=1), world.neighbourhoods.residents)
        for kind, name in enumerate(FACILITIES):
            columns[f"supply_{name}"] = rates.supply[:, kind]
        return columns

    def groups(self, month: Month, world: World) -> pl.DataFrame:
        """A row per neighbourhood and group: newcomers and established, with and without a migration background."""
        seen = month.observations
        _, by_background = expected_own_share(world.stocks.people)
        expected = by_background[:, [0, 1, 0, 1]].reshape(-1)
        lines = self.areas * len(GROUPS)
        columns = measures(seen.sums.reshape(lines, -1), seen.histogram.reshape(lines, -1), expected, world, self.scale)
        frame = self._frame(month.month, columns)
        return frame.insert_column(1, self.group_code).insert_column(2, self.group)

    def municipalities(self, month: Month, world: World) -> pl.DataFrame:
        """A row per municipality: load on its capacity, reception, money spent."""
        rates = world.rates
        columns = {
            "residents": self._by_municipality(world.stocks.people.sum(axis=1)),
            "arrivals_year": world.stocks.inflow.sum(axis=1) * self.scale,
            "load": rates.load,
        }
        reception = self._by_residents(rates.reception, world)
        uptake = (reception * rates.expected).sum(axis=1)
        columns["reception"] = ratio(uptake, rates.expected.sum(axis=1))
        for m, name in enumerate(MOTIVES):
            columns[f"reception_{name}"] = reception[:, m]
        columns["spent"] = sum(month.costs.values(), np.zeros(self.municipality_count))
        columns["spent_so_far"] = world.stocks.spent
        return self._frame(month.month, columns).insert_column(1, self.municipality_code)

    def _by_residents(self, values: np.ndarray, world: World) -> np.ndarray:
        """Means [K, ...] over residents of values per neighbourhood [J, ...]."""
        people = world.stocks.people.sum(axis=1)
        summed = np.zeros((self.municipality_count, *values.shape[1:]))
        np.add.at(summed, self.table.municipality, values * people[:, None])
        return summed / np.maximum(np.bincount(self.table.municipality, people, self.municipality_count), 1)[:, None]

    def _by_municipality(self, agents: np.ndarray) -> np.ndarray:
        """Residents per municipality from agents per neighbourhood."""
        return np.bincount(self.table.municipality, agents, self.municipality_count).astype(np.int64) * self.scale

    def _frame(self, month: int, columns: dict[str, np.ndarray]) -> pl.DataFrame:
        """A table with narrow types (`narrowed`), nan as null."""
        series = [pl.Series("month", np.full(len(next(iter(columns.values()))), month, np.int16))]
        series += [pl.Series(name, narrowed(name, values), nan_to_null=True) for name, values in columns.items()]
        return pl.DataFrame(series)


def narrowed(name: str, values: np.ndarray) -> np.ndarray:
    """A column in the type of the tables: whole numbers stay whole, means are in single precision, euro in double."""
    if values.dtype.kind in "iu":
        return values.astype(np.int32)
    return values.astype(np.float64 if name.startswith("spent") else np.float32)
