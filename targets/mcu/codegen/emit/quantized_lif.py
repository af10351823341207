"""The neuron whose state is a code of 2, 4 or 8 bits."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.ops import QuantizedLif
from edgesnn.targets.mcu.codegen.builder import SIZES, Builder, holds

QUANTIZED_LIF_BYTES = 28


def emit_quantized_lif(b: Builder, op: QuantizedLif) -> None:
    """Potentials count from the first entry of the table of codes, in the leak table if that fits 16 bits."""
    shifted, threshold = op.leak_table - op.code_low, op.threshold + int(op.strict) - op.code_low
    narrow = holds("int16", shifted, threshold)
    a = b.operand(0, ("int16", "int32") if narrow else ("int32",))
    leak = shifted if a.type == "int16" else op.leak_table
    spikes = b.output("bits", like=a)
    codes = b.state("v", f"int{op.state_bits}", spikes.storage)
    array, spread = b.parameter("threshold", threshold, spikes.storage, a.type)
    record = b.record(
        "neuron",
        "esnn_quantized_lif",
        [
            ("threshold", array),
            ("leak", b.array("leak", np.concatenate([[0], leak]), "int16_t")),
            ("code", b.array("code", op.code_table & ((1 << op.state_bits) - 1), "uint8_t")),
            ("code_low", op.code_low),
            ("code_last", op.code_table.size - 1),
            *b.extent(a.storage),
            ("spread", spread),
        ],
        QUANTIZED_LIF_BYTES,
    )
    b.call(f"esnn_quantized_lif_i{8 * SIZES[a.type]}_c{op.state_bits}", record, a, codes, spikes)
