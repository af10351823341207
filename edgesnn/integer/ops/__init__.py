"""The integer operators, one a file."""

from edgesnn.integer.ops.add import Add
from edgesnn.integer.ops.concat import Concat
from edgesnn.integer.ops.conv import Conv
from edgesnn.integer.ops.dense import Dense
from edgesnn.integer.ops.first_spike import FirstSpike
from edgesnn.integer.ops.graded_lif import GradedLif
from edgesnn.integer.ops.input import Input
from edgesnn.integer.ops.integrate_fire import IntegrateFire
from edgesnn.integer.ops.lif import Lif
from edgesnn.integer.ops.matmul import MatMul
from edgesnn.integer.ops.max_pool import MaxPool
from edgesnn.integer.ops.membrane import Membrane
from edgesnn.integer.ops.quantized_lif import QuantizedLif
from edgesnn.integer.ops.rel_psp import RelPsp
from edgesnn.integer.ops.rescale import Rescale
from edgesnn.integer.ops.reshape import Reshape
from edgesnn.integer.ops.spike_count import SpikeCount
from edgesnn.integer.ops.step_rescale import StepRescale
from edgesnn.integer.ops.sum_pool import SumPool
from edgesnn.integer.ops.ternary_lif import TernaryLif

OPERATORS = {
    op.__name__: op
    for op in (
        Input, Dense, Conv, Lif, IntegrateFire, QuantizedLif, TernaryLif, GradedLif, RelPsp, SumPool, MaxPool,
        MatMul, Add, Concat, Reshape, Rescale, StepRescale, SpikeCount, FirstSpike, Membrane,
    )
}  # fmt: skip
"""Every operator by the name it has in a model file."""

__all__ = [
    "OPERATORS", "Add", "Concat", "Conv", "Dense", "FirstSpike", "GradedLif", "Input", "IntegrateFire", "Lif", "MatMul",
    "MaxPool", "Membrane", "QuantizedLif", "RelPsp", "Rescale", "Reshape", "SpikeCount", "StepRescale", "SumPool",
    "TernaryLif",
]  # fmt: skip
