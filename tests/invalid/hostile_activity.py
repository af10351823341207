"""Bad files with ternary and graded neurons, products of activity, scales by step and weights without zero."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx

from edgesnn.integer import Model, Node
from edgesnn.integer.ops import (
    Conv,
    Dense,
    GradedLif,
    Input,
    MatMul,
    Membrane,
    Reshape,
    StepRescale,
    TernaryLif,
)
from tests.invalid.model_changes import Change, attribute, node, on_tensor, rewired, tensor


def good_activity() -> Model:
    """Two heads of attention between ternary queries, keys and values, small enough to change by hand."""
    nodes = (
        Node("x", Input((2, 3), -1, 1)),
        Node("q", Conv([[[3], [-1]]] * 4, weight_bits=2, zero_free=True), ("x",)),
        Node("q_lif", TernaryLif(multiplier=[[1], [2], [1], [2]], threshold=4, fraction_bits=1, state_bits=4), ("q",)),
        Node("map", MatMul(groups=2, transpose_a=True), ("q_lif", "q_lif")),
        Node("graded", GradedLif(threshold=2, levels=3), ("map",)),
        Node("mix", MatMul(groups=2, transpose_b=True), ("q_lif", "graded")),
        Node("scaled", StepRescale(multiplier=[[[1]] * 4, [[3]] * 4], offset=5, shift=2), ("mix",)),
        Node("flat", Reshape((12,)), ("scaled",)),
        Node("head", Dense([[255, -1] * 6, [-255, 3] * 6], weight_bits=8, zero_free=True), ("flat",)),
        Node("scores", Membrane(), ("head",)),
    )
    return Model("good_activity", nodes, 4)


def without(name: str, key: str) -> Change:
    """The node without an attribute."""

    def change(proto: onnx.ModelProto) -> None:
        found = node(proto, name).attribute
        found.remove(next(each for each in found if each.name == key))

    return change


def values(name: str, *changed: int) -> Change:
    """Other integers at the start of a tensor that is not packed."""

    def change(proto: onnx.ModelProto) -> None:
        found = tensor(proto, name)
        width = {onnx.TensorProto.INT8: "<i1", onnx.TensorProto.INT16: "<i2", onnx.TensorProto.INT32: "<i4"}
        stored = np.frombuffer(found.raw_data, width[found.data_type]).copy()
        stored[: len(changed)] = changed
        found.raw_data = stored.tobytes()

    return change


ACTIVITY: Mapping[str, tuple[Change, str]] = {
    "a grid that is not said": (without("head", "zero_free"), "node 'head': its attribute zero_free is missing"),
    "a grid that is half true": (attribute("head", "zero_free", i=2), "node 'head': its attribute zero_free is 2"),
    "odd weights said to be others": (attribute("q", "zero_free", i=0), "node 'q': Conv: weights from -1 to 3"),
    "an even weight": (values("head.weight", 254), "node 'head': Dense: weights from -255 to 255 leave the 8-bit"),
    "a weight of zero": (values("head.weight", 0), "leave the 8-bit grid +-255, odd"),
    "a weight of 257": (values("head.weight", 257), "leave the 8-bit grid +-255, odd"),
    "odd weights of fewer bits": (attribute("head", "weight_bits", i=4), "leave the 4-bit grid +-15, odd"),
    "a code of three bits": (attribute("q_lif", "state_bits", i=3), "TernaryLif: state_bits 3 is not 2, 4 or 8"),
    "a code of 64 bits": (attribute("q_lif", "state_bits", i=64), "TernaryLif: state_bits 64 is not 2, 4 or 8"),
    "a leak of 16": (attribute("q_lif", "leak_shift", i=16), "leak_shift 16 or fraction_bits 1 leaves 0..15"),
    "a leak below zero": (attribute("q_lif", "leak_shift", i=-1), "leak_shift -1 or fraction_bits 1 leaves 0..15"),
    "fractions of 2^40": (attribute("q_lif", "fraction_bits", i=40), "fraction_bits 40 leaves 0..15"),
    "a ternary reset of its own": (attribute("q_lif", "reset", i=7), "node 'q_lif': TernaryLif: reset 7 is unknown"),
    "no leak said": (without("q_lif", "leak_shift"), "node 'q_lif': its attribute leak_shift is missing"),
    "a gain beyond 16 bits": (values("q_lif.multiplier", 1 << 15), "TernaryLif: multiplier 32768 leaves 16 bits"),
    "a gain below -16 bits": (values("q_lif.multiplier", -(1 << 15)), "TernaryLif: multiplier 32768 leaves 16 bits"),
    "a ternary threshold of zero": (values("q_lif.threshold", 0), "TernaryLif: threshold from 0 to 0 leaves 1.."),
    "a ternary threshold below zero": (values("q_lif.threshold", -1), "threshold from -1 to -1 leaves 1.."),
    "a ternary threshold of 2^23": (values("q_lif.threshold", 1 << 23), "to 8388608 leaves 1.."),
    "gains for other channels": (on_tensor("q_lif.multiplier", dims=[1, 4]), "multiplier of shape (1, 4) does not"),
    "no levels": (attribute("graded", "levels", i=0), "node 'graded': GradedLif: levels 0 is outside 1..15"),
    "sixteen levels": (attribute("graded", "levels", i=16), "GradedLif: levels 16 is outside 1..15"),
    "a graded threshold of zero": (values("graded.threshold", 0), "GradedLif: threshold 0 is not positive"),
    "a graded decay beyond one": (attribute("graded", "voltage_decay", i=4097), "voltage_decay 4097 is outside"),
    "a graded state of one bit": (attribute("graded", "state_bits", i=1), "state_bits 1 is outside 2..24"),
    "no heads": (attribute("map", "groups", i=0), "node 'map': MatMul: groups 0 is not positive"),
    "heads that do not split": (attribute("map", "groups", i=3), "map (MatMul): an input of shape (4, 3) does not"),
    "a million heads": (attribute("map", "groups", i=10**6), "map (MatMul): an input of shape (4, 3) does not"),
    "a transposition of two": (attribute("map", "transpose_a", i=2), "its attribute transpose_a is 2, not 0 or 1"),
    "matrices that do not multiply": (attribute("map", "transpose_a", i=0), "3 columns and 2 rows do not multiply"),
    "a factor that is missing": (lambda proto: node(proto, "map").input.pop(), "node 'map': has 1 inputs, MatMul"),
    "a factor that is nowhere": (rewired("map", 1, "k_lif"), "map: its input 'k_lif' is no earlier node"),
    "a factor of itself": (rewired("mix", 0, "mix"), "mix: its input 'mix' is no earlier node"),
    "a scale without steps": (on_tensor("scaled.multiplier", dims=[]), "tensor 'scaled.multiplier': has"),
    "a scale for other channels": (on_tensor("scaled.multiplier", dims=[4, 2, 1]), "multiplier of shape (2, 1) does"),
    "a scale that overflows": (values("scaled.multiplier", (1 << 31) - 1), "scaled (StepRescale): x * multiplier"),
    "a scale shifted by 31": (attribute("scaled", "shift", i=31), "StepRescale: shift 31 is outside 0..30"),
    "a step that is dropped": (rewired("scaled", 1, "", "output"), "node 'scaled': reads or writes other names"),
    "a step kept by another": (rewired("scaled", 1, "graded.v"), "node 'scaled': reads or writes other names"),
}
"""By name: the change to `good_activity`, and words of the message."""
