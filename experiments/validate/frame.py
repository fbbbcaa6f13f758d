"""A simulated country as a table of places, areas or municipalities, ready for regressions."""

from dataclasses import dataclass

import numpy as np

from experiments.validate.benchmarks import inputs_of
from experiments.validate.measures import MIGRANT, NATIVE
from experiments.validate.simulated import Simulated
from sim.measures import ADULTS, MEASURE_BY_NAME, measure_of, ratio

LARGE = 70_000  # residents: the municipalities with published scores, over which the targets were computed
FEWEST_MUNICIPALITIES = 20


@dataclass(frozen=True)
class Frame:
    """N places; float64 [N] each.

    Attributes
    ----------
    adults : agents of 15 or older, the weight of a place
    belonging, natives, migrants, cohesion : means over adults, in [0, 1]
    diversity, turnover : of those who live there now; leavers per resident and year
    faces, ties : means over adults
    position, density, one_person, supply : socio-economic score, log address density, share, mean facility supply
    native_faces : familiar faces of established residents without a background
    """

    code: list[str]
    residents: np.ndarray
    adults: np.ndarray
    belonging: np.ndarray
    natives: np.ndarray
    migrants: np.ndarray
    cohesion: np.ndarray
    diversity: np.ndarray
    turnover: np.ndarray
    faces: np.ndarray
    ties: np.ndarray
    status: np.ndarray
    density: np.ndarray
    one_person: np.ndarray
    supply: np.ndarray
    native_faces: np.ndarray

    def only(self, keep: np.ndarray) -> "Frame":
        """The places where `keep`, bool [N], is true."""
        code = [c for c, k in zip(self.code, keep, strict=True) if k]
        arrays = {n: getattr(self, n)[keep] for n in self.__dataclass_fields__ if n != "code"}
        return Frame(code=code, **arrays)


def unbiased_diversity(people: np.ndarray) -> np.ndarray:
    """Chance that two different residents differ in origin: does not fall where one agent stands for many residents."""
    total = people.sum(axis=1)
    alike = ratio((people * (people - 1)).sum(axis=1), total * (total - 1))
    return 1 - np.nan_to_num(alike, nan=1.0)


def frame_of(simulated: Simulated, municipalities: bool = False) -> Frame:
    """Areas with somebody in them, or the municipalities they make up."""
    table, world = simulated.table, simulated.world
    areas = len(table)
    groups = table.municipality if municipalities else np.arange(areas)
    count = len(table.municipality_code) if municipalities else areas

    def add(values: np.ndarray) -> np.ndarray:
        total = np.zeros((count, *values.shape[1:]), values.dtype)
        np.add.at(total, groups, values)
        return total

    sums = add(simulated.sums)
    everyone = sums.sum(axis=1)
    adults = everyone[:, ADULTS]
    people = add(world.stocks.people)
    _, inputs = inputs_of(table)
    inputs = inputs[areas:] if municipalities else inputs[:areas]
    found = Frame(
        code=list(table.municipality_code if municipalities else table.code),
        residents=add(np.asarray(table.residents)).astype(float),
        adults=adults / simulated.months,
        belonging=measure_of(everyone, "belonging"),
        natives=_belonging_of(sums, NATIVE),
        migrants=_belonging_of(sums, MIGRANT),
        cohesion=measure_of(everyone, "cohesion") / MEASURE_BY_NAME["cohesion"].factor,
        diversity=unbiased_diversity(people),
        turnover=ratio(add(simulated.leavers), add(simulated.residents())),
        faces=measure_of(everyone, "faces"),
        ties=measure_of(everyone, "ties"),
        status=inputs[:, 2],
        density=inputs[:, 1],
        one_person=inputs[:, 3],
        supply=inputs[:, 9],
        native_faces=measure_of(sums[:, 0], "faces"),
    )
    return found.only(np.isfinite(found.belonging) & np.isfinite(found.turnover))


def _belonging_of(sums: np.ndarray, classes: tuple[int, ...]) -> np.ndarray:
    return measure_of(sums[:, list(classes)].sum(axis=1), "belonging")


def compared_areas(simulated: Simulated) -> Frame:
    """The places that slopes are taken over: large municipalities where there are enough, else areas."""
    municipalities = frame_of(simulated, municipalities=True)
    large = municipalities.residents >= LARGE
    return municipalities.only(large) if large.sum() >= FEWEST_MUNICIPALITIES else frame_of(simulated)
