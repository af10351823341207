"""Rescaling left to the neurons that it feeds: they rescale each sum on its way in, and the results need no memory."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.ops import Lif, QuantizedLif, Rescale
from edgesnn.targets.mcu.codegen.builder import SPREADS, Builder, Deferred, holds, spread_of
from edgesnn.targets.mcu.codegen.emit.lif import has_rescaled_form
from edgesnn.targets.mcu.codegen.emit.quantized_lif import rescales


def deferred(b: Builder, op: Rescale) -> Deferred | None:
    """How the only neurons that read the current rescale do its work themselves; None where they do not.

    They do where sums and results fit 16 bits, multipliers too, no result is clipped, and each channel has its own
    multiplier and offset, or all share them.
    """
    consumers = b.model.consumers(b.node.name)
    if (
        len(consumers) != 1
        or not _rescales_itself(consumers[0].op, op.shift)
        or b.tensors[b.node.inputs[0]].type != "int16"
    ):
        return None
    sums = b.tensors[b.node.inputs[0]]
    (multiplier, offset), spread = spread_of([op.multiplier, op.offset], sums.storage)
    fits = b.output_type(at_least=16) == "int16" and holds("int16", multiplier)
    if not fits or spread == SPREADS[2] or clips(b, op.low, op.high):
        return None
    channels = sums.storage.channels
    return Deferred(sums, _words(*(np.broadcast_to(row, channels) for row in (multiplier, offset))), op.shift)


def clips(b: Builder, low: int, high: int) -> bool:
    """Whether any result of the current node may reach these limits; if not, nobody need look."""
    reached = b.model.signal(b.node.name).range
    return reached.minimum <= low or reached.maximum >= high


def _rescales_itself(op: object, shift: int) -> bool:
    """Whether there are kernels for these neurons that rescale."""
    return (isinstance(op, QuantizedLif) and rescales(op, shift)) or (isinstance(op, Lif) and has_rescaled_form(op))


def _words(multiplier: Array, offset: Array) -> Array:
    """Three words for each two channels, as edgesnn/rescaled.h says."""
    padded = np.pad(np.stack([multiplier, offset]), ((0, 0), (0, len(multiplier) % 2)))
    (even, odd), offsets = padded[0].reshape(-1, 2).T & 0xFFFF, padded[1].reshape(-1, 2)
    return np.column_stack([even | odd << 16, offsets & 0xFFFFFFFF]).ravel()
