"""What dense and convolutional synapses share: weight grids, int8 inputs, exact products."""

from __future__ import annotations

import numpy as np

from edgesnn.errors import RangeError
from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array, Interval, Signal

WEIGHT_BITS = (1, 2, 4, 8)


def check_weights(op: Operator, weight: Array, weight_bits: int, bias: Array, outputs: int) -> None:
    """Raises ModelError unless the weights lie on the grid that `weight_bits` names.

    1 bit is {-1, +1}; 2, 4 and 8 bits are two's complement.
    """
    if weight_bits not in WEIGHT_BITS:
        raise op.fail(f"weight_bits {weight_bits} is not one of {WEIGHT_BITS}", "Choose one of them")
    if weight_bits == 1:
        on_grid = bool((np.abs(weight) == 1).all())
    else:
        on_grid = bool((weight >= -(1 << weight_bits - 1)).all() and (weight < 1 << weight_bits - 1).all())
    if not on_grid:
        grid = "{-1, +1}" if weight_bits == 1 else f"[{-(1 << weight_bits - 1)}, {(1 << weight_bits - 1) - 1}]"
        raise op.fail(
            f"weights from {weight.min()} to {weight.max()} leave the {weight_bits}-bit grid {grid}",
            "Quantise to that grid or declare more bits",
        )
    if bias.shape not in ((), (outputs,)):
        raise op.fail(f"bias has shape {bias.shape}, not ({outputs},)", "Give one bias an output, or 0")


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
