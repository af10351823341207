"""Small models for the tests of kernels: operators one after another, with readable shapes and random weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from edgesnn.integer import Array, Interval, Model, Node, Signal
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Dense, Input, Membrane, Reshape


def chain(name: str, *ops: Operator, time_steps: int = 3, **model: Any) -> Model:
    """Input, then the operators one after another; nodes are called n0, n1, ..."""
    nodes = [Node("n0", ops[0])]
    nodes += [Node(f"n{i}", op, (f"n{i - 1}",)) for i, op in enumerate(ops[1:], 1)]
    return Model(name, tuple(nodes), time_steps, **model)


def headed(name: str, *ops: Operator, time_steps: int = 3, **model: Any) -> Model:
    """A chain whose last output, within int8, is read by a small dense layer."""
    size = int(np.prod(output_shape(*ops)))
    weight = np.random.default_rng(size).integers(-8, 8, (3, size))
    return chain(name, *ops, Reshape((size,)), Dense(weight, 4), Membrane(), time_steps=time_steps, **model)


def output_shape(source: Operator, *ops: Operator) -> tuple[int, ...]:
    assert isinstance(source, Input)
    shape = tuple(source.shape)
    for op in ops:
        shape = op.output_shape((Signal(shape, source.meaning, Interval.zero(shape)),))
    return shape


def spikes(*shape: int) -> Input:
    return Input(shape, 0, 1)


def ternary_spikes(*shape: int) -> Input:
    return Input(shape, -1, 1)


def graded(*shape: int) -> Input:
    return Input(shape, -128, 127)


def weights(seed: int, bits: int, *shape: int) -> Array:
    """Random weights over the whole grid of `bits`."""
    rng = np.random.default_rng(seed)
    if bits == 1:
        return rng.choice([-1, 1], shape)
    return rng.integers(-(1 << bits - 1), 1 << bits - 1, shape)


FORMS: dict[str, tuple[str, int, bool]] = {
    "8": ("w8", 8, False), "8zf": ("w8", 8, True), "4": ("w4", 4, False), "4zf": ("w4", 4, True),
    "2": ("w2", 2, False), "2zf": ("w2", 2, True), "ternary": ("t5", 2, False), "1": ("w1", 1, True),
}  # fmt: skip
"""Grids of weights: how the kernels call them, bits, whether zero is missing."""


def synapses(form: str, seed: int, *shape: int) -> dict[str, Any]:
    """Attributes of a layer with random weights over the whole of a grid."""
    kernel, bits, zero_free = FORMS[form]
    rng = np.random.default_rng(seed)
    if kernel == "t5":
        weight = rng.integers(-1, 2, shape)
    else:
        weight = rng.integers(-(1 << bits - 1), 1 << bits - 1, shape)
        weight = 2 * weight + 1 if zero_free else weight
        if form == "2":
            weight.flat[0] = -2  # without it the weights are ternary
    return {"weight": weight, "weight_bits": bits, "zero_free": zero_free}
