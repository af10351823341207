"""Leaky and non-leaky integrate-and-fire neurons."""

from __future__ import annotations

from edgesnn.integer import Array
from edgesnn.integer.ops import IntegrateFire, Lif
from edgesnn.integer.ops.decay import ONE
from edgesnn.integer.ops.fire import Reset
from edgesnn.targets.mcu.codegen.builder import PARAMETER_BYTES, SIZES, Builder
from edgesnn.targets.mcu.codegen.storage import smallest

LIF_BYTES = 8 * 4 + 2 * PARAMETER_BYTES


def emit_lif(b: Builder, op: Lif) -> None:
    family = "lif_current" if op.has_current else "lif" if op.voltage_decay else "integrate"
    names = ("u", "v") if op.has_current else ("v",)
    keep = (ONE - op.current_decay, ONE - op.voltage_decay)
    _emit(b, op, family, names, op.scaled_threshold, op.fraction_bits, keep)


def emit_integrate_fire(b: Builder, op: IntegrateFire) -> None:
    _emit(b, op, "integrate", ("v",), op.threshold, 0, (0, ONE))


def _emit(
    b: Builder,
    op: Lif | IntegrateFire,
    family: str,
    state_names: tuple[str, ...],
    threshold: Array,
    fraction_bits: int,
    keep: tuple[int, int],
) -> None:
    a = b.operand(0, ("int16", "int32"))
    spikes = b.output("bits", like=a)
    type_ = _state_type(b)
    states = [b.state(name, type_, spikes.storage) for name in state_names]
    strict = int(op.strict)
    record = b.record(
        "lif",
        "esnn_lif",
        [
            ("positions", a.storage.positions),
            ("channels", a.storage.channels),
            ("threshold", b.parameter("threshold", threshold + strict, spikes.storage)),
            ("bias", b.parameter("bias", op.bias, spikes.storage)),
            ("gain", 1 << fraction_bits),
            ("keep_current", keep[0]),
            ("keep_voltage", keep[1]),
            ("limit", (1 << op.state_bits - 1) - 1),
            ("strict", strict),
            ("reset", f"ESNN_RESET_{Reset(op.reset).name}"),
        ],
        LIF_BYTES,
    )
    b.call(f"esnn_{family}_i{8 * SIZES[a.type]}_s{8 * SIZES[type_]}", record, a, *states, spikes)


def _state_type(b: Builder) -> str:
    """One type for all states of the node: the narrowest that their proven ranges allow."""
    ranges = b.model.ranges[b.node.name].states
    return smallest(min(r.minimum for r in ranges), max(r.maximum for r in ranges), at_least=16)
