"""Own exponential and logarithm in single precision, bit for bit the same on every machine.

A maths library may round differently from one machine to the next, so a run's digest may not depend on one. These
functions use only additions, multiplications and integer operations, which IEEE 754 fixes. Polynomials are those of
the Cephes library (Moshier 1989, `expf` and `logf`); tests compare them with mpmath.
"""

from typing import Any

import numpy as np

from sim.machine.on_demand import Compilable, Intrinsic, ir, types


def rule(function: Any) -> Any:
    """Compile one equation: IEEE arithmetic, no fast-math, so that vector and scalar code give the same bits.

    It is always inlined, so that loops over people that call it can be vectorised, and never kept on disk by itself.
    """
    # Without reference counts (_nrt): a rule allocates nothing, and counting every array it is handed took ten times
    # as long as the rule itself.
    return Compilable(function, error_model="numpy", nogil=True, forceinline=True, _nrt=False)


def compiled(function: Any) -> Any:
    """Compile a part of the month that makes no arrays: as `rule`, inlined only where the compiler sees fit.

    References to arrays are not counted in it, so it may hand arrays (stretches too) to others like it, but never
    return one to `allocating` code or to Python, which would count it once too little and free it.
    """
    return Compilable(function, error_model="numpy", nogil=True, _nrt=False)


def allocating(function: Any) -> Any:
    """Compile a part of the month that makes or returns arrays; to be called once per phase, not per block."""
    return Compilable(function, error_model="numpy", nogil=True)


@Intrinsic
def float_from_bits(typing_context, bits):
    """Read 32 bits as a single-precision number."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), generate


@Intrinsic
def bits_from_float(typing_context, value):
    """Read a single-precision number as 32 bits."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(32))

    return types.int32(types.float32), generate


@rule
def from_start(index):
    """An index that is never negative: no instructions ask whether it counts from the end of an array."""
    return np.uint64(index)


ONE = np.float32(1.0)
HALF = np.float32(0.5)
ZERO = np.float32(0.0)
LOG2_E = np.float32(1.44269504088896341)
LN2_HIGH = np.float32(0.693359375)
LN2_LOW = np.float32(-2.12194440e-4)
EXP_LOW, EXP_HIGH = np.float32(-87.0), np.float32(88.0)
E0, E1, E2 = np.float32(1.9875691500e-4), np.float32(1.3981999507e-3), np.float32(8.3334519073e-3)
E3, E4, E5 = np.float32(4.1665795894e-2), np.float32(1.6666665459e-1), np.float32(5.0000001201e-1)
SQRT_HALF = np.float32(0.707106781186547524)
L0, L1, L2 = np.float32(7.0376836292e-2), np.float32(-1.1514610310e-1), np.float32(1.1676998740e-1)
L3, L4, L5 = np.float32(-1.2420140846e-1), np.float32(1.4249322787e-1), np.float32(-1.6668057665e-1)
L6, L7, L8 = np.float32(2.0000714765e-1), np.float32(-2.4999993993e-1), np.float32(3.3333331174e-1)


@rule
def exponential(x):
    """e to the power x; relative error below 2e-7 on [-87, 88], to which the argument is clipped."""
    x = min(max(x, EXP_LOW), EXP_HIGH)
    scaled = x * LOG2_E
    n = np.int32(scaled + (HALF if scaled >= ZERO else -HALF))
    whole = np.float32(n)
    r = x - whole * LN2_HIGH - whole * LN2_LOW
    p = ((((E0 * r + E1) * r + E2) * r + E3) * r + E4) * r + E5
    return (p * r * r + r + ONE) * float_from_bits(np.int32((n + 127) << 23))


@rule
def logarithm(x):
    """Natural logarithm of a positive normal number; error below 2e-7, absolute below 1 and relative above."""
    bits = bits_from_float(x)
    exponent = np.float32(np.int32(((bits >> 23) & 255) - 126))
    mantissa = float_from_bits(np.int32((bits & 0x007FFFFF) | 0x3F000000))
    if mantissa < SQRT_HALF:
        exponent -= ONE
        mantissa += mantissa
    m = mantissa - ONE
    z = m * m
    p = (((((((L0 * m + L1) * m + L2) * m + L3) * m + L4) * m + L5) * m + L6) * m + L7) * m + L8
    y = p * m * z + exponent * LN2_LOW - HALF * z
    return m + y + exponent * LN2_HIGH


@rule
def clip(x, low, high):
    """Clip x to [low, high]."""
    return min(max(x, low), high)
