"""Memory in two orders of execution: a step of all layers before the next step, or all steps of one before the next.

The generated C goes step by step, so it holds the states of all layers all the time. Layer by layer, a stage of layers
runs all steps before the next stage begins: it has the memory for its own states alone, but what one stage passes to
another is held for every step. Stages are cut where the most that any of them holds is least, gaps between activations
left aside.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgesnn.integer import Model
from edgesnn.targets.mcu.codegen import arena
from edgesnn.targets.mcu.codegen.arena import Buffer, aligned
from edgesnn.targets.mcu.codegen.builder import Builder
from edgesnn.targets.mcu.codegen.generate import emitted


@dataclass(frozen=True)
class Orders:
    """Bytes of states and activations in either order.

    layer_by_layer: of two or more stages, with the inputs of all steps where these differ. stages: the last node of
        each.
    """

    step_by_step: int
    layer_by_layer: int
    stages: tuple[str, ...]

    def __str__(self) -> str:
        """In words, for a report."""
        stages = f"{len(self.stages)} stages, up to {', '.join(self.stages)}"
        saved = self.step_by_step - self.layer_by_layer
        verdict = f"{saved:,} bytes less, but is not generated" if saved > 0 else "not less"
        return (
            f"states and activations take {self.step_by_step:,} bytes, step by step; layer by layer (all steps of a "
            f"layer before the next, {stages}) they would take {self.layer_by_layer:,}: {verdict}"
        )


def orders(model: Model, prefer: str = "flash") -> Orders | None:
    """None for a model that streams, whose later steps are not known when the first layer runs, or of one node."""
    if model.streaming or len(model.nodes) < 2:
        return None
    builder = emitted(model, prefer)
    stages = _Stages(builder, model.time_steps)
    ends = stages.cut()
    inputs = 0 if model.encoding.repeat else (model.time_steps - 1) * model.input.size
    return Orders(
        stages.bytes(0, len(model.nodes)),
        inputs + max(stages.bytes(first, end) for first, end in zip([0, *ends], ends, strict=False)),
        tuple(model.nodes[end - 1].name for end in ends),
    )


class _Stages:
    """Stages are nodes [first, end)."""

    def __init__(self, builder: Builder, steps: int) -> None:
        self.steps, self.buffers = steps, builder.buffers
        self.times = [*builder.starts, max([0, *(buffer.last for buffer in self.buffers)]) + 1]
        self.states = [
            sum(state.storage.bytes for state in builder.states if state.node == node.name)
            for node in builder.model.nodes
        ]
        self._sizes = np.array([aligned(buffer.bytes) for buffer in self.buffers], np.int64)
        self._first = np.array([buffer.first for buffer in self.buffers], np.int64)
        self._last = np.array([buffer.last for buffer in self.buffers], np.int64)

    def bytes(self, first: int, end: int) -> int:
        """What a stage holds: its states, what it passes on or is passed for every step, and its own activations."""
        start, stop = self.times[first], self.times[end]
        own = [buffer for buffer in self.buffers if start <= buffer.first and buffer.last < stop]
        return self._held(first, end) + arena.plan(_copies(own))

    def cut(self) -> list[int]:
        """Ends of stages, two at least, whose largest is smallest; of equal ones the fewest."""
        nodes = len(self.states)
        best: list[tuple[int, tuple[int, ...]]] = [(0, ())]
        for end in range(1, nodes + 1):
            firsts = range(1, end) if end == nodes else range(end)
            found = [(max(best[first][0], self._least(first, end)), (*best[first][1], end)) for first in firsts]
            best.append(min(found, key=lambda choice: (choice[0], len(choice[1]))))
        return list(best[nodes][1])

    def _held(self, first: int, end: int) -> int:
        start, stop = self.times[first], self.times[end]
        there = (self._first < stop) & (self._last >= start)
        passed = there & ((self._first < start) | (self._last >= stop))
        return aligned(sum(self.states[first:end])) + self.steps * int(self._sizes[passed].sum())

    def _least(self, first: int, end: int) -> int:
        """The same as `bytes`, without gaps between activations: the most that live at one time."""
        start, stop = self.times[first], self.times[end]
        own = (self._first >= start) & (self._last < stop)
        changes = np.zeros(stop - start + 1, np.int64)
        np.add.at(changes, self._first[own] - start, self._sizes[own])
        np.subtract.at(changes, self._last[own] - start + 1, self._sizes[own])
        return self._held(first, end) + int(changes.cumsum().max())


def _copies(buffers: Sequence[Buffer]) -> list[Buffer]:
    """To be planned without moving the originals; hosts are those among them."""
    made: dict[Buffer, Buffer] = {}
    for buffer in buffers:
        hosts = tuple(made[host] for host in buffer.hosts if host in made)
        made[buffer] = dataclasses.replace(buffer, hosts=hosts)
    return list(made.values())
