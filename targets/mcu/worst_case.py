"""An upper bound of what an inference costs: each layer at its worst, added up.

Every layer is run by the device itself, in the program that was built, with contents that are put into its memory: the
inputs of a synapse with 0 to all of each window's inputs active, those numbers among them at which kernels change
their form; neurons with inputs and states at the ends of their proven ranges, half-way and at zero, in all
combinations, and with all states but the last at zero, which kernels look for first. The most that a layer cost is its
worst case, and the bound is their sum over all layers and steps, which no single sample need reach.

That no other contents cost more is not proven. It rests on two properties of the kernels, which the tests check: a
neuron costs what its own input and state make it cost, but for what a word of 32 is spared where none of them fires;
and no number of active inputs costs a window more than the numbers that are tried do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from edgesnn.integer import Array, Model, Node
from edgesnn.target import WorstCase
from edgesnn.targets.mcu import counting, patterns
from edgesnn.targets.mcu.codegen import Layout
from edgesnn.targets.mcu.patterns import Windows
from edgesnn.targets.mcu.planted import Contents, counts

if TYPE_CHECKING:
    from edgesnn.targets.mcu.session import McuSession

TICK = 1
"""A step that stops behind every layer goes on between two ticks of the timer, so that a count may be one off."""
BY = "each layer at its costliest contents, counted on the device and added up; tested, not proven"
FRACTIONS = (0.0, 1.0, -1.0, 0.5, -0.5)
REST = len(FRACTIONS)
SIGNS = (1, -1, 0)
FEW = (0, 1, 7, 8, 16, 17, 31, 32, 33, 85)
"""Numbers of active inputs at which, or next to which, a kernel takes another form or fills up what it adds at once."""
SMALL = 160
"""Windows of more inputs cost more when they are full than any of these numbers does, whatever the form."""
MISSING = (1, 2, 4)
PARTS = 4


def worst_case(session: McuSession) -> WorstCase:
    """The bound of a whole inference, in what the device counts."""
    found = counts(session.device, session.layout, contents(session.model, session.layout)).max(axis=0)
    found[found > 0] += TICK
    steps = session.model.time_steps
    layers = {node.name: steps * int(n) for node, n in zip(session.model.nodes, found, strict=True)}
    return WorstCase(sum(layers.values()) + outside(session), layers, BY)


def outside(session: McuSession) -> int:
    """What an inference costs outside of all layers, which is the same for all: entering its steps, copying outputs."""
    model = session.model
    sample = np.full((1, model.time_steps, *model.input.shape), model.input_op.low)
    return int(counting.totals(session, sample)[0] - counting.by_node(session, sample).sum())


def contents(model: Model, layout: Layout) -> Iterator[Contents]:
    """All that is tried: each pass gives every tensor another of its own contents, so that all layers are run at once;
    a tensor that has no more is left to the layers before it."""
    inputs = _activity(model, model.nodes[0].name)
    outputs = {name: _candidates(model, name) for name in patterns.planted(model, layout)}
    passes = (len(FRACTIONS) + 1) * len(FRACTIONS)
    for i in range(max(passes, len(inputs), *(len(values) for values in outputs.values()))):
        yield Contents(
            inputs[i] if i < len(inputs) else None,
            {name: values[i] for name, values in outputs.items() if i < len(values)},
            _states(model, i // len(FRACTIONS), i),
        )


def _candidates(model: Model, name: str) -> list[Array]:
    if patterns.is_activity(model, name):
        return _activity(model, name)
    within = patterns.by_channel(model.signal(name).range)
    return [patterns.part(within, a) for _ in (*FRACTIONS, REST) for a in FRACTIONS]


def _activity(model: Model, name: str) -> list[Array]:
    """Numbers of active inputs of each window, all of them with all signs."""
    within = patterns.by_channel(model.signal(name).range)
    windows = Windows(model, name)
    signs = SIGNS if within.minimum < 0 else SIGNS[:1]
    found = [patterns.active(within, windows.mask(windows.inputs), sign) for sign in signs]
    return found + [patterns.active(within, windows.mask(n), signs[-1]) for n in numbers(windows.inputs)]


def numbers(inputs: int) -> list[int]:
    """How many of a window's inputs are tried as active, besides all.

    >>> numbers(9), numbers(800)
    ([0, 1, 2, 4, 5, 6, 7, 8], [0, 200, 400, 600, 796, 798, 799])
    """
    few = FEW if inputs <= SMALL else ()
    parts = (inputs * k // PARTS for k in range(PARTS))
    return sorted({n for n in (*few, *(inputs - n for n in MISSING), *parts) if 0 <= n < inputs})


def _states(model: Model, v: int, a: int) -> dict[str, dict[str, Array]]:
    """States of all neurons in parts of their ranges: the last one at `v`, which meets all inputs `a`; one before it
    at their sum, so that it meets all of both. With v of REST only the last neuron has any."""
    if v == REST:
        return {node.name: _last_states(model, node) for node in model.nodes}
    found: dict[str, dict[str, Array]] = {}
    for node in model.nodes:
        specs, ranges = model.states_of(node), model.ranges[node.name].states
        chosen = [FRACTIONS[(v + a) % len(FRACTIONS)]] * (len(specs) - 1) + [FRACTIONS[v % len(FRACTIONS)]]
        found[node.name] = {
            spec.name: patterns.part(patterns.by_channel(within), fraction)
            for spec, within, fraction in zip(specs, ranges, chosen, strict=False)
        }
    return found


def _last_states(model: Model, node: Node) -> dict[str, Array]:
    found = {}
    for spec, within in zip(model.states_of(node), model.ranges[node.name].states, strict=True):
        found[spec.name] = patterns.part(within, 0.0)
        found[spec.name].flat[-1] = within.high.flat[-1]
    return found
