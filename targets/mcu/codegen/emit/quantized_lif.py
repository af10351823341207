"""The neuron whose state is a code of 2, 4 or 8 bits."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.ops import QuantizedLif
from edgesnn.targets.mcu.codegen.builder import PARAMETER_BYTES, SIZES, Builder
from edgesnn.targets.mcu.codegen.constants import POINTER_BYTES

QUANTIZED_LIF_BYTES = 4 * 4 + PARAMETER_BYTES + 2 * POINTER_BYTES


def emit_quantized_lif(b: Builder, op: QuantizedLif) -> None:
    a = b.operand(0, ("int16", "int32"))
    spikes = b.output("bits", like=a)
    codes = b.state("v", f"int{op.state_bits}", spikes.storage)
    unused_lowest = np.concatenate([[0], op.leak_table])
    record = b.record(
        "neuron",
        "esnn_quantized_lif",
        [
            ("positions", a.storage.positions),
            ("channels", a.storage.channels),
            ("threshold", b.parameter("threshold", op.threshold + int(op.strict), spikes.storage)),
            ("leak", b.array("leak", unused_lowest, "int16_t")),
            ("code", b.array("code", op.code_table, "int8_t")),
            ("code_low", op.code_low),
            ("code_last", op.code_table.size - 1),
        ],
        QUANTIZED_LIF_BYTES,
    )
    b.call(f"esnn_quantized_lif_i{8 * SIZES[a.type]}_c{op.state_bits}", record, a, codes, spikes)
