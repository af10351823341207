"""BESTformer where it runs, integer for integer, and where it is refused; its popcount against float convolutions."""

import functools

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from edgesnn.integer import Model, Node, run
from edgesnn.integer.ops import Conv, Input, Membrane, Reshape
from edgesnn.lower import lower
from edgesnn.target import target
from tests.models.bestformer import images, small


@functools.cache
def model(order: str, reversible: bool = True) -> Model:
    return lower(small(2, order=order, reversible=reversible), "bestformer")


def scores(of: Model, x: np.ndarray, place: str, board: str, folder) -> np.ndarray:
    chosen = target(place)
    artifact = chosen.build(of, chosen.board(board), folder)
    with chosen.open(artifact) as session:
        return session.run(x)


@pytest.mark.parametrize("order", ["map", "memory"])
@pytest.mark.parametrize(("place", "board"), [("mcu", "host"), ("mcu", "mps2-an386"), ("tflite", "litert")])
def test_targets_give_the_interpreters_scores(order, place, board, tmp_path):
    network = model(order)
    x = network.encode(images(30, 5).numpy())
    wanted = run(network, x).output
    assert len(np.unique(wanted, axis=0)) > 10
    assert np.array_equal(scores(network, x, place, board, tmp_path), wanted)


def test_plain_blocks_run_too(tmp_path):
    network = model("map", reversible=False)
    x = network.encode(images(10, 6).numpy())
    assert np.array_equal(scores(network, x, "mcu", "host", tmp_path), run(network, x).output)


def test_loihi_refuses_products_of_activity_and_says_why():
    place = target("loihi")
    problems = place.check(model("map"), place.board())
    assert {str(problem).split(":")[0] for problem in problems} == {
        "blocks_0_attention_match",
        "blocks_0_attention_mix",
    }
    assert all("multiplies the activity" in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("channels", "height", "width", "outputs"), [(33, 5, 7, 3), (1, 3, 3, 65), (63, 4, 9, 33), (31, 1, 1, 1)]
)
def test_binary_convolutions_are_those_of_floats(channels, height, width, outputs, tmp_path):
    """Odd widths leave bits of the last word unused, and padding counts as silence, not as -1."""
    rng = np.random.default_rng(channels)
    weight = rng.choice([-1, 1], (outputs, channels, 3, 3))
    nodes = (
        Node("spikes", Input((channels, height, width), 0, 1)),
        Node("conv", Conv(weight, 1, padding=(1, 1, 1, 1)), ("spikes",)),
        Node("flat", Reshape((outputs * height * width,)), ("conv",)),
        Node("scores", Membrane(voltage_decay=4096), ("flat",)),
    )
    binary = Model("binary", nodes, 1)
    x = (rng.random((25, 1, channels, height, width)) < rng.random((25, 1, 1, 1, 1))).astype(np.int64)
    wanted = F.conv2d(torch.from_numpy(x[:, 0]).float(), torch.from_numpy(weight).float(), padding=1)
    got = scores(binary, x, "mcu", "host", tmp_path)
    assert np.array_equal(got, wanted.flatten(1).long().numpy())
