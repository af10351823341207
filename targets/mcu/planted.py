"""A time step of chosen contents: what each layer costs with inputs and states that no sample need bring about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from edgesnn.integer import Array
from edgesnn.link import Area, Device, Mode, Stop
from edgesnn.targets.mcu import image
from edgesnn.targets.mcu.codegen import Layout


@dataclass(frozen=True)
class Contents:
    """What is put in the device's memory before each layer reads it.

    x: the model's input; None leaves what is loaded. outputs: of a node by its name, instead of what it computed.
    states: by node and name, before the step; others are zero. All in the model's shapes.
    """

    x: Array | None
    outputs: Mapping[str, Array]
    states: Mapping[str, Mapping[str, Array]]


def counts(device: Device, layout: Layout, contents: Iterable[Contents]) -> Array:
    """(contents, nodes) what each node counts in one step with each contents, the cost of counting subtracted."""
    found = np.stack([_counted(device, layout, each) for each in contents])
    device.reset()
    hooked = [node.index for node in image.observable(layout)]
    found[:, hooked] -= device.counters().hook_in_node
    return found


def _counted(device: Device, layout: Layout, contents: Contents) -> Array:
    if contents.x is not None:
        device.load(contents.x)
    device.reset()
    _write_states(device, layout, contents)
    progress = device.step(Mode.STOP | Mode.COUNT)
    while isinstance(progress, Stop):
        node = layout.nodes[progress.node]
        if node.name in contents.outputs:
            assert node.output is not None
            device.write(Area.NODE, 0, node.output.encode(contents.outputs[node.name]))
        progress = device.resume()
    return device.node_counts()


def _write_states(device: Device, layout: Layout, contents: Contents) -> None:
    for node in layout.nodes:
        for state in node.states:
            value = contents.states.get(node.name, {}).get(state.name)
            if value is not None:
                device.write(Area.STATE, state.offset, state.storage.encode(value))
