"""A small BESTformer that has seen some images, for tests."""

import torch

from edgesnn.models.bestformer.model import BestFormer

UNIT = 64


def images(count: int, seed: int = 0) -> torch.Tensor:
    """Raw 28x28 images: a few bright patches each, so that an untrained network tells them apart."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.randint(0, 256, (count, 7, 7), generator=generator)
    return coarse.repeat_interleave(4, dim=1).repeat_interleave(4, dim=2)


def settled(network: torch.nn.Module, seed: int = 0) -> torch.nn.Module:
    """The network after some batches in training mode: its statistics fit its activity."""
    network.train()
    with torch.no_grad():
        for step in range(12):
            network(images(16, 100 * seed + step))
    return network


def small(time_steps: int = 3, seed: int = 0, **options) -> BestFormer:
    """One block of two heads over 16 channels."""
    torch.manual_seed(seed)
    network = BestFormer(dim=16, blocks=1, heads=2, ratio=2, time_steps=time_steps, unit=UNIT, **options)
    return settled(network, seed)


def potentials(time_steps: int, dim: int, seed: int = 3) -> torch.Tensor:
    """Integer membrane potentials of 49 tokens (T, 4, dim, 49) around the threshold of the neurons behind them."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-3 * UNIT, 5 * UNIT, (time_steps, 4, dim, 49), generator=generator).float()
