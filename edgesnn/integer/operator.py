"""What every integer operator offers. One operator is one frozen dataclass in `edgesnn.integer.ops`."""

from __future__ import annotations

import abc
import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from edgesnn.errors import ModelError, RangeError
from edgesnn.integer.signal import INT32_MAX, Array, Interval, Meaning, Shape, Signal


@dataclass(frozen=True)
class StateSpec:
    """A state tensor: what a node carries from one time step to the next. Reset value is zero.

    `bits` is the declared signed width; leaving [-(2^(bits-1)-1), 2^(bits-1)-1] is an error at compile time. A state
    that `saturates` stops there by its operator's meaning; any other must grow by no more each step than the step
    before, as a sum and a leaky integrator do, or by evenly more, as a sum of sums does: long runs are bounded by that,
    without stepping them.
    """

    name: str
    shape: Shape
    bits: int
    saturates: bool = False

    @property
    def limit(self) -> int:
        return (1 << (self.bits - 1)) - 1


@dataclass(frozen=True, eq=False)
class Operator(abc.ABC):
    """An integer operator: attributes are the dataclass fields, arrays among them are its parameters.

    A subclass states its shape rule (`output_shape`), range rule (`bound`), meaning (`step`), ONNX form
    (`onnx_body`) and counters (`synaptic_adds`, `multiplies`). Arrays passed to `step` are int64 and have a
    leading sample axis; shapes everywhere else are those of one sample.

    Executors may compute in int32: `bound` raises RangeError unless every intermediate sum and product fits, in
    whatever order its terms are added. Only decays need more (`ops/decay.py` says how to split them).
    """

    arity: ClassVar[int] = 1
    onnx_states: ClassVar[tuple[str, ...]] = ()
    onnx_body: ClassVar[str] = ""

    @property
    def kind(self) -> str:
        return type(self).__name__

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return False
        mine, theirs = fields_of(self), fields_of(other)
        return all(np.array_equal(mine[key], theirs[key]) for key in mine)

    __hash__ = None  # type: ignore[assignment]

    def fail(self, problem: str, remedy: str) -> ModelError:
        """An error about this operator; the model adds the node's name."""
        return ModelError(self.kind, problem, remedy)

    def check(self, inputs: tuple[Signal, ...]) -> None:
        """Raises ModelError where attributes and inputs do not fit together."""
        return None

    @abc.abstractmethod
    def output_shape(self, inputs: tuple[Signal, ...]) -> Shape: ...

    def output_meaning(self, inputs: tuple[Signal, ...]) -> Meaning:
        return inputs[0].meaning

    def states(self, inputs: tuple[Signal, ...]) -> tuple[StateSpec, ...]:
        return ()

    @abc.abstractmethod
    def step(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        """One time step: (output, next states) from (inputs, states)."""

    def bound(
        self, inputs: tuple[Interval, ...], states: tuple[Interval, ...]
    ) -> tuple[Interval, tuple[Interval, ...]]:
        """Range rule of one step. This default is right for operators that are monotone in every argument.

        Raises RangeError where an intermediate value may leave int32.
        """
        low, low_states = self.step(
            tuple(interval.low[None] for interval in inputs), tuple(interval.low[None] for interval in states)
        )
        high, high_states = self.step(
            tuple(interval.high[None] for interval in inputs), tuple(interval.high[None] for interval in states)
        )
        pairs = zip(low_states, high_states, strict=True)
        return Interval(low[0], high[0]), tuple(Interval(a[0], b[0]) for a, b in pairs)

    def onnx_parameters(self) -> dict[str, Array]:
        """The arrays a model file stores for this operator, by field name, shaped to broadcast over samples."""
        return {name: value for name, value in fields_of(self).items() if isinstance(value, np.ndarray)}

    def parameter_bits(self, name: str) -> int:
        """Signed width that holds the values of a parameter."""
        return 32

    def synaptic_adds(self, inputs: tuple[Array, ...]) -> Array:
        """Additions caused by non-zero inputs, one figure a sample: what event-driven execution pays for."""
        return np.zeros(len(inputs[0]), np.int64)

    def clipped(self, inputs: tuple[Array, ...], states: tuple[Array, ...]) -> Array:
        """Values that saturation changes in this step, one figure a sample; none where nothing saturates."""
        return np.zeros(len(inputs[0]), np.int64)

    def dense_adds(self, inputs: tuple[Signal, ...]) -> int:
        """Additions of the same operator if every input were non-zero."""
        return 0

    def multiplies(self, inputs: tuple[Signal, ...]) -> int:
        """Multiplications a step and sample that do not depend on the data."""
        return 0


def differing(a: Array, b: Array) -> Array:
    """How many elements differ, one figure a sample."""
    counts: Array = np.count_nonzero((a != b).reshape(len(a), -1), axis=1).astype(np.int64)
    return counts


def fields_of(op: object) -> dict[str, Any]:
    """Attributes and parameters of an operator, by name, in declaration order."""
    return {field.name: getattr(op, field.name) for field in dataclasses.fields(op)}  # type: ignore[arg-type]


def parameter(value: Any) -> Array:
    """A read-only int64 array of a parameter given as an array, a list or a number.

    Raises:
        ModelError: the values are not integers that fit in 32 bits.
    """
    array = np.asarray(value)
    if array.size == 0:
        raise ModelError("parameter", f"of shape {array.shape} holds nothing", "Give at least one value")
    if array.dtype.kind not in "iub":
        raise ModelError("parameter", f"holds {array.dtype}, not integers", "Quantise it first")
    if array.min() < -INT32_MAX or array.max() > INT32_MAX:
        raise ModelError("parameter", f"holds values beyond {INT32_MAX}", "Scale it down")
    array = array.astype(np.int64)
    array.setflags(write=False)
    return array


def check_int32(op: Operator, what: str, *terms: Array) -> None:
    """Raises RangeError unless terms of these magnitudes add up within int32 in any order, element by element."""
    worst = int(np.max(sum(np.abs(term) for term in terms)))
    if worst > INT32_MAX:
        raise RangeError(
            op.kind, f"{what} may reach {worst}, beyond int32", "Use smaller weights or a Rescale in front of it"
        )


def per_neuron(op: Operator, name: str, value: Array, shape: Shape) -> None:
    """Checks that a parameter broadcasts to the neurons' shape without enlarging it."""
    try:
        fits = np.broadcast_shapes(value.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise op.fail(
            f"{name} of shape {value.shape} does not broadcast to {shape}",
            "Give one value, one a channel (C, 1, 1) or one a neuron",
        )
