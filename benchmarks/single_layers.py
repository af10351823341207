"""Models of one layer that matters, with random weights and inputs, and what that layer costs on an emulated board."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from edgesnn.integer import Array, Model, Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Conv, Dense, Input, IntegrateFire, Lif, Membrane, Reshape
from edgesnn.target import LayerCost, target

LAYER = "layer"
GRIDS = {"8 bits": (8, False, None), "4 bits": (4, False, None), "4 bits without zero": (4, True, None),
         "2 bits": (2, False, None), "2 bits without zero": (2, True, None), "-1, 0, 1": (2, False, 1),
         "1 bit": (1, True, None)}  # fmt: skip
"""Bits, whether zero is missing, largest magnitude where less than the bits allow."""
SPIKES, TERNARY, INT8, IMAGE = (0, 1), (-1, 1), (-7, 7), (0, 127)
"""Lowest and highest value of inputs."""
NEURONS = 1024


def weights(rng: np.random.Generator, grid: str, *shape: int) -> dict[str, object]:
    bits, zero_free, largest = GRIDS[grid]
    high = 1 << bits - 1 if largest is None else largest + 1
    low = -high if largest is None else -largest
    codes = rng.integers(low, high, shape)
    return {"weight": 2 * codes + 1 if zero_free else codes, "weight_bits": bits, "zero_free": zero_free}


def dense(grid: str, source: tuple[int, int] = SPIKES) -> Model:
    """784 inputs, 128 outputs."""
    return model_of((784,), Dense(**weights(np.random.default_rng(0), grid, 128, 784)), 128, source)  # type: ignore[arg-type]


def conv(grid: str, source: tuple[int, int] = SPIKES) -> Model:
    """14 x 14 x 16 to 14 x 14 x 32, 3 x 3, padded."""
    kernel = weights(np.random.default_rng(0), grid, 32, 16, 3, 3)
    return model_of((16, 14, 14), Conv(**kernel, padding=(1, 1, 1, 1)), 32 * 14 * 14, source)  # type: ignore[arg-type]


def first_conv() -> Model:
    """An image of 28 x 28 to 28 x 28 x 16, 3 x 3, padded, 8-bit weights."""
    kernel = weights(np.random.default_rng(0), "8 bits", 16, 1, 3, 3)
    return model_of((1, 28, 28), Conv(**kernel, padding=(1, 1, 1, 1)), 16 * 28 * 28, IMAGE)  # type: ignore[arg-type]


def lif(decay: int) -> Model:
    """1,024 leaky neurons with a 16-bit state and no synaptic current, charged by 16 inputs each; decay of 4096."""
    codes = np.random.default_rng(0).integers(-128, 128, (NEURONS, 16))
    neurons = Lif(threshold=200, voltage_decay=decay, fraction_bits=0, state_bits=16)
    nodes = (
        Node("x", Input((16,), *SPIKES)), Node("charge", Dense(codes), ("x",)), Node(LAYER, neurons, ("charge",)),
        Node("head", Dense(np.ones((2, NEURONS), int)), (LAYER,)), Node("scores", Membrane(), ("head",)),
    )  # fmt: skip
    return Model("bench", nodes, 1)


def model_of(shape: tuple[int, ...], op: Operator, outputs: int, source: tuple[int, int]) -> Model:
    nodes = (
        Node("x", Input(shape, *source)), Node(LAYER, op, ("x",)), Node("fire", IntegrateFire(1 << 14), (LAYER,)),
        Node("flat", Reshape((outputs,)), ("fire",)), Node("head", Dense(np.ones((2, outputs), int)), ("flat",)),
        Node("scores", Membrane(), ("head",)),
    )  # fmt: skip
    return Model("bench", nodes, 1)


def inputs(model: Model, rate: float) -> Array:
    """One sample (1, 1, *shape) in which that fraction of the values is not zero."""
    rng = np.random.default_rng(1)
    low, high = model.input_op.low, model.input_op.high
    values = np.setdiff1d(np.arange(low, high + 1), [0])
    active = rng.random((1, 1, *model.input.shape)) < rate
    return np.where(active, rng.choice(values, active.shape), 0)


def costs(model: Model, board: str, prefer: str, rates: Sequence[float]) -> list[tuple[LayerCost, tuple[str, ...]]]:
    """What the layer costs at each rate, and notes on that."""
    mcu = target("mcu")
    chosen = mcu.board(board)
    chosen = dataclasses.replace(chosen, facts={**chosen.facts, "prefer": prefer})
    with tempfile.TemporaryDirectory() as folder, mcu.open(mcu.build(model, chosen, Path(folder) / "build")) as session:
        found = [session.cost(inputs(model, rate)) for rate in rates]
    return [(cost.layers[LAYER], cost.notes) for cost in found]
