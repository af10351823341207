"""QT-SNN: ternary spikes, weights and membranes of a few bits, for signals that arrive as ternary spikes.

After Wang et al., "Ternary Spike-based Neuromorphic Signal Processing System", Neural Networks 187:107333, 2025.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from edgesnn.errors import ConfigError
from edgesnn.integer import Encoding
from edgesnn.integer.ops.fire import Reset
from edgesnn.layers import Membrane, QuantInput, QuantLinear, TernaryLif
from edgesnn.models.qt_snn.last_steps import LastSteps
from edgesnn.models.qt_snn.teacher import LinearTeacher

SPIKES = Encoding(raw_low=-1, raw_high=1, offset=0, shift=0, repeat=False)
HEAD_UNIT = 1024
"""Large, so that the head's integer scales, one a class, are close to the float ones."""
STEPS_TO_ONE = 10
"""The loss sees one tenth of a time step's current, averaged over the steps, times this: ten mean currents to 1.0."""

GAINS = (-0.7, 0.5)
"""Of neurons that start from a teacher: log10 of the smallest and the largest."""
VOICE = 0.3
"""What all such neurons of a class together first say for it."""


class QtSnn(nn.Module):
    """Ternary spikes (batch, T, inputs) to scores (T, batch, classes): layers of ternary neurons and a readout.

    Neither biases nor normalisation: opposite spikes give opposite scores. The scores are sums of the head's currents.

    Args:
        hidden: neurons of each layer.
        weight_bits: 1, 2, 4 or 8, of all layers, on the dual-scale grid.
        state_bits: of the membrane potentials: 2, 4 or 8.
        leaks: leak_shift of each layer.
        reaches: thresholds that the potentials of each layer may reach.
        resets: of each layer, "none", "zero" or "subtract".
        surrogate: of all neurons, one of `edgesnn.layers.surrogate.SURROGATES`.
        heard: steps at the end of the time in which the head hears the last layer; 0: it hears them all.
    """

    def __init__(
        self,
        inputs: int = 24,
        time_steps: int = 50,
        hidden: Sequence[int] = (256, 256),
        classes: int = 10,
        weight_bits: int = 4,
        state_bits: int = 8,
        leaks: Sequence[int] = (4, 2),
        reaches: Sequence[int] = (4, 4),
        resets: Sequence[str] = ("none", "subtract"),
        surrogate: str = "triangle",
        heard: int = 0,
    ) -> None:
        super().__init__()
        self.unit = HEAD_UNIT * (heard or time_steps) / STEPS_TO_ONE
        self.spikes = QuantInput((inputs,), time_steps, SPIKES)
        linear = functools.partial(QuantLinear, weight_bits=weight_bits, grid="dual_scale", symmetric=True)
        layers: list[nn.Module] = []
        sizes = itertools.pairwise((inputs, *hidden))
        for (before, size), leak, reach, reset in zip(sizes, leaks, reaches, resets, strict=True):
            neurons = TernaryLif(state_bits, leak, Reset[reset.upper()], surrogate, reach)
            layers += [linear(before, size, unit=neurons.unit), neurons]
        self.layers = nn.Sequential(*layers)
        self.ending = LastSteps(time_steps, heard) if heard else nn.Identity()
        self.head = linear(hidden[-1], classes, unit=HEAD_UNIT)
        self.scores = Membrane()

    def forward(self, raw: Tensor) -> Tensor:
        return self.scores(self.head(self.ending(self.layers(self.spikes(raw)))))  # type: ignore[no-any-return]

    @torch.no_grad()
    def start_from(self, teacher: LinearTeacher) -> None:
        """The one hidden layer's neurons take up the teacher's weights, a class after the other, and speak for it.

        Their gains differ, so that together they tell how strongly the teacher decides; the random weights that they
        had, made small, keep neurons of one gain apart. Raises ConfigError where there are more hidden layers.
        """
        first, *others = (layer.weight for layer in self.layers if isinstance(layer, QuantLinear))
        if others:
            raise ConfigError(
                "distillation", "only a network of one hidden layer starts from a teacher", "Leave out start"
            )
        wanted = teacher.weights()
        classes, neurons = len(wanted), len(first)
        speaks = torch.arange(neurons) % classes
        gains = torch.logspace(*GAINS, neurons)[:, None]
        first.copy_(gains * (wanted[speaks] + wanted.abs().mean() * first))
        voices = torch.eye(classes)[:, speaks]
        self.head.weight.copy_((voices - voices.mean(dim=0)) * (VOICE * classes / neurons))
