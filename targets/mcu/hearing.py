"""A recording streamed to the front end on a board, and what came out held against the reference."""

from __future__ import annotations

from collections.abc import Iterator

from edgesnn.integer import Array, Run
from edgesnn.link import Counter, Device, Mode
from edgesnn.link.replies import Heard as Reply
from edgesnn.target import Heard
from edgesnn.targets.mcu import image
from edgesnn.targets.mcu.codegen import Layout


def hear(device: Device, layout: Layout, chunks: Iterator[Array], expected: Run | None) -> Heard:
    """Chunks longer than a frame of the link are sent in parts. The device digests every spike and state.

    Raises LinkError where it does not answer.
    """
    mode = Mode.NONE if expected is None else Mode.DIGEST
    device.reset()
    for chunk in chunks:
        values = chunk.reshape(-1)
        for start in range(0, len(values), device.longest_chunk):
            device.hear(values[start : start + device.longest_chunk], mode)
    reply = device.hear_end(mode)
    counts = device.identity.counter is Counter.INSTRUCTIONS
    return Heard(
        output=reply.result.output,
        exact=expected is not None and _equal(reply, layout, expected),
        instructions=network_instructions(device, layout, reply) if counts and expected is None else None,
        front_end_instructions=float(reply.count) if counts else None,
    )


def _equal(reply: Reply, layout: Layout, expected: Run) -> bool:
    steps = next(iter(expected.traces.values())).output.shape[1]
    same_output = bool((reply.result.output == expected.output[0]).all())
    return reply.steps == steps and same_output and reply.result.digest == image.digest(layout, expected.traces, 0)


def network_instructions(device: Device, layout: Layout, reply: Reply) -> float:
    """Of all steps, without what counting them costs."""
    overhead = device.counters()
    hooks = len(image.observable(layout))
    return float(reply.result.count - reply.steps * (overhead.step_overhead + hooks * overhead.hook_in_total))
