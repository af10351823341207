"""Several processes that train as one: started by torchrun, each takes an equal share of every batch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import Tensor, nn

from edgesnn.layers.shared import several


@contextmanager
def process_group() -> Iterator[tuple[int, int]]:
    """(rank, world size): of torchrun's environment with gloo if there is one, else (0, 1)."""
    if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
        yield 0, 1
        return
    dist.init_process_group("gloo")
    try:
        yield dist.get_rank(), dist.get_world_size()
    finally:
        dist.destroy_process_group()


def share(rows: Tensor, rank: int, world: int) -> Tensor:
    """This process's contiguous part of a batch whose length is a multiple of `world`."""
    size = len(rows) // world
    return rows[rank * size : (rank + 1) * size]


@torch.no_grad()
def average_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Gradients of the mean of all processes' losses."""
    if not several():
        return
    gradients = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    start = 0
    for gradient in gradients:
        gradient.copy_(flat[start : start + gradient.numel()].view_as(gradient))
        start += gradient.numel()
