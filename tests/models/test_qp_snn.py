"""QP-SNN as it is in the zoo: which weights it has, what pruning left, and what is stored on a board."""

from __future__ import annotations

from pathlib import Path

import pytest

import edgesnn
from edgesnn.integer import Model
from edgesnn.integer.ops import Conv, Dense
from edgesnn.models.qp_snn.model import QpSnn
from edgesnn.samples import random_samples
from edgesnn.target import target
from edgesnn.zoo import zoo

NAMES = sorted(name for name in zoo() if name.startswith("qp_snn"))
FLOAT_BYTES = 4
STEM = {"qp_snn": 32, "qp_snn_fashion": 64}  # outputs of the first convolution


def synapses(model: Model) -> list[Conv | Dense]:
    return [node.op for node in model.nodes if isinstance(node.op, Conv | Dense)]


@pytest.mark.parametrize("name", NAMES)
def test_inner_weights_have_no_zero_and_the_ends_have_8_bits(name: str) -> None:
    first, *inner, last = synapses(edgesnn.load(name))
    bits = int(name.split("bit")[0][-1])
    assert [(op.weight_bits, op.zero_free) for op in (first, last)] == [(8, False)] * 2
    assert [(op.weight_bits, op.zero_free) for op in inner] == [(bits, True)] * 3
    assert all((op.weight % 2 == 1).all() for op in inner)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("_pruned")])
def test_half_the_channels_are_gone(name: str) -> None:
    """Those of the second and third convolution; the last keeps its outputs."""
    whole, pruned = edgesnn.load(name.removesuffix("_pruned")), edgesnn.load(name)
    stem = STEM[name.rsplit("_", 2)[0]]
    assert [op.weight.shape[:2] for op in synapses(whole)] == [(stem, 1), (64, stem), (64, 64), (64, 64), (10, 576)]
    assert [op.weight.shape[:2] for op in synapses(pruned)] == [(stem, 1), (32, stem), (32, 32), (64, 32), (10, 576)]


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("_2bit_pruned")])
def test_a_twentieth_of_floats(name: str, tmp_path: Path) -> None:
    """2 bits and half the channels: all constants of the program, against the weights of the network as it was
    designed, in float32. Weights, scales, offsets, thresholds and records of shapes are counted."""
    place, model = target("mcu"), edgesnn.load(name)
    artifact = place.build(model, place.board("mps2-an386"), tmp_path / "build")
    with place.open(artifact) as session:
        cost = session.cost(random_samples(model, 1).x, cycles=False)
    stored = sum(layer.weight_bytes for layer in cost.layers.values())
    floats = FLOAT_BYTES * sum(p.numel() for p in QpSnn(stem=STEM[name.rsplit("_", 2)[0]]).parameters())
    assert 20 * stored <= floats
