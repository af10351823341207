"""Changes of structure are data: stored, read back, and applied to a fresh network."""

from __future__ import annotations

import json

import pytest
import torch

from edgesnn import structure
from edgesnn.errors import ConfigError, LoweringError, ModelError
from edgesnn.layers import GradedLif, IntegrateFire, Lif, QuantInput, QuantizedLif, QuantLinear, TernaryLif
from edgesnn.layers.weights import BinaryWeight, ZeroFreeWeight
from edgesnn.structure import InputMax, KeepChannels, ReplaceNeuron, TimeSteps, Unit, WeightGrid
from edgesnn.structure.select import select_neurons, select_synapses
from edgesnn.structure.wiring import wiring
from tests.networks import Branched, Plain, lively

CHANGES = (
    KeepChannels("conv2", outputs=(0, 3, 5), inputs=None),
    KeepChannels("conv3", outputs=None, inputs=(0, 3, 5)),
    WeightGrid("conv3", "zero_free", 2, gamma="max"),
    WeightGrid("conv2", "binary", 1),
    ReplaceNeuron("lif1", "quantized_lif", 4),
    Unit("conv1", 64),
    InputMax("head", 3),
    TimeSteps("image", 3),
)


def test_a_fresh_network_gets_the_same_shape_from_what_was_stored():
    first, second = Plain(), Plain()
    structure.apply(first, CHANGES)
    stored = json.loads(json.dumps(structure.write(CHANGES)))
    assert structure.read(stored, "here") == CHANGES
    structure.apply(second, structure.read(stored, "here"))
    second.load_state_dict(first.state_dict())
    assert isinstance(second.conv3.quantise, ZeroFreeWeight) and second.conv3.quantise.choice == "max"
    assert isinstance(second.conv2.quantise, BinaryWeight) and isinstance(second.lif1, QuantizedLif)
    assert (second.conv1.unit, second.head.input_max, second.image.time_steps) == (64, 3, 3)
    raw = torch.randint(0, 256, (5, 12, 12))
    assert torch.equal(lively(first, 1)(raw), lively(second, 1)(raw))


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ([{"change": "keep_chanels", "layer": "a"}], "'keep_chanels' is unknown. Did you mean keep_channels"),
        ([{"change": "unit", "layer": "a", "unti": 3}], "unknown key 'unti' of unit. Did you mean unit"),
        ([{"change": "unit", "layer": "a"}], "unit: unit is missing"),
        ([{"change": "unit", "layer": "a", "unit": "3"}], "unit: unit is '3'"),
        ([{"layer": "a"}], "has no change"),
        ("nothing", "has no change"),
        ([{"change": "keep_channels", "layer": "a", "outputs": [1, "2"]}], r"outputs\[1\] is '2'"),
    ],
)
def test_what_is_not_understood_is_refused(tables, problem):
    with pytest.raises(ConfigError, match=problem):
        structure.read(tables, "stage 1")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (KeepChannels("conv9", (0,)), "conv9: is no synapse layer of Plain"),
        (KeepChannels("conv2", ()), "has 8 channels"),
        (ReplaceNeuron("conv1", "lif"), "conv1: is no neuron layer"),
        (ReplaceNeuron("lif1", "liv"), "neuron 'liv' is unknown"),
        (TimeSteps("conv1", 2), "conv1: is no input layer"),
        (TimeSteps("image", 0), "cannot present a sample 0 times"),
    ],
)
def test_what_does_not_fit_is_refused(change, problem):
    with pytest.raises(ModelError, match=problem):
        change.apply(Plain())


def test_folded_weights_stay_on_their_grid():
    network = Plain()
    network.conv2 = QuantLinear(3, 3, folded=True)
    with pytest.raises(ModelError, match="conv2: is folded"):
        WeightGrid("conv2", "linear", 4).apply(network)


@pytest.mark.parametrize(
    ("old", "kind", "new"),
    [
        (Lif(voltage_decay=1024), "quantized_lif", lambda n: isinstance(n, QuantizedLif) and n.leak == 0.75),
        (QuantizedLif(leak=0.5), "lif", lambda n: isinstance(n, Lif) and n.voltage_decay == 2048),
        (Lif(voltage_decay=1024), "ternary_lif", lambda n: isinstance(n, TernaryLif) and n.leak_shift == 2),
        (IntegrateFire(), "ternary_lif", lambda n: n.leak_shift == 0),
        (TernaryLif(leak_shift=3), "graded_lif", lambda n: isinstance(n, GradedLif) and n.voltage_decay == 512),
        (GradedLif(voltage_decay=2048), "quantized_lif", lambda n: n.leak == 0.5),
    ],
)
def test_another_neuron_keeps_the_leak(old, kind, new):
    network = Plain()
    network.lif1 = old
    ReplaceNeuron("lif1", kind, 8).apply(network)
    assert new(network.lif1)


def test_a_leak_that_is_no_shift_is_refused():
    network = Plain()
    network.lif1 = Lif(voltage_decay=1000)
    with pytest.raises(ModelError, match="no power of two"):
        ReplaceNeuron("lif1", "ternary_lif").apply(network)


def test_layers_are_named_in_order_of_execution():
    network = Branched()
    assert select_synapses(network, ["all"]) == ["stem", "main", "skip", "joined", "head"]
    assert select_synapses(network, ["inner"]) == ["main", "skip", "joined"]
    assert select_synapses(network, ["first", "last"]) == ["stem", "head"]
    assert select_synapses(network, ["conv", "!s*"]) == ["main", "joined"]
    assert select_synapses(network, ["linear"]) == ["head"]
    assert select_synapses(network, ["!main"]) == []
    assert select_neurons(network, ["inner"]) == ["fire2"]
    with pytest.raises(ConfigError, match=r"'mian' is no layer\. Did you mean main"):
        select_synapses(network, ["mian"])


def test_wiring_sees_through_additions_and_concatenations():
    found = wiring(Branched())
    assert found.drivers == {"fire1": {"stem"}, "fire2": {"main", "skip"}, "fire3": {"joined"}}
    assert found.readers == {"fire1": {"main", "skip", "joined"}, "fire2": {"joined"}, "fire3": {"head"}}


def test_control_flow_on_data_is_refused():
    class Bad(Plain):
        def forward(self, raw):
            return super().forward(raw) if raw.sum() > 0 else None

    with pytest.raises(LoweringError, match="cannot be traced"):
        select_synapses(Bad(), ["all"])


def test_the_input_layer_may_repeat_only_what_has_no_time_axis():
    from edgesnn.integer import Encoding

    network = Plain()
    network.image = QuantInput((1, 12, 12), 2, Encoding(repeat=False))
    with pytest.raises(ModelError, match="time axis"):
        TimeSteps("image", 3).apply(network)
