"""Spikes of a sample as records in frames: nothing is lost, whatever the frame's size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgesnn.link import spikes

STEPS = st.lists(
    st.one_of(st.just([]), st.sets(st.integers(0, 65535), max_size=40).map(sorted)), max_size=30
)  # fmt: skip


def unpacked(bodies: list[bytes]) -> list[list[int]]:
    """What the device makes of them."""
    steps: list[list[int]] = []
    now: list[int] = []
    for body in bodies:
        at = 0
        while at < len(body):
            count, complete = body[at], body[at + 1]
            at += 2
            now += [body[at + 2 * i] | body[at + 2 * i + 1] << 8 for i in range(count)]
            at += 2 * count
            for _ in range(complete):
                steps.append(now)
                now = []
    assert now == []
    return steps


@given(STEPS, st.integers(128, 300))
def test_steps_come_back(steps: list[list[int]], limit: int) -> None:
    bodies = list(spikes.pack(steps, limit))
    assert all(0 < len(body) <= limit for body in bodies)
    found = unpacked(bodies)
    assert found == steps[: len(found)]
    assert not any(steps[len(found) :])


def test_long_silence_and_crowded_steps() -> None:
    steps = [[]] * 700 + [list(range(600))] + [[]] * 300 + [[7]]
    assert unpacked(list(spikes.pack(steps, 256))) == steps
