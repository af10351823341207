"""Torch layers. Each knows the integer operator it becomes; in eval() each computes exactly what that operator does."""

from edgesnn.integer.ops.fire import Reset
from edgesnn.layers.conv import QuantConv1d, QuantConv2d
from edgesnn.layers.downscale import Downscale
from edgesnn.layers.graded_lif import GradedLif
from edgesnn.layers.input import QuantInput
from edgesnn.layers.integrate_fire import IntegrateFire
from edgesnn.layers.lif import Lif
from edgesnn.layers.linear import QuantLinear
from edgesnn.layers.matmul import MatMul
from edgesnn.layers.neuron import Neuron
from edgesnn.layers.pool import MaxPool, SumPool
from edgesnn.layers.quantized_lif import QuantizedLif
from edgesnn.layers.readout import FirstSpike, Membrane, SpikeCount
from edgesnn.layers.step_scale import StepScale
from edgesnn.layers.synapse import Synapse
from edgesnn.layers.ternary_lif import TernaryLif

__all__ = [
    "Downscale", "FirstSpike", "GradedLif", "IntegrateFire", "Lif", "MatMul", "MaxPool", "Membrane", "Neuron",
    "QuantConv1d", "QuantConv2d", "QuantInput", "QuantLinear", "QuantizedLif", "Reset", "SpikeCount", "StepScale",
    "SumPool", "Synapse", "TernaryLif",
]  # fmt: skip
