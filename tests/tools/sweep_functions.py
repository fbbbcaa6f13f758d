"""Functions that tests sweep in place of the model."""

import os
import time

import numpy as np


def slow(x: float, seed: int) -> dict[str, float]:
    """Takes a hundredth of a second."""
    time.sleep(0.01)
    return {"square": x * x, "keyed": x + seed}


def fails(x: int) -> float:
    """Refuses four and eight."""
    if x and x % 4 == 0:
        raise ValueError("no multiple of four")
    return float(x)


def plane(x: float, y: float) -> dict[str, float]:
    """A plane, and a corner of it."""
    return {"height": 3 * x + y, "corner": float(x > 0.7 and y > 1)}


def hungry(x: int) -> float:
    """Above twenty takes as much memory as THUIS_TEST_BYTES says."""
    return float(np.zeros(int(os.environ["THUIS_TEST_BYTES"]) if x > 20 else 1, np.uint8)[0] + x)


def noisy(x: float, y: float, z: float, seed: int) -> dict[str, float]:
    """A curved surface with chance whose standard deviation is 0.1 where x is 0, and three times that where x is 1.

    All points share a part of the chance of a seed, as runs of the model do.
    """
    shared = np.random.default_rng(seed).normal()
    own = np.random.default_rng([seed, *(int(1e9 * value) for value in (x, y, z))]).normal()
    return {"height": true_height(x, y) + 0.1 * (1 + 2 * x) * own + 0.2 * shared, "still": 2 * x - z}


def true_height(x: float, y: float) -> float:
    """The surface of `noisy` without chance."""
    return float(np.sin(3 * x) + 2 * x * y)
