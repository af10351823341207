"""Channels are followed through whatever lies between the layers that make and read them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from edgesnn.layers import IntegrateFire, Lif, Membrane, QuantConv2d, QuantInput, QuantLinear, SumPool
from edgesnn.prune import channels
from edgesnn.prune.graph import FIXED
from tests.networks import Branched, Plain


class Case(nn.Module):
    """Two layers before and one behind something that is tested."""

    def __init__(self, between, head: nn.Module, **layers: nn.Module) -> None:
        super().__init__()
        self.image = QuantInput((1, 6, 6), 2)
        self.a = QuantConv2d(1, 4, 3, padding=1, input_max=127)
        self.b = QuantConv2d(1, 4, 3, padding=1, input_max=127)
        self.fire_a, self.fire_b = Lif(), IntegrateFire()
        self.between, self.head, self.scores = between, head, Membrane()
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, raw):
        x = self.image(raw)
        return self.scores(self.head(self.between(self, self.fire_a(self.a(x)), self.fire_b(self.b(x)))))


def groups_of(between, head, **layers):
    return channels(Case(between, head, **layers).eval())


def test_a_chain_has_a_group_for_every_channel():
    found = channels(Plain())
    assert [len(set(found.outputs[path])) for path in ("conv1", "conv2", "conv3", "hidden")] == [6, 8, 8, 10]
    for maker, reader in (("conv1", "conv2"), ("conv2", "conv3"), ("hidden", "head")):
        assert (found.outputs[maker] == found.inputs[reader]).all()
    assert (found.inputs["hidden"] == np.repeat(found.outputs["conv3"], 9)).all()
    assert (found.inputs["conv1"] == FIXED).all() and (found.outputs["head"] == FIXED).all()
    assert found.families() == [("conv1",), ("conv2",), ("conv3",), ("hidden",), ("head",)]


def test_additions_couple_and_concatenations_keep_their_places():
    found = channels(Branched())
    assert (found.outputs["main"] == found.outputs["skip"]).all()
    assert list(found.inputs["joined"]) == [*found.outputs["stem"], *found.outputs["main"]]
    assert found.families() == [("stem",), ("main", "skip"), ("joined",), ("head",)]
    assert (found.neurons["fire2"] == found.outputs["main"]).all()


def test_adding_a_concatenation_couples_its_parts():
    def between(net, x, y):
        return torch.cat([x, y], dim=2) + net.fire_c(net.c(x))

    found = groups_of(between, QuantConv2d(8, 3, 6), c=QuantConv2d(4, 8, 1), fire_c=Lif())
    assert list(found.outputs["c"]) == [*found.outputs["a"], *found.outputs["b"]]
    assert found.families()[0] == ("a", "b", "c")


def test_a_channel_added_to_another_of_the_same_layer_is_one_with_it():
    found = groups_of(lambda net, x, y: torch.cat([x, y], 2) + torch.cat([y, x], 2), QuantConv2d(8, 3, 6, input_max=2))
    assert (found.outputs["a"] == found.outputs["b"]).all()
    assert list(found.inputs["head"]) == [*found.outputs["a"], *found.outputs["a"]]


@pytest.mark.parametrize(
    ("between", "head", "expected"),
    [
        (lambda net, x, y: x.flatten(2), QuantLinear(144, 3), lambda a: np.repeat(a, 36)),
        (lambda net, x, y: x.mean((3, 4)), QuantLinear(4, 3), lambda a: a),
        (lambda net, x, y: net.pool(x), QuantConv2d(4, 3, 3, input_max=4), lambda a: a),
        (lambda net, x, y: net.drop(x).flatten(3).flatten(2), QuantLinear(144, 3), lambda a: np.repeat(a, 36)),
    ],
    ids=["flatten", "mean", "pool", "dropout"],
)
def test_shapes_may_change(between, head, expected):
    found = groups_of(between, head, pool=SumPool(2), drop=nn.Dropout(0.5))
    assert (found.inputs["head"] == expected(found.outputs["a"])).all()
    assert FIXED not in found.outputs["a"]


def test_a_depthwise_convolution_goes_with_its_inputs_and_a_grouped_one_stays():
    depthwise = groups_of(
        lambda n, x, y: n.f(n.d(x)), QuantConv2d(4, 3, 6), d=QuantConv2d(4, 4, 3, padding=1, groups=4), f=Lif()
    )
    assert (depthwise.outputs["d"] == depthwise.outputs["a"]).all() and "d" not in depthwise.inputs
    grouped = groups_of(
        lambda n, x, y: n.f(n.d(x)), QuantConv2d(4, 3, 6), d=QuantConv2d(4, 4, 3, padding=1, groups=2), f=Lif()
    )
    assert (grouped.outputs["d"] == FIXED).all() and (grouped.outputs["a"] == FIXED).all()
    assert FIXED not in grouped.outputs["b"]


def test_weights_used_twice_tie_what_they_read():
    found = groups_of(lambda n, x, y: n.f(n.c(x) + n.c(y)), QuantConv2d(4, 3, 6), c=QuantConv2d(4, 4, 1), f=Lif())
    assert (found.outputs["a"] == found.outputs["b"]).all()


def test_what_cannot_be_followed_stays():
    mixed = groups_of(lambda n, x, y: x.reshape(2, -1, 2, 12, 6), QuantConv2d(2, 3, (12, 6)))
    assert (mixed.outputs["a"] == FIXED).all() and (mixed.inputs["head"] == FIXED).all()
