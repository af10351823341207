"""Cutting channels out is exactly what silencing them is, wherever they are read."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ConfigError, ModelError
from edgesnn.integer import run
from edgesnn.layers import Lif, Membrane, QuantConv2d, QuantInput, QuantLinear
from edgesnn.lower import lower
from edgesnn.prune import METHODS, channels, last_convolution, prune
from edgesnn.prune.agreement import check_agreement, cut_scores, masked_scores
from edgesnn.structure import KeepChannels
from edgesnn.structure.copying import copied
from edgesnn.structure.select import select_synapses
from edgesnn.train.job import pretrained
from tests.networks import Branched, Plain, bars, lively

NETWORKS = {"plain": lively(Plain()), "branched": lively(Branched())}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", NETWORKS)
def test_cut_and_masked_networks_agree_bit_for_bit(name, method):
    whole, samples = NETWORKS[name], [bars(32).samples]
    cut = copied(whole)
    pruned = prune(cut, method, 0.5, select_synapses(cut, ["all"]), samples, seed=3)
    many = [bars(200, 5).samples]
    wanted, got = masked_scores(whole, pruned.changes, many)[0], cut_scores(whole, pruned.changes, many)[0]
    assert torch.equal(wanted, got)
    with torch.no_grad():
        assert not torch.equal(wanted, whole(many[0]))  # the removed channels did matter
    model = lower(cut, "cut")
    with torch.no_grad():
        scores = cut(many[0])[-1]
    assert (run(model, model.encode(many[0].numpy())).output == scores.long().numpy()).all()


@given(seed=st.integers(0, 10_000), ratio=st.floats(0.05, 0.9))
def test_any_choice_of_channels_agrees(seed, ratio):
    whole = NETWORKS["branched"]
    cut = copied(whole)
    pruned = prune(cut, "random", ratio, select_synapses(cut, ["all"]), [bars(8, seed).samples], seed)
    for path, (left, total) in pruned.choice.kept.items():
        assert left == max(1, total - math.ceil(ratio * total)) == len(cut.get_submodule(path).weight)
    assert cut.main.weight.shape[0] == cut.skip.weight.shape[0]
    assert cut.joined.weight.shape[1] == cut.stem.weight.shape[0] + cut.main.weight.shape[0]


def test_what_is_kept_keeps_its_order_and_values():
    whole = NETWORKS["plain"]
    cut = copied(whole)
    pruned = prune(cut, "svs", 0.5, ["conv2"], [bars(32).samples])
    change = next(change for change in pruned.changes if change.layer == "conv2")
    assert list(change.outputs) == sorted(change.outputs) and len(change.outputs) == 4
    kept = list(change.outputs)
    assert torch.equal(cut.conv2.weight, whole.conv2.weight[kept])
    assert torch.equal(cut.conv3.weight, whole.conv3.weight[:, kept])
    for name in ("weight", "bias", "mean", "var"):
        assert torch.equal(getattr(cut.conv2.norm, name), getattr(whole.conv2.norm, name)[kept])


def test_the_worst_channels_go():
    network = copied(NETWORKS["plain"])
    found = channels(network)
    scores = METHODS["svs"](network, found, [bars(32).samples], 0)
    pruned = prune(network, "svs", 0.25, ["conv2"], [bars(32).samples])
    assert pruned.choice.removed == set(scores.worst_first(found.outputs["conv2"])[:2].tolist())


def test_the_trained_network_of_the_zoo_agrees():
    network = pretrained("q_snn")
    images = torch.randint(0, 256, (24, 28, 28), generator=torch.Generator().manual_seed(0))
    pruned = prune(network, "svs", 0.5, ["conv2", "conv3"], [images])
    assert pruned.choice.kept == {"conv2": (16, 32), "conv3": (32, 64)}
    assert network.head.weight.shape == (10, 288)


def test_a_depthwise_convolution_is_cut_with_its_inputs():
    class Depthwise(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.image, self.scores = QuantInput((1, 12, 12), 2), Membrane()
            self.a, self.d = QuantConv2d(1, 6, 3, stride=2, input_max=127), QuantConv2d(6, 6, 3, groups=6)
            self.fire_a, self.fire_d, self.head = Lif(), Lif(), QuantLinear(54, 3)

        def forward(self, raw):
            x = self.fire_d(self.d(self.fire_a(self.a(self.image(raw)))))
            return self.scores(self.head(x.flatten(2)))

    network = lively(Depthwise())
    prune(network, "svs", 0.5, ["a", "d"], [bars(16).samples])
    assert (network.d.groups, network.d.weight.shape, network.head.weight.shape) == (3, (3, 1, 3, 3), (3, 27))
    lower(network, "depthwise")


def test_a_wrong_cut_is_noticed():
    whole, samples = NETWORKS["branched"], [bars(32).samples]
    changes = list(prune(copied(whole), "svs", 0.5, ["stem"], samples).changes)
    place = next(i for i, change in enumerate(changes) if change.layer == "joined")
    shifted = (*changes[place].inputs[:-1], changes[place].inputs[-1] - 1)
    wrong = [
        *changes[:place],
        dataclasses.replace(changes[place], inputs=tuple(sorted(set(shifted)))),
        *changes[place + 1 :],
    ]
    wrong[place] = dataclasses.replace(wrong[place], inputs=tuple((i + 1) % 16 for i in changes[place].inputs))
    with pytest.raises(ModelError, match="cut and masked network differ"):
        check_agreement_with_masks_of(whole, changes, wrong, samples)


def check_agreement_with_masks_of(whole, right, wrong, samples):
    """The masks come from the right changes, the cut from the wrong ones."""
    import edgesnn.prune.agreement as agreement

    real = agreement.masked_scores
    try:
        agreement.masked_scores = lambda network, _, batches: real(network, right, batches)
        check_agreement(whole, wrong, samples)
    finally:
        agreement.masked_scores = real


def test_the_last_convolution_is_known():
    assert last_convolution(Plain()) == ["conv3"] and last_convolution(Branched()) == ["joined"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("svd", 0.5, ["conv2"]), "method 'svd' is unknown. Did you mean svs"),
        (("svs", 1.0, ["conv2"]), "ratio 1.0 is not between 0 and 1"),
        (("svs", 0.5, ["head"]), "head: its channels reach the network's output"),
        (("svs", 0.5, []), "no layer is named"),
    ],
)
def test_what_cannot_be_pruned_is_refused(arguments, problem):
    with pytest.raises(ConfigError, match=problem):
        prune(copied(NETWORKS["plain"]), *arguments, [bars(8).samples])


def test_half_of_a_sum_cannot_be_pruned():
    with pytest.raises(ConfigError, match="main: its channels are added to those of skip"):
        prune(copied(NETWORKS["branched"]), "svs", 0.5, ["main"], [bars(8).samples])


def test_svs_wants_samples():
    with pytest.raises(ConfigError, match="has no samples"):
        prune(copied(NETWORKS["plain"]), "svs", 0.5, ["conv2"], [])


def test_indices_that_a_layer_does_not_have_are_refused():
    with pytest.raises(ModelError, match="has 8 channels"):
        KeepChannels("conv2", outputs=(0, 8)).apply(copied(NETWORKS["plain"]))
    with pytest.raises(ModelError, match="is no synapse layer of Plain"):
        KeepChannels("lif2", outputs=(0,)).apply(copied(NETWORKS["plain"]))
