"""The schedule of a policy: which levers are in force in a month, what they cost, and where a budget binds.

Levers depend on the month alone, not on earlier months: so a policy can start from a checkpoint of any month of an
earlier run. Use it as a phase of the month, ``{"policy": schedule.begin_month} | PHASES``, or call it before
`pass_month`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scenarios.areas import AreaTable
from scenarios.known_years import KnownYears
from scenarios.policy.affected_areas import Rows, rows_of
from scenarios.policy.costs import Bound, Values, needs_count, total, yearly_costs
from scenarios.policy.measures import Measure, Policy
from scenarios.policy.units import Units, count_units
from scenarios.policy.words import held_back
from sim.conditions import Conditions, baseline_conditions
from sim.machine.threads import ThreadPool
from sim.world import World

STEPS = 10_000  # a budget scales a measure in steps of one part, rounded down


@dataclass(frozen=True)
class Note:
    """A measure that its budget held back in a month; an empty measure stands for the whole policy.

    Attributes
    ----------
    levers : tuple of str
        Full names of what was scaled.
    share : float
        Share of the change from the baseline that was kept.
    """

    month: int
    measure: str
    levers: tuple[str, ...]
    share: float


class Schedule:
    """Levers and money of a policy, month by month.

    Parameters
    ----------
    policy : Policy
    table : AreaTable
        The areas of the world the policy is for, in the world's order.
    scale : int
        Residents per agent (`BuildOptions.scale`).
    known : KnownYears, optional
        Arrivals and homes built of the years of the run; they multiply what the levers set, and cost nothing. Left
        out: what the table says of homes.

    Attributes
    ----------
    notes : list of Note
        Where a budget bound, per month.
    needs_count : bool
        Whether its costs depend on newcomers, or on who works: else nobody need be counted for them.
    month_costs : dict of float64 [K]
        Euro spent in the month last begun, by lever and municipality.

    Raises
    ------
    InputError
        An unknown area, or a neighbourhood for a lever that differs per municipality only.
    """

    def __init__(self, policy: Policy, table: AreaTable, scale: int = 1, known: KnownYears | None = None) -> None:
        self.policy, self.scale = policy, scale
        self.known = known if known is not None else KnownYears.of_table(table)
        self.municipalities = len(table.municipality_code)
        self.baseline: Conditions = baseline_conditions(len(table), self.municipalities)
        self._base: Values = {name: array.astype(np.float64) for name, array in self.baseline._asdict().items()}
        self._order = np.array(sorted(range(len(table)), key=lambda j: table.code[j]), np.int64)
        located = [(m, rows_of(m, table, f"policy {policy.name}, measure {m.name}: ")) for m in policy.measures]
        # The most local measures come last, and so prevail; sorting is stable, so that otherwise the order is as
        # written.
        self._located: list[tuple[Measure, Rows]] = sorted(located, key=lambda pair: pair[1].scope)
        self._priced = any(measure.priced for measure in policy.measures)
        self._budgeted = policy.budget is not None or any(m.budget is not None for m in policy.measures)
        self.needs_count = needs_count({s.lever.field for m in policy.measures for s in m.settings})
        self._key: tuple[float, ...] = (0.0,) * len(self._located)
        self._now: Conditions = self.baseline
        self._values: Values = self._base
        self.notes: list[Note] = []
        self.month_costs: dict[str, np.ndarray] = {}
        self._known: tuple[Conditions, int, float, Conditions] | None = None

    @property
    def values(self) -> Values:
        """The levers last set, in double precision."""
        return self._values

    @property
    def at_baseline(self) -> bool:
        """Whether the levers last set are those of the baseline."""
        return self._now is self.baseline

    @property
    def most_building(self) -> float:
        """The largest multiple of the baseline's building that it requests (`BuildOptions.building`), at least 1."""
        return most_building([self.policy])

    def conditions(self, month: int, units: Units | None = None) -> Conditions:
        """The levers in force in a month; the same object as last time while nothing changes.

        Parameters
        ----------
        month : int
            Months completed, as in `World.month`.
        units : Units, optional
            Last month's numbers; without them no budget binds.
        """
        strengths = [measure.strength(month) for measure, _ in self._located]
        if units is not None and self._budgeted and any(strengths):
            strengths = self._within_budget(month, strengths, units)
        key = tuple(strengths)
        if key != self._key:
            self._key = key
            self._values = self._in_force(strengths)
            self._now = self._as_conditions(self._values)
        return self._now

    def in_force(self, month: int, building: float, units: Units | None = None) -> Conditions:
        """The levers of a month times what is known of its year; the same object as last time while nothing changes.

        Parameters
        ----------
        building : float
            The model's parameter, which homes known are a multiple of.
        """
        levers, known = self.conditions(month, units), self.known
        if known is None:
            return levers
        year = known.year(month)
        kept = self._known
        if kept is None or kept[0] is not levers or kept[1:3] != (year, building):
            kept = self._known = (levers, year, building, known.applied(levers, month, building))
        return kept[3]

    def cost(self, month: int, units: Units, bound: Bound = "price") -> dict[str, np.ndarray]:
        """Euro in a month, by full name of the lever and municipality, beyond the baseline.

        Parameters
        ----------
        bound : {"price", "low", "high"}
            The price as such, or the ends of its range.
        """
        self.conditions(month, units)
        return self.cost_of(self._values, units, bound)

    def cost_of(self, values: Values, units: Units, bound: Bound = "price") -> dict[str, np.ndarray]:
        """Euro in a month of these levers, as `cost`."""
        costs = yearly_costs(values, self._base, units, self._order, self.municipalities, bound, self.policy.prices)
        return {name: amount / 12 for name, amount in costs.items()}

    def begin_month(self, world: World, pool: ThreadPool) -> None:
        """Set the levers of the coming month of the world, and add their costs to `stocks.spent`.

        Units are those at the end of last month, so that a budget holds exactly.
        """
        self.month_costs = {}
        active = self._priced and any(measure.strength(world.month) for measure, _ in self._located)
        units = count_units(world, pool, self.scale, self.needs_count) if active else None
        world.conditions = self.in_force(world.month, world.parameters.building, units)
        if units is not None:
            self.month_costs = self.cost_of(self._values, units)
            for amount in self.month_costs.values():
                world.stocks.spent[:] += amount

    def budget_notes(self, language: str = "en") -> list[str]:
        """One sentence per measure that its budget held back, and one for the whole policy; nl or en."""
        sentences = []
        for name in dict.fromkeys(note.measure for note in self.notes):
            notes = [note for note in self.notes if note.measure == name]
            shares, months = sorted(note.share for note in notes), sorted(note.month for note in notes)
            levers = dict.fromkeys(lever for note in notes for lever in note.levers)
            sentences.append(held_back(name, list(levers), (shares[0], shares[-1]), months, language))
        return sentences

    def _in_force(self, strengths: list[float]) -> Values:
        """Let each measure move its levers towards its own values, to the degree that it is in force."""
        values = dict(self._base)
        for (measure, rows), strength in zip(self._located, strengths, strict=True):
            if strength > 0:
                values = moved(values, measure, rows, strength)
        return values

    def _as_conditions(self, values: Values) -> Conditions:
        if all(values[name] is self._base[name] for name in values):
            return self.baseline
        kept = {n: getattr(self.baseline, n) if v is self._base[n] else v.astype(np.float32) for n, v in values.items()}
        return Conditions(**kept)

    def _euro(self, values: Values, units: Units) -> float:
        return total(yearly_costs(values, self._base, units, self._order, self.municipalities, own=self.policy.prices))

    def _within_budget(self, month: int, strengths: list[float], units: Units) -> list[float]:
        """Scale measures, then the policy, so that last month's numbers cost no more than the budgets."""
        scaled = list(strengths)
        values = dict(self._base)
        for at, (measure, rows) in enumerate(self._located):
            if scaled[at] > 0 and measure.budget is not None:
                before, requested = self._euro(values, units), scaled[at]
                found = largest(
                    lambda q: self._euro(moved(values, measure, rows, q * requested), units) - before <= measure.budget  # noqa: B023
                )
                scaled[at] = found * requested
                self._note(month, measure.name, [measure], found)
            values = moved(values, measure, rows, scaled[at]) if scaled[at] > 0 else values
        if self.policy.budget is None:
            return scaled
        own = list(scaled)

        def together(q: float) -> list[float]:
            return [s * q if m.priced else s for s, (m, _) in zip(own, self._located, strict=True)]

        found = largest(lambda q: self._euro(self._in_force(together(q)), units) <= self.policy.budget)
        in_force = [m for (m, _), s in zip(self._located, own, strict=True) if m.priced and s > 0]
        self._note(month, "", in_force, found)
        return together(found)

    def _note(self, month: int, name: str, measures: list[Measure], share: float) -> None:
        if share < 1 and not any(note.month == month and note.measure == name for note in self.notes):
            names = dict.fromkeys(setting.full_name for measure in measures for setting in measure.settings)
            self.notes.append(Note(month, name, tuple(names), share))


def moved(values: Values, measure: Measure, rows: Rows, strength: float) -> Values:
    """Levers after a measure that is in force to this strength; arrays it does not touch stay the same objects."""
    result = dict(values)
    for setting in measure.settings:
        field = setting.lever.field
        if result[field] is values[field]:
            result[field] = values[field].copy()
        where = rows.municipalities if setting.lever.level == "municipality" else rows.areas
        array = result[field] if result[field].ndim == 1 else result[field][:, setting.target]
        goal = np.float64(np.float32(setting.value))
        array[where] = array[where] + strength * (goal - array[where])
    return result


def largest(fits) -> float:
    """The largest share in steps of 1/10,000 that fits, where larger shares fit less; 0 where none does."""
    if fits(1.0):
        return 1.0
    low, high = 0, STEPS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle / STEPS) else (low, middle)
    return low / STEPS


def most_building(policies: Iterable[Policy]) -> float:
    """The largest multiple of the baseline's building that any of the policies requests, at least 1."""
    requested = [s.value for p in policies for m in p.measures for s in m.settings if s.lever.field == "building"]
    return max([1.0, *requested])
