"""The neuron whose state is a code of 2, 4 or 8 bits."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.ops import QuantizedLif
from edgesnn.targets.mcu.codegen.builder import Builder, holds
from edgesnn.targets.mcu.codegen.emit.rescaled import RESCALED_BYTES, drive

QUANTIZED_LIF_BYTES = 32 + RESCALED_BYTES
TABLE = 1024
"""Entries of a table of codes that reaches beyond the threshold."""


def rescales(op: QuantizedLif, shift: int) -> bool:
    """Whether there is a kernel that rescales the input by this shift on its way: 16 bits, and a table as
    edgesnn/quantized_lif.h wants it."""
    _, threshold = _from_first_code(op)
    first = int(threshold.flat[0])
    one = bool((threshold == first).all())
    return fits_16_bits(op) and one and 0 < first < TABLE and 2 <= shift < 32


def fits_16_bits(op: QuantizedLif) -> bool:
    """Whether leak and thresholds do, counted from the first entry of the table of codes."""
    return holds("int16", *_from_first_code(op))


def emit_quantized_lif(b: Builder, op: QuantizedLif) -> None:
    """Potentials count from the first entry of the table of codes, in the leak table if that fits 16 bits."""
    shifted, threshold = _from_first_code(op)
    a, suffix, rescaled = drive(b, ("int16", "int32") if fits_16_bits(op) else ("int32",))
    leak = shifted if a.type == "int16" else op.leak_table
    q = len(leak) // 2
    spikes = b.output("bits", like=a)
    state = b.state("v", f"int{op.state_bits}", spikes.storage)
    codes = _beyond_threshold(op.code_table, int(threshold.flat[0])) if rescaled else op.code_table
    array, spread = b.parameter("threshold", threshold, spikes.storage, a.type)
    record = b.record(
        "neuron",
        "esnn_quantized_lif",
        [
            ("threshold", array),
            ("leak", b.array("leak", np.concatenate([leak[q:], [0], leak[:q]]), "int16_t")),
            ("code", b.array("code", codes & ((1 << op.state_bits) - 1), "uint8_t")),
            ("code_low", op.code_low),
            ("code_last", op.code_table.size - 1),
            ("inside", int(np.clip(threshold.min(), 0, op.code_table.size))),
            *b.extent(a.storage),
            ("spread", spread),
            *rescaled,
        ],
        QUANTIZED_LIF_BYTES,
    )
    b.call(f"esnn_quantized_lif_{suffix}_c{op.state_bits}", record, a, state, spikes)


def _from_first_code(op: QuantizedLif) -> tuple[Array, Array]:
    """Leak table and thresholds."""
    return op.leak_table - op.code_low, op.threshold + int(op.strict) - op.code_low


def _beyond_threshold(codes: Array, threshold: int) -> Array:
    """A table in which every potential of a neuron that fires finds 0, and no other one lies beyond its end."""
    at = np.arange(TABLE)
    return np.where(at < threshold, codes[np.minimum(at, codes.size - 1)], 0)
