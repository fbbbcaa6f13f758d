"""Chance and parameters of other futures than the one that a visitor sees."""

import numpy as np

from experiments.compare.draws import draw_parameters
from sim.parameters import Parameters


def seed_of(seed: int, number: int) -> int:
    """The seed of another future of a visitor's seed, 53 bits."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1, np.uint64)[0] >> np.uint64(11))


def parameters_of(seed: int, number: int, around: Parameters) -> Parameters:
    """A draw of the uncertain parameters around those in force, as `thuis compare` makes it."""
    return draw_parameters(around, None, 100, np.random.Generator(np.random.PCG64([seed, number])))
