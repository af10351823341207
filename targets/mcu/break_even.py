"""From which rate of active inputs on a dense kernel would cost less than the event-driven one.

The event-driven cost is counted on the device at several rates and interpolated between them. The dense cost is a
reference, not run here: instructions for each multiply-accumulate of the int8 kernels of a usual DSP library, measured
on an emulated Cortex-M4 in layers of three kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from edgesnn.integer import Array, Model, Node
from edgesnn.integer.ops import Conv, Dense, Reshape
from edgesnn.target import BreakEven, DenseLayer
from edgesnn.targets.mcu import patterns
from edgesnn.targets.mcu.patterns import Windows
from edgesnn.targets.mcu.planted import Contents, counts

if TYPE_CHECKING:
    from edgesnn.targets.mcu.session import McuSession

CORES = ("cortex-m4",)
REFERENCE = (
    "instructions of dense int8 DSP kernels on a Cortex-M4 (784 x 128: 194,600; 3 x 3 convolution 14 x 14 x 16 -> 32: "
    "1,929,640; 3 x 3 of one channel 28 x 28 -> 16: 1,188,000), by multiply-accumulate"
)
DENSE = 194_600 / (784 * 128)
CONV = 1_929_640 / (14 * 14 * 9 * 16 * 32)
ONE_CHANNEL = 1_188_000 / (28 * 28 * 9 * 16)
RATES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
HALVINGS = 30


@dataclass(frozen=True)
class Curve:
    """A layer's instructions in an inference, counted at some rates; and those of the dense kernel."""

    rates: npt.NDArray[np.float64]
    instructions: Array
    dense: float

    def at(self, rate: float) -> float:
        return float(np.interp(rate, self.rates, self.instructions))


def break_even(session: McuSession) -> BreakEven | None:
    """None where no synapse of the model reads what can be planted."""
    curves = _curves(session)
    if not curves:
        return None
    layers = {name: DenseLayer(curve.dense, crossing(curve.at, curve.dense)) for name, curve in curves.items()}
    dense = sum(curve.dense for curve in curves.values())
    together = crossing(lambda rate: sum(curve.at(rate) for curve in curves.values()), dense)
    return BreakEven(DenseLayer(dense, together), layers, REFERENCE)


def crossing(cost: Callable[[float], float], dense: float) -> float | None:
    """The rate at which a cost that grows with it reaches `dense`; None where it never does.

    >>> crossing(lambda rate: 100 * rate, 25), crossing(lambda rate: rate, 2), crossing(lambda rate: 3, 2)
    (0.25, None, 0.0)
    """
    low, high = 0.0, 1.0
    if cost(high) < dense:
        return None
    if cost(low) >= dense:
        return low
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if cost(middle) >= dense else (middle, high)
    return high


def macs(model: Model, node: Node) -> int:
    """Multiply-accumulates of one step, padding included."""
    op = node.op
    assert isinstance(op, Dense | Conv)
    positions = int(np.prod(model.signal(node.name).shape[1:], dtype=np.int64))
    return op.weight.size * positions


def dense_instructions(model: Model, node: Node) -> float:
    """What a dense kernel of the layer's shape would take in an inference."""
    op = node.op
    assert isinstance(op, Dense | Conv)
    each = DENSE if isinstance(op, Dense) else ONE_CHANNEL if op.weight.shape[1] == 1 else CONV
    return each * macs(model, node) * model.time_steps


def _curves(session: McuSession) -> Mapping[str, Curve]:
    """Of every synapse whose input can be planted, by node."""
    model = session.model
    plantable = (model.nodes[0].name, *patterns.planted(model, session.layout))
    synapses = {node.name: _source(model, node) for node in model.nodes if isinstance(node.op, Dense | Conv)}
    sources = {name: source for name, source in synapses.items() if source in plantable}
    if not sources:
        return {}
    tried = [{source: _contents(model, source, rate) for source in sources.values()} for rate in RATES]
    found = model.time_steps * counts(session.device, session.layout, (_planted(model, values) for values in tried))
    index = {node.name: i for i, node in enumerate(model.nodes)}
    return {
        name: Curve(
            np.array([np.count_nonzero(values[source]) / values[source].size for values in tried]),
            found[:, index[name]],
            dense_instructions(model, model.by_name[name]),
        )
        for name, source in sources.items()
    }


def _source(model: Model, node: Node) -> str:
    """The node whose memory a synapse reads, behind reshapes."""
    source = model.by_name[node.inputs[0]]
    return _source(model, source) if isinstance(source.op, Reshape) else source.name


def _contents(model: Model, name: str, rate: float) -> Array:
    within = patterns.by_channel(model.signal(name).range)
    windows = Windows(model, name)
    return patterns.active(within, windows.mask(round(rate * windows.inputs)), 0 if within.minimum < 0 else 1)


def _planted(model: Model, values: Mapping[str, Array]) -> Contents:
    outputs = dict(values)
    return Contents(outputs.pop(model.nodes[0].name, None), outputs, {})
