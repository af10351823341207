"""Torch networks for tests, and data that they can learn."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgesnn.layers import Lif, MaxPool, Membrane, QuantConv2d, QuantInput, QuantizedLif, QuantLinear
from edgesnn.train.data import Split


class Plain(nn.Module):
    """Three convolutions in a row, pooling, a hidden layer and a head; 12x12 images, three classes."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = 128
        self.image = QuantInput((1, 12, 12), 2)
        self.conv1 = QuantConv2d(1, 6, 3, stride=2, padding=1, input_max=127)
        self.lif1 = Lif()
        self.conv2 = QuantConv2d(6, 8, 3, padding=1)
        self.lif2 = Lif()
        self.conv3 = QuantConv2d(8, 8, 3, padding=1)
        self.lif3 = Lif()
        self.pool = MaxPool(2)
        self.hidden = QuantLinear(72, 10, norm=True)
        self.lif4 = Lif()
        self.head = QuantLinear(10, 3)
        self.scores = Membrane()

    def forward(self, raw: Tensor) -> Tensor:
        x = self.lif2(self.conv2(self.lif1(self.conv1(self.image(raw)))))
        x = self.pool(self.lif3(self.conv3(x)))
        return self.scores(self.head(self.lif4(self.hidden(x.flatten(2)))))


class Branched(nn.Module):
    """A residual addition and a concatenation; 12x12 images, three classes."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = 128
        self.image = QuantInput((1, 12, 12), 2)
        self.stem = QuantConv2d(1, 8, 3, stride=2, padding=1, input_max=127)
        self.fire1 = QuantizedLif()
        self.main = QuantConv2d(8, 8, 3, padding=1)
        self.skip = QuantConv2d(8, 8, 1)
        self.fire2 = Lif()
        self.joined = QuantConv2d(16, 8, 3, stride=2, padding=1)
        self.fire3 = Lif()
        self.head = QuantLinear(72, 3)
        self.scores = Membrane()

    def forward(self, raw: Tensor) -> Tensor:
        x = self.fire1(self.stem(self.image(raw)))
        y = self.fire2(self.main(x) + self.skip(x))
        z = self.fire3(self.joined(torch.cat([x, y], dim=2)))
        return self.scores(self.head(z.flatten(2)))


def bars(count: int = 96, seed: int = 0) -> Split:
    """12x12 images in which a bright bar, in one of three places, tells the class."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 3, (count,), generator=generator)
    images = torch.randint(0, 80, (count, 12, 12), generator=generator)
    for image, label in zip(images, labels, strict=True):
        image[:, 4 * label : 4 * label + 3] += 150
    return Split(images, labels)


def lively(network: nn.Module, seed: int = 0) -> nn.Module:
    """In eval mode, with the statistics of normalisation of some batches, so that its neurons fire."""
    network.train()
    for step in range(20):
        network(bars(32, seed + step).samples)
    return network.eval()
