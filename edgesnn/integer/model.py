"""The integer model: a frozen graph of operators that computes one time step, and what surrounds it."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer.learning_section import Learning
from edgesnn.integer.operator import Operator, StateSpec
from edgesnn.integer.ops.input import Input
from edgesnn.integer.ops.readout import Readout
from edgesnn.integer.ranges import NodeRange, analyse
from edgesnn.integer.signal import INT32_MAX, Array, Signal

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_NODES = 1024
MAX_TIME_STEPS = 1 << 20

LATENCY = ("latency", "faintest")


@dataclass(frozen=True)
class Node:
    """One operator of the graph, its name, and the names of the nodes it reads."""

    name: str
    op: Operator
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Encoding:
    """How raw data become model input, on the host: x = (raw - offset) >> shift.

    `repeat` presents the same x at every time step; otherwise raw data have a leading time axis. With `latency`, raw
    data have none: each value of `faintest` or more sends one spike, the larger the earlier, in step
    (raw_high - raw) * latency // (raw_high - raw_low + 1), which is one of the first `latency` steps.
    """

    raw_low: int = 0
    raw_high: int = 255
    offset: int = 0
    shift: int = 1
    repeat: bool = True
    latency: int = 0
    faintest: int = 0

    def __post_init__(self) -> None:
        if not self.raw_low <= self.raw_high:
            raise ModelError("encoding", f"raw range [{self.raw_low}, {self.raw_high}] is empty", "Give low <= high")
        if max(abs(self.raw_low), abs(self.raw_high), abs(self.offset)) > INT32_MAX or not 0 <= self.shift <= 31:
            raise ModelError("encoding", f"{self} leaves int32, or its shift 0..31", "Scale the raw data")
        if not 0 <= self.latency <= MAX_TIME_STEPS or abs(self.faintest) > INT32_MAX:
            raise ModelError("encoding", f"latency {self.latency} is outside 0..{MAX_TIME_STEPS}", "Correct it")
        if self.latency and (self.repeat or self.offset or self.shift):
            raise ModelError(
                "encoding", "sends one spike a value, and shifts or repeats it", "Use repeat=False, no shift"
            )

    def as_dict(self) -> dict[str, Any]:
        """Its fields; those of latency only where there is one."""
        fields = dataclasses.asdict(self)
        return fields if self.latency else {name: fields[name] for name in fields if name not in LATENCY}

    def apply(self, raw: Array) -> Array:
        """Raises ModelError where raw data leave [raw_low, raw_high]."""
        raw = np.asarray(raw, np.int64)
        self._check(raw)
        return (raw - self.offset) >> self.shift

    def spikes(self, raw: Array, steps: int) -> Array:
        """Spikes (samples, steps, ...) of values (samples, ...), by latency. Raises ModelError as `apply`."""
        raw = np.asarray(raw, np.int64)
        self._check(raw)
        step = (self.raw_high - raw) * self.latency // (self.raw_high - self.raw_low + 1)
        times = np.where(raw >= self.faintest, step, steps)[:, None]
        trains: Array = (times == np.arange(steps).reshape(1, -1, *(1,) * (raw.ndim - 1))).astype(np.int64)
        return trains

    def _check(self, raw: Array) -> None:
        if raw.size and (raw.min() < self.raw_low or raw.max() > self.raw_high):
            raise ModelError(
                "encoding",
                f"raw values from {raw.min()} to {raw.max()} leave [{self.raw_low}, {self.raw_high}]",
                "Give data in the model's raw range",
            )


@dataclass(frozen=True)
class Metadata:
    """What a user should know about a model; every field is stored in its file."""

    description: str = ""
    classes: tuple[str, ...] = ()
    task: str = ""  # the data set it was trained for, by its name in edgesnn.datasets
    dt_s: float = 0.001  # duration of a time step in seconds, nominal
    output_unit: float = 1.0  # integer output per unit of the float network's output
    licence: str = ""
    source: str = ""  # publication
    training_data: str = ""  # name and sha256
    recipe: Mapping[str, Any] = field(default_factory=dict)  # JSON-able; kept as JSON gives it back
    front_end: Mapping[str, Any] = field(default_factory=dict)  # likewise: raw samples to input, by edgesnn.encode

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", tuple(self.classes))
        if not (0 < self.dt_s < math.inf and 0 < self.output_unit < math.inf):
            problem = f"dt_s {self.dt_s} or output_unit {self.output_unit} is not positive and finite"
            raise ModelError("metadata", problem, "Correct it")
        for name in ("recipe", "front_end"):
            object.__setattr__(self, name, plain_json(name, getattr(self, name)))


def plain_json(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping as JSON gives it back. Raises ModelError where it has no JSON form."""
    try:
        plain: dict[str, Any] = json.loads(json.dumps(dict(value), allow_nan=False))
        return plain
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelError("metadata", f"its {name} is not JSON ({error})", "Use numbers, texts and lists") from None


@dataclass(frozen=True)
class Model:
    """A validated graph. Construction raises ModelError or RangeError unless every rule holds.

    Args:
        name: lower-case identifier; also the prefix of the generated C.
        nodes: in topological order; the first is the only `Input`, the last the only readout and the output.
        time_steps: T, the steps of one sample from a reset state. Ranges are proven for these T steps.
        streaming: prove the ranges for any number of steps instead, so that a device may run without reset.
        encoding: raw data to model input.
        learning: how it goes on learning (`edgesnn.integer.learning`); None, and of no effect, for inference.

    The graph computes one time step. Running a sample is T steps from all-zero states; the decision is the index
    of the largest output after the last step, ties to the lowest index.
    """

    name: str
    nodes: tuple[Node, ...]
    time_steps: int
    streaming: bool = False
    encoding: Encoding = Encoding()
    metadata: Metadata = Metadata()
    learning: Learning | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        check_name("model", self.name)
        if not 1 <= self.time_steps <= MAX_TIME_STEPS:
            raise ModelError(self.name, f"time_steps {self.time_steps} is outside 1..{MAX_TIME_STEPS}", "Correct it")
        if self.encoding.latency > self.time_steps:
            problem = f"its input spikes come in the first {self.encoding.latency} of {self.time_steps} steps"
            raise ModelError(self.name, problem, "Lower the encoding's latency")
        self._check_graph()
        if self.metadata.classes and len(self.metadata.classes) != self.output.size:
            raise ModelError(
                self.name, f"{len(self.metadata.classes)} class names for {self.output.size} outputs", "Make them equal"
            )

    def _check_graph(self) -> None:
        if not 2 <= len(self.nodes) <= MAX_NODES:
            raise ModelError(self.name, f"{len(self.nodes)} nodes", f"A model has 2 to {MAX_NODES}")
        seen: set[str] = set()
        for node in self.nodes:
            check_name("node", node.name)
            if node.name in seen:
                raise ModelError(node.name, "two nodes have this name", "Rename one")
            if len(node.inputs) != node.op.arity:
                raise ModelError(node.name, f"{len(node.inputs)} inputs, not {node.op.arity}", "Connect it")
            for source in node.inputs:
                if source not in seen:
                    raise ModelError(node.name, f"its input {source!r:.80} is no earlier node", "Order the nodes")
            seen.add(node.name)
        self._check_ends()
        used = {source for node in self.nodes for source in node.inputs}
        for node in self.nodes[:-1]:
            if node.name not in used:
                raise ModelError(node.name, "nothing reads its output", "Remove the node or connect it")
        _ = self.ranges

    def _check_ends(self) -> None:
        for position, node in enumerate(self.nodes):
            if isinstance(node.op, Input) != (position == 0):
                raise ModelError(node.name, "a model's first node is its only Input", "Reorder the nodes")
            if isinstance(node.op, Readout) != (position == len(self.nodes) - 1):
                raise ModelError(
                    node.name,
                    "a model's last node is its only readout (SpikeCount, FirstSpike or Membrane)",
                    "Add one at the end",
                )

    @functools.cached_property
    def ranges(self) -> Mapping[str, NodeRange]:
        """What range analysis proves of every node, by name."""
        return analyse(self)

    @functools.cached_property
    def by_name(self) -> Mapping[str, Node]:
        return {node.name: node for node in self.nodes}

    def signal(self, name: str) -> Signal:
        """The output of a node: shape, meaning, proven range."""
        return self.ranges[name].output

    def inputs_of(self, node: Node) -> tuple[Signal, ...]:
        return tuple(self.signal(source) for source in node.inputs)

    def states_of(self, node: Node) -> tuple[StateSpec, ...]:
        return node.op.states(self.inputs_of(node))

    def consumers(self, name: str) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if name in node.inputs)

    @property
    def input(self) -> Signal:
        return self.signal(self.nodes[0].name)

    @property
    def output(self) -> Signal:
        return self.signal(self.nodes[-1].name)

    @property
    def input_op(self) -> Input:
        op = self.nodes[0].op
        assert isinstance(op, Input)
        return op

    def encode(self, raw: Array) -> Array:
        """Model input (samples, T, *input shape) of raw samples.

        raw is (samples, *shape) for an encoding that repeats or has a latency, (samples, T, *shape) otherwise; any
        shape with the right number of elements is accepted. Raises ModelError where shape or values do not fit.
        """
        raw, once = np.asarray(raw), self.encoding.repeat or self.encoding.latency
        per_sample = self.input.size * (1 if once else self.time_steps)
        if raw.ndim == 0 or raw.size != len(raw) * per_sample:
            raise ModelError(
                self.name, f"data of shape {raw.shape} are not samples of {per_sample} values", "Reshape the data"
            )
        if self.encoding.latency:
            return self.encoding.spikes(raw.reshape(len(raw), *self.input.shape), self.time_steps)
        x = self.encoding.apply(raw)
        steps = (1 if self.encoding.repeat else self.time_steps, *self.input.shape)
        return np.broadcast_to(x.reshape(len(raw), *steps), (len(raw), self.time_steps, *self.input.shape))

    def replace(self, **changes: Any) -> Model:
        return dataclasses.replace(self, **changes)


def decide(output: Array) -> Array:
    """The class of each sample: index of the largest output, ties to the lowest index."""
    winners: Array = np.argmax(output, axis=-1)
    return winners


def check_name(what: str, name: str) -> None:
    """Names reach C, file names and serial links: only lower-case identifiers of at most 40 characters."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ModelError(f"{what} {name!r:.80}", "is not a lower-case identifier of at most 40 characters", "Rename it")
