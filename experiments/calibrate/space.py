"""The fitted parameters, their priors, and parameters derived from them."""

import numpy as np

from sim.parameters import Parameters

SPACE: dict[str, tuple[float, float]] = {
    "faces_scale": (6, 25),
    "effect_familiarity": (0.05, 0.14),
    "effect_ties": (0.02, 0.12),
    "effect_residence": (0.02, 0.12),
    "effect_diversity": (0.03, 0.20),
    "diversity_migrants": (0.4, 1.0),
    "contact_buffer": (0.0, 0.5),
    "effect_turnover": (0.0, 0.08),
    "effect_anonymity": (0.02, 0.25),
    "effect_amenities": (0.02, 0.15),
    "effect_position": (0.0, 0.04),
    "effect_place_position": (0.0, 0.05),
    "effect_municipality_position": (0.0, 0.08),
    "effect_language": (0.0, 0.05),
    "base": (0.50, 0.72),
    "disposition_spread": (0.13, 0.18),
    "homophily_street": (0.0, 0.50),
    "homophily_facility": (0.02, 0.45),
    "shared_language": (0.2, 1.0),
    "felt_language": (0.0, 1.0),
    "tie_out_group": (0.7, 1.0),
    "tie_own_settings": (0.02, 0.20),
    "tie_formation": (0.008, 0.03),
    "tie_kept_moving": (0.65, 0.85),
    "recognition": (0.06, 0.20),
    "forgetting": (0.015, 0.05),
    "negative_contact": (0.02, 0.12),
    "cohesion_faces": (5, 25),
    "cohesion_ties": (1.0, 6.0),
    "cohesion_harmony": (1.0, 6.0),
}
"""Lowest and highest value tried, within the range that the parameter may have: the prior is uniform between them."""

NAMES = list(SPACE)
BOUNDS = np.array(list(SPACE.values()), float)

LOSS_OF_TIES = 0.00874  # per month, all causes: 48 % of ties alive after 7 years (Mollenhorst)
LOSS_BY_LEAVING = 0.0022  # deaths and departures of two adults
LOSS_BY_MOVING = 0.011  # moves of either partner out of the neighbourhood, before what is kept


def decay_of(kept: float) -> float:
    """The chance that a tie ends by itself, given what moves and departures already end; within its range."""
    return max(LOSS_OF_TIES - LOSS_BY_LEAVING - LOSS_BY_MOVING * (1 - kept), 0.002)


def parameters_of(values: dict[str, float]) -> Parameters:
    """The model's parameters with these values, and the ending of ties that follows from them."""
    if "tie_kept_moving" in values:
        values = values | {"tie_decay": decay_of(values["tie_kept_moving"])}
    return Parameters().changed(**values)


def named(point: np.ndarray) -> dict[str, float]:
    """Parameter values by name from a row of a design, float [D]."""
    return {name: float(value) for name, value in zip(NAMES, point, strict=True)}
