"""Bytes, operations and entropies of a network, some of them known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from elftools.elf.elffile import ELFFile

import edgesnn
from edgesnn.activity import activity
from edgesnn.compression.entropy import entropy, rate_entropy, weight_entropy
from edgesnn.compression.measure import COUNTED, measure, parameter_bytes, state_bytes, weight_bytes, width
from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Conv, Dense, Input, Membrane, QuantizedLif, Rescale, Reshape
from edgesnn.lower import lower
from edgesnn.models.qp_snn.model import QpSnn
from edgesnn.target import target
from edgesnn.train.data import Split
from edgesnn.train.loop import evaluate
from tests.factory import q_snn_like


def model_of(weight_bits: int, outputs: int = 5) -> Model:
    rng = np.random.default_rng(0)
    grid = [-1, 1] if weight_bits == 1 else [-1, 0, 1]
    nodes = (
        Node("x", Input((4,), 0, 1)),
        Node("a", Dense(rng.choice(grid, (outputs, 4)), weight_bits), ("x",)),
        Node("r", Rescale(np.full(outputs, 300), np.full(outputs, 70_000), 3), ("a",)),
        Node("n", QuantizedLif([-1, 0, 1], [-1, 0, 1], -1, 9, state_bits=2), ("r",)),
        Node("b", Dense(rng.choice(grid, (3, outputs)), weight_bits, bias=[1, 2, 3]), ("n",)),
        Node("y", Membrane(), ("b",)),
    )
    return Model("m", nodes, 2)


def test_bytes_are_counted_by_hand():
    model = model_of(2)
    assert weight_bytes(model) == (5 * 4 * 2) // 8 + 4  # 15 weights of 2 bits need 30 bits: 4 bytes
    assert parameter_bytes(model) == 5 * 2 + 5 * 4 + 3 + 3 + 3  # multiplier, offset, two tables, bias
    assert state_bytes(model) == 2 + 3 * 4  # five states of 2 bits; three scores of 32
    assert weight_bytes(model_of(1)) == 3 + 2 and weight_bytes(model_of(8)) == 35


def test_widths():
    assert [width(np.array([value])) for value in (127, -128, 128, -32769, 1 << 30)] == [1, 1, 2, 4, 4]


def test_entropies_known_by_hand():
    assert entropy(np.array([0.25] * 4)) == 2 and entropy(np.array([1.0, 0.0])) == 0
    assert rate_entropy(0.5) == 1 and rate_entropy(0.0) == rate_entropy(1.0) == 0
    assert rate_entropy(0.1) == pytest.approx(-0.1 * math.log2(0.1) - 0.9 * math.log2(0.9))
    assert weight_entropy(np.array([[1, -1, 1, -1], [1, 1, 1, 1]])) == 0.5
    assert weight_entropy(np.array([[[[0, 1], [2, 3]]]])) == 2


def test_a_network_is_measured_on_its_validation_data(branched, data):
    found = measure(branched, data[1])
    assert found.accuracy == evaluate(branched, data[1]) and found.samples == 60
    halves = [
        measure(branched, Split(data[1].samples[part], data[1].labels[part])) for part in (slice(30), slice(30, 60))
    ]
    assert found.synaptic_ops == pytest.approx(sum(half.synaptic_ops for half in halves) / 2)
    assert found.spikes == pytest.approx(sum(half.spikes for half in halves) / 2)
    few = measure(branched, data[1], counted=7)
    assert few.accuracy == found.accuracy and few.synaptic_ops != found.synaptic_ops
    assert COUNTED == 200


def test_spikes_and_operations_are_those_of_the_profile(branched, data):
    """The same counts as `edgesnn profile` shows, by another way: silent input drives no synapse behind the first."""
    model = lower(branched, "m")
    counted = activity(model, model.encode(data[1].samples.numpy()))
    found = measure(branched, data[1])
    assert found.synaptic_ops == sum(item.synaptic_adds for item in counted.values())
    assert found.spikes == sum(item.spikes or 0 for name, item in counted.items() if name.startswith("fire"))


def test_entropies_are_means_over_layers(branched, data):
    """H(rate) of each of the three neuron layers; of each of the five synapse layers the mean H(codes) of a channel."""
    model = lower(branched, "m")
    counted = activity(model, model.encode(data[1].samples.numpy()))
    rates = [counted[name].rate for name in ("fire1", "fire2", "fire3")]
    rows = [
        node.op.weight.reshape(len(node.op.weight), -1) for node in model.nodes if isinstance(node.op, Conv | Dense)
    ]
    by_layer = []
    for weights in rows:
        shares = [np.unique(row, return_counts=True)[1] / len(row) for row in weights]
        by_layer.append(np.mean([-(p * np.log2(p)).sum() for p in shares]))
    found = measure(branched, data[1])
    assert found.spike_entropy == pytest.approx(sum(-r * math.log2(r) - (1 - r) * math.log2(1 - r) for r in rates) / 3)
    assert len(rows) == 5 and found.weight_entropy == pytest.approx(np.mean(by_layer))


@pytest.mark.parametrize(
    ("bits", "zero_free"), [(1, True), (2, True), (2, False), (4, True), (4, False), (8, True), (8, False)]
)
def test_packed_weights_take_in_c_what_the_report_says(bits, zero_free):
    """Within 1 %, where channels fill the words of the generated C."""
    rng = np.random.default_rng(0)
    codes = np.arange(-(1 << bits - 1), 1 << bits - 1)
    grid = 2 * codes + 1 if zero_free else codes
    neuron = QuantizedLif([-1, 0, 1], [-1, 0, 1], -1, 9, state_bits=2)
    nodes = (
        Node("x", Input((64, 6, 6), 0, 1)),
        Node("a", Conv(rng.choice(grid, (64, 64, 3, 3)), bits, zero_free=zero_free), ("x",)),
        Node("n", neuron, ("a",)),
        Node("b", Conv(rng.choice(grid, (32, 64, 4, 4)), bits, zero_free=zero_free), ("n",)),
        Node("f", Reshape((32,)), ("b",)),
        Node("y", Membrane(), ("f",)),
    )
    model, mcu = Model("m", nodes, 2), target("mcu")
    stored = mcu.storage(model, mcu.board("host"))
    assert sum(item.weight_bytes for item in stored.values()) == pytest.approx(weight_bytes(model), rel=0.01)


def test_ternary_weights_take_no_more_than_the_report_says():
    """It counts 2 bits a weight; -1, 0 and 1 lie five to a byte where flash matters, which are 1.6."""
    weight = np.random.default_rng(0).integers(-1, 2, (320, 64))
    nodes = (Node("x", Input((64,), -1, 1)), Node("a", Dense(weight, 2), ("x",)), Node("y", Membrane(), ("a",)))
    model, mcu = Model("m", nodes, 2), target("mcu")
    stored = mcu.storage(model, mcu.board("host"))["a"].weight_bytes
    assert weight_bytes(model) == 320 * 64 / 4
    assert stored == pytest.approx(320 * 64 / 5, rel=0.01)


@pytest.mark.parametrize("state_bits", [2, 4, 8])
def test_packed_states_take_in_c_what_the_report_says(state_bits):
    model, mcu = q_snn_like(state_bits), target("mcu")
    stored = mcu.storage(model, mcu.board("host")).values()
    assert sum(item.state_bytes for item in stored) == pytest.approx(state_bytes(model), rel=0.01)


@pytest.mark.parametrize("bits", [2, 4])
def test_the_reported_size_is_found_in_the_program(bits, tmp_path):
    """QP-SNN compressed to a few bits: what the report says of its weights, and the constants in the ELF that they
    are (Wei et al., ICLR 2025, count a network by the packed bits of its weights)."""
    generator = torch.Generator().manual_seed(0)
    few = Split(torch.randint(0, 256, (8, 28, 28), generator=generator), torch.arange(8))
    recipe = {"stages": [{"stage": "weights", "kind": "zero_free", "bits": bits, "layers": ["inner"]}]}
    done = edgesnn.compress(QpSnn(bits=8), recipe, (few, few))
    mcu = target("mcu")
    artifact = mcu.build(done.model, mcu.board("mps2-an386"), tmp_path / "build")
    with artifact.main.open("rb") as file:
        symbols = list(ELFFile(file).get_section_by_name(".symtab").iter_symbols())
    packed = [s["st_size"] for s in symbols if s.name.startswith("k_") and s.name.endswith("_weight")]
    assert len(packed) == 5
    assert sum(packed) == pytest.approx(done.end.weight_bytes, rel=0.01)
    ends, inner = 25 * 32 + 10 * 576, 9 * 64 * (32 + 64 + 64)
    assert done.end.weight_bytes == ends + inner * bits // 8
    assert done.start.weight_bytes == ends + inner
