"""The neuron with ternary spikes and a coded state."""

from __future__ import annotations

from edgesnn.integer.ops import TernaryLif
from edgesnn.targets.mcu.codegen.builder import SIZES, Builder, holds

TERNARY_LIF_BYTES = 20


def emit_ternary_lif(b: Builder, op: TernaryLif) -> None:
    """Thresholds have the type of the input, which is widened where they do not fit."""
    a = b.operand(0, ("int16", "int32") if holds("int16", op.threshold) else ("int32",))
    spikes = b.output("ternary", like=a)
    codes = b.state("v", f"int{op.state_bits}", spikes.storage)
    multiplier, multiplier_spread = b.parameter("multiplier", op.multiplier, spikes.storage, "int16")
    threshold, threshold_spread = b.parameter("threshold", op.threshold, spikes.storage, a.type)
    record = b.record(
        "neuron",
        "esnn_ternary_lif",
        [
            ("multiplier", multiplier),
            ("threshold", threshold),
            *b.extent(a.storage),
            ("multiplier_spread", multiplier_spread),
            ("threshold_spread", threshold_spread),
            ("leak_shift", op.leak_shift),
            ("fraction_bits", op.fraction_bits),
            ("reset", f"ESNN_RESET_{op.reset.name}"),
        ],
        TERNARY_LIF_BYTES,
    )
    b.call(f"esnn_ternary_lif_i{8 * SIZES[a.type]}_c{op.state_bits}", record, a, codes, spikes)
