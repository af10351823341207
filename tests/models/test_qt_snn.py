"""QT-SNN as it is in the zoo: its widths, its symmetry, what it hears in the sample, and what is stored on a board."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
import torch
from elftools.elf.elffile import ELFFile

import edgesnn
from edgesnn import datasets
from edgesnn.api import listen
from edgesnn.encode import front_end_of
from edgesnn.errors import ConfigError
from edgesnn.integer import Array, Model, run
from edgesnn.integer.ops import Dense, Membrane, TernaryLif
from edgesnn.models.qt_snn.last_steps import LastSteps
from edgesnn.models.qt_snn.model import QtSnn
from edgesnn.models.qt_snn.teacher import LEVEL, LinearTeacher
from edgesnn.samples import spikes_of
from edgesnn.target import target

WIDTHS = {"qt_snn": (4, 8), "qt_snn_2w4u": (2, 4), "qt_snn_eeg": (4, 8)}
FLOAT_BYTES = 4
RECORDINGS, DIGITS = datasets.recordings("fsdd", "test", 30)
HEARD = {
    "qt_snn": "012345678901234567890123456789",
    "qt_snn_2w4u": "012345678901234587890123456789",
}
"""What the networks make of the thirty recordings that the package brings along, in their order."""


@functools.cache
def spikes(name: str) -> Array:
    """Of the packaged digits, or of random walks in the place of EEG."""
    rng = np.random.default_rng(1)
    walks = [rng.normal(0, 100, (50, 28)).cumsum(axis=0).astype(np.int16) for _ in range(30)]
    return spikes_of(edgesnn.load(name), walks if name == "qt_snn_eeg" else RECORDINGS)


def ops(model: Model, kind: type) -> list:  # type: ignore[type-arg]
    return [node.op for node in model.nodes if isinstance(node.op, kind)]


@pytest.mark.parametrize("name", WIDTHS)
def test_weights_and_membranes_have_the_widths_of_the_name(name: str) -> None:
    model = edgesnn.load(name)
    weights, states = WIDTHS[name]
    assert {op.weight_bits for op in ops(model, Dense)} == {weights}
    assert {op.state_bits for op in ops(model, TernaryLif)} == {states}
    largest = (1 << (weights - 1)) - 1
    assert all(np.abs(op.weight).max() <= largest and not op.bias.any() for op in ops(model, Dense))


@pytest.mark.parametrize("name", WIDTHS)
def test_the_front_end_is_part_of_the_file(name: str) -> None:
    front_end = front_end_of(edgesnn.load(name))
    assert front_end is not None
    expected = ("channels", 28, 50) if name == "qt_snn_eeg" else ("speech", 24, 50)
    assert (front_end.kind, front_end.channels, front_end.steps) == expected


@pytest.mark.parametrize("name", WIDTHS)
def test_opposite_spikes_give_opposite_scores(name: str) -> None:
    """Of real recordings and of noise, after every step."""
    model, rng = edgesnn.load(name), np.random.default_rng(0)
    x = np.concatenate([spikes(name)[:10], rng.integers(-1, 2, (10, model.time_steps, *model.input.shape))])
    scores, opposite = (run(model, sign * x, record=[model.nodes[-1].name]) for sign in (1, -1))
    each, other = (found.traces[model.nodes[-1].name].output for found in (scores, opposite))
    assert np.array_equal(each, -other)
    assert np.abs(each).max() > 0


@pytest.mark.parametrize("name", HEARD)
def test_digits_of_the_sample(name: str) -> None:
    found = run(edgesnn.load(name), spikes(name)).output.argmax(axis=1)
    assert "".join(map(str, found)) == HEARD[name]


@pytest.mark.parametrize("name", WIDTHS)
def test_potentials_keep_to_their_codes_and_clipping_is_counted(name: str) -> None:
    model = edgesnn.load(name)
    neurons = [node.name for node in model.nodes if isinstance(node.op, TernaryLif)]
    found = run(model, spikes(name), record=neurons, count=True)
    for neuron in neurons:
        limit = (1 << (WIDTHS[name][1] - 1)) - 1
        assert np.abs(found.traces[neuron].states["v"]).max() <= limit
        assert (found.counters[neuron].clipped > 0).any()


@pytest.mark.parametrize("name", HEARD)
def test_the_board_hears_what_the_reference_hears(name: str) -> None:
    heard = listen(name, target="mcu", board="mps2-an386", data="fsdd", limit=2)
    assert heard.exact


def test_only_the_last_steps_are_heard() -> None:
    """Integers in eval mode as in training."""
    heard = LastSteps(6, 2)
    for mode in (True, False):
        out = heard.train(mode)(torch.ones(6, 3, 4))
        assert torch.equal(out[:, 0, 0], torch.tensor([0.0, 0, 0, 0, 1, 1]))


def test_the_linear_teacher_weighs_mean_levels() -> None:
    """Of the last two steps: 2.5 thresholds where the levels are 3 and 2."""
    teacher = LinearTeacher(inputs=2, heard=2)
    with torch.no_grad():
        teacher.weigh.weight[1] = torch.tensor([1.0, 0])
    spikes = torch.tensor([[[1, 0], [1, -1], [1, 0], [-1, 1]]])
    assert torch.equal(teacher(spikes), torch.tensor([[[0.0, 2.5 / LEVEL]]]))
    assert torch.equal(teacher.weights(), torch.tensor([[-0.5, 0], [0.5, 0]]) / LEVEL)


def test_a_network_that_starts_from_its_teacher_ranks_as_it_does() -> None:
    """Without any training; the head, of 4 bits, speaks for one class with as much as it speaks against the other."""
    torch.manual_seed(0)
    spikes = torch.randint(-1, 2, (200, 20, 6), dtype=torch.int8)
    teacher = LinearTeacher(inputs=6, heard=5)
    torch.nn.init.normal_(teacher.weigh.weight)
    network = QtSnn(6, 20, [64], 2, leaks=[0], reaches=[4], resets=["none"], heard=5)
    network.start_from(teacher)
    network.eval()
    with torch.no_grad():
        own, wanted = (torch.diff(scores(spikes)[-1]).flatten() for scores in (network, teacher))
    assert torch.corrcoef(torch.stack([own, wanted]))[0, 1] > 0.8
    assert torch.equal(network.head.weight[0], -network.head.weight[1])
    with pytest.raises(ConfigError, match="one hidden layer"):
        QtSnn(6, 20, [64, 64], 2, heard=5).start_from(teacher)


def test_less_than_a_sixteenth_of_floats(tmp_path: Path) -> None:
    """Ternary weights, 4-bit potentials: the constants and the state found in the ELF take at least 94 % less than the
    same network's weights and potentials in float32. The front end, which both would need, is left out."""
    model, place = edgesnn.load("qt_snn_2w4u"), target("mcu")
    artifact = place.build(model, place.board("mps2-an386"), tmp_path / "build")
    with artifact.main.open("rb") as file:  # type: ignore[attr-defined]
        symbols = list(ELFFile(file).get_section_by_name(".symtab").iter_symbols())
    constants = sum(s["st_size"] for s in symbols if s.name.startswith("k_") and "front" not in s.name)
    (state,) = {s["st_size"] for s in symbols if s.name == "state"}
    neurons = sum(model.signal(node.name).size for node in model.nodes if isinstance(node.op, TernaryLif | Membrane))
    floats = FLOAT_BYTES * (sum(op.weight.size for op in ops(model, Dense)) + neurons)
    assert constants > sum(op.weight.size for op in ops(model, Dense)) / 5  # five ternary weights a byte
    assert constants + state <= 0.06 * floats
