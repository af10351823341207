"""Random changes of training images, drawn for a whole batch at once."""

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
