"""Collects what a generated model consists of while its nodes are emitted one by one: calls, tensors, constants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from edgesnn.errors import UnsupportedModelError
from edgesnn.integer import Array, Meaning, Model
from edgesnn.targets.mcu.codegen import names
from edgesnn.targets.mcu.codegen.arena import Buffer
from edgesnn.targets.mcu.codegen.constants import Constants
from edgesnn.targets.mcu.codegen.storage import PLANES, Storage, memory_shape, natural, smallest

C_TYPES = {"bits": "uint32_t", "ternary": "uint32_t", "int8": "int8_t", "int16": "int16_t", "int32": "int32_t"}
SUFFIX = {"bits": "bits", "ternary": "ternary", "int8": "i8", "int16": "i16", "int32": "i32"}
SIZES = {"int8": 1, "int16": 2, "int32": 4}
LARGEST_SIZE = (1 << 16) - 1
SPREADS = ("ESNN_ONE", "ESNN_CHANNEL", "ESNN_ELEMENT")


@dataclass(frozen=True)
class Tensor:
    """A tensor at run time: the C expression that points at it, how it lies there, and its arena buffer if any."""

    pointer: str
    storage: Storage
    buffer: Buffer | None = None
    place: str = "arena"

    @property
    def type(self) -> str:
        return self.storage.type


@dataclass(frozen=True)
class Call:
    """One kernel call. `node` is the index of the node it belongs to."""

    node: int
    kernel: str
    arguments: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.kernel}({', '.join(self.arguments)});"


@dataclass(frozen=True)
class State:
    """A member of the static state struct."""

    node: str
    name: str
    storage: Storage

    @property
    def member(self) -> str:
        return names.state(self.node, self.name)

    @property
    def ctype(self) -> str:
        return "uint8_t" if self.storage.type in ("int2", "int4", "int8") else C_TYPES[self.storage.type]


@dataclass(frozen=True)
class Deferred:
    """A rescale left to the neurons behind it: the sums it reads, and its scale as edgesnn/rescaled.h has it."""

    sums: Tensor
    scale: Array
    shift: int


class Builder:
    """The model being printed. Emitters ask it for operands, outputs, states and constants, and add calls.

    Time counts calls and node ends; arena buffers live between their first and last time.
    """

    def __init__(self, model: Model, prefer: str = "flash") -> None:
        self.model = model
        self.prefer = prefer
        self.weight_forms: dict[str, str] = {}
        self.constants = Constants()
        self.calls: list[Call] = []
        self.behind: set[str] = set()
        """Kernels that those of the calls leave their work to on cores that they have no form for."""
        self.states: list[State] = []
        self.tensors: dict[str, Tensor] = {}
        self.deferred: dict[str, Deferred] = {}
        self.pointers: dict[str, Tensor] = {}
        self.scratch: dict[str, int] = {}
        self.decided: Call | None = None
        """What tells whether the decision is final before the last step, where anything does."""
        self.node = model.nodes[0]
        self.starts: list[int] = []
        """When each node begins."""
        self._index = 0
        self._time = 0
        self._forms: dict[tuple[str, str, bool], Tensor] = {}

    def begin(self, index: int) -> None:
        self._index, self.node = index, self.model.nodes[index]
        self.starts.append(self._time)

    def end(self) -> None:
        """The node's output is observed here, so it lives until now, unless the node is left to the next."""
        if self.node.name in self.tensors:
            self._use(self.tensors[self.node.name])
        self._time += 1

    @property
    def buffers(self) -> list[Buffer]:
        """All arena buffers, in the order in which they are first written."""
        return [tensor.buffer for tensor in self.pointers.values() if tensor.buffer is not None]

    @property
    def time(self) -> int:
        return self._time

    # ---- operands

    def operand(self, position: int, types: tuple[str, ...], canonical: bool = False) -> Tensor:
        """An input of the current node, in one of the accepted types (else converted to the first that holds it).

        canonical: in the memory order of its own shape, whatever reshapes lie before.
        """
        source = self.node.inputs[position]
        tensor = self.tensors[source]
        if tensor.type not in types:
            fitting = self._smallest(source)
            wanted = next((t for t in types if t not in PLANES and SIZES[t] >= SIZES[fitting]), types[-1])
            tensor = self._form(source, tensor, wanted, canonical=False)
        if canonical and tensor.storage.memory != memory_shape(tensor.storage.shape):
            tensor = self._form(source, tensor, tensor.type, canonical=True)
        return tensor

    def _smallest(self, source: str) -> str:
        signal = self.model.signal(source)
        return smallest(signal.range.minimum, signal.range.maximum)

    def _form(self, source: str, tensor: Tensor, wanted: str, canonical: bool) -> Tensor:
        key = (source, wanted, canonical)
        if key not in self._forms:
            self._forms[key] = self._reorder(source, tensor) if canonical else self._convert(source, tensor, wanted)
        return self._forms[key]

    def _convert(self, source: str, tensor: Tensor, wanted: str) -> Tensor:
        result = self.allocate(names.tensor(source, SUFFIX[wanted]), replace(tensor.storage, type=wanted))
        self.scratch[self.node.name] = self.scratch.get(self.node.name, 0) + result.storage.bytes
        if tensor.type in PLANES:
            kernel = "esnn_unpack_ternary_" if tensor.type == "ternary" else "esnn_unpack_"
            self.call(kernel + SUFFIX[wanted], tensor, tensor.storage.channels, tensor.storage.positions, result)
        else:
            self.call(f"esnn_convert_{SUFFIX[tensor.type]}_{SUFFIX[wanted]}", tensor, tensor.storage.size, result)
        return result

    def _reorder(self, source: str, tensor: Tensor) -> Tensor:
        storage = natural(tensor.type, tensor.storage.shape)
        if same_bytes(tensor.storage, storage):
            return replace(tensor, storage=storage)
        result = self.allocate(names.tensor(source, f"{SUFFIX[tensor.type]}natural"), storage)
        self.scratch[self.node.name] = self.scratch.get(self.node.name, 0) + storage.bytes
        sizes = (tensor.storage.channels, tensor.storage.positions, storage.channels)
        kernel = "esnn_reshape_bits" if tensor.type in PLANES else f"esnn_reshape_{SUFFIX[tensor.type]}"
        for part, to in zip(planes(tensor), planes(result), strict=True):
            self.call(kernel, part, *sizes, to)
        return result

    # ---- outputs and states

    def output_type(self, at_least: int = 8) -> str:
        """Type of the current node's output: packed for spikes, else the narrowest that holds its proven range."""
        signal = self.model.signal(self.node.name)
        packed = {Meaning.SPIKE: "bits", Meaning.TERNARY: "ternary"}
        if signal.meaning in packed:
            return packed[signal.meaning]
        return smallest(signal.range.minimum, signal.range.maximum, at_least)

    def output(self, type_: str, like: Tensor | None = None, in_place: tuple[Tensor, ...] = ()) -> Tensor:
        """Arena memory for the current node's output.

        like: an operand whose memory order it inherits. in_place: operands it may overwrite if they are not needed
        any more and have the same type.
        """
        shape = self.model.signal(self.node.name).shape
        storage = natural(type_, shape) if like is None else Storage(type_, shape, like.storage.memory)
        hosts = tuple(t.buffer for t in in_place if t.buffer is not None and t.type == type_)
        tensor = self.allocate(names.tensor(self.node.name), storage, hosts)
        self.tensors[self.node.name] = tensor
        return tensor

    def alias(self, tensor: Tensor) -> None:
        """The current node's output is an existing tensor."""
        self.tensors[self.node.name] = tensor

    def defer(self, deferred: Deferred) -> None:
        """The current node has no output of its own: the neurons behind it do its work."""
        self.deferred[self.node.name] = deferred

    def allocate(self, name: str, storage: Storage, hosts: tuple[Buffer, ...] = ()) -> Tensor:
        buffer = Buffer(name, storage.bytes, self._time, self._time, hosts=hosts)
        tensor = Tensor(name, storage, buffer)
        self.pointers[name] = tensor
        return tensor

    def state(self, name: str, type_: str, like: Storage | None = None) -> Tensor:
        """Static memory for a state of the current node, in the memory order of `like`."""
        spec = next(spec for spec in self.model.states_of(self.node) if spec.name == name)
        memory = memory_shape(spec.shape) if like is None else like.memory
        state = State(self.node.name, name, Storage(type_, spec.shape, memory))
        self.states.append(state)
        return Tensor(f"state.{state.member}", state.storage, place="state")

    # ---- calls and constants

    def call(self, kernel: str, *arguments: Tensor | str | int) -> None:
        for argument in arguments:
            if isinstance(argument, Tensor):
                self._use(argument)
        self.calls.append(self._call(kernel, arguments))
        self._time += 1

    def decides_early(self, kernel: str, *arguments: Tensor | str | int) -> None:
        """The call of a kernel that looks at states of the current node, a readout, and says whether all is decided."""
        self.decided = self._call(kernel, arguments)

    def _call(self, kernel: str, arguments: tuple[Tensor | str | int, ...]) -> Call:
        return Call(self._index, kernel, tuple(a.pointer if isinstance(a, Tensor) else str(a) for a in arguments))

    def _use(self, tensor: Tensor) -> None:
        if tensor.buffer is not None:
            tensor.buffer.last = self._time

    def array(self, what: str, values: Array, ctype: str) -> str:
        return self.constants.array(self.node.name, what, values, ctype)

    def record(self, what: str, ctype: str, fields: list[tuple[str, object]], size: int) -> str:
        """A parameter record of `size` bytes; returns the expression of its address."""
        return "&" + self.constants.record(self.node.name, what, ctype, fields, size)

    def bytes(self, what: str, values: npt.NDArray[np.uint8], aligned: bool) -> str:
        return self.constants.bytes(self.node.name, what, values, aligned)

    def size(self, what: str, value: int) -> int:
        """A size for a record's 16 bits. Raises UnsupportedModelError where it does not fit."""
        if value > LARGEST_SIZE:
            raise UnsupportedModelError(
                self.node.name,
                f"its {what.replace('_', ' ')} is {value}; kernels count to {LARGEST_SIZE}",
                "Split the layer, or pool before it",
            )
        return value

    def extent(self, storage: Storage) -> list[tuple[str, object]]:
        """The fields of a record that say how many neurons there are."""
        return [(name, self.size(name, getattr(storage, name))) for name in ("positions", "channels")]

    def parameter(self, what: str, value: Array, storage: Storage, type_: str) -> tuple[str, str]:
        """(array, spread) of a parameter: one value, one a channel, or one an element in memory order."""
        (rows,), spread = spread_of([value], storage)
        return self.array(what, rows, f"{type_}_t"), spread


def planes(tensor: Tensor) -> list[Tensor]:
    """The tensors of bits that a packed tensor consists of; another tensor is itself."""
    words = tensor.storage.words * tensor.storage.positions
    count = PLANES.get(tensor.type, 1)
    return [tensor, *(replace(tensor, pointer=f"{tensor.pointer} + {i * words}") for i in range(1, count))]


def spread_of(values: Sequence[Array], storage: Storage) -> tuple[list[Array], str]:
    """Parameters of an elementwise operator in memory order, and the coarsest spread that fits all of them."""
    rows = [storage.rows(np.broadcast_to(value, storage.shape)) for value in values]
    if all((row == row[0, 0]).all() for row in rows):
        return [row[0, :1] for row in rows], SPREADS[0]
    if all((row == row[0]).all() for row in rows):
        return [row[0] for row in rows], SPREADS[1]
    return [row.ravel() for row in rows], SPREADS[2]


def holds(type_: str, *values: Array) -> bool:
    """Whether an array type holds all the values.

    >>> holds("int16", np.array([40000])), holds("int32", np.array([40000]))
    (False, True)
    """
    limit = 1 << 8 * SIZES[type_] - 1
    return all(int(value.min()) >= -limit and int(value.max()) < limit for value in values)


def same_bytes(a: Storage, b: Storage) -> bool:
    """Whether two memory orders of the same row-major elements are one."""
    if a.channels == b.channels:
        return True
    return a.type not in PLANES and 1 in (a.channels, a.positions) and 1 in (b.channels, b.positions)
