"""Readouts: the score is the state, and the output."""

from __future__ import annotations

from edgesnn.integer.ops import FirstSpike, Membrane, SpikeCount
from edgesnn.integer.ops.decay import ONE
from edgesnn.targets.mcu.codegen.builder import PARAMETER_BYTES, SUFFIX, Builder

MEMBRANE_BYTES = 3 * 4 + PARAMETER_BYTES


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


def emit_membrane(b: Builder, op: Membrane) -> None:
    a = b.operand(0, ("int16", "int32"), canonical=True)
    score = b.state("v", "int32")
    b.alias(score)
    record = b.record(
        "membrane",
        "esnn_membrane",
        [
            ("classes", score.storage.size),
            ("keep", ONE - op.voltage_decay),
            ("gain", 1 << op.fraction_bits),
            ("bias", b.parameter("bias", op.bias, score.storage)),
        ],
        MEMBRANE_BYTES,
    )
    b.call(f"esnn_membrane_{SUFFIX[a.type]}", record, a, score)
