"""The state of a world as compiled code gets it: one reference to all its arrays (see `sim.machine.struct`)."""

from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import numpy as np

from sim.beneficiaries import Beneficiaries
from sim.conditions import Conditions
from sim.facilities import FACILITIES
from sim.machine.compile_cache import argument_types
from sim.machine.struct import Floats, State, Whole, declared_fields, lay_out
from sim.motives import MOTIVES
from sim.neighbourhoods import Flows, Municipalities, Neighbourhoods, Stocks
from sim.observations import Observations
from sim.parameters import Coefficients, Parameters
from sim.population import Population
from sim.rates import Rates
from sim.rates_by_age import RatesByAge
from sim.workspace import Moves, Work


class Run(NamedTuple):
    """The numbers of the run and of the month.

    Attributes
    ----------
    key : uint64
        Key of the run's draws.
    ties_at_once : uint8
        1 where neighbourhoods form their ties while they are in the cache, see `update_residents`.
    month : int64 [1]
        Months completed; negative while settling.
    before : int64 [J]
        Residents at the end of last month.
    updated : int64 [J]
        Blocks of residents of a neighbourhood that were updated this month.
    fault : int64 [2]
        What does not add up after the month (see `sim.phases.check`), 0 where all does, and in which neighbourhood.
    """

    key: Annotated[np.uint64, "uint64", 0]
    ties_at_once: Annotated[np.uint8, "uint8", 0]
    month: Whole
    before: Whole
    updated: Whole
    fault: Whole


class MotiveRates(NamedTuple):
    """Parameters by motive, float32 [6]: yearly hazard of movers to leave the country, and the share of stayers."""

    leave: Floats
    stay: Floats


class FacilityShares(NamedTuple):
    """How encounters at facilities divide over the kinds, float32 [7]; more kinds, more encounters."""

    share: Floats


@lru_cache(64)
def motive_rates(parameters: Parameters) -> MotiveRates:
    """The parameters `leave_…` and `stay_…`."""

    def of(prefix: str) -> np.ndarray:
        return np.array([getattr(parameters, f"{prefix}_{motive}") for motive in MOTIVES], np.float32)

    return MotiveRates(of("leave"), of("stay"))


@lru_cache(64)
def facility_shares(parameters: Parameters) -> FacilityShares:
    """The parameters `share_…`."""
    return FacilityShares(np.array([getattr(parameters, f"share_{kind}") for kind in FACILITIES], np.float32))


GROUPS: dict[str, Any] = {
    "population": Population,
    "neighbourhoods": Neighbourhoods,
    "municipalities": Municipalities,
    "stocks": Stocks,
    "flows": Flows,
    "rates": Rates,
    "conditions": Conditions,
    "ages": RatesByAge,
    "motives": MotiveRates,
    "facilities": FacilityShares,
    "observed": Observations,
    "served": Beneficiaries,
    "moves": Moves,
    "work": Work,
    "run": Run,
}
NUMBERS: list[str] = list(Coefficients._fields)
COEFFICIENTS: Any = tuple((number, "float32", 0) for number in NUMBERS)
DECLARED: dict[str, Any] = {key: declared_fields(group) for key, group in GROUPS.items()}
STATE = lay_out(DECLARED | {"c": COEFFICIENTS})

argument_types.update(dict.fromkeys(("worker", "low", "high", "months"), None))
argument_types["s"] = STATE


def new_state() -> State:
    """Return a state without arrays, whose groups are still to be set."""
    return State(STATE)
