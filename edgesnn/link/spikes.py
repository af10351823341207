"""The spikes of a sample, step by step, as records of (count u8, steps u8, inputs u16...)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

MOST = 255
HEADER_BYTES, INPUT_BYTES = 2, 2
FEWEST = 16
"""Inputs that a record is split for; less room is left empty."""


def records(steps: Sequence[Sequence[int]]) -> Iterator[tuple[tuple[int, ...], int]]:
    """(inputs, steps) of each record: inputs that are added to a step's, and how many steps are complete with it: none,
    or the one of these inputs and silent ones behind it. `steps` are the rising inputs of each step; silent steps at
    the end are left out.

    >>> list(records([[], [], [3, 5], [], []]))
    [((), 2), ((3, 5), 1)]
    """
    active = [number for number, inputs in enumerate(steps) if inputs]
    if active and active[0] > 0:
        yield from _silent(active[0])
    for number, following in zip(active, [*active[1:], active[-1] + 1] if active else [], strict=True):
        inputs = steps[number]
        for start in range(0, len(inputs), MOST):
            part = tuple(inputs[start : start + MOST])
            whole = start + MOST >= len(inputs)
            yield part, min(following - number, MOST) if whole else 0
        yield from _silent(following - number - MOST)


def _silent(steps: int) -> Iterator[tuple[tuple[int, ...], int]]:
    for start in range(0, steps, MOST):
        yield (), min(MOST, steps - start)


def pack(steps: Sequence[Sequence[int]], limit: int) -> Iterator[bytes]:
    """Bodies of at most `limit` bytes, 128 or more; a record that does not fit is split."""
    body = b""
    for inputs, complete in records(steps):
        left = list(inputs)
        while True:
            room = (limit - len(body) - HEADER_BYTES) // INPUT_BYTES
            if room < min(len(left), FEWEST):
                yield body
                body = b""
                continue
            now, left = left[:room], left[room:]
            body += struct.pack(f"<BB{len(now)}H", len(now), 0 if left else complete, *now)
            if not left:
                break
    if body:
        yield body
