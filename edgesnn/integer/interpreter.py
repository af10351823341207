"""The reference interpreter: the oracle that every executor is compared with. Vectorised over samples."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer.counters import Counter, Counters
from edgesnn.integer.model import Model, decide
from edgesnn.integer.signal import Array

CHUNK = 128


@dataclass(frozen=True)
class Trace:
    """What one node did: output (samples, T, *shape) and, by state name, states after each step, likewise."""

    output: Array
    states: Mapping[str, Array]


@dataclass(frozen=True)
class Run:
    """Samples run from a reset state: final output (samples, classes), traces of the nodes asked for, counters."""

    output: Array
    traces: Mapping[str, Trace]
    counters: Mapping[str, Counters]

    @property
    def decisions(self) -> Array:
        return decide(self.output)


class Interpreter:
    """A model with the states of a batch of samples, advanced step by step.

    >>> interpreter.reset(samples=2)              # doctest: +SKIP
    >>> output = interpreter.step(x)              # doctest: +SKIP
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.values: dict[str, Array] = {}
        self.states: dict[str, tuple[Array, ...]] = {}
        self.steps = 0
        self.reset(1)

    def reset(self, samples: int) -> None:
        """All states of `samples` samples to zero."""
        self.steps = 0
        self.values = {}
        self.states = {
            node.name: tuple(np.zeros((samples, *spec.shape), np.int64) for spec in self.model.states_of(node))
            for node in self.model.nodes
        }

    def step(self, x: Array) -> Array:
        """One time step of every sample: x (samples, *input shape) to output (samples, classes).

        Raises ModelError on a wrong shape, values outside the input range, or more steps than ranges are proven for.
        """
        model = self.model
        x = np.asarray(x, np.int64)
        if x.shape[1:] != model.input.shape:
            raise ModelError(model.name, f"input of shape {x.shape[1:]}, not {model.input.shape}", "Reshape it")
        if not model.streaming and self.steps >= model.time_steps:
            raise ModelError(model.name, f"more than its {model.time_steps} time steps", "Reset between samples")
        for node in model.nodes:
            inputs = tuple(self.values[source] for source in node.inputs) if node.inputs else (x,)
            self.values[node.name], self.states[node.name] = node.op.step(inputs, self.states[node.name])
        self.steps += 1
        return self.values[model.nodes[-1].name]


def run(model: Model, x: Array, record: Collection[str] = (), count: bool = False, chunk: int = CHUNK) -> Run:
    """Runs samples from a reset state.

    Args:
        x: model input (samples, T, *input shape), as `Model.encode` makes it.
        record: names of nodes whose outputs and states are kept at every step.
        count: whether to count spikes, synaptic operations and state accesses.
        chunk: samples run at a time; bounds memory, changes nothing else.
    """
    parts = [_run_chunk(model, x[i : i + chunk], record, count) for i in range(0, len(x), chunk)]
    if not parts:
        raise ModelError(model.name, "no samples to run", "Give at least one")
    return Run(
        np.concatenate([part.output for part in parts]),
        {name: _join([part.traces[name] for part in parts]) for name in record},
        {name: Counters.joined([part.counters[name] for part in parts]) for name in parts[0].counters},
    )


def _run_chunk(model: Model, x: Array, record: Collection[str], count: bool) -> Run:
    interpreter = Interpreter(model)
    interpreter.reset(len(x))
    counter = Counter(model, len(x)) if count else None
    outputs: dict[str, list[Array]] = {name: [] for name in record}
    states: dict[str, list[tuple[Array, ...]]] = {name: [] for name in record}
    output = np.zeros((len(x), *model.output.shape), np.int64)
    for t in range(x.shape[1]):
        before = dict(interpreter.states)
        output = interpreter.step(x[:, t])
        for name in record:
            outputs[name].append(interpreter.values[name])
            states[name].append(interpreter.states[name])
        if counter:
            counter.step(interpreter.values, before)
    traces = {name: _trace(model, name, outputs[name], states[name]) for name in record}
    return Run(output, traces, counter.counters() if counter else {})


def _trace(model: Model, name: str, outputs: list[Array], states: list[tuple[Array, ...]]) -> Trace:
    specs = model.states_of(model.by_name[name])
    kept = {spec.name: np.stack([step[i] for step in states], axis=1) for i, spec in enumerate(specs)}
    return Trace(np.stack(outputs, axis=1), kept)


def _join(traces: list[Trace]) -> Trace:
    states = {name: np.concatenate([trace.states[name] for trace in traces]) for name in traces[0].states}
    return Trace(np.concatenate([trace.output for trace in traces]), states)
