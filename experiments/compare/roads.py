"""Pathways by which a policy affects feeling at home (`roads`): runs in which the last step of each is switched off.

The last step of every pathway is a term of the equation of belonging (`sim.rules.belonging`). From month 0 on pathways
are switched off one after another, with and without the policy, on the same draws: the decrease of the effect is the
part of that pathway, and the remainder when all are off is due to who comes, stays, moves and where (length of stay,
diversity, turnover). So the parts add up to the effect.
"""

import copy
from dataclasses import dataclass

import numpy as np

from experiments.compare.design import Design, Replicate
from sim.parameters import Parameters
from sim.parameters.declaration import describe
from sim.world import World


@dataclass(frozen=True)
class Road:
    """A pathway with the terms of belonging in which it ends."""

    name: str
    terms: tuple[str, ...]


ROADS = (
    Road("straight", ("effect_amenities", "effect_reception")),
    Road("work_language", ("effect_employment", "effect_position", "effect_language")),
    Road("meeting", ("effect_familiarity", "effect_ties", "contact_buffer")),
)
REST = Road("staying", ("effect_residence", "effect_diversity", "effect_turnover"))
NAMES = tuple(road.name for road in (*ROADS, REST))


def taken_apart(design: Design, replicate: Replicate) -> bool:
    """Whether the effect of a replicate is decomposed: the first replicate of each of the first `roads` units."""
    return replicate.unit < design.options.roads and replicate.number % unit_size(design) == 0


def unit_size(design: Design) -> int:
    """Replicates of one independent unit."""
    o = design.options
    return o.futures * (o.starts if o.parameters_drawn else 1)


def more_runs(design: Design) -> int:
    """Number of runs that decomposing adds to a comparison."""
    units = min(design.options.roads, -(-design.options.replicates // unit_size(design)))
    return units * len(ROADS) * len(design.policies)


def switch_off(world: World, roads: int) -> None:
    """Switch off the last steps of the first `count` pathways from the next month on."""
    parameters = copy.copy(world.parameters)
    for road in ROADS[:roads]:
        for term in road.terms:
            # Bypasses the check of ranges: zero is outside the plausible range of some.
            object.__setattr__(parameters, term, 0.0)
    world.set_parameters(parameters)


def parts(total: np.ndarray, switched: np.ndarray) -> np.ndarray:
    """The effect by pathway from the whole effect [...] and those with 1, 2 and 3 pathways off [..., 3]; [..., 4]."""
    left = np.concatenate([np.asarray(total)[..., None], switched], axis=-1)
    return np.concatenate([left[..., :-1] - left[..., 1:], left[..., -1:]], axis=-1)


def certainty_of(road: str) -> dict[str, str]:
    """The certainty of every term in which a pathway ends, by name."""
    terms = next(r.terms for r in (*ROADS, REST) if r.name == road)
    return {term: describe(Parameters)[term].certainty for term in terms}
