"""Fully connected networks that a rule trains: one interface, so that rules are compared in one harness."""

from __future__ import annotations

import abc
import itertools
import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from edgesnn.errors import TrainingError
from edgesnn.integer import Array
from edgesnn.learn.adaptive_threshold import AdaptiveThreshold
from edgesnn.learn.coding import latency
from edgesnn.learn.input_spikes import InputSpikes, currents
from edgesnn.learn.mpd_ed import MpdEdSpikes
from edgesnn.learn.relpsp import ROUNDING, RelPspTimes, silence_penalty
from edgesnn.learn.std_ed import FirstTimes, StdEdSpikes, time_kernel
from edgesnn.learn.window import window_potentials, window_times


class LearningNetwork(nn.Module, abc.ABC):
    """Layers of weights (outputs, inputs) and their adaptive thresholds, the last layer's excepted.

    Args:
        sizes: neurons of each layer, inputs first, classes last.
        ticks: time steps of a sample.
        seed: of the first weights.
        rate: which fraction of the hidden neurons (and steps) is to spike, in place of the class's rate_target.
        adapt: how fast thresholds follow it in training; 0: not at all, once training has begun.
    """

    rate_target = 0.1
    mean = 0.0
    """Of the first weights, in units of their standard deviation, which is 1 / sqrt(inputs)."""
    tick = 1.0
    """Of the time that thresholds and slopes are for."""
    last_threshold: Tensor

    def __init__(
        self, sizes: Sequence[int], ticks: int = 16, seed: int = 0, rate: float | None = None, adapt: float = 0.05
    ) -> None:
        super().__init__()
        if len(sizes) < 2 or min(sizes) < 1 or ticks < 2:
            raise TrainingError(
                "network", f"sizes {tuple(sizes)} and {ticks} ticks", "Give two sizes and ticks or more"
            )
        self.sizes, self.ticks = tuple(sizes), ticks
        source = torch.Generator().manual_seed(seed)
        self.weights = nn.ParameterList(
            (torch.randn(outputs, inputs, generator=source) + self.mean) / math.sqrt(inputs)
            for inputs, outputs in itertools.pairwise(sizes)
        )
        target = self.rate_target if rate is None else rate
        self.thresholds = nn.ModuleList(AdaptiveThreshold(target, adapt) for _ in sizes[2:])
        self.register_buffer("last_threshold", torch.ones(()))
        self.rates: list[Tensor] = []
        """Of the last batch: which fraction of the hidden neurons (and steps) spiked, one figure a layer."""

    @abc.abstractmethod
    def encode(self, values: Array) -> Any:
        """What forward takes, of values 0..255 (n, inputs)."""

    @abc.abstractmethod
    def forward(self, x: Any) -> Tensor:
        """Logits (batch, classes) of encoded input."""

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """What training makes small."""
        return F.cross_entropy(logits, labels)

    def whole(self, logits: Tensor) -> Tensor:
        """Scores that an integer model decides by: of times, only whole ticks count."""
        return logits

    def adapt(self) -> None:
        """Moves the thresholds by what the last batch did."""
        for threshold, rate in zip(self.thresholds, self.rates, strict=True):
            threshold.adapt(rate)  # type: ignore[operator]

    def hidden(self) -> list[tuple[Tensor, Tensor]]:
        """Weights and threshold of each layer but the last."""
        return [(w, t.value) for w, t in zip(self.weights[:-1], self.thresholds, strict=True)]  # type: ignore[misc]


class SteppedNetwork(LearningNetwork):
    """Integrate-and-fire layers over time steps; input spikes once per pixel, the brighter the earlier."""

    mean = 0.5

    def encode(self, values: Array) -> InputSpikes:
        return InputSpikes(torch.from_numpy(latency(values, self.ticks)), self.ticks, self.weights[0])


class StdEdNetwork(SteppedNetwork):
    """STD-ED: the first output spike decides. exact, slope_min, tau: as in `edgesnn.learn.std_ed`.

    sharpness: logits are minus this times the output times in steps. margin: steps that the label's spike has to be
    ahead of the others, because only whole steps decide. That is ours.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        ticks: int = 16,
        exact: bool = True,
        tau: int = 8,
        slope_min: float = 0.5,
        sharpness: float = 0.7,
        margin: float = 1.0,
        **common: Any,
    ) -> None:
        super().__init__(sizes, ticks, **common)
        self.exact, self.slope_min, self.sharpness, self.margin = exact, slope_min, sharpness, margin
        self.kernel: Tensor
        self.register_buffer("kernel", time_kernel(ticks, tau))

    def forward(self, x: Tensor | InputSpikes) -> Tensor:
        kernel = self.kernel.to(self.weights[0])
        self.rates = []
        for weight, threshold in self.hidden():
            spikes = StdEdSpikes.apply(x, weight, threshold, kernel, self.slope_min, self.exact)  # type: ignore[no-untyped-call]
            self.rates.append(spikes.detach().mean())
            x = spikes
        last = self.last_threshold
        times: Tensor = FirstTimes.apply(x, self.weights[-1], last, kernel, self.slope_min, last / 4, self.exact)  # type: ignore[no-untyped-call]
        return -self.sharpness * times

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """The end of the sample is one more class, never the label: nothing else keeps all outputs from falling silent
        together, as a softmax sees differences only."""
        ahead = self.sharpness * self.margin * F.one_hot(labels, logits.shape[1])
        end = logits.new_full((len(logits), 1), -self.sharpness * self.ticks)
        return F.cross_entropy(torch.cat((logits - ahead, end), 1), labels)

    def whole(self, logits: Tensor) -> Tensor:
        return -(-logits / self.sharpness).ceil().clamp(max=self.ticks)


class MpdEdNetwork(SteppedNetwork):
    """MPD-ED: the largest final potential of a last layer that does not fire decides."""

    everywhere = False
    width = 1.0

    def forward(self, x: Tensor | InputSpikes) -> Tensor:
        self.rates = []
        for weight, threshold in self.hidden():
            spikes = MpdEdSpikes.apply(x, weight, threshold, self.width, 1.0, self.everywhere)  # type: ignore[no-untyped-call]
            self.rates.append(spikes.detach().mean())
            x = spikes
        return currents(x, self.weights[-1]).sum(0)


class StbpNetwork(MpdEdNetwork):
    """The baseline: the same network, learned with surrogate gradients of every neuron at every step."""

    everywhere = True


class StdbpNetwork(LearningNetwork):
    """STDBP: ReL-PSP neurons that fire at most once; the first output spike decides. Input takes half of the time."""

    rate_target = 0.5
    mean = 0.25
    sharpness = 10.0
    """Logits are minus this times the output times, in units of the span of the input."""
    penalty_weight = 1.0

    def __init__(self, sizes: Sequence[int], ticks: int = 256, **common: Any) -> None:
        super().__init__(sizes, ticks, **common)
        self.slope_min, self.horizon, self.tick = 1 / 8, 2.0, 1 / (ticks // 2)

    def encode(self, values: Array) -> Tensor:
        span = self.ticks // 2
        times = torch.from_numpy(latency(values, span)).to(self.weights[0].dtype)
        return torch.where(times < span, times / span, math.inf)

    def forward(self, x: Tensor) -> Tensor:
        self.rates = []
        for weight, threshold in self.hidden():
            x = RelPspTimes.apply(x, weight, threshold, self.tick, self.slope_min, self.horizon, True, False)  # type: ignore[no-untyped-call]
            self.rates.append(x.detach().isfinite().float().mean())
        last = self.last_threshold
        times: Tensor = RelPspTimes.apply(
            x, self.weights[-1], last, self.tick, self.slope_min, self.horizon, False, True
        )  # type: ignore[no-untyped-call]
        return -self.sharpness * times

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        silence = sum((silence_penalty(weight, self.slope_min) for weight in self.weights), torch.zeros(()))
        return F.cross_entropy(logits, labels) + self.penalty_weight * silence

    def whole(self, logits: Tensor) -> Tensor:
        ticks = -logits / (self.sharpness * self.tick) - ROUNDING
        return -ticks.ceil().clamp(max=self.horizon / self.tick)


class WindowNetwork(StdbpNetwork):
    """STDBP with a window a layer; the largest final potential of a last layer that does not fire decides."""

    mean = 0.0

    def forward(self, x: Tensor) -> Tensor:
        self.rates = []
        for weight, _ in self.hidden():
            x = window_times(x, weight)
            self.rates.append(x.detach().isfinite().float().mean())
        return window_potentials(x, self.weights[-1])

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        return F.cross_entropy(logits, labels)

    def whole(self, logits: Tensor) -> Tensor:
        return logits

    def adapt(self) -> None:
        """Its threshold is the window."""


NETWORKS: dict[str, type[LearningNetwork]] = {
    "std-ed": StdEdNetwork,
    "mpd-ed": MpdEdNetwork,
    "stbp": StbpNetwork,
    "stdbp": StdbpNetwork,
    "stdbp-window": WindowNetwork,
}
"""By the name of the rule that trains them."""


def network(rule: str, sizes: Sequence[int], **options: Any) -> LearningNetwork:
    """A network with random weights. options: those of the rule's class. Raises TrainingError for an unknown rule."""
    if rule not in NETWORKS:
        raise TrainingError(rule, "is no learning rule", f"Known: {', '.join(NETWORKS)}")
    return NETWORKS[rule](sizes, **options)
