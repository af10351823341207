"""QP-SNN: zero-free quantised weights and channels pruned by spike activity (Wei et al., ICLR 2025)."""

from __future__ import annotations

from torch import Tensor, nn

from edgesnn.integer import Encoding
from edgesnn.layers import Lif, MaxPool, Membrane, QuantConv2d, QuantInput, QuantLinear

PIXEL_MAX = 127


class QpSnn(nn.Module):
    """28x28 grey image to ten scores: conv `stem` (8 bit, 5x5, stride 2), three of conv 64 (zero-free), head (8 bit).

    Each convolution is normalised and fires (leak 1/2, hard reset); the second and the last are max-pooled. The image
    is presented at each of `time_steps` steps; the head's currents add up. Scores (T, batch, 10), 128 to the unit.
    """

    def __init__(self, bits: int = 8, time_steps: int = 2, unit: int = 128, stem: int = 32) -> None:
        super().__init__()
        self.unit = unit
        self.image = QuantInput((1, 28, 28), time_steps, Encoding(shift=1))
        self.conv1 = QuantConv2d(1, stem, 5, stride=2, padding=2, unit=unit, input_max=PIXEL_MAX)
        self.lif1 = neuron(unit)
        self.conv2 = QuantConv2d(stem, 64, 3, padding=1, weight_bits=bits, grid="zero_free", unit=unit)
        self.lif2 = neuron(unit)
        self.pool2 = MaxPool(2)
        self.conv3 = QuantConv2d(64, 64, 3, padding=1, weight_bits=bits, grid="zero_free", unit=unit)
        self.lif3 = neuron(unit)
        self.conv4 = QuantConv2d(64, 64, 3, padding=1, weight_bits=bits, grid="zero_free", unit=unit)
        self.lif4 = neuron(unit)
        self.pool4 = MaxPool(2)
        self.head = QuantLinear(576, 10, unit=unit)
        self.scores = Membrane()

    def forward(self, raw: Tensor) -> Tensor:
        x = self.lif1(self.conv1(self.image(raw)))
        x = self.pool2(self.lif2(self.conv2(x)))
        x = self.lif3(self.conv3(x))
        x = self.pool4(self.lif4(self.conv4(x)))
        return self.scores(self.head(x.flatten(2)))  # type: ignore[no-any-return]


def neuron(unit: int) -> Lif:
    """Leak by a shift, threshold reached fires, hard reset, a 16-bit membrane."""
    return Lif(unit, voltage_decay=2048, strict=False, fraction_bits=0, state_bits=16)
