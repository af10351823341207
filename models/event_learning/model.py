"""Images as spike times, and fully connected layers that an event-driven rule trains."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from edgesnn import learn
from edgesnn.integer import Metadata, Model
from edgesnn.integer.learning import Learning
from edgesnn.layers.shared import shared_mean
from edgesnn.train.by_rule import ByRule


class EventNetwork(ByRule):
    """Images (batch, height, width) of 0..255 to logits or scores (1, batch, classes).

    Args:
        rule: "std-ed", "mpd-ed", "stdbp" or "stbp".
        sizes: neurons of each layer, inputs first, classes last.
        factor: pixels of an image that become one input, along both axes.
        learning: constants with which the model goes on learning where it runs, or nothing.
        options: of the rule's network (`edgesnn.learn.network`).
    """

    def __init__(
        self, rule: str, sizes: Sequence[int], factor: int = 1, learning: dict[str, int] | None = None, **options: Any
    ) -> None:
        super().__init__()
        self.factor = factor
        self.learning = None if learning is None else Learning(rule, **learning)  # type: ignore[arg-type]
        seed = int(torch.randint(1 << 31, ()))  # of the run's own source, which a recipe seeds
        self.network = learn.network(rule, sizes, seed=seed, **options)
        self.deciding: list[learn.LearningNetwork] = []  # in a list: it is made of the network, no part of it

    def train(self, mode: bool = True) -> EventNetwork:
        super().train(mode)
        self.deciding = [] if mode else [learn.rounded(self.network)]
        return self

    def forward(self, raw: Tensor) -> Tensor:
        values = learn.shrink(raw.numpy(), self.factor)
        for rounded in self.deciding:
            return rounded.whole(rounded(rounded.encode(values)))[None]
        return self.network(self.network.encode(values))[None]  # type: ignore[no-any-return]

    def begin(self, samples: Tensor) -> None:
        learn.balance(self.network, self.network.encode(learn.shrink(samples.numpy(), self.factor)))

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        return self.network.loss(logits[0], labels)

    def adapt(self) -> None:
        self.network.rates = [shared_mean(rate) for rate in self.network.rates]
        self.network.adapt()

    def lowered(self, name: str, metadata: Metadata) -> Model:
        model = learn.integer_model(name, self.network)
        return dataclasses.replace(model, metadata=metadata, learning=self.learning)
