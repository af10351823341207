"""Five convolutions that turn an image into tokens."""

from __future__ import annotations

import itertools

from torch import Tensor, nn

from edgesnn.layers import MaxPool, QuantConv2d
from edgesnn.models.bestformer.parts import convolution, lively, neuron

PIXEL_MAX = 127


class Tokenizer(nn.Module):
    """(T, batch, 1, 28, 28) pixels to membrane potentials of 7 x 7 tokens (T, batch, dim, 49).

    dim/8, dim/4, dim/2, dim, dim channels; the first convolution has 8-bit weights and stride 2, the others 1 bit; all
    but the last fire. The first sees the same image at every step and is computed once.
    """

    def __init__(self, dim: int, unit: int) -> None:
        super().__init__()
        widths = (dim // 8, dim // 4, dim // 2, dim, dim)
        self.conv1 = lively(QuantConv2d(1, widths[0], 3, stride=2, padding=1, unit=unit, input_max=PIXEL_MAX))
        self.conv2, self.conv3, self.conv4, self.conv5 = (
            convolution(inputs, outputs, unit) for inputs, outputs in itertools.pairwise(widths)
        )
        self.fire1, self.fire2, self.fire3, self.fire4 = (neuron(unit) for _ in range(4))
        self.pool3 = MaxPool(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.fire2(self.conv2(self.fire1(self.conv1(x))))
        x = self.pool3(self.fire3(self.conv3(x)))
        return self.conv5(self.fire4(self.conv4(x))).flatten(3)  # type: ignore[no-any-return]
