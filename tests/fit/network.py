"""A network that trains in seconds, and the job that names it."""

from __future__ import annotations

from torch import Tensor, nn

from edgesnn.integer import Encoding
from edgesnn.layers import Membrane, QuantConv2d, QuantInput, QuantizedLif, QuantLinear

JOB = """
[network]
class = "tests.fit.network:Tiny"

[training]
dataset = "{data}"
epochs = 3
batch = 32
learning_rate = 1e-2
shift = 0
"""


class Tiny(nn.Module):
    """28x28 image to ten scores: conv 8 (8 bit, stride 4), conv 12 (1 bit, stride 2), head (8 bit), two time steps."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = 128
        self.image = QuantInput((1, 28, 28), 2, Encoding(shift=1))
        self.conv1 = QuantConv2d(1, 8, 5, stride=4, padding=1, input_max=127)
        self.fire1 = QuantizedLif(128)
        self.conv2 = QuantConv2d(8, 12, 3, stride=2, padding=1, weight_bits=1)
        self.fire2 = QuantizedLif(128)
        self.head = QuantLinear(192, 10)
        self.scores = Membrane()

    def forward(self, raw: Tensor) -> Tensor:
        x = self.fire2(self.conv2(self.fire1(self.conv1(self.image(raw)))))
        return self.scores(self.head(x.flatten(2)))  # type: ignore[no-any-return]
