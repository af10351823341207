"""Rules a model must keep so that Loihi's integers are exactly its own. Each has a short stable name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from edgesnn.integer import Interval, Model, Node, Signal
from edgesnn.integer.ops import MatMul
from edgesnn.target import Problem
from edgesnn.targets.loihi.grid import WEIGHT_LIMIT
from edgesnn.targets.loihi.linear import Matrix

if TYPE_CHECKING:
    from edgesnn.targets.loihi.network import Connection, Group

STATE_BITS = 24
MESSAGE_LIMIT = (1 << 23) - 1
ACCUMULATOR_LIMIT = (1 << 23) - 1
DELAY_MAX = 62
"""Further steps a connection may wait: six bits, of which Lava's first is the step every connection takes."""
SYNAPSES_MAX = 1 << 23
GROUPS_MAX = 64
TIME_STEPS_MAX = 1 << 14


def check_size(model: Model) -> list[Problem]:
    """Rules that are checked before any matrix is made."""
    found = []
    if model.time_steps > TIME_STEPS_MAX:
        found.append(
            Problem(
                model.name, "time-steps", f"{model.time_steps} time steps a sample exceed {TIME_STEPS_MAX}",
                "Lower time_steps",
            )
        )  # fmt: skip
    for node in model.nodes[1:]:
        if isinstance(node.op, MatMul):
            found.append(_dynamic(node))
            continue
        adds = node.op.dense_adds(model.inputs_of(node))
        if adds > SYNAPSES_MAX:
            found.append(_too_many(node.name, adds))
    return found


def check_total(connections: Sequence[Connection], groups: int) -> list[Problem]:
    found = []
    for connection in connections:
        if connection.weight.nnz > SYNAPSES_MAX:
            found.append(_too_many(connection.target, connection.weight.nnz))
    if groups > GROUPS_MAX:
        found.append(
            Problem(
                "model", "group-count", f"{groups} layers exceed {GROUPS_MAX}, each being an operating-system process",
                "Use fewer spiking layers",
            )
        )  # fmt: skip
    return found


def _too_many(where: str, synapses: int) -> Problem:
    return Problem(
        where, "synapse-count", f"{synapses} synapses exceed {SYNAPSES_MAX}", "Use fewer channels, a stride or pooling"
    )


def _dynamic(node: Node) -> Problem:
    first, second = node.inputs
    return Problem(
        node.name, "dynamic-product",
        f"it multiplies the activity of {first} by that of {second}; Loihi's synapses multiply by stored weights",
        "Run the network on mcu or tflite, or replace this attention by layers with weights",
    )  # fmt: skip


def weight_problem(source: str, target: str, weight: Matrix) -> Problem:
    worst = int(np.abs(weight.data).max())
    return Problem(
        target, "weight-grid",
        f"weights from {source}, composed of every linear layer between, reach {worst}, beyond {WEIGHT_LIMIT}",
        "Put a spiking neuron between the linear layers, or use smaller weights",
    )  # fmt: skip


def check_message(source: str, signal: Signal) -> list[Problem]:
    worst = max(signal.range.maximum, -signal.range.minimum)
    if worst <= MESSAGE_LIMIT:
        return []
    return [
        Problem(
            source, "message-width", f"its output may reach {worst}, beyond a {STATE_BITS}-bit graded spike",
            "Give its Rescale a low and high, or a larger shift",
        )
    ]  # fmt: skip


def check_delay(source: str, target: str, delay: int) -> list[Problem]:
    if delay <= DELAY_MAX:
        return []
    return [
        Problem(
            target, "skip-delay", f"the skip from {source} must wait {delay} time steps, beyond {DELAY_MAX}",
            "Skip fewer layers",
        )
    ]  # fmt: skip


def check_accumulator(source: str, target: str, weight: Matrix, inputs: Interval) -> list[Problem]:
    """No partial sum, in whatever order messages arrive, may leave the dendritic accumulator."""
    if not weight.nnz:
        return []
    positive, negative = weight.maximum(0), weight.minimum(0)
    low, high = np.minimum(inputs.low, 0).reshape(-1), np.maximum(inputs.high, 0).reshape(-1)
    most = int((positive @ high + negative @ low).max(initial=0))
    least = int((positive @ low + negative @ high).min(initial=0))
    worst = max(most, -least)
    if worst <= ACCUMULATOR_LIMIT:
        return []
    return [
        Problem(
            target, "accumulator-width",
            f"synaptic input from {source} may reach {worst}, beyond a {STATE_BITS}-bit accumulator",
            "Use smaller weights, a smaller input range or fewer inputs a neuron",
        )
    ]  # fmt: skip


def check_states(model: Model, group: Group) -> list[Problem]:
    """States of microcode neurons and readouts must fit Loihi's 24-bit words."""
    if group.stock or group.on_host or not group.layer.node.inputs:
        return []
    node = group.layer.node
    found = []
    for spec, interval in zip(model.states_of(node), model.ranges[node.name].states, strict=True):
        worst = max(interval.maximum, -interval.minimum)
        if worst >= 1 << STATE_BITS - 1:
            found.append(
                Problem(
                    node.name, "state-width", f"its state {spec.name} may reach {worst}, beyond {STATE_BITS} bits",
                    "Use smaller weights, fewer fraction bits or fewer time steps",
                )
            )  # fmt: skip
    return found
