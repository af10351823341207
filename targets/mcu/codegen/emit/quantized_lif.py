"""The neuron whose state is a code of 2, 4 or 8 bits."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.ops import QuantizedLif
from edgesnn.targets.mcu.codegen.builder import PARAMETER_BYTES, SIZES, Builder
from edgesnn.targets.mcu.codegen.constants import POINTER_BYTES

QUANTIZED_LIF_BYTES = 4 * 4 + PARAMETER_BYTES + 2 * POINTER_BYTES


INT16_MAX = (1 << 15) - 1


def emit_quantized_lif(b: Builder, op: QuantizedLif) -> None:
    """Potentials count from the first entry of the table of codes, in the leak table if that fits 16 bits."""
    shifted = op.leak_table - op.code_low
    narrow = int(np.abs(shifted).max()) <= INT16_MAX
    a = b.operand(0, ("int16", "int32") if narrow else ("int32",))
    leak = shifted if a.type == "int16" else op.leak_table
    spikes = b.output("bits", like=a)
    codes = b.state("v", f"int{op.state_bits}", spikes.storage)
    record = b.record(
        "neuron",
        "esnn_quantized_lif",
        [
            ("positions", a.storage.positions),
            ("channels", a.storage.channels),
            ("threshold", b.parameter("threshold", op.threshold + int(op.strict) - op.code_low, spikes.storage)),
            ("leak", b.array("leak", np.concatenate([[0], leak]), "int16_t")),
            ("code", b.array("code", op.code_table & ((1 << op.state_bits) - 1), "uint8_t")),
            ("code_low", op.code_low),
            ("code_last", op.code_table.size - 1),
        ],
        QUANTIZED_LIF_BYTES,
    )
    b.call(f"esnn_quantized_lif_i{8 * SIZES[a.type]}_c{op.state_bits}", record, a, codes, spikes)
