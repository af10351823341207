"""Faults in ternary and graded neurons, products of activity, scales by step and weights without zero."""

from __future__ import annotations

from tests.mutants.fault import Fault

OPS = "edgesnn/integer/ops/"
TERNARY = ("tests/integer/test_ternary_lif.py",)
GRADED = ("tests/integer/test_graded_lif.py",)
MATMUL = ("tests/integer/test_matmul.py",)
SCALES = ("tests/integer/test_step_rescale.py",)
GRIDS = ("tests/integer/test_weight_grids.py",)
ONNX = ("tests/integer/test_onnx_bodies.py",)
TFLITE_NEURONS = ("tests/targets/tflite/test_ternary_and_graded.py",)
TFLITE_ATTENTION = ("tests/targets/tflite/test_attention.py",)
LOIHI = ("tests/targets/loihi/test_ternary_and_graded.py",)
MICROCODE = "targets/loihi/runner/lava_network/microcode.py"

ACTIVITY_FAULTS = (
    Fault(
        "interpreter: a ternary leak rounds down",
        f"{OPS}ternary_lif.py",
        "fine - shift_toward_zero(fine, self.leak_shift)",
        "fine - (fine >> self.leak_shift)",
        TERNARY,
    ),
    Fault(
        "interpreter: a ternary code rounds half up",
        f"{OPS}rounding.py",
        "np.sign(x) * ((np.abs(x) + half) >> bits)",
        "(x + half) >> bits",
        TERNARY,
    ),
    Fault(
        "interpreter: ternary spikes beyond the threshold only",
        f"{OPS}ternary_lif.py",
        "np.where(np.abs(v) >= self.threshold",
        "np.where(np.abs(v) > self.threshold",
        TERNARY,
    ),
    Fault(
        "range analysis: a silent ternary neuron keeps less than it may",
        f"{OPS}ternary_lif.py",
        "np.minimum(high, theta - 1), np.maximum(low, 1 - theta)",
        "np.minimum(high, theta // 2), np.maximum(low, 1 - theta)",
        TERNARY,
    ),
    Fault(
        "interpreter: a graded spike has one level too many",
        f"{OPS}graded_lif.py",
        "o = np.clip(v // self.threshold, 0, self.levels)",
        "o = np.clip(v // self.threshold, 0, self.levels + 1)",
        GRADED,
    ),
    Fault(
        "range analysis: a graded neuron keeps less than a threshold",
        f"{OPS}graded_lif.py",
        "np.maximum(self.threshold - 1, spent)",
        "self.threshold - 1",
        GRADED,
    ),
    Fault(
        "interpreter: heads of a product are exchanged",
        f"{OPS}matmul.py",
        "return a.swapaxes(2, 3) if self.transpose_a else a,",
        "return a[:, ::-1].swapaxes(2, 3) if self.transpose_a else a,",
        MATMUL,
    ),
    Fault(
        "range analysis: products of signed factors are positive",
        f"{OPS}matmul.py",
        "return Interval(-largest, largest), ()",
        "return Interval(0 * largest, largest), ()",
        MATMUL,
    ),
    Fault(
        "interpreter: the second step keeps the first scale",
        f"{OPS}step_rescale.py",
        "(np.clip(states[0] + 1, 0, last),)",
        "(np.clip(states[0], 0, last),)",
        SCALES,
    ),
    Fault(
        "interpreter: even weights pass for odd ones",
        f"{OPS}synapse.py",
        "(weight % 2 == 1).all() and",
        "(weight % 2 <= 1).all() and",
        GRIDS,
    ),
    Fault(
        "interpreter: codes of odd weights are one too high",
        f"{OPS}synapse.py",
        "(weight - 1) >> 1 if zero_free",
        "(weight + 1) >> 1 if zero_free",
        GRIDS,
    ),
    Fault(
        "ONNX body: ternary spikes beyond the threshold only",
        f"{OPS}ternary_lif.py",
        "fires = GreaterOrEqual (size, theta)",
        "fires = Greater (size, theta)",
        ONNX,
    ),
    Fault(
        "ONNX body: negative potentials send negative graded spikes",
        f"{OPS}graded_lif.py",
        "quotient = Div (positive, theta)",
        "quotient = Div (charged, theta)",
        ONNX,
    ),
    Fault(
        "ONNX body: a product turns its second factor as its first",
        f"{OPS}matmul.py",
        "b_turns = Equal (tb, one)",
        "b_turns = Equal (ta, one)",
        ONNX,
    ),
    Fault(
        "ONNX body: a scale by step rounds toward zero",
        f"{OPS}step_rescale.py",
        "shifted = Div (floored, unit)",
        "shifted = Div (total, unit)",
        ONNX,
    ),
    Fault(
        "ONNX body: the odd halves of nine-bit weights are lost",
        f"{OPS}conv.py",
        "acc = Add (twice, odds)",
        "acc = Add (twice, twice)",
        ONNX,
    ),
    Fault(
        "TFLite printer: negative ternary codes round toward zero",
        "targets/tflite/ops/ternary_lif.py",
        "graph.subtract(v, number(half))",
        "graph.add(v, number(0))",
        TFLITE_NEURONS,
    ),
    Fault(
        "TFLite printer: negative ternary spikes do not reset",
        "targets/tflite/ops/ternary_lif.py",
        "graph.select(below, number(0), graph.select(above, number(0), v))",
        "graph.select(above, number(0), v)",
        TFLITE_NEURONS,
    ),
    Fault(
        "TFLite printer: graded levels are not limited",
        "targets/tflite/ops/neuron.py",
        "o = graph.clip(fits, 0, op.levels)",
        "o = graph.clip(fits, 0, 127)",
        TFLITE_NEURONS,
    ),
    Fault(
        "TFLite printer: the sum of the inputs is left out of odd weights",
        "targets/tflite/ops/synapse.py",
        "return graph.add(twice, inputs, proven)",
        "return twice",
        TFLITE_ATTENTION,
    ),
    Fault(
        "TFLite printer: rows and columns of a product's result exchanged",
        "targets/tflite/ops/matmul.py",
        "graph.transpose(y, (2, 0, 1)), (1, columns, op.groups * rows))",
        "y, (1, columns, op.groups * rows))",
        TFLITE_ATTENTION,
    ),
    Fault(
        "TFLite printer: every step has the first scale",
        "targets/tflite/ops/arithmetic.py",
        "graph.clip(graph.add(t, number(1)), 0, len(op.multiplier) - 1)",
        "graph.clip(graph.add(t, number(0)), 0, len(op.multiplier) - 1)",
        TFLITE_ATTENTION,
    ),
    Fault(
        "Loihi microcode: ternary spikes beyond the threshold only",
        MICROCODE,
        'np.where(np.abs(v) < p["threshold"]',
        'np.where(np.abs(v) <= p["threshold"]',
        LOIHI,
    ),
    Fault(
        "Loihi microcode: what a graded spike did not send is lost",
        MICROCODE,
        'state["v"] = v - fits * p["threshold"]',
        'state["v"] = v * (fits == 0)',
        LOIHI,
    ),
    Fault(
        "Loihi microcode: scales of channels exchanged",
        MICROCODE,
        'p["multiplier"][now][p["place"]]',
        'p["multiplier"][now][p["place"][::-1]]',
        LOIHI,
    ),
)
