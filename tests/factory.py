"""Integer models for tests: the shape of the zoo's networks with random weights."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Encoding, Metadata, Model, Node, ops
from edgesnn.integer.ops import Conv, Dense, Input, Lif, MaxPool, Membrane, QuantizedLif, Rescale, Reshape
from edgesnn.integer.ops.fire import Reset

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


def ternary_like(state_bits: int = 4, seed: int = 0) -> Model:
    """Ternary events through two ternary layers of a few neurons: reset to zero, then by subtraction."""
    rng = np.random.default_rng(seed)
    first, second = rng.integers(-1, 2, (12, 9)), rng.integers(-7, 8, (10, 12))
    threshold = ((1 << (state_bits - 1)) + 1) << 3  # half of what codes reach, or between 1 and 2 where they reach 1
    gain = max(1, threshold // 72)  # so that neurons fire at every width
    nodes = (
        Node("events", ops.Input((9,), -1, 1)),
        Node("dense1", ops.Dense(first, weight_bits=2), ("events",)),
        Node("lif1", ops.TernaryLif(gain * rng.integers(1, 30, 12), threshold, 2, 4, state_bits), ("dense1",)),
        Node("dense2", ops.Dense(second, weight_bits=4), ("lif1",)),
        Node("lif2", ops.TernaryLif(3 * gain, threshold, 1, 4, state_bits, Reset.SUBTRACT), ("dense2",)),
        Node("head", ops.Dense(rng.integers(-3, 4, (4, 10)) | 1, weight_bits=2, zero_free=True), ("lif2",)),
        Node("scores", ops.Membrane(voltage_decay=512), ("head",)),
    )
    return Model("ternary_like", nodes, 7, encoding=Encoding(-1, 1, 0, 0, repeat=False))


def attention_like(seed: int = 0, zero_free_bits: int = 8) -> Model:
    """Binary attention of two heads over a 4 x 3 image of channels, with a scale for each step and graded spikes."""
    rng = np.random.default_rng(seed)

    def projection(outputs: int, inputs: int) -> Conv:
        return Conv(rng.choice([-1, 1], (outputs, inputs, 1)), weight_bits=1)

    odd = 2 * rng.integers(-(1 << zero_free_bits - 1), 1 << zero_free_bits - 1, (8, 1, 3, 3)) + 1
    fires = ops.Lif(threshold=2, current_decay=4096, voltage_decay=2048, fraction_bits=6, strict=False)
    nodes = (
        Node("image", ops.Input((1, 4, 3), 0, 15)),
        Node("stem", Conv(odd, zero_free_bits, padding=(1, 1, 1, 1), zero_free=True), ("image",)),
        Node("stem_scaled", ops.Rescale(1, 0, 6), ("stem",)),
        Node("graded", ops.GradedLif(threshold=3, levels=3, voltage_decay=2048, state_bits=16), ("stem_scaled",)),
        Node("tokens", ops.Reshape((8, 12)), ("graded",)),
        Node("q", projection(8, 8), ("tokens",)),
        Node("q_lif", fires, ("q",)),
        Node("k", projection(8, 8), ("tokens",)),
        Node("k_lif", fires, ("k",)),
        Node("v", projection(8, 8), ("tokens",)),
        Node("v_lif", fires, ("v",)),
        Node("map", ops.MatMul(2, transpose_a=True), ("q_lif", "k_lif")),
        Node("map_lif", fires, ("map",)),
        Node("mix", ops.MatMul(2, transpose_b=True), ("v_lif", "map_lif")),
        Node("scaled", ops.StepRescale(rng.integers(100, 300, (3, 8, 1)), 1 << 7, 8), ("mix",)),
        Node("mix_lif", fires, ("scaled",)),
        Node("pooled", ops.SumPool((12,)), ("mix_lif",)),
        Node("flat", ops.Reshape((8,)), ("pooled",)),
        Node("head", ops.Dense(rng.integers(-128, 128, (5, 8))), ("flat",)),
        Node("scores", ops.Membrane(), ("head",)),
    )
    return Model("attention_like", nodes, 4, encoding=Encoding(0, 15, 0, 0))
