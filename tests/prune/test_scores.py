"""What each criterion says of channels; SVS has the symmetries that its definition has."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from edgesnn.prune import channels
from edgesnn.prune.scores import METHODS, Scores
from edgesnn.prune.scores.activity import EPSILON, activity_matrices, rank, singular_values, values_of
from edgesnn.prune.scores.scores import Means
from tests.networks import Branched, Plain, bars, lively


def spikes(*shape: int, seed: int = 0, rate: float = 0.3) -> torch.Tensor:
    return (torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < rate).float()


def test_a_silent_channel_scores_0_a_constant_one_1_and_none_more_than_its_shorter_side():
    x = spikes(4, 3, 5, 9, 6, rate=0.5)
    x[:, :, 0] = 0
    x[:, :, 1] = 1
    ranks = rank(values_of(x))
    assert (ranks[:, 0] == 0).all() and (ranks[:, 1] == 1).all()
    assert (ranks[:, 2:] <= 6).all() and (ranks[:, 2:] == 6).any()


def test_ranks_known_by_hand():
    x = torch.zeros(2, 1, 3, 4, 4)
    x[0, 0, 0, 1] = 1  # a row: rank 1
    x[0, 0, 1] = torch.eye(4)  # rank 4
    x[0, 0, 2, 0], x[1, 0, 2, :, 0] = 1, 1  # a row at one step, a column at the next: a mean of rank 2
    assert rank(values_of(x)).tolist() == [[1, 4, 2]]


def test_transposed_and_scaled_maps_score_the_same():
    x = spikes(3, 4, 6, 8, 8)
    assert torch.equal(rank(values_of(x)), rank(values_of(x.transpose(3, 4))))
    for scale in (0.25, 7.0, 1000.0):
        assert torch.equal(rank(values_of(x)), rank(values_of(scale * x)))


def test_permuted_channels_have_permuted_scores():
    x, order = spikes(3, 4, 6, 8, 8), torch.tensor([3, 0, 5, 1, 4, 2])
    assert torch.equal(values_of(x)[:, order], values_of(x[:, :, order]))


def test_the_threshold_is_absolute():
    """A numerical rank's tolerance grows with the largest singular value; this one does not."""
    matrix = torch.diag(torch.tensor([1e5, 1e-5, 1e-7], dtype=torch.float64))[None, None]
    values = torch.linalg.svdvals(matrix)
    assert EPSILON == 1e-6
    assert rank(values).item() == 2
    assert int(torch.linalg.matrix_rank(matrix.float())) == 1


def test_a_large_constant_map_has_no_noise_above_the_threshold():
    assert rank(values_of(torch.full((3, 1, 1, 64, 64), 1 / 3))).item() == 1


def test_without_maps_the_spikes_by_time_count():
    assert activity_matrices(spikes(5, 3, 4, 7)).shape == (3, 4, 5, 7)
    assert activity_matrices(spikes(5, 3, 4)).shape == (1, 4, 5, 3)


def test_the_network_is_seen_as_the_integer_model_and_left_as_it_was():
    network = lively(Branched())
    network.train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    values = singular_values(network, [bars(8).samples, bars(8, 1).samples])
    assert network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not any(module._forward_hooks for module in network.modules())
    assert {path: tuple(v.shape[:2]) for path, v in values.items()} == {
        "fire1": (16, 8), "fire2": (16, 8), "fire3": (16, 8)
    }  # fmt: skip
    network.eval()
    with torch.no_grad():
        x = network.fire1(network.stem(network.image(bars(8).samples)))
    assert torch.equal(values["fire1"][:8], values_of(x))


def test_hooks_go_even_where_the_network_fails():
    network = lively(Plain())
    with pytest.raises(RuntimeError):
        singular_values(network, [torch.zeros(2, 5, 5, dtype=torch.long)])
    assert not any(module._forward_hooks for module in network.modules())


def test_svs_of_a_network_is_the_mean_rank_over_the_samples():
    network, samples = lively(Plain()), [bars(16).samples, bars(16, 1).samples]
    found = channels(network)
    scores = METHODS["svs"](network, found, samples, 0)
    wanted = rank(singular_values(network, samples)["lif2"]).mean(dim=0)
    assert scores.score[found.outputs["conv2"]].tolist() == wanted.tolist()


def test_coupled_channels_are_scored_together():
    means = Means(4)
    means.add(np.array([1, 2]), np.array([1.0, 5.0]))
    means.add(np.array([2, 1]), np.array([7.0, 2.0]))
    assert means.mean().tolist()[1:3] == [1.5, 6.0] and np.isnan(means.mean()[[0, 3]]).all()


def test_magnitude_does_not_depend_on_a_layers_scale():
    network = lively(Branched())
    found = channels(network)
    before = METHODS["magnitude"](network, found, [], 0).score
    with torch.no_grad():
        network.main.weight.mul_(8)
        after = METHODS["magnitude"](network, found, [], 0).score
        network.main.weight[3].mul_(100)
        louder = METHODS["magnitude"](network, found, [], 0).score
    group = found.outputs["main"]
    assert np.allclose(before[group], after[group]) and louder[group].argmax() == 3


def test_random_scores_follow_their_seed():
    network = Plain()
    found = channels(network)
    first, again, other = (METHODS["random"](network, found, [], seed).score for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any()


def test_ties_go_to_the_nuclear_norm_then_to_the_lower_channel():
    scores = Scores(np.array([9.0, 3.0, 3.0, 1.0, 3.0]), np.array([0.0, 2.0, 1.0, 5.0, 1.0]))
    assert scores.worst_first(np.array([4, 3, 2, 1, 0])).tolist() == [3, 2, 4, 1, 0]


def test_a_module_without_neurons_has_no_scores():
    assert singular_values(nn.Sequential(nn.Flatten()), [torch.zeros(2, 3, 3)]) == {}
