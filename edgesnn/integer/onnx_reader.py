"""ONNX to integer model. The file is not trusted, and nothing in it is guessed.

Only node calls, their attributes, tensors and metadata are read; function bodies are there for other programs and are
ignored. The graph must be wired exactly as the writer wires the model that it describes: a file that ONNX Runtime and
edgesnn could understand differently is refused.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import onnx
from onnx import AttributeProto

from edgesnn.errors import FileError, ModelError
from edgesnn.integer.model import MAX_NODES, Model, Node
from edgesnn.integer.onnx_functions import DOMAIN, VERSION, signature
from edgesnn.integer.onnx_properties import read_properties
from edgesnn.integer.onnx_tensors import array
from edgesnn.integer.onnx_writer import FORMAT_KEY, MODEL_KEY, to_onnx
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import OPERATORS
from edgesnn.integer.signal import Array

AGAIN = "Save the model with edgesnn again"
MAX_TENSORS = 8 * MAX_NODES
MAX_INTEGERS = 8
"""Of an attribute that is a list: twice the two axes of a padding, and room."""


def from_onnx(proto: onnx.ModelProto, source: str = "ONNX model") -> Model:
    """The integer model that an ONNX file describes.

    Args:
        source: what errors call the file.

    Raises:
        FileError: the file is not one that `to_onnx` writes, or of a newer version.
        ModelError: its model means nothing, or its ranges do not hold; names the node.
    """
    try:
        return _model(proto, source)
    except UnicodeDecodeError:
        raise FileError(source, "a text in it is not UTF-8", AGAIN) from None


def _model(proto: onnx.ModelProto, source: str) -> Model:
    with _within(source):
        properties = read_properties(source, _metadata(proto, source))
    graph = proto.graph
    if not 2 <= len(graph.node) <= MAX_NODES or len(graph.initializer) > MAX_TENSORS or graph.sparse_initializer:
        raise FileError(
            source,
            f"{len(graph.node)} nodes, {len(graph.initializer)} tensors, {len(graph.sparse_initializer)} sparse ones",
            f"A model has 2 to {MAX_NODES} nodes, up to {MAX_TENSORS} tensors and no sparse ones",
        )
    tensors: dict[str, Array] = {}
    for tensor in graph.initializer:
        if tensor.name in tensors:
            raise FileError(source, f"two tensors are called {tensor.name!r:.80}", "Rename one")
        tensors[tensor.name] = array(source, tensor)
    nodes = tuple(_node(source, node, tensors) for node in graph.node)
    with _within(source):
        model = Model(nodes=nodes, **properties)
    _check_wiring(graph, to_onnx(model).graph, source)
    return model


@contextlib.contextmanager
def _within(where: str) -> Iterator[None]:
    """Errors about a model also say which file it is in."""
    try:
        yield
    except ModelError as error:
        raise type(error)(f"{where}: {error.where}", error.problem, error.remedy) from None


def _metadata(proto: onnx.ModelProto, source: str) -> str:
    """The model's properties, after the version has been checked."""
    versions = [entry.version for entry in proto.opset_import if entry.domain == DOMAIN]
    metadata = {entry.key: entry.value for entry in proto.metadata_props}
    found = metadata.get(FORMAT_KEY, "")
    if len(metadata) != len(proto.metadata_props) or len(versions) != 1 or MODEL_KEY not in metadata:
        raise FileError(source, "is no integer model of edgesnn", "Import it first, or give a file edgesnn has saved")
    if not (found.isascii() and found.isdigit() and len(found) < 10):
        raise FileError(source, f"its format version is {found!r:.80}", AGAIN)
    newest = max(int(found), versions[0])
    if newest > VERSION:
        raise FileError(source, f"has format version {newest}, this edgesnn reads {VERSION}", "Update edgesnn")
    if int(found) != VERSION or versions[0] != VERSION:
        raise FileError(source, f"has format versions {found} and {versions[0]}, not {VERSION}", AGAIN)
    return str(metadata[MODEL_KEY])


def _node(source: str, proto: onnx.NodeProto, tensors: Mapping[str, Array]) -> Node:
    where = f"{source}: node {proto.name!r:.80}"
    if proto.domain != DOMAIN or proto.op_type not in OPERATORS:
        raise FileError(
            where,
            f"has operator {proto.op_type!r:.80} of domain {proto.domain!r:.80}",
            f"Known in domain {DOMAIN}: {', '.join(OPERATORS)}",
        )
    kind = OPERATORS[proto.op_type]
    form = signature(kind)
    if len(proto.input) != len(form.inputs):
        raise FileError(where, f"has {len(proto.input)} inputs, {form.name} takes {len(form.inputs)}", AGAIN)
    if list(proto.output)[:1] != [proto.name]:
        raise FileError(where, "its first output does not carry its name", AGAIN)
    fields: dict[str, Any] = _attributes(where, kind, proto)
    named = dict(zip(form.inputs, proto.input, strict=True))
    for parameter in form.parameters:
        if named[parameter] not in tensors:
            raise FileError(where, f"its {parameter} {named[parameter]!r:.80} is no tensor of the file", AGAIN)
        fields[parameter] = tensors[named[parameter]]
    inputs = tuple(named[data] for data in form.data[: kind.arity])
    with _within(where):
        return Node(proto.name, kind(**fields), inputs)


def _attributes(where: str, kind: type[Operator], proto: onnx.NodeProto) -> dict[str, Any]:
    """Exactly the attributes of the operator, each an integer, a truth value or a list of integers."""
    several = signature(kind).attributes
    found: dict[str, Any] = {}
    for attribute in proto.attribute:
        name = attribute.name
        if name not in several or name in found:
            raise FileError(
                where, f"its attribute {name!r:.80} is unknown or given twice", f"Known: {', '.join(several)}"
            )
        wanted = AttributeProto.INTS if several[name] else AttributeProto.INT
        if attribute.type != wanted or attribute.ref_attr_name or len(attribute.ints) > MAX_INTEGERS:
            raise FileError(
                where, f"its attribute {name} is not {'a short list' if several[name] else 'one'} of integers", AGAIN
            )
        found[name] = tuple(attribute.ints) if several[name] else attribute.i
    for field in dataclasses.fields(kind):
        if field.name in several and field.name not in found:
            raise FileError(where, f"its attribute {field.name} is missing", AGAIN)
        if field.type == "bool":
            found[field.name] = _truth(where, field.name, found[field.name])
    return found


def _truth(where: str, name: str, value: int) -> bool:
    if value not in (0, 1):
        raise FileError(where, f"its attribute {name} is {value}, not 0 or 1", "Correct it")
    return value == 1


def _check_wiring(graph: onnx.GraphProto, expected: onnx.GraphProto, source: str) -> None:
    """Raises FileError unless calls, tensors, inputs and outputs are those that the writer would have written."""
    for node, wanted in zip(graph.node, expected.node, strict=True):
        if list(node.input) != list(wanted.input) or list(node.output) != list(wanted.output):
            raise FileError(
                f"{source}: node {node.name!r:.80}", "reads or writes other names than its states and parameters", AGAIN
            )
    _check_same(source, "tensor", graph.initializer, expected.initializer)
    _check_same(source, "graph input", graph.input, expected.input)
    outputs = graph.output[: len(expected.output)]
    _check_same(source, "graph output", outputs, expected.output)
    probes = [value.name for value in graph.output[len(outputs) :]]
    unknown = set(probes) - {node.name for node in graph.node[:-1]}
    if unknown or len(probes) != len(set(probes)):
        raise FileError(source, f"its graph outputs {sorted(unknown) or probes!s:.80} are no nodes", AGAIN)


def _check_same(source: str, what: str, found: Sequence[Any], wanted: Sequence[Any]) -> None:
    """Order, names, element types, shapes and contents; documentation may differ."""
    if len(found) != len(wanted):
        raise FileError(source, f"has {len(found)} {what}s, its nodes want {len(wanted)}", AGAIN)
    for one, other in zip(found, wanted, strict=True):
        copy = type(one)()
        copy.CopyFrom(one)
        copy.ClearField("doc_string")
        copy.ClearField("metadata_props")
        if copy.SerializeToString(deterministic=True) != other.SerializeToString(deterministic=True):
            raise FileError(source, f"its {what} {one.name!r:.80} is not what its node wants ({other.name})", AGAIN)
