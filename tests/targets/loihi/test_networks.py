"""Whole networks in Lava: layers of every kind, skips, readouts, many samples back to back."""

from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import ModelError
from edgesnn.integer import Interpreter, Model, Node, run
from edgesnn.integer.ops import (
    Add,
    Concat,
    Conv,
    Dense,
    FirstSpike,
    Input,
    Lif,
    MaxPool,
    Membrane,
    Rescale,
    Reshape,
    SpikeCount,
    SumPool,
)
from edgesnn.targets.loihi.network import network_of
from tests.factory import q_snn_like, q_snn_loihi_like
from tests.targets.loihi.lava import assert_exact, chain, opened, samples_for, stock_names

RNG = np.random.default_rng(11)


def weights(*shape: int) -> np.ndarray:
    return RNG.integers(-60, 61, shape)


def images(model: Model, samples: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    return model.encode(rng.integers(0, 256, (samples, 784)) * (rng.random((samples, 784)) < 0.3))


def test_network_of_stock_neurons_20_samples(tmp_path: Path) -> None:
    model = q_snn_loihi_like()
    assert stock_names(model) == ["lif1", "lif2", "pool2", "lif3", "pool3", "scores"]
    assert_exact(model, tmp_path, images(model, 20), board="loihi2-stock")


@pytest.mark.parametrize("state_bits", [8, 2])
def test_network_of_microcode_neurons(state_bits: int, tmp_path: Path) -> None:
    model = q_snn_like(state_bits)
    assert_exact(model, tmp_path, images(model, 4))


def residual() -> Model:
    """Skips over one and two layers, a branch of odd composed weights beyond int8, spikes added to spikes."""
    nodes = [
        Node("x", Input((2, 6, 6), 0, 1)),
        Node("conv_a", Conv(weights(3, 2, 3, 3), padding=(1,) * 4), ("x",)),
        Node("lif_a", Lif(60, voltage_decay=1024), ("conv_a",)),
        Node("conv_b", Conv(weights(3, 3, 3, 3), padding=(1,) * 4), ("lif_a",)),
        Node("lif_b", Lif(80, current_decay=3000), ("conv_b",)),
        Node("conv_x", Conv(weights(3, 2, 1, 1)), ("x",)),
        Node("both", Add(), ("lif_a", "lif_b")),
        Node("conv_c", Conv(2 * weights(3, 3, 1, 1) + 1), ("both",)),
        Node("sum", Add(), ("conv_c", "conv_x")),
        Node("lif_c", Lif(70), ("sum",)),
        Node("pool_c", MaxPool((2, 2), stride=(1, 1)), ("lif_c",)),
        Node("pool_b", SumPool((2, 2), stride=(1, 1)), ("lif_b",)),
        Node("join", Concat(), ("pool_c", "pool_b")),
        Node("flat", Reshape((150,)), ("join",)),
        Node("head", Dense(weights(4, 150)), ("flat",)),
        Node("scores", Membrane(), ("head",)),
    ]
    return Model("residual", tuple(nodes), 6)


def test_skips_arrive_at_the_right_step(tmp_path: Path) -> None:
    model = residual()
    delays = {(c.source, c.target): c.delay for c in network_of(model).connections}
    assert delays[("x", "lif_c")] == 2 and delays[("lif_a", "lif_c")] == 1 and delays[("lif_b", "scores")] == 2
    assert_exact(model, tmp_path)


def test_weights_of_two_synapses(tmp_path: Path) -> None:
    """101 * 3 is odd and beyond int8: one synapse cannot hold it."""
    nodes = [
        Node("x", Input((4,), 0, 1)),
        Node("once", Dense(2 * weights(2, 4) + 1), ("x",)),
        Node("twice", Add(), ("once", "once")),
        Node("thrice", Add(), ("twice", "once")),
        Node("lif", Lif(150), ("thrice",)),
        Node("count", SpikeCount(), ("lif",)),
    ]
    model = Model("thrice", tuple(nodes), 5)
    assert [len(c.synapses) for c in network_of(model).connections] == [2]
    assert_exact(model, tmp_path)


def test_rescaled_values_travel_as_graded_messages(tmp_path: Path) -> None:
    """A Rescale that a synapse reads is a layer of its own; signs survive, so does its offset between samples."""
    model = chain(
        Input((5,), -128, 127), Dense(weights(7, 5)), Rescale(3, 1000, 5, -128, 127), Dense(weights(6, 7)),
        Lif(400), Dense(weights(3, 6)), Rescale(5, -9, 2), Membrane(),
    )  # fmt: skip
    assert [group.name for group in network_of(model).groups] == ["input0", "rescale2", "lif4", "membrane7"]
    assert_exact(model, tmp_path)


def test_linear_rescale_is_part_of_the_synapses(tmp_path: Path) -> None:
    model = chain(
        Input((5,), 0, 3), Dense(weights(4, 5)), Rescale([8, 16, -8, 24], [7, -9, 100, 0], 3), Lif(90), SpikeCount()
    )
    assert stock_names(model) == ["lif3"]
    assert_exact(model, tmp_path, board="loihi2-stock")


@pytest.mark.parametrize("readout", [SpikeCount(), FirstSpike(3), FirstSpike(40)], ids=["count", "first", "late"])
def test_readouts_of_spikes_from_several_layers(readout: SpikeCount | FirstSpike, tmp_path: Path) -> None:
    nodes = [
        Node("x", Input((6,), 0, 1)),
        Node("a", Dense(weights(4, 6)), ("x",)),
        Node("lif_a", Lif(100), ("a",)),
        Node("b", Dense(weights(3, 4)), ("lif_a",)),
        Node("lif_b", Lif(40), ("b",)),
        Node("ab", Concat(), ("lif_a", "lif_b")),
        Node("abx", Concat(), ("ab", "x")),
        Node("out", readout, ("abx",)),
    ]
    assert_exact(Model("readouts", tuple(nodes), 7), tmp_path)


def test_one_time_step_and_silent_synapses(tmp_path: Path) -> None:
    model = chain(Input((3,), 0, 1), Dense(np.zeros((4, 3), int)), Lif(3, bias=256), Dense(weights(2, 4)), Membrane(),
                  time_steps=1)  # fmt: skip
    assert_exact(model, tmp_path)


def test_streaming_beyond_its_time_steps(tmp_path: Path) -> None:
    model = chain(
        Input((3,), -1, 1), Dense(weights(4, 3)), Lif(50, voltage_decay=64), Dense(weights(2, 4)),
        Membrane(voltage_decay=400, fraction_bits=6), time_steps=2, streaming=True,
    )  # fmt: skip
    assert_exact(model, tmp_path, samples_for(model, time_steps=30))


def test_steps_and_samples_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = chain(Input((3,), 0, 5), Dense(weights(4, 3)), Lif(150), Dense(weights(2, 4)), Membrane(), time_steps=2)
    session, x = opened(model, tmp_path), samples_for(model)
    monkeypatch.setattr("edgesnn.targets.loihi.session.STEPS_MAX", 4)
    assert len(session.parts(x, ())) == 2
    np.testing.assert_array_equal(session.run(x), run(model, x).output)
    interpreter = Interpreter(model)
    for t in range(2):
        np.testing.assert_array_equal(session.step(x[2, t]), interpreter.step(x[2:3, t])[0])
    with pytest.raises(ModelError, match="more than its 2 time steps"):
        session.step(x[2, 0])
    session.reset()
    interpreter.reset(1)
    np.testing.assert_array_equal(session.step(x[3, 0]), interpreter.step(x[3:4, 0])[0])
    with pytest.raises(ModelError, match="leave the declared range"):
        session.step(np.full(3, 6))
    with pytest.raises(ModelError, match="input of shape"):
        session.step(np.zeros((3, 1), int))
    with pytest.raises(ModelError, match="are not \\(samples, steps"):
        session.run(x[:, :, :2])


def test_cost_counts_events(tmp_path: Path) -> None:
    model = chain(Input((3,), 0, 1), Dense([[2, 2, 0], [0, 2, 0]]), Lif(1), Dense([[2, 2]]), Membrane(), time_steps=2)
    session = opened(model, tmp_path)
    cost = session.cost(np.array([[[1, 1, 1], [0, 1, 0]]]))
    # inputs 0, 1, 2 reach 1, 2, 0 neurons: 3 + 2 operations. Both neurons fire in both steps, one synapse each: 4
    assert cost.layers["lif2"].synaptic_adds == 5 and cost.layers["membrane4"].synaptic_adds == 4
    assert cost.layers["input0"].spikes == 4 and cost.layers["lif2"].spikes == 4 and cost.layers["lif2"].rate == 1
    assert cost.layers["lif2"].weight_bytes == 3 and cost.layers["lif2"].state_bytes == 12
    assert cost.notes[0] == "events an inference: 9 synaptic operations, 6 neuron updates, 8 spikes"
    assert cost.file_bytes is not None and cost.energy is None
