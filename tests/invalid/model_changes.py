"""A good model and the changes that make bad files of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import onnx
from onnx import helper

from edgesnn.integer import Metadata, Model, Node
from edgesnn.integer.ops import Conv, Dense, Input, Lif, Membrane, Rescale, Reshape, SumPool

Change = Callable[[onnx.ModelProto], None]


def good() -> Model:
    """A model with every kind of attribute and tensor that the changes below need."""
    nodes = (
        Node("image", Input((1, 6, 6), 0, 127)),
        Node("conv", Conv([[[[1, -1], [1, 1]]]] * 2, weight_bits=1, stride=(2, 2)), ("image",)),
        Node("scale", Rescale(multiplier=3, shift=2), ("conv",)),
        Node("lif", Lif(threshold=50, current_decay=2048, fraction_bits=2), ("scale",)),
        Node("pool", SumPool((3, 3)), ("lif",)),
        Node("flat", Reshape((2,)), ("pool",)),
        Node("head", Dense([[100, -100], [-7, 7]], bias=[1, 2]), ("flat",)),
        Node("scores", Membrane(), ("head",)),
    )
    return Model("good", nodes, 4, metadata=Metadata(classes=("a", "b")))


def node(proto: onnx.ModelProto, name: str) -> onnx.NodeProto:
    return next(each for each in proto.graph.node if each.name == name)


def tensor(proto: onnx.ModelProto, name: str) -> onnx.TensorProto:
    return next(each for each in proto.graph.initializer if each.name == name)


def attribute(name: str, key: str, **changes: Any) -> Change:
    """Sets fields of an attribute."""

    def change(proto: onnx.ModelProto) -> None:
        found = next(each for each in node(proto, name).attribute if each.name == key)
        for field, value in changes.items():
            if field == "ints":
                found.ints[:] = value
            else:
                setattr(found, field, value)

    return change


def properties(**changes: Any) -> Change:
    """Sets properties; None removes one."""

    def change(proto: onnx.ModelProto) -> None:
        entry = next(each for each in proto.metadata_props if each.key == "edgesnn.model")
        found = json.loads(entry.value) | changes
        entry.value = json.dumps({key: value for key, value in found.items() if value is not None})

    return change


def metadata(**changes: Any) -> Change:
    return lambda proto: properties(metadata=_properties(proto)["metadata"] | changes)(proto)


def _properties(proto: onnx.ModelProto) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(next(e.value for e in proto.metadata_props if e.key == "edgesnn.model"))
    return found


def properties_text(text: str) -> Change:
    def change(proto: onnx.ModelProto) -> None:
        next(each for each in proto.metadata_props if each.key == "edgesnn.model").value = text

    return change


def on_node(name: str, **changes: Any) -> Change:
    def change(proto: onnx.ModelProto) -> None:
        for field, value in changes.items():
            setattr(node(proto, name), field, value)

    return change


def on_tensor(name: str, **changes: Any) -> Change:
    def change(proto: onnx.ModelProto) -> None:
        found = tensor(proto, name)
        for field, value in changes.items():
            if field == "dims":
                found.dims[:] = value
            else:
                setattr(found, field, value)

    return change


def rewired(name: str, position: int, source: str, side: str = "input") -> Change:
    def change(proto: onnx.ModelProto) -> None:
        getattr(node(proto, name), side)[position] = source

    return change


def renamed(old: str, new: str) -> Change:
    """Renames a node everywhere, as somebody would who wants the name to reach C or a file name."""

    def change(proto: onnx.ModelProto) -> None:
        found = node(proto, old)
        found.name = new
        found.output[0] = new

    return change


def external(proto: onnx.ModelProto) -> None:
    found = tensor(proto, "head.weight")
    found.ClearField("raw_data")
    found.data_location = onnx.TensorProto.EXTERNAL
    found.external_data.add(key="location", value="/etc/passwd")


def newer(proto: onnx.ModelProto) -> None:
    for entry in proto.metadata_props:
        if entry.key == "edgesnn.format":
            entry.value = "2"


def newer_operators(proto: onnx.ModelProto) -> None:
    for entry in proto.opset_import:
        if entry.domain == "edgesnn":
            entry.version = 7


def twice(collection: str, position: int) -> Change:
    """Repeats an element of the graph."""

    def change(proto: onnx.ModelProto) -> None:
        elements = getattr(proto.graph, collection)
        elements.append(elements[position])

    return change


def flooded(proto: onnx.ModelProto) -> None:
    for _ in range(2000):
        proto.graph.node.append(node(proto, "scale"))


def sparse(proto: onnx.ModelProto) -> None:
    proto.graph.sparse_initializer.add().dims.append(1 << 60)


def foreign(proto: onnx.ModelProto) -> None:
    proto.graph.node.insert(3, helper.make_node("Relu", ["scale"], ["relu"], name="relu"))


def extra_attribute(proto: onnx.ModelProto) -> None:
    node(proto, "lif").attribute.append(helper.make_attribute("wrap", 1))


def no_attribute(proto: onnx.ModelProto) -> None:
    found = node(proto, "lif").attribute
    found.remove(next(each for each in found if each.name == "fraction_bits"))


def float_attribute(proto: onnx.ModelProto) -> None:
    found = node(proto, "lif").attribute
    del found[0]
    found.insert(0, helper.make_attribute("current_decay", 0.5))


def float_input(proto: onnx.ModelProto) -> None:
    proto.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.FLOAT


def other_shape(proto: onnx.ModelProto) -> None:
    proto.graph.input[1].type.tensor_type.shape.dim[1].dim_value = 3


def unknown_output(proto: onnx.ModelProto) -> None:
    proto.graph.output.append(helper.make_tensor_value_info("secret", onnx.TensorProto.INT8, [1]))


def swapped_states(proto: onnx.ModelProto) -> None:
    """u and v of the neuron exchanged: ONNX Runtime would still run it, and compute something else."""
    found = node(proto, "lif")
    found.input[1], found.input[2] = found.input[2], found.input[1]


def no_readout(proto: onnx.ModelProto) -> None:
    del proto.graph.node[-1]
