"""Where residents live, as one of Mesa's spaces: for its SpaceRenderer, and for nothing else.

The engine knows in which neighbourhood someone lives and not at which address. A resident is drawn at a point of their
own beside the middle of the neighbourhood, the same as long as they live there.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.agent import AgentSet
from mesa.experimental.continuous_space import ContinuousSpace

if TYPE_CHECKING:
    from agents.surroundings import Surroundings

MIXED = 0x9E3779B97F4A7C15
FULL = (1 << 64) - 1
PART = 0.4  # of the way to the nearest other neighbourhood
ALONE = 1.0  # kilometres, where there is one neighbourhood, or nothing is known of where they lie


class PeopledSpace(ContinuousSpace):
    """The plane in kilometres, in which agents have a place as long as they live in the world.

    Parameters
    ----------
    model : Surroundings
    """

    def __init__(self, model: "Surroundings") -> None:
        points = np.stack([model.world.neighbourhoods.x, model.world.neighbourhoods.y], axis=1).astype(float)
        self.radius = PART * nearest(points)
        low, high = points.min(axis=0) - self.radius, points.max(axis=0) + self.radius
        super().__init__(np.stack([low, high], axis=1), random=model.random, n_agents=1)
        self.model = model

    @property
    def agents(self) -> AgentSet:
        """All residents."""
        return self.model.agents

    def neighbourhood(self, agent: Any) -> tuple[float, float]:
        """Where a resident is drawn: evenly over a circle around the middle of the neighbourhood."""
        mixed = (int(agent.serial) * MIXED) & FULL
        far = self.radius * math.sqrt((mixed >> 32) / 2**32)
        turn = 2 * math.pi * (mixed & 0xFFFFFFFF) / 2**32
        here = agent.neighbourhood
        return float(here.x) + far * math.cos(turn), float(here.y) + far * math.sin(turn)


def nearest(points: np.ndarray) -> float:
    """The middle of the distances from each point to the nearest other one."""
    from scipy.spatial import cKDTree

    if len(points) < 2 or not np.ptp(points, axis=0).any():
        return ALONE
    distance = cKDTree(points).query(points, k=2)[0][:, 1]
    return float(np.median(distance[distance > 0])) if (distance > 0).any() else ALONE
