"""Counts of what a model does: spikes, synaptic operations, state accesses. All per sample, summed over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from edgesnn.integer.signal import Array, Meaning

if TYPE_CHECKING:
    from edgesnn.integer.model import Model


SYNAPTIC = ("Dense", "Conv", "MatMul")


@dataclass(frozen=True)
class Counters:
    """Totals of one node over the time steps of a sample. Arrays are (samples,); plain integers do not vary.

    spikes: non-zero outputs. synaptic_adds: additions caused by non-zero inputs. synaptic_multiplies: those whose
    inputs are all graded, hence a multiply-accumulate: a spike that meets a graded value only lets it pass.
    clipped: potentials and values that saturation changed.
    dense_adds: the same with every input non-zero. multiplies: others (decays, rescaling). state_reads,
    state_writes: elements.
    """

    spikes: Array
    synaptic_adds: Array
    synaptic_multiplies: Array
    clipped: Array
    dense_adds: int
    multiplies: int
    state_reads: int
    state_writes: int
    neurons: int
    steps: int

    @property
    def rate(self) -> float:
        """Mean fraction of outputs that are non-zero in a step."""
        return float(self.spikes.mean()) / (self.neurons * self.steps)

    @staticmethod
    def joined(parts: list[Counters]) -> Counters:
        """The same node's counters of several chunks of samples."""
        first = parts[0]
        return Counters(
            np.concatenate([part.spikes for part in parts]),
            np.concatenate([part.synaptic_adds for part in parts]),
            np.concatenate([part.synaptic_multiplies for part in parts]),
            np.concatenate([part.clipped for part in parts]),
            first.dense_adds, first.multiplies, first.state_reads, first.state_writes, first.neurons, first.steps,
        )  # fmt: skip


class Counter:
    """Accumulates counters of a batch while an interpreter steps."""

    def __init__(self, model: Model, samples: int) -> None:
        self.model = model
        self.steps = 0
        self.spikes = {node.name: np.zeros(samples, np.int64) for node in model.nodes}
        self.adds = {node.name: np.zeros(samples, np.int64) for node in model.nodes}
        self.clipped = {node.name: np.zeros(samples, np.int64) for node in model.nodes}

    def step(self, values: Mapping[str, Array], states: Mapping[str, tuple[Array, ...]]) -> None:
        """Counts a step that gave these values, from the states before it."""
        self.steps += 1
        for node in self.model.nodes:
            value = values[node.name]
            self.spikes[node.name] += np.count_nonzero(value.reshape(len(value), -1), axis=1)
            if node.inputs:
                inputs = tuple(values[source] for source in node.inputs)
                self.adds[node.name] += node.op.synaptic_adds(inputs)
                self.clipped[node.name] += node.op.clipped(inputs, states[node.name])

    def counters(self) -> dict[str, Counters]:
        return {node.name: self._node(node.name) for node in self.model.nodes}

    def _node(self, name: str) -> Counters:
        node = self.model.by_name[name]
        inputs = self.model.inputs_of(node)
        accesses = self.steps * sum(int(np.prod(spec.shape)) for spec in self.model.states_of(node))
        graded = all(signal.meaning in (Meaning.GRADED, Meaning.ACCUMULATOR) for signal in inputs)
        adds = self.adds[name]
        return Counters(
            spikes=self.spikes[name],
            synaptic_adds=adds,
            synaptic_multiplies=adds if graded and node.op.kind in SYNAPTIC else np.zeros_like(adds),
            clipped=self.clipped[name],
            dense_adds=self.steps * node.op.dense_adds(inputs),
            multiplies=self.steps * (node.op.multiplies(inputs) if inputs else 0),
            state_reads=accesses,
            state_writes=accesses,
            neurons=self.model.signal(name).size,
            steps=self.steps,
        )
