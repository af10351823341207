"""A .tflite file in memory: tensors, operators, subgraphs, signatures. Knows the format, not the arithmetic."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.signal import Shape

SCHEMA_VERSION = 3
IDENTIFIER = b"TFL3"
LEGACY_CODE_LIMIT = 127  # operator codes above it live in a newer field; the old one then holds this value

VERSIONS = {
    "ADD": 1, "ASSIGN_VARIABLE": 1, "BATCH_MATMUL": 2, "CALL_ONCE": 1, "CAST": 1, "CONCATENATION": 2, "DIV": 1,
    "FILL": 1, "GATHER": 2, "GREATER": 1, "MAXIMUM": 1, "MAX_POOL_2D": 2, "MINIMUM": 1, "MUL": 1, "PAD": 2,
    "READ_VARIABLE": 1, "RESHAPE": 1, "RIGHT_SHIFT": 1, "SELECT_V2": 1, "SUB": 1, "SUM": 1, "TRANSPOSE": 2,
    "VAR_HANDLE": 1,
}  # fmt: skip
"""The operators in use and the lowest version of each that has the types we give it."""

OPTIONS = {
    "MAXIMUM": "MaximumMinimum", "MINIMUM": "MaximumMinimum", "MAX_POOL_2D": "Pool2D", "SUM": "Reducer",
    "BATCH_MATMUL": "BatchMatMul", "SELECT_V2": "SelectV2",
}  # fmt: skip
"""Names of options that do not follow from the operator's: ADD has AddOptions."""

TYPES = {"int8": "INT8", "int32": "INT32", "bool": "BOOL", "resource": "RESOURCE"}


def schema() -> Any:
    """The generated classes of the file format; imported late, and without the native runtime."""
    return importlib.import_module("ai_edge_litert.schema_py_generated")


class FlatModel:
    """The whole file. Buffers and operator codes are stored once however often they are used."""

    def __init__(self) -> None:
        self.schema = schema()
        self.root = self.schema.ModelT()
        self.root.version = SCHEMA_VERSION
        self.root.buffers = [self.schema.BufferT()]  # buffer 0 is empty by convention
        self.root.subgraphs, self.root.operatorCodes = [], []
        self.root.signatureDefs, self.root.metadata = [], []
        self._buffers: dict[bytes, int] = {}
        self._codes: dict[str, int] = {}

    def subgraph(self, name: str) -> Subgraph:
        graph = self.schema.SubGraphT()
        graph.name, graph.tensors, graph.operators = name, [], []
        self.root.subgraphs.append(graph)
        return Subgraph(self, graph, len(self.root.subgraphs) - 1)

    def buffer(self, data: bytes) -> int:
        if data not in self._buffers:
            buffer = self.schema.BufferT()
            buffer.data = np.frombuffer(data, np.uint8)
            self._buffers[data] = len(self.root.buffers)
            self.root.buffers.append(buffer)
        return self._buffers[data]

    def code(self, name: str) -> int:
        if name not in self._codes:
            number = getattr(self.schema.BuiltinOperator, name)
            code = self.schema.OperatorCodeT()
            code.builtinCode, code.version = number, VERSIONS[name]
            code.deprecatedBuiltinCode = min(number, LEGACY_CODE_LIMIT)
            self._codes[name] = len(self.root.operatorCodes)
            self.root.operatorCodes.append(code)
        return self._codes[name]

    def signature(self, key: str, subgraph: Subgraph, inputs: Mapping[str, int], outputs: Mapping[str, int]) -> None:
        """Makes a subgraph callable by name. inputs, outputs: tensor numbers by argument name."""
        subgraph.ends(inputs.values(), outputs.values())
        signature = self.schema.SignatureDefT()
        signature.signatureKey, signature.subgraphIndex = key, subgraph.index
        signature.inputs, signature.outputs = self._arguments(inputs), self._arguments(outputs)
        self.root.signatureDefs.append(signature)

    def _arguments(self, tensors: Mapping[str, int]) -> list[Any]:
        arguments = []
        for name, tensor in tensors.items():
            argument = self.schema.TensorMapT()
            argument.name, argument.tensorIndex = name, tensor
            arguments.append(argument)
        return arguments

    def metadata(self, name: str, data: bytes) -> None:
        entry = self.schema.MetadataT()
        entry.name, entry.buffer = name, self.buffer(data)
        self.root.metadata.append(entry)

    def pack(self, description: str) -> bytes:
        self.root.description = description
        builder = importlib.import_module("flatbuffers").Builder(1024)
        builder.Finish(self.root.Pack(builder), IDENTIFIER)
        return bytes(builder.Output())


class Subgraph:
    """Tensors and operators in the order of execution."""

    def __init__(self, model: FlatModel, graph: Any, index: int) -> None:
        self.model, self.graph, self.index = model, graph, index
        self._constants: dict[tuple[bytes, Shape, str], int] = {}

    def tensor(self, name: str, shape: Shape, dtype: str, buffer: int = 0) -> int:
        tensor = self.model.schema.TensorT()
        tensor.name, tensor.shape, tensor.buffer = name, np.array(shape, np.int32), buffer
        tensor.type = getattr(self.model.schema.TensorType, TYPES[dtype])
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def like(self, tensor: int) -> int:
        """A new tensor of the same shape and type."""
        model, copy = self.graph.tensors[tensor], self.model.schema.TensorT()
        copy.name, copy.shape, copy.type = f"{model.name}:copy{len(self.graph.tensors)}", model.shape, model.type
        self.graph.tensors.append(copy)
        return len(self.graph.tensors) - 1

    def rename(self, tensor: int, name: str) -> None:
        self.graph.tensors[tensor].name = name

    def constant(self, name: str, value: Array, dtype: str) -> int:
        """A tensor of known elements; equal ones are the same tensor."""
        data = np.ascontiguousarray(value, np.dtype(dtype).newbyteorder("<")).tobytes()
        key = (data, value.shape, dtype)
        if key not in self._constants:
            self._constants[key] = self.tensor(name, value.shape, dtype, self.model.buffer(data))
        return self._constants[key]

    def operator(self, name: str, inputs: Iterable[int], outputs: Iterable[int], **options: Any) -> None:
        schema = self.model.schema
        operator = schema.OperatorT()
        operator.opcodeIndex = self.model.code(name)
        operator.inputs = np.array(list(inputs), np.int32)
        operator.outputs = np.array(list(outputs), np.int32)
        kind = OPTIONS.get(name, name.title().replace("_", "")) + "Options"
        operator.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
        operator.builtinOptions = getattr(schema, kind + "T")()
        for field, value in options.items():
            if not hasattr(operator.builtinOptions, field):
                raise AttributeError(f"{kind} has no {field}")
            setattr(operator.builtinOptions, field, value)
        self.graph.operators.append(operator)

    def ends(self, inputs: Iterable[int], outputs: Iterable[int]) -> None:
        self.graph.inputs = np.array(list(inputs), np.int32)
        self.graph.outputs = np.array(list(outputs), np.int32)
