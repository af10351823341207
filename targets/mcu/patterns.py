"""Contents of a model's tensors with a given number of active inputs in every window, or a given part of a range."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array, Meaning, Model, Node
from edgesnn.integer.ops import Conv, Dense, MatMul, Reshape
from edgesnn.integer.signal import Interval
from edgesnn.targets.mcu.codegen import Layout

SPIKES = (Meaning.SPIKE, Meaning.TERNARY, Meaning.GRADED)


def planted(model: Model, layout: Layout) -> list[str]:
    """Nodes whose output can be replaced before anybody reads it: those that own memory, but not the input."""
    last = layout.nodes[-1].name
    return [node.name for node in layout.nodes[1:] if node.observable and not node.alias and node.name != last]


def is_activity(model: Model, name: str) -> bool:
    """Whether what a node sends is read event by event, so that its zeros cost less than the rest."""
    readers = _readers(model, name)
    return model.signal(name).meaning in SPIKES or any(isinstance(node.op, Dense | Conv | MatMul) for node in readers)


class Windows:
    """The inputs of one window over a node's output, in an order of chance.

    A mask repeats with the size of the window that reads it, so that each window inside the tensor sees the same number
    of active inputs, whatever its stride; a window over the whole tensor sees the tensor.
    """

    def __init__(self, model: Model, name: str) -> None:
        self.shape = model.signal(name).shape
        conv = next((node.op for node in model.consumers(name) if isinstance(node.op, Conv)), None)
        channels, *space = self.shape
        kernel = conv.kernel if conv is not None else space
        self.groups = conv.groups if conv is not None else 1
        self.period = tuple(min(pair) for pair in zip(kernel, space, strict=True))
        self.inputs = channels // self.groups * int(np.prod(self.period, dtype=np.int64))
        self.order = np.random.default_rng(0).permutation(self.inputs)

    def mask(self, active: int) -> Array:
        """Booleans of the tensor's shape, `active` of them true in every window and group."""
        chosen = np.zeros(self.inputs, bool)
        chosen[self.order[:active]] = True
        one = np.tile(chosen.reshape(-1, *self.period), (self.groups, *(1 for _ in self.period)))
        repeats = [-(-size // p) for size, p in zip(self.shape[1:], self.period, strict=True)]
        masked: Array = np.tile(one, (1, *repeats))[tuple(slice(size) for size in self.shape)]
        return masked


def active(within: Interval, mask: Array, sign: int) -> Array:
    """The largest of each element's range where the mask is true (sign 1), the smallest (-1), or both by turns (0); and
    what is nearest to zero elsewhere."""
    by_turns = (np.arange(mask.size) % 2 == 0).reshape(mask.shape)
    high = np.full(mask.shape, sign > 0) if sign else by_turns
    return np.where(mask, np.where(high, within.high, within.low), part(within, 0.0))


def by_channel(within: Interval) -> Interval:
    """The range of each channel, wherever: narrower ranges near a border are those of neurons that are otherwise the
    same."""
    axes = tuple(range(1, within.low.ndim))
    low, high = within.low.min(axis=axes, keepdims=True), within.high.max(axis=axes, keepdims=True)
    return Interval(np.broadcast_to(low, within.low.shape), np.broadcast_to(high, within.high.shape))


def part(within: Interval, fraction: float) -> Array:
    """A part of each element's range: 1 is its upper bound, -1 its lower, 0 zero, or what is nearest to it."""
    bound = within.high if fraction > 0 else within.low
    value: Array = np.clip((bound * abs(fraction)).astype(np.int64), within.low, within.high)
    return value


def _readers(model: Model, name: str) -> list[Node]:
    """Who reads a node's output, through reshapes."""
    found: list[Node] = []
    for node in model.consumers(name):
        found += _readers(model, node.name) if isinstance(node.op, Reshape) else [node]
    return found
