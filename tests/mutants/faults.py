"""The faults: `make mutants` wants each to be caught."""

from __future__ import annotations

from tests.mutants.activity_faults import ACTIVITY_FAULTS
from tests.mutants.fault import Fault
from tests.mutants.learning_faults import LEARNING_FAULTS
from tests.mutants.meter_faults import METER_FAULTS

GENERATED_C = "tests/targets/mcu/codegen/"
SYNAPSES_IN_C = (f"{GENERATED_C}test_synapses.py",)
NEURONS_IN_C = (f"{GENERATED_C}test_neurons.py",)
REST_IN_C = (f"{GENERATED_C}test_arrangement.py",)
TFLITE = ("tests/targets/tflite/test_operators.py",)
ONNX = ("tests/integer/test_file.py",)
INTEGER = ("tests/integer/test_neurons.py", "tests/integer/test_lava_rule.py")

FAULTS = (
    Fault(
        "C kernel: one bit of a mask",
        "firmware/kernels/conv_signs.inc",
        "esnn_exchange(p + 0, p + 2, 2, 0x33333333u);",
        "esnn_exchange(p + 0, p + 2, 2, 0x33333332u);",
        SYNAPSES_IN_C,
    ),
    Fault(
        "C kernel: strict and non-strict threshold exchanged",
        "firmware/kernels/lif.inc",
        "if (charged >= *threshold) {",
        "if (charged > *threshold) {",
        NEURONS_IN_C,
    ),
    Fault(
        "C kernel: a spike does not reset the potential",
        "firmware/kernels/lif.inc",
        "        return 0;\n",
        "        return v;\n",
        NEURONS_IN_C,
    ),
    Fault(
        "C kernel: a decay rounds down",
        "firmware/include/edgesnn/arith.h",
        "return x * keep / 4096;",
        "return x * keep >> 12;",
        NEURONS_IN_C,
    ),
    Fault(
        "C kernel: a rescale rounds toward zero",
        "firmware/include/edgesnn/arith.h",
        "        return x >> shift;\n    }",
        "        return x / (1 << shift);\n    }",
        REST_IN_C,
    ),
    Fault(
        "C kernel: ties go to the highest class",
        "firmware/kernels/esnn_decide.c",
        "score[c] > score[best]",
        "score[c] >= score[best]",
        REST_IN_C,
    ),
    Fault(
        "C template: reset leaves the states",
        "targets/mcu/codegen/templates/model.c.j2",
        "esnn_clear(&state, sizeof(state));",
        "esnn_clear(&state, 0);",
        REST_IN_C,
    ),
    Fault(
        "C printer: buffers that live at once share memory",
        "targets/mcu/codegen/arena.py",
        "return a[0] <= b[1] and b[0] <= a[1]",
        "return a[0] < b[1] and b[0] < a[1]",
        (f"{GENERATED_C}test_planning.py",),
    ),
    Fault(
        "C printer: a threshold off by one",
        "targets/mcu/codegen/emit/lif.py",
        "threshold + int(strict)",
        "threshold",
        NEURONS_IN_C,
    ),
    Fault(
        "link: one bit of the checksum's table",
        "firmware/link/crc32.c",
        "0xedb88320u",
        "0xedb88321u",
        ("tests/link/test_device.py",),
    ),
    Fault(
        "TFLite printer: every threshold is strict",
        "targets/tflite/ops/neuron.py",
        "threshold if strict else threshold - 1",
        "threshold",
        TFLITE,
    ),
    Fault(
        "TFLite printer: high part of a decay's split is lost",
        "targets/tflite/ops/decay.py",
        "return graph.add(graph.multiply(high, number(keep)), rounded, proven)",
        "return graph.add(graph.multiply(high, number(0)), rounded, proven)",
        TFLITE,
    ),
    Fault(
        "Loihi builder: current decay off by one",
        "targets/loihi/stock.py",
        "rule.current_decay - 1, dv, vth",
        "rule.current_decay, dv, vth",
        ("tests/targets/loihi/test_golden.py",),
    ),
    Fault(
        "Loihi builder: a skip connection arrives a step late",
        "targets/loihi/network.py",
        "delay = depth - 1 - groups[source].depth",
        "delay = depth - groups[source].depth",
        ("tests/targets/loihi/test_networks.py::test_skips_arrive_at_the_right_step",),
    ),
    Fault(
        "ONNX body: the threshold is not strict",
        "edgesnn/integer/ops/firing.py",
        "fired = Greater (v_charged, theta_cmp)",
        "fired = GreaterOrEqual (v_charged, theta_cmp)",
        ONNX,
    ),
    Fault(
        "ONNX body: a rescale rounds toward zero",
        "edgesnn/integer/ops/rescale.py",
        "shifted = Div (floored, unit)",
        "shifted = Div (total, unit)",
        ONNX,
    ),
    Fault(
        "interpreter: > becomes >=",
        "edgesnn/integer/ops/fire.py",
        "v > threshold if strict",
        "v >= threshold if strict",
        INTEGER,
    ),
    Fault(
        "interpreter: decays round down",
        "edgesnn/integer/ops/decay.py",
        "np.sign(x) * ((np.abs(x) * (ONE - amount)) >> 12)",
        "(x * (ONE - amount)) >> 12",
        INTEGER,
    ),
    Fault(
        "interpreter: a spike does not reset the potential",
        "edgesnn/integer/ops/fire.py",
        "0 if reset is Reset.ZERO else v - threshold, v)",
        "v if reset is Reset.ZERO else v - threshold, v)",
        INTEGER,
    ),
    Fault(
        "range analysis: accumulators are not proven",
        "edgesnn/integer/ops/dense.py",
        'check_int32(self, "its accumulator", largest, self.bias)',
        "assert largest is not None and check_int32 is not None",
        ("tests/integer/test_ranges.py",),
    ),
    Fault(
        "verification: states are not compared",
        "edgesnn/compare.py",
        "pairs += [(reference.states[name], state) for name, state in trace.states.items()]",
        "pairs += []",
        ("tests/test_compare.py",),
    ),
    Fault(
        "data sets: a local copy is not checked",
        "edgesnn/datasets/store.py",
        "if hashlib.sha256(found).hexdigest() != file.sha256:",
        "if hashlib.sha256(found).hexdigest() == '':",
        ("tests/datasets/test_load.py",),
    ),
    *ACTIVITY_FAULTS,
    *LEARNING_FAULTS,
    *METER_FAULTS,
)
