"""Random changes of training samples, drawn for a whole batch at once."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def shifted(images: Tensor, pixels: int, generator: torch.Generator) -> Tensor:
    """Each image (batch, H, W) moved by up to `pixels` along both axes, zeros moving in."""
    if pixels == 0:
        return images
    batch, height, width = images.shape
    padded = F.pad(images, (pixels,) * 4)
    offsets = torch.randint(0, 2 * pixels + 1, (2, batch), generator=generator)
    rows = offsets[0][:, None] + torch.arange(height)
    columns = offsets[1][:, None] + torch.arange(width)
    return padded[torch.arange(batch)[:, None, None], rows[:, :, None], columns[:, None, :]]


def flipped(images: Tensor, generator: torch.Generator) -> Tensor:
    """Half of the images (batch, H, W), drawn at random, mirrored left to right."""
    mirrored = torch.rand(len(images), generator=generator) < 0.5
    return torch.where(mirrored[:, None, None], images.flip(2), images)


def delayed(spikes: Tensor, steps: int, generator: torch.Generator) -> Tensor:
    """Each spike train (batch, T, channels) moved in time by up to `steps` either way, silence moving in."""
    if steps == 0:
        return spikes
    batch, length, _ = spikes.shape
    padded = F.pad(spikes, (0, 0, steps, steps))
    start = torch.randint(0, 2 * steps + 1, (batch,), generator=generator)
    return padded[torch.arange(batch)[:, None], start[:, None] + torch.arange(length)]


def masked(spikes: Tensor, channels: int, generator: torch.Generator) -> Tensor:
    """Each spike train (batch, T, channels) without up to so many neighbouring channels, drawn at random."""
    if channels == 0:
        return spikes
    batch, _, count = spikes.shape
    width = torch.randint(0, channels + 1, (batch, 1), generator=generator)
    start = torch.randint(0, count, (batch, 1), generator=generator)
    place = (torch.arange(count) - start) % count  # the last channel's neighbour is the first
    return spikes * (place >= width)[:, None, :]
