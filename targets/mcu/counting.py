"""What inferences take, in what the device counts, with the cost of counting subtracted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from edgesnn.integer import Array
from edgesnn.link import Mode
from edgesnn.targets.mcu import image

if TYPE_CHECKING:
    from edgesnn.targets.mcu.session import McuSession


def totals(session: McuSession, x: Sequence[Array] | Array) -> Array:
    """(samples,) of inferences of the samples x, each (steps, *input shape)."""
    overhead = session.device.counters()
    each = overhead.step_overhead + len(image.observable(session.layout)) * overhead.hook_in_total
    counts = [session.sample(sample).count - len(sample) * each for sample in x]
    return np.array(counts, np.int64)


def by_node(session: McuSession, x: Array) -> Array:
    """(samples, nodes) of the same inferences."""
    overhead = session.device.counters()
    hooked = [node.index for node in image.observable(session.layout)]
    found = []
    for sample in x:
        session.sample(sample, Mode.COUNT)
        counts = session.device.node_counts()
        counts[hooked] -= x.shape[1] * overhead.hook_in_node
        found.append(counts)
    return np.stack(found)
