"""How each operator becomes kernel calls, one operator (or family) a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import (
    Add,
    Concat,
    Conv,
    Dense,
    FirstSpike,
    GradedLif,
    Input,
    IntegrateFire,
    Lif,
    MatMul,
    MaxPool,
    Membrane,
    QuantizedLif,
    RelPsp,
    Rescale,
    Reshape,
    SpikeCount,
    StepRescale,
    SumPool,
    TernaryLif,
)
from edgesnn.targets.mcu.codegen.builder import Builder
from edgesnn.targets.mcu.codegen.emit.arrange import emit_concat, emit_input, emit_reshape
from edgesnn.targets.mcu.codegen.emit.elementwise import emit_add, emit_rescale, emit_step_rescale
from edgesnn.targets.mcu.codegen.emit.lif import emit_graded_lif, emit_integrate_fire, emit_lif
from edgesnn.targets.mcu.codegen.emit.matmul import emit_matmul
from edgesnn.targets.mcu.codegen.emit.pool import emit_max_pool, emit_sum_pool
from edgesnn.targets.mcu.codegen.emit.quantized_lif import emit_quantized_lif
from edgesnn.targets.mcu.codegen.emit.readout import emit_first_spike, emit_membrane, emit_spike_count
from edgesnn.targets.mcu.codegen.emit.rel_psp import emit_rel_psp
from edgesnn.targets.mcu.codegen.emit.synapse import emit_conv, emit_dense
from edgesnn.targets.mcu.codegen.emit.ternary_lif import emit_ternary_lif

Emitter = Callable[[Builder, Any], None]

EMITTERS: Mapping[type[Operator], Emitter] = {
    Input: emit_input,
    Dense: emit_dense,
    Conv: emit_conv,
    Lif: emit_lif,
    IntegrateFire: emit_integrate_fire,
    QuantizedLif: emit_quantized_lif,
    TernaryLif: emit_ternary_lif,
    GradedLif: emit_graded_lif,
    RelPsp: emit_rel_psp,
    MatMul: emit_matmul,
    SumPool: emit_sum_pool,
    MaxPool: emit_max_pool,
    Add: emit_add,
    Concat: emit_concat,
    Reshape: emit_reshape,
    Rescale: emit_rescale,
    StepRescale: emit_step_rescale,
    SpikeCount: emit_spike_count,
    FirstSpike: emit_first_spike,
    Membrane: emit_membrane,
}
