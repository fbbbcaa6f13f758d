"""The project's own exponential and logarithm: how far from the true ones, and the same bits however called."""

import mpmath
import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.machine.arithmetic import clip, exponential, logarithm

BOUND = 2e-7
SMALLEST, LARGEST = np.finfo(np.float32).tiny, np.finfo(np.float32).max


@numba.njit(error_model="numpy")
def exponentials(x):
    """In a loop that the compiler vectorises."""
    out = np.empty_like(x)
    for n in range(len(x)):
        out[n] = exponential(x[n])
    return out


@numba.njit(error_model="numpy")
def logarithms(x):
    """In a loop that the compiler vectorises."""
    out = np.empty_like(x)
    for n in range(len(x)):
        out[n] = logarithm(x[n])
    return out


def exponential_error(x: np.ndarray) -> float:
    """Largest relative error against extended precision."""
    true = np.exp(x.astype(np.longdouble))
    return float(np.abs(exponentials(x) / true - 1).max())


def logarithm_error(x: np.ndarray) -> float:
    """Largest error, absolute where the logarithm is below 1 and relative above."""
    true = np.log(x.astype(np.longdouble))
    return float((np.abs(logarithms(x) - true) / np.maximum(np.abs(true), 1)).max())


def test_error_of_the_exponential_on_dense_grids() -> None:
    for low, high in ((-87, 88), (-5, 5), (-1e-3, 1e-3)):
        assert exponential_error(np.linspace(low, high, 1_000_000, dtype=np.float32)) < BOUND


def test_error_of_the_logarithm_on_dense_grids() -> None:
    exponents = np.linspace(-125.9, 127.9, 1_000_000)
    assert logarithm_error(np.exp2(exponents).astype(np.float32)) < BOUND
    for low, high in ((0.5, 2), (0.999, 1.001), (2**-25, 1)):
        assert logarithm_error(np.linspace(low, high, 1_000_000, dtype=np.float32)) < BOUND


@given(st.floats(-87, 88, width=32))
def test_exponential_against_mpmath(x: float) -> None:
    assert abs(mpmath.mpf(float(exponential(np.float32(x)))) / mpmath.exp(x) - 1) < BOUND


@given(st.floats(float(SMALLEST), float(LARGEST), width=32))
def test_logarithm_against_mpmath(x: float) -> None:
    true = mpmath.log(x)
    assert abs(mpmath.mpf(float(logarithm(np.float32(x)))) - true) < BOUND * max(abs(true), 1)


def test_exact_values_and_limits() -> None:
    assert exponential(np.float32(0)) == 1 and logarithm(np.float32(1)) == 0
    assert exponential(np.float32(-1e9)) == exponential(np.float32(-87)) > 0
    assert exponential(np.float32(1e9)) == exponential(np.float32(88)) < np.inf
    assert [clip(np.float32(x), np.float32(0), np.float32(1)) for x in (-0.5, 0.25, 1.5)] == [0, 0.25, 1]


@pytest.mark.parametrize(
    ("one", "many", "x"),
    [
        (exponential, exponentials, np.linspace(-90, 90, 3001, dtype=np.float32)),
        (logarithm, logarithms, np.exp2(np.linspace(-126, 127.9, 3001)).astype(np.float32)),
    ],
    ids=["exponential", "logarithm"],
)
def test_a_single_call_gives_the_bits_of_the_vectorised_loop(one, many, x) -> None:
    single = np.array([one(value) for value in x], np.float32)
    assert np.array_equal(single.view(np.uint32), many(x).view(np.uint32))
