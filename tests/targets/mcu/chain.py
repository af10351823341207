"""Small models for the tests of kernels: operators one after another, with readable shapes and random weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from edgesnn.integer import Array, Interval, Model, Node, Signal
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Add, Conv, Dense, Input, IntegrateFire, Lif, Membrane, QuantizedLif, Rescale, Reshape
from edgesnn.integer.ops.decay import decay
from edgesnn.integer.ops.fire import Reset
from tests.factory import quantized_lif

INT16_MAX = 32767


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


def fan(name: str, source: Input, branches: dict[str, list[Operator]], time_steps: int) -> Model:
    """Chains side by side on one input; the spikes in which each ends vote for the scores. A dense layer's input is
    flattened."""
    size = int(np.prod(source.shape))
    nodes, votes = [Node("x", source)], []
    if any(isinstance(ops[0], Dense) for ops in branches.values()):
        nodes.append(Node("flat", Reshape((size,)), ("x",)))
    for branch, ops in branches.items():
        before = "flat" if isinstance(ops[0], Dense) else "x"
        shaping = Input((size,), source.low, source.high) if before == "flat" else source
        outputs = int(np.prod(output_shape(shaping, *ops)))
        vote = Dense(np.ones((2, outputs), int))
        for i, op in enumerate((*ops, Reshape((outputs,)), vote)):
            nodes.append(Node(f"{branch}_{i}", op, (before,)))
            before = nodes[-1].name
        votes.append(before)
    total = votes[0]
    for vote_name in votes[1:]:
        nodes.append(Node(f"{vote_name}_sum", Add(), (total, vote_name)))
        total = nodes[-1].name
    return Model(name, (*nodes, Node("scores", Membrane(), (total,))), time_steps=time_steps)


def rescaled_neurons(channels: int) -> dict[str, list[Operator]]:
    """Chains of a convolution, a rescale that the neurons behind it do themselves, and these neurons: of every kind."""
    rng = np.random.default_rng(channels)

    def rescale(shift: int, per_channel: bool = True) -> Rescale:
        multiplier = rng.integers(-32768, 32768, (channels, 1, 1)) if per_channel else np.array(-777)
        multiplier.flat[0] = -32768
        return Rescale(multiplier, rng.integers(-(1 << 22), 1 << 22, multiplier.shape), shift)

    half = {"voltage_decay": 2048, "fraction_bits": 0}
    neurons: dict[str, tuple[Rescale, Operator]] = {
        **{f"codes{bits}": (rescale(12), quantized_lif(bits)) for bits in (2, 4, 8)},
        "shared": (rescale(9, per_channel=False), quantized_lif(8)),
        "short": (rescale(12), coded(rng, entries=30, low=-50, threshold=60, strict=True)),
        "long": (rescale(9, per_channel=False), coded(rng, entries=2000, low=-500, threshold=523)),
        "half": (rescale(10), Lif(300, **half)),
        "subtract": (rescale(10), Lif(300, -7, strict=True, reset=Reset.SUBTRACT, **half)),
        "keep": (rescale(11), Lif(300, 5, reset=Reset.NONE, voltage_decay=4096 - 256, fraction_bits=0)),
        "fine": (rescale(12), Lif(20, 2, voltage_decay=4096 - 512, fraction_bits=4, reset=Reset.SUBTRACT)),
        "leaky": (rescale(10), Lif(300, 3, voltage_decay=1000, fraction_bits=0)),
        "fraction": (rescale(11), Lif(300, voltage_decay=1000)),
        "each": (rescale(10), Lif(rng.integers(50, 500, (channels, 1, 1)), **half)),
    }
    return {
        name: [Conv(**synapses("2", i, channels, 3, 3, 3), padding=(1, 1, 1, 1)), *pair]
        for i, (name, pair) in enumerate(neurons.items())
    }


PAIR_SHAPES = ((1, 1, 1), (37, 1, 3), (52, 2, 1))
"""Channels and positions: one neuron; ends within a word at every other half word; whole halves of words and a rest."""
PAIR_INPUT = 60
PAIR_DECAYS = (0, 1, 64, 512, 1000, 2047, 2048, 2049, 3000, 4096 - 512, 4095, 4096)
"""Those of whole potentials, of shifts, of a half and beside it, and of nothing."""


def paired_neurons(shape: tuple[int, int, int], time_steps: int) -> Model:
    """Neurons of 16 bits that go in pairs, of every decay and reset, on inputs that bring potentials to both ends of 16
    bits; and some that may not, because potentials may reach their limit or thresholds differ."""

    def driven(neuron: Operator, gain: int) -> list[Operator]:
        return [Rescale(gain), neuron]

    branches: dict[str, list[Operator]] = {}
    for decay_ in PAIR_DECAYS:
        gain = largest_gain(decay_, time_steps)
        kind: dict[str, Any] = {"voltage_decay": decay_, "fraction_bits": 0, "state_bits": 16}
        for reset in Reset:
            branches[f"{reset.name.lower()}_{decay_}"] = driven(Lif(8 * gain, reset=reset, **kind), gain)
        branches[f"biased_{decay_}"] = driven(Lif(8 * gain, -gain, strict=False, **kind), gain - gain // 32 - 1)
        kind["fraction_bits"] = 3
        branches[f"fraction_{decay_}"] = driven(Lif(2 * gain, 5, reset=Reset.SUBTRACT, **kind), gain // 8 - 1)
        branches[f"fractional_{decay_}"] = driven(Lif(2 * gain, **kind), gain // 8 - 1)
    half: dict[str, Any] = {"voltage_decay": 2048, "fraction_bits": 0, "state_bits": 16, "reset": Reset.NONE}
    each = np.arange(shape[0]).reshape(-1, 1, 1) * 50
    branches["limited"] = driven(Lif(500, **half), largest_gain(2048, time_steps) + 1)
    branches["limited_early"] = driven(Lif(500, **{**half, "state_bits": 12}), largest_gain(2048, time_steps))
    branches["limited_slow"] = driven(Lif(500, **{**half, "voltage_decay": 512}), largest_gain(512, time_steps) + 1)
    if shape[0] > 1:
        branches["each"] = driven(Lif(each, **half), 50)
    name = f"pairs_{'_'.join(map(str, shape))}"
    return fan(name, Input(shape, -PAIR_INPUT, PAIR_INPUT), branches, time_steps)


def largest_gain(decay_: int, steps: int) -> int:
    """By which inputs of PAIR_INPUT may be multiplied before a potential reaches the limit of 16 bits, in one step more
    than there are: code is chosen by what ranges that hold for all of them may be charged to."""

    def reached(gain: int) -> int:
        v = np.array(0)
        for _ in range(steps + 1):
            v = decay(v, decay_) + gain * PAIR_INPUT
        return int(v)

    return next(gain for gain in range(INT16_MAX // PAIR_INPUT, 0, -1) if reached(gain) < INT16_MAX)


def paired_input(model: Model) -> Array:
    """Both ends all the time, by turns and at random; anything."""
    high, shape = PAIR_INPUT, model.input.shape
    rng = np.random.default_rng(0)
    turns = np.array([(-1) ** step for step in range(model.time_steps)]).reshape(-1, 1, 1, 1)
    ones = np.ones((model.time_steps, *shape), np.int64)
    ends = rng.choice([-high, high], ones.shape)
    return np.stack([high * ones, -high * ones, high * turns * ones, ends, rng.integers(-high, high + 1, ones.shape)])


def small_windows() -> list[Model]:
    """Convolutions of int8 inputs whose windows lie in three words: lines of one and of more channels that end within
    a word and on one; odd strides and sizes; windows beyond edges; sums of 16 and of 32 bits."""
    one: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
        "image": ((3, 3), {"padding": (1, 1, 1, 1)}),
        "strided": ((3, 3), {"padding": (1, 0, 2, 3), "stride": (2, 3), "bias": np.arange(7) - 3}),
        "dilated": ((3, 2), {"dilation": (2, 1), "padding": (4, 0, 0, 1)}),
        "line": ((1, 11), {"padding": (0, 10, 0, 10), "bias": 70_000}),
        "words": ((3, 4), {}),
    }
    more: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
        "column": ((3, 1), {"padding": (2, 1, 1, 2)}),
        "pair": ((1, 3), {"bias": -70_000}),
        "point": ((1, 1), {"stride": (3, 2)}),
    }
    models = []
    for source, shapes in ((Input((1, 5, 9), -20, 20), one), (graded(4, 5, 9), more)):
        channels = source.shape[0]
        branches: dict[str, list[Operator]] = {
            f"{name}_{form}": [Conv(**synapses(form, i, 7, channels, *kernel), **options), IntegrateFire(50)]
            for i, (name, (kernel, options)) in enumerate(shapes.items())
            for form in ("8", "8zf")
        }
        models.append(fan(f"windows_{channels}", source, branches, time_steps=2))
    return models


def coded(rng: np.random.Generator, entries: int, low: int, **attributes: Any) -> QuantizedLif:
    """A neuron with random tables, of 8 bits."""
    return QuantizedLif(rng.integers(-90, 90, 255), rng.integers(-127, 128, entries), low, **attributes)


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
