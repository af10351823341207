"""Bad model files, each made from a good one by a change that its name describes, and what the refusal must say."""

from __future__ import annotations

from collections.abc import Mapping

from edgesnn.integer.file import to_onnx
from tests.invalid.hostile_activity import ACTIVITY, good_activity
from tests.invalid.model_changes import (
    Change,
    attribute,
    external,
    extra_attribute,
    float_attribute,
    float_input,
    flooded,
    foreign,
    good,
    metadata,
    newer,
    newer_operators,
    no_attribute,
    no_readout,
    node,
    on_node,
    on_tensor,
    other_shape,
    properties,
    properties_text,
    renamed,
    rewired,
    sparse,
    swapped_states,
    twice,
    unknown_output,
)

Cases = Mapping[str, tuple[Change, str]]
"""By name: the change, and words of the message."""

GRAPHS: Cases = {
    "an operator of another domain": (foreign, "'Relu' of domain ''"),
    "an unknown operator": (on_node("lif", op_type="Spike"), "node 'lif': has operator 'Spike'"),
    "two nodes of one name": (twice("node", 2), "scale: two nodes have this name"),
    "two thousand nodes": (flooded, "2008 nodes"),
    "a cycle": (rewired("scale", 0, "lif"), "scale: its input 'lif' is no earlier node"),
    "an input that is nowhere": (rewired("lif", 0, "nowhere"), "lif: its input 'nowhere' is no earlier node"),
    "an output under another name": (rewired("lif", 0, "spikes", "output"), "node 'lif': its first output"),
    "a missing input": (lambda proto: node(proto, "head").input.pop(), "node 'head': has 2 inputs"),
    "a parameter that is no tensor": (rewired("head", 1, "flat"), "node 'head': its weight 'flat' is no tensor"),
    "states exchanged": (swapped_states, "node 'lif': reads or writes other names"),
    "a state that is dropped": (rewired("lif", 1, "", "output"), "node 'lif': reads or writes other names"),
    "no readout": (no_readout, "a model's last node is its only readout"),
    "no nodes": (lambda proto: proto.graph.ClearField("node"), "0 nodes"),
    "a name that reaches for the shell": (renamed("scale", "$(reboot)"), "'$(reboot)'"),
    "a name that climbs out of its folder": (renamed("scale", "../../etc"), "'../../etc'"),
    "a name of a million characters": (renamed("scale", "a" * 1_000_000), "is not a lower-case identifier"),
    "a float input": (float_input, "graph input 'image.x'"),
    "a state of another shape": (other_shape, "graph input 'lif.u'"),
    "a graph input twice": (twice("input", 1), "has 5 graph inputs, its nodes want 4"),
    "an output that is no node": (unknown_output, "['secret'] are no nodes"),
}
ATTRIBUTES: Cases = {
    "an unknown attribute": (extra_attribute, "node 'lif': its attribute 'wrap' is unknown"),
    "a missing attribute": (no_attribute, "node 'lif': its attribute fraction_bits is missing"),
    "a float attribute": (float_attribute, "node 'lif': its attribute current_decay is not one of integers"),
    "a truth value of two": (attribute("lif", "strict", i=2), "node 'lif': its attribute strict is 2"),
    "an unknown reset": (attribute("lif", "reset", i=9), "node 'lif': Lif: reset 9 is unknown"),
    "a decay beyond one": (attribute("lif", "current_decay", i=5000), "current_decay 5000 is outside 0..4096"),
    "a shift of a million": (attribute("scale", "shift", i=10**6), "node 'scale': Rescale: shift 1000000"),
    "a range that overflows": (attribute("lif", "fraction_bits", i=16), "lif (Lif): its synaptic current u may reach"),
    "a stride of 2^62": (attribute("conv", "stride", ints=[1 << 62, 1]), "node 'conv': Conv: a kernel, stride"),
    "a stride of zero": (attribute("conv", "stride", ints=[0, 1]), "must be positive"),
    "a padding of gigabytes": (
        attribute("pool", "padding", ints=[1 << 40] * 4),
        "node 'pool': SumPool: a kernel, stride",
    ),
    "a list of a thousand": (attribute("conv", "stride", ints=[1] * 1000), "not a short list of integers"),
    "a padding of wrong rank": (attribute("conv", "padding", ints=[0, 0]), "disagree in rank"),
    "no groups": (attribute("conv", "groups", i=0), "do not split into 0 groups"),
    "an input beyond int8": (attribute("image", "high", i=4096), "node 'image': Input: range [0, 4096]"),
    "a shape of 2^64 elements": (attribute("flat", "shape", ints=[1 << 32, 1 << 32]), "flat (Reshape)"),
    "a width of three bits": (attribute("head", "weight_bits", i=3), "weight_bits 3 is not one of"),
}
TENSORS: Cases = {
    "data in another file": (external, "tensor 'head.weight': its data lie in another file"),
    "a tensor twice": (twice("initializer", 0), "two tensors are called 'conv.weight'"),
    "a sparse tensor": (sparse, "1 sparse ones"),
    "a tensor of floats": (on_tensor("head.weight", data_type=1), "tensor 'head.weight': has element type 1"),
    "huge dimensions": (on_tensor("head.weight", dims=[1 << 31, 1 << 31]), "tensor 'head.weight': has dimensions"),
    "negative dimensions": (on_tensor("head.weight", dims=[-2, -2]), "tensor 'head.weight': has dimensions"),
    "a product of dimensions beyond memory": (on_tensor("head.weight", dims=[4194304, 4194304]), "elements, more"),
    "too few bytes": (on_tensor("head.weight", raw_data=b"\1\2\3"), "has 3 bytes of raw data, its shape wants 4"),
    "a matrix of another shape": (on_tensor("head.weight", dims=[1, 4]), "node 'head': Dense: bias has shape (2,)"),
    "weights off their grid": (on_tensor("conv.weight", raw_data=b"\0\0\0\0"), "node 'conv': Conv: weights from 0"),
    "a bias of another rank": (on_tensor("head.bias", dims=[2, 1]), "node 'head': Dense: bias has shape (2, 1)"),
}
PROPERTIES: Cases = {
    "a newer format": (newer, "has format version 2, this edgesnn reads 1. Update edgesnn"),
    "newer operators": (newer_operators, "has format version 7, this edgesnn reads 1. Update edgesnn"),
    "no metadata": (lambda proto: proto.ClearField("metadata_props"), "is no integer model of edgesnn"),
    "no edgesnn operators": (lambda proto: proto.ClearField("opset_import"), "is no integer model of edgesnn"),
    "properties that are no JSON": (properties_text("{"), "its properties are not JSON"),
    "properties that are a list": (properties_text("[]"), "are not a JSON object"),
    "properties as deep as the stack": (properties_text("[" * 100_000), "its properties are not JSON"),
    "a property twice": (properties_text('{"name": "a", "name": "b"}'), "a key appears twice"),
    "megabytes of properties": (properties_text(" " * (1 << 21)), "its properties take 2097152 characters"),
    "half a character": (properties_text('{"name": "\\ud800"}'), "its properties are not JSON"),
    "a time that is no number": (metadata(dt_s=float("nan")), "NaN is no number"),
    "an endless time": (metadata(dt_s=float("inf")), "Infinity is no number"),
    "a negative time": (metadata(dt_s=-1.0), "dt_s -1.0"),
    "class names that are numbers": (metadata(classes=[1, 2]), "its property metadata.classes is [1, 2]"),
    "too many class names": (metadata(classes=["a", "b", "c"]), "3 class names for 2 outputs"),
    "an unknown property": (properties(colour="red"), "its property 'colour' is unknown"),
    "a missing property": (properties(streaming=None), "its property streaming is missing"),
    "time steps in words": (properties(time_steps="four"), "its property time_steps is 'four', not int"),
    "true as time steps": (properties(time_steps=True), "its property time_steps is True, not int"),
    "a million million time steps": (properties(time_steps=10**12), "time_steps 1000000000000 is outside"),
    "a name with a line break": (properties(name="good\n#include"), "is not a lower-case identifier"),
    "a hostile encoding": (
        properties(encoding={"raw_low": 0, "raw_high": 1, "offset": 0, "shift": 1 << 40, "repeat": True}),
        "encoding:",
    ),
}
CASES: Cases = {**GRAPHS, **ATTRIBUTES, **TENSORS, **PROPERTIES, **ACTIVITY}


def file_of(name: str) -> bytes:
    """The bad file of that name."""
    proto = to_onnx(good_activity() if name in ACTIVITY else good())
    CASES[name][0](proto)
    data: bytes = proto.SerializeToString()
    return data
