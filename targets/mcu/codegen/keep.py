"""What need not be computed again at every step: synapses of an input that is the same at all steps of a sample."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Conv, Dense, Reshape
from edgesnn.targets.mcu.codegen import names
from edgesnn.targets.mcu.codegen.builder import Builder, Tensor
from edgesnn.targets.mcu.codegen.storage import natural

RENEW = "esnn_renew"


@dataclass(frozen=True)
class Kept:
    """A node that is computed anew only where the input is another than at the step before, and the copy of the input
    that tells."""

    node: str
    copy: Tensor


def keep(b: Builder) -> Kept | None:
    """Keeps the first synapse's results and the input from step to step, in memory that nobody else uses; None where
    inputs differ from step to step, or others read them too. After all nodes are emitted."""
    node = _first_synapse(b.model)
    if node is None:
        return None
    copy = b.allocate(names.tensor(b.model.nodes[0].name, "kept"), natural("int8", (b.model.input.size,)))
    for tensor in (copy, b.tensors[node.name]):
        assert tensor.buffer is not None
        tensor.buffer.first, tensor.buffer.last = 0, b.time
    return Kept(node.name, copy)


def _first_synapse(model: Model) -> Node | None:
    """The only reader of an input that is presented several times, where it is a synapse."""
    if model.streaming or model.time_steps == 1 or not model.encoding.repeat:
        return None
    readers = model.consumers(model.nodes[0].name)
    while len(readers) == 1 and isinstance(readers[0].op, Reshape):
        readers = model.consumers(readers[0].name)
    return readers[0] if len(readers) == 1 and isinstance(readers[0].op, Conv | Dense) else None
