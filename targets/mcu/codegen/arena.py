"""Where each activation lies in the one static buffer: planned from when it is written first and read last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ALIGNMENT = 4


@dataclass(eq=False)
class Buffer:
    """Memory for one tensor during the calls [first, last]; `offset` is known after `plan`.

    `hosts` are buffers it would rather share memory with: those that its first call reads element by element before
    it writes, of the same element type.
    """

    name: str
    bytes: int
    first: int
    last: int
    offset: int = 0
    hosts: tuple[Buffer, ...] = ()


def plan(buffers: Sequence[Buffer]) -> int:
    """Sets every offset; returns the bytes needed. Largest first, each at the lowest offset that is free.

    >>> a, b, c = Buffer("a", 10, 0, 1), Buffer("b", 6, 1, 2), Buffer("c", 12, 2, 3)
    >>> plan([a, b, c]), a.offset, b.offset, c.offset
    (20, 0, 12, 0)
    """
    shared = _share(buffers)
    owners = [buffer for buffer in buffers if buffer not in shared]
    spans = {owner: (owner.first, owner.last) for owner in owners}
    for guest, host in shared.items():
        first, last = spans[host]
        spans[host] = (min(first, guest.first), max(last, guest.last))
    placed: list[Buffer] = []
    for buffer in sorted(owners, key=lambda b: (-b.bytes, b.first)):
        rivals = [other for other in placed if _overlap(spans[buffer], spans[other])]
        buffer.offset = _lowest_gap(buffer.bytes, rivals)
        placed.append(buffer)
    for guest, host in shared.items():
        guest.offset = host.offset
    return max((buffer.offset + aligned(buffer.bytes) for buffer in owners), default=0)


def aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _share(buffers: Sequence[Buffer]) -> dict[Buffer, Buffer]:
    """Guests and the owners of their memory: a buffer may overwrite one that nobody reads after its first call."""
    owner: dict[Buffer, Buffer] = {}
    free_after = {buffer: buffer.last for buffer in buffers}
    for buffer in buffers:
        for host in buffer.hosts:
            root = owner.get(host, host)
            if free_after[root] == buffer.first and root.bytes >= buffer.bytes:
                owner[buffer] = root
                free_after[root] = buffer.last
                break
    return owner


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _lowest_gap(size: int, rivals: Sequence[Buffer]) -> int:
    offset = 0
    for rival in sorted(rivals, key=lambda b: b.offset):
        if offset + size <= rival.offset:
            break
        offset = max(offset, rival.offset + aligned(rival.bytes))
    return offset
