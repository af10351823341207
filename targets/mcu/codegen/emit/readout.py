"""Readouts: the score is the state, and the output."""

from __future__ import annotations

from edgesnn.integer.ops import FirstSpike, Membrane, SpikeCount
from edgesnn.integer.ops.decay import ONE
from edgesnn.targets.mcu.codegen.builder import SUFFIX, Builder

MEMBRANE_BYTES = 12


def emit_spike_count(b: Builder, op: SpikeCount) -> None:
    spikes = b.operand(0, ("bits",), canonical=True)
    score = b.state("count", "int32")
    b.alias(score)
    b.call("esnn_spike_count", spikes, score.storage.size, score)


def emit_first_spike(b: Builder, op: FirstSpike) -> None:
    spikes = b.operand(0, ("bits",), canonical=True)
    score, time = b.state("score", "int32"), b.state("t", "int32")
    b.alias(score)
    b.call("esnn_first_spike", spikes, score.storage.size, op.horizon, score, time)
    b.decides_early("esnn_decided", score, score.storage.size, op.horizon, time)


def emit_membrane(b: Builder, op: Membrane) -> None:
    a = b.operand(0, ("int16", "int32"), canonical=True)
    score = b.state("v", "int32")
    b.alias(score)
    bias, spread = b.parameter("bias", op.bias, score.storage, "int32")
    record = b.record(
        "membrane",
        "esnn_membrane",
        [
            ("bias", bias),
            ("classes", b.size("classes", score.storage.size)),
            ("keep", ONE - op.voltage_decay),
            ("fraction_bits", op.fraction_bits),
            ("bias_spread", spread),
        ],
        MEMBRANE_BYTES,
    )
    b.call(f"esnn_membrane_{SUFFIX[a.type]}", record, a, score)
