"""Integer model to ONNX: one call of a local function a node, states as inputs and outputs of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from edgesnn.integer.model import Model, Node
from edgesnn.integer.onnx_functions import (
    DOMAIN,
    IR_VERSION,
    OPSET,
    VERSION,
    attributes_of,
    functions,
    signature,
)
from edgesnn.integer.onnx_properties import write_properties
from edgesnn.integer.onnx_tensors import tensor
from edgesnn.integer.ops import Input, MaxPool, Reshape
from edgesnn.integer.ops.neuron import Neuron

FORMAT_KEY, MODEL_KEY = "edgesnn.format", "edgesnn.model"
BATCH = "N"


def to_onnx(model: Model, probes: bool = False) -> onnx.ModelProto:
    """The model as a self-contained ONNX file of one time step, for any number of samples N at once.

    Inputs: `<input node>.x` int8 (N, *shape) and each state `<node>.<state>` int32; zeros reset a sample. Outputs: the
    readout under its node's name, int32 (N, classes), and each state `<node>.<state>.next`, to be fed back.

    Args:
        probes: also gives the output of every node, under the node's name.
    """
    graph = helper.make_graph(
        [_call(model, node) for node in model.nodes],
        model.name,
        graph_inputs(model),
        graph_outputs(model, probes),
        _initializers(model),
        value_info=[] if probes else [_output_info(model, node) for node in model.nodes[:-1]],
    )
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(DOMAIN, VERSION)]
    proto = helper.make_model(
        graph,
        functions=functions({node.op.kind for node in model.nodes}),
        opset_imports=imports,
        ir_version=IR_VERSION,
        producer_name="edgesnn",
        doc_string=model.metadata.description,
    )
    helper.set_model_props(proto, {FORMAT_KEY: str(VERSION), MODEL_KEY: write_properties(model)})
    return proto


def node_inputs(model: Model, node: Node) -> list[str]:
    """Names of what a node's function reads, in the order of its signature."""
    form = signature(type(node.op))
    data = list(node.inputs) or [f"{node.name}.x"]
    return data + [f"{node.name}.{part}" for part in form.states + form.parameters]


def node_outputs(model: Model, node: Node) -> list[str]:
    """Names of what a node's function gives; empty for a state that this node's attributes leave out."""
    kept = {spec.name for spec in model.states_of(node)}
    states = signature(type(node.op)).states
    return [node.name, *(f"{node.name}.{state}.next" if state in kept else "" for state in states)]


def _call(model: Model, node: Node) -> onnx.NodeProto:
    attributes: dict[str, Any] = attributes_of(node.op)
    return helper.make_node(
        node.op.kind,
        node_inputs(model, node),
        node_outputs(model, node),
        name=node.name,
        domain=DOMAIN,
        **attributes,
    )


def _initializers(model: Model) -> list[onnx.TensorProto]:
    """Parameters, and a constant zero for each state that a node's attributes leave out."""
    tensors = []
    for node in model.nodes:
        kept = {spec.name for spec in model.states_of(node)}
        missing = [state for state in signature(type(node.op)).states if state not in kept]
        tensors += [tensor(f"{node.name}.{state}", np.zeros((), np.int64), 32) for state in missing]
        for name, value in node.op.onnx_parameters().items():
            bits = node.op.parameter_bits(name)
            tensors.append(tensor(f"{node.name}.{name}", value, bits))
    return tensors


def graph_inputs(model: Model) -> list[onnx.ValueInfoProto]:
    first = model.nodes[0]
    return [_info(f"{first.name}.x", TensorProto.INT8, model.input.shape), *_states(model, "")]


def graph_outputs(model: Model, probes: bool) -> list[onnx.ValueInfoProto]:
    readout = _output_info(model, model.nodes[-1])
    seen = [_output_info(model, node) for node in model.nodes[:-1]] if probes else []
    return [readout, *_states(model, ".next"), *seen]


def _states(model: Model, suffix: str) -> list[onnx.ValueInfoProto]:
    return [
        _info(f"{node.name}.{spec.name}{suffix}", TensorProto.INT32, spec.shape)
        for node in model.nodes
        for spec in model.states_of(node)
    ]


def _output_info(model: Model, node: Node) -> onnx.ValueInfoProto:
    return _info(node.name, element_type(model, node), model.signal(node.name).shape)


def element_type(model: Model, node: Node) -> int:
    """int8 for the input and for spikes, int32 for everything else."""
    if isinstance(node.op, Reshape):
        return element_type(model, model.by_name[node.inputs[0]])
    return TensorProto.INT8 if isinstance(node.op, Input | Neuron | MaxPool) else TensorProto.INT32


def _info(name: str, kind: int, shape: Sequence[int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, [BATCH, *shape])
