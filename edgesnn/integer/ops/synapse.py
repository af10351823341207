"""What dense and convolutional synapses share: weight grids, int8 inputs, exact products."""

from __future__ import annotations

import numpy as np

from edgesnn.errors import RangeError
from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Interval, Signal

WEIGHT_BITS = (1, 2, 4, 8)

ONNX_HALVES = """
        one = Constant <value = int32 {1}> ()
        two = Constant <value = int32 {2}> ()
        unit = Constant <value = int32 {256}> ()
        half = Constant <value = int32 {128}> ()
        zero = Constant <value = uint8 {128}> ()
        w32 = Cast <to = 6> (weight)
        w_positive = Add (w32, unit)
        wu_32 = Div (w_positive, two)
        w_even = Mul (wu_32, two)
        odd_32 = Sub (w_positive, w_even)
        odd_shifted = Add (odd_32, half)
        wu = Cast <to = 2> (wu_32)
        odd = Cast <to = 2> (odd_shifted)
"""
"""weight = 2 (wu - 128) + (odd - 128): the two halves of 9-bit weights for operators that take 8 bits."""


def check_weights(op: Operator, weight: Array, weight_bits: int, zero_free: bool, bias: Array, outputs: int) -> None:
    """Raises ModelError unless the weights lie on the grid that `weight_bits` and `zero_free` name.

    Two's complement, or without zero the odd integers up to 2^bits - 1, which is {-1, +1} for 1 bit.
    """
    if weight_bits not in WEIGHT_BITS:
        raise op.fail(f"weight_bits {weight_bits} is not one of {WEIGHT_BITS}", "Choose one of them")
    if zero_free:
        on_grid = bool((weight % 2 == 1).all() and (np.abs(weight) < 1 << weight_bits).all())
    else:
        on_grid = bool((weight >= -(1 << weight_bits - 1)).all() and (weight < 1 << weight_bits - 1).all())
    if not on_grid:
        low, high = -(1 << weight_bits - 1), (1 << weight_bits - 1) - 1
        largest = (1 << weight_bits) - 1
        grid = "{-1, +1}" if weight_bits == 1 else f"+-{largest}, odd" if zero_free else f"[{low}, {high}]"
        raise op.fail(
            f"weights from {weight.min()} to {weight.max()} leave the {weight_bits}-bit grid {grid}",
            "Quantise to that grid or declare more bits",
        )
    if bias.shape not in ((), (outputs,)):
        raise op.fail(f"bias has shape {bias.shape}, not ({outputs},)", "Give one bias an output, or 0")


def is_zero_free(op: Operator, weight_bits: int, zero_free: int) -> bool:
    """Whether the grid has no zero: one bit never has. Raises ModelError unless `zero_free` is true or false."""
    if zero_free not in (0, 1):
        raise op.fail(f"zero_free {zero_free!r} is neither true nor false", "1 is odd integers, 0 two's complement")
    return bool(zero_free) or weight_bits == 1


def weight_codes(weight: Array, zero_free: bool) -> Array:
    """The two's-complement codes c of weights: w = 2 c + 1 on a grid without zero, else w = c."""
    return (weight - 1) >> 1 if zero_free else weight


def check_input(op: Operator, signal: Signal) -> None:
    """Raises RangeError unless the presynaptic values fit int8."""
    low, high = signal.range.minimum, signal.range.maximum
    if low < -128 or high > 127:
        raise RangeError(
            op.kind,
            f"its input may range from {low} to {high}, beyond int8",
            "Put a spiking neuron or a Rescale with low/high in front of it",
        )


def weighted_bound(signed_product, x: Interval) -> Interval:  # type: ignore[no-untyped-def]
    """Bounds of w * x for x in an interval, from `signed_product(sign, x)` = max(sign*w, 0)*sign applied to x."""
    low = signed_product(+1, x.low) + signed_product(-1, x.high)
    high = signed_product(+1, x.high) + signed_product(-1, x.low)
    return Interval(low, high)


def exact_matmul(a: Array, b: Array) -> Array:
    """Integer matrix product through float64 BLAS: int8 products summed this far stay below 2^53, hence exact."""
    return np.rint(a.astype(np.float64) @ b.astype(np.float64)).astype(np.int64)


def part(weight: Array, sign: int) -> Array:
    """The positive (sign +1) or negative (sign -1) part of the weights, other entries zero."""
    return np.where(weight * sign > 0, weight, 0)
