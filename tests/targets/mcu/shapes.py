"""Networks of the zoo's shapes with random weights, for what depends on shapes and widths alone."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Encoding, Model, Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Conv, Dense, Input, Lif, MaxPool, Membrane, Rescale, Reshape, TernaryLif


def chained(name: str, time_steps: int, *ops: Operator, encoding: Encoding) -> Model:
    nodes = [Node("input", ops[0])]
    for i, op in enumerate(ops[1:]):
        nodes.append(Node(f"{op.kind.lower()}{i}", op, (nodes[-1].name,)))
    return Model(name, tuple(nodes), time_steps, encoding=encoding)


def qp_like(bits: int, seed: int = 0) -> Model:
    """Three convolutions without zero between layers of 8 bits; scales and offsets by channel; 16-bit membranes."""
    rng = np.random.default_rng(seed)

    def block(inputs: int, outputs: int, stride: int = 1, weight_bits: int = bits) -> list[Operator]:
        zero_free = stride == 1
        codes = rng.integers(-(1 << weight_bits - 1), 1 << weight_bits - 1, (outputs, inputs, 3, 3))
        weight = 2 * codes + 1 if zero_free else codes
        largest = 9 * inputs << weight_bits
        shift = max(0, int(largest).bit_length() - 9)
        scale = rng.integers(90, 170, (outputs, 1, 1))
        conv = Conv(weight, weight_bits, stride=(stride, stride), padding=(1, 1, 1, 1), zero_free=zero_free)
        offset = rng.integers(-40, 40, (outputs, 1, 1)) << shift + 5
        return [
            conv,
            Rescale(scale, offset, shift + 5),
            Lif(128, voltage_decay=2048, fraction_bits=0, strict=False, state_bits=16),
        ]

    ops = [
        Input((1, 28, 28), 0, 127), *block(1, 32, 2, 8), *block(32, 64), MaxPool((2, 2)), *block(64, 64),
        *block(64, 64), MaxPool((2, 2)), Reshape((576,)), Dense(rng.integers(-127, 128, (10, 576))), Membrane(),
    ]  # fmt: skip
    return chained(f"qp_like_{bits}", 2, *ops, encoding=Encoding(shift=1))


def qt_like(weight_bits: int, state_bits: int, seed: int = 0) -> Model:
    """Ternary events of 24 bands through two layers of 128 ternary neurons; a scale for each neuron."""
    rng = np.random.default_rng(seed)
    half = ((1 << state_bits - 1) - 1) << 4
    largest = max(1, (1 << weight_bits - 1) - 1)

    def layer(inputs: int, outputs: int) -> Dense:
        grid = [-1, 1] if weight_bits == 1 else list(range(-largest, largest + 1))
        return Dense(rng.choice(grid, (outputs, inputs)), weight_bits)

    ops = [
        Input((24,), -1, 1),
        layer(24, 128), TernaryLif(rng.integers(20, 60, 128), half, 5, 4, state_bits),
        layer(128, 128), TernaryLif(rng.integers(20, 60, 128), half, 3, 4, state_bits),
        layer(128, 10), Membrane(),
    ]  # fmt: skip
    encoding = Encoding(-1, 1, 0, 0, repeat=False)
    return chained(f"qt_like_{weight_bits}w{state_bits}u", 20, *ops, encoding=encoding)
