"""Q-SNN: 1-bit weights and membranes of 8, 4 or 2 bits (Wei et al., ACM MM 2024), sized for a microcontroller."""

from __future__ import annotations

from torch import Tensor, nn

from edgesnn.integer import Encoding
from edgesnn.layers import Lif, MaxPool, Membrane, QuantConv2d, QuantInput, QuantizedLif, QuantLinear

PIXEL_MAX = 127


class QSnn(nn.Module):
    """28x28 grey image to ten scores: conv 16 (8 bit, stride 2), conv 32 and conv 64 (1 bit), head (8 bit).

    Each convolution is normalised, fires and, from the second on, is max-pooled. The image is presented at each of
    `time_steps` steps; the head's currents add up. Scores (T, batch, 10), 128 to the unit.
    """

    def __init__(self, state_bits: int = 8, time_steps: int = 2, unit: int = 128, leak: float = 0.5) -> None:
        super().__init__()
        self.unit = unit
        self.image = QuantInput((1, 28, 28), time_steps, Encoding(shift=1))
        self.conv1 = QuantConv2d(1, 16, 3, stride=2, padding=1, unit=unit, input_max=PIXEL_MAX)
        self.lif1 = QuantizedLif(unit, state_bits, leak)
        self.conv2 = QuantConv2d(16, 32, 3, padding=1, weight_bits=1, unit=unit)
        self.lif2 = QuantizedLif(unit, state_bits, leak)
        self.pool2 = MaxPool(2)
        self.conv3 = QuantConv2d(32, 64, 3, padding=1, weight_bits=1, unit=unit)
        self.lif3 = QuantizedLif(unit, state_bits, leak)
        self.pool3 = MaxPool(2)
        self.head = QuantLinear(576, 10, unit=unit)
        self.scores = Membrane()

    def forward(self, raw: Tensor) -> Tensor:
        x = self.lif1(self.conv1(self.image(raw)))
        x = self.pool2(self.lif2(self.conv2(x)))
        x = self.pool3(self.lif3(self.conv3(x)))
        return self.scores(self.head(x.flatten(2)))  # type: ignore[no-any-return]


class QSnnLoihi(nn.Module):
    """The same network from stock Loihi parts: 24-bit membranes with hard reset and no multiplier anywhere.

    Gains fold into the weights (even integers of 8 bits; the binary ones become a power of two a channel), offsets
    into the neurons' biases. `units` are the thresholds of the three layers and the unit of the head.
    """

    def __init__(self, time_steps: int = 2, units: tuple[int, int, int, int] = (2048, 64, 64, 64)) -> None:
        super().__init__()
        self.unit = units[3] * 64  # of the scores: currents have 6 fraction bits
        self.image = QuantInput((1, 28, 28), time_steps, Encoding(shift=1))
        self.conv1 = QuantConv2d(1, 16, 3, stride=2, padding=1, unit=units[0], input_max=PIXEL_MAX, folded=True)
        self.lif1 = Lif(units[0], fraction_bits=6)
        self.conv2 = QuantConv2d(16, 32, 3, padding=1, weight_bits=1, unit=units[1], folded=True)
        self.lif2 = Lif(units[1], fraction_bits=6)
        self.pool2 = MaxPool(2)
        self.conv3 = QuantConv2d(32, 64, 3, padding=1, weight_bits=1, unit=units[2], folded=True)
        self.lif3 = Lif(units[2], fraction_bits=6)
        self.pool3 = MaxPool(2)
        self.head = QuantLinear(576, 10, unit=units[3], folded=True)
        self.scores = Membrane(fraction_bits=6)

    def forward(self, raw: Tensor) -> Tensor:
        x = self.lif1(self.conv1(self.image(raw)))
        x = self.pool2(self.lif2(self.conv2(x)))
        x = self.pool3(self.lif3(self.conv3(x)))
        return self.scores(self.head(x.flatten(2)))  # type: ignore[no-any-return]
