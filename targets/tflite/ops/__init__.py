"""How each integer operator is written with TFLite's built-in operators, exactly. One printer an operator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgesnn.targets.tflite.ops.arithmetic import print_add, print_rescale, print_step_rescale
from edgesnn.targets.tflite.ops.matmul import print_matmul
from edgesnn.targets.tflite.ops.move import print_concat, print_input, print_reshape
from edgesnn.targets.tflite.ops.neuron import (
    print_graded_lif,
    print_integrate_fire,
    print_lif,
    print_quantized_lif,
    print_rel_psp,
)
from edgesnn.targets.tflite.ops.pool import print_max_pool, print_sum_pool
from edgesnn.targets.tflite.ops.readout import print_first_spike, print_membrane, print_spike_count
from edgesnn.targets.tflite.ops.step import Printer, Result, Step
from edgesnn.targets.tflite.ops.synapse import print_conv, print_dense
from edgesnn.targets.tflite.ops.ternary_lif import print_ternary_lif

PRINTERS: Mapping[str, Printer[Any]] = {
    "Input": print_input,
    "Dense": print_dense,
    "Conv": print_conv,
    "Lif": print_lif,
    "IntegrateFire": print_integrate_fire,
    "QuantizedLif": print_quantized_lif,
    "TernaryLif": print_ternary_lif,
    "GradedLif": print_graded_lif,
    "RelPsp": print_rel_psp,
    "SumPool": print_sum_pool,
    "MaxPool": print_max_pool,
    "MatMul": print_matmul,
    "Add": print_add,
    "Concat": print_concat,
    "Reshape": print_reshape,
    "Rescale": print_rescale,
    "StepRescale": print_step_rescale,
    "SpikeCount": print_spike_count,
    "FirstSpike": print_first_spike,
    "Membrane": print_membrane,
}
"""Printers by operator kind."""

__all__ = ["PRINTERS", "Printer", "Result", "Step"]
