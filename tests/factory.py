"""Integer models for tests: the shape of the zoo's networks with random weights."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Encoding, Metadata, Model, Node
from edgesnn.integer.ops import Conv, Dense, Input, Lif, MaxPool, Membrane, QuantizedLif, Rescale, Reshape

UNIT = 128


def quantized_lif(state_bits: int) -> QuantizedLif:
    """The Q-SNN neuron with leak 1/2, tanh compression and state scale 0.76, threshold one unit."""
    q = (1 << (state_bits - 1)) - 1
    codes = np.arange(-q, q + 1)
    leak = np.rint(0.5 * 0.76 * codes / q * UNIT).astype(int)
    low = -4 * UNIT
    potential = np.arange(low, UNIT) / UNIT
    table = np.rint(np.clip(np.tanh(potential) / 0.76, -1, 1) * q).astype(int)
    return QuantizedLif(leak, table, low, threshold=UNIT, state_bits=state_bits)


def q_snn_like(state_bits: int = 8, seed: int = 0, time_steps: int = 2) -> Model:
    """28x28 image, three convolutions (8-bit, 1-bit, 1-bit), 8-bit head, membrane readout."""
    rng = np.random.default_rng(seed)

    def signs(*shape: int) -> np.ndarray:
        return rng.choice([-1, 1], shape)

    def rescale(channels: int, gain: float, shift: int, rank: int = 2) -> Rescale:
        shape = (channels, *(1,) * rank)
        multiplier = np.rint(gain * (1 << shift) * rng.uniform(0.7, 1.3, shape)).astype(int)
        offset = rng.integers(-UNIT // 4, UNIT // 2, shape) * (1 << shift)
        return Rescale(multiplier, offset, shift)

    nodes = [
        Node("image", Input((1, 28, 28), 0, 127)),
        Node("conv1", Conv(rng.integers(-127, 128, (16, 1, 3, 3)), 8, stride=(2, 2), padding=(1, 1, 1, 1)), ("image",)),
        Node("norm1", rescale(16, UNIT / 8000, 14), ("conv1",)),
        Node("lif1", quantized_lif(state_bits), ("norm1",)),
        Node("conv2", Conv(signs(32, 16, 3, 3), 1, padding=(1, 1, 1, 1)), ("lif1",)),
        Node("norm2", rescale(32, UNIT / 5, 8), ("conv2",)),
        Node("lif2", quantized_lif(state_bits), ("norm2",)),
        Node("pool2", MaxPool((2, 2)), ("lif2",)),
        Node("conv3", Conv(signs(64, 32, 3, 3), 1, padding=(1, 1, 1, 1)), ("pool2",)),
        Node("norm3", rescale(64, UNIT / 9, 8), ("conv3",)),
        Node("lif3", quantized_lif(state_bits), ("norm3",)),
        Node("pool3", MaxPool((2, 2)), ("lif3",)),
        Node("flat", Reshape((576,)), ("pool3",)),
        Node("head", Dense(rng.integers(-127, 128, (10, 576)), 8, bias=rng.integers(-200, 200, 10)), ("flat",)),
        Node("scores", Membrane(), ("head",)),
    ]
    metadata = Metadata(description="random weights", classes=tuple("0123456789"), task="mnist")
    return Model("q_snn_like", tuple(nodes), time_steps, encoding=Encoding(shift=1), metadata=metadata)


def q_snn_loihi_like(seed: int = 0, time_steps: int = 4) -> Model:
    """The same topology with stock Loihi neurons: even weights, power-of-two channel gains, biases in the neurons."""
    rng = np.random.default_rng(seed)

    def power_signs(*shape: int) -> np.ndarray:
        exponent = rng.integers(3, 5, (shape[0], *(1,) * (len(shape) - 1)))
        return rng.choice([-1, 1], shape) << exponent

    def lif(channels: int, threshold: int) -> Lif:
        bias = rng.integers(-threshold // 4, threshold // 4, (channels, 1, 1)) * 64
        return Lif(threshold=threshold, bias=bias, voltage_decay=2048)

    first = 2 * rng.integers(-40, 41, (16, 1, 3, 3))
    nodes = [
        Node("image", Input((1, 28, 28), 0, 127)),
        Node("conv1", Conv(first, 8, stride=(2, 2), padding=(1, 1, 1, 1)), ("image",)),
        Node("lif1", lif(16, 4000), ("conv1",)),
        Node("conv2", Conv(power_signs(32, 16, 3, 3), 8, padding=(1, 1, 1, 1)), ("lif1",)),
        Node("lif2", lif(32, 64), ("conv2",)),
        Node("pool2", MaxPool((2, 2)), ("lif2",)),
        Node("conv3", Conv(power_signs(64, 32, 3, 3), 8, padding=(1, 1, 1, 1)), ("pool2",)),
        Node("lif3", lif(64, 128), ("conv3",)),
        Node("pool3", MaxPool((2, 2)), ("lif3",)),
        Node("flat", Reshape((576,)), ("pool3",)),
        Node("head", Dense(2 * rng.integers(-15, 16, (10, 576)), 8), ("flat",)),
        Node("scores", Membrane(bias=64 * rng.integers(-10, 10, 10), fraction_bits=6), ("head",)),
    ]
    metadata = Metadata(description="random weights", classes=tuple("0123456789"), task="mnist")
    return Model("q_snn_loihi_like", tuple(nodes), time_steps, encoding=Encoding(shift=1), metadata=metadata)
