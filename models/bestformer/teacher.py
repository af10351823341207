"""The full-precision network that the spiking ones imitate."""

from __future__ import annotations

from torch import Tensor, nn


class Teacher(nn.Module):
    """A small convolutional network in float: raw 28x28 images to logits (1, batch, 10), one time step.

    Convolutions of 32 and 64 channels (3x3, batch norm, ReLU, max-pool), then 128 hidden units with dropout.
    """

    def __init__(self, dropout: float = 0.25) -> None:
        super().__init__()
        self.unit = 1.0
        self.layers = nn.Sequential(
            *convolution(1, 32), *convolution(32, 64), nn.Flatten(),
            nn.Linear(64 * 49, 128), nn.ReLU(), nn.Dropout(dropout), nn.Linear(128, 10),
        )  # fmt: skip

    def forward(self, raw: Tensor) -> Tensor:
        images = raw.float().reshape(-1, 1, 28, 28) / 255
        return self.layers(images)[None]  # type: ignore[no-any-return]


def convolution(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)
