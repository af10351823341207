"""The neuron that fires once, whose potential is a sum of sums."""

from __future__ import annotations

from edgesnn.integer.ops import RelPsp
from edgesnn.targets.mcu.codegen.builder import SIZES, Builder
from edgesnn.targets.mcu.codegen.emit.lif import state_type

REL_PSP_BYTES = 12


def emit_rel_psp(b: Builder, op: RelPsp) -> None:
    a = b.operand(0, ("int16", "int32"))
    spikes = b.output("bits", like=a)
    type_ = state_type(b, op.threshold)
    states = [b.state(name, type_, spikes.storage) for name in op.onnx_states]
    threshold, spread = b.parameter("threshold", op.threshold, spikes.storage, type_)
    fields = [("threshold", threshold), *b.extent(a.storage), ("threshold_spread", spread)]
    record = b.record("neuron", "esnn_rel_psp", fields, REL_PSP_BYTES)
    b.call(f"esnn_rel_psp_i{8 * SIZES[a.type]}_s{8 * SIZES[type_]}", record, a, *states, spikes)
