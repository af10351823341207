"""QT-SNN: ternary spikes, weights and membranes of a few bits, for signals that arrive as ternary spikes.

After Wang et al., "Ternary Spike-based Neuromorphic Signal Processing System", Neural Networks 187:107333, 2025.
"""

from __future__ import annotations

from torch import Tensor, nn

from edgesnn.integer import Encoding
from edgesnn.integer.ops.fire import Reset
from edgesnn.layers import Membrane, QuantInput, QuantLinear, TernaryLif

SPIKES = Encoding(raw_low=-1, raw_high=1, offset=0, shift=0, repeat=False)
HEAD_UNIT = 64
STEPS_TO_ONE = 10
"""The loss sees one tenth of a time step's current, averaged over the steps, times this: ten mean currents to 1.0."""


class QtSnn(nn.Module):
    """Ternary spikes (batch, T, inputs) to scores (T, batch, classes): two layers of ternary neurons and a readout.

    Neither biases nor normalisation: opposite spikes give opposite scores. The scores are sums of the head's currents.

    Args:
        weight_bits: 1, 2, 4 or 8, of all three layers, on the dual-scale grid.
        state_bits: of the membrane potentials: 2, 4 or 8.
        leaks: leak_shift of the two layers.
        reaches: thresholds that the potentials of the two layers may reach.
        resets: of the two layers, "none", "zero" or "subtract".
    """

    def __init__(
        self,
        inputs: int = 24,
        time_steps: int = 100,
        hidden: tuple[int, int] = (128, 128),
        classes: int = 10,
        weight_bits: int = 4,
        state_bits: int = 8,
        leaks: tuple[int, int] = (5, 3),
        reaches: tuple[int, int] = (4, 4),
        resets: tuple[str, str] = ("none", "subtract"),
    ) -> None:
        super().__init__()
        self.unit = HEAD_UNIT * time_steps / STEPS_TO_ONE
        self.spikes = QuantInput((inputs,), time_steps, SPIKES)
        self.lif1 = TernaryLif(state_bits, leaks[0], Reset[resets[0].upper()], reach=reaches[0])
        self.lif2 = TernaryLif(state_bits, leaks[1], Reset[resets[1].upper()], reach=reaches[1])
        self.fc1 = self._linear(inputs, hidden[0], weight_bits, self.lif1.unit)
        self.fc2 = self._linear(hidden[0], hidden[1], weight_bits, self.lif2.unit)
        self.head = self._linear(hidden[1], classes, weight_bits, HEAD_UNIT)
        self.scores = Membrane()

    @staticmethod
    def _linear(inputs: int, outputs: int, weight_bits: int, unit: int) -> QuantLinear:
        return QuantLinear(inputs, outputs, weight_bits, unit=unit, grid="dual_scale", symmetric=True)

    def forward(self, raw: Tensor) -> Tensor:
        x = self.lif1(self.fc1(self.spikes(raw)))
        x = self.lif2(self.fc2(x))
        return self.scores(self.head(x))  # type: ignore[no-any-return]
