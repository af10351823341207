"""Memory as it is stored: weights at their true width, parameters in the narrowest type, all of it found in the ELF."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
from elftools.elf.elffile import ELFFile

from edgesnn.errors import UnsupportedModelError
from edgesnn.integer import Model
from edgesnn.integer.ops import Conv, Dense, Input, Membrane, Rescale, Reshape
from edgesnn.integer.ops.neuron import Neuron
from edgesnn.integer.ops.readout import Readout
from edgesnn.target import Artifact
from edgesnn.targets.mcu.codegen import generate, pairs, weights
from tests.factory import attention_like, q_snn_like, ternary_like
from tests.targets.mcu.chain import chain, synapses
from tests.targets.mcu.conftest import TARGET, samples
from tests.targets.mcu.shapes import qp_like, qt_like

FLOAT_BYTES = 4
NETWORKS = [q_snn_like(), *(qp_like(bits) for bits in (8, 4, 2)),
            *(qt_like(w, u) for w, u in ((1, 2), (2, 4), (4, 8), (8, 8)))]  # fmt: skip


def synaptic(model: Model) -> list[Dense | Conv]:
    return [node.op for node in model.nodes if isinstance(node.op, Dense | Conv)]


def packed_bytes(op: Dense | Conv, prefer: str = "flash") -> int:
    """The file that the weights make without any gap: five to a byte, or at their width."""
    if weights.choose(op, False, prefer) is weights.BASE_3:
        return math.ceil(op.weight.size / 5)
    return math.ceil(op.weight.size * op.weight_bits / 8)


@pytest.mark.parametrize("model", NETWORKS, ids=lambda model: model.name)
@pytest.mark.parametrize("prefer", ["flash", "speed"])
def test_weights_take_what_they_need(model: Model, prefer: str) -> None:
    """Within 1 % of the file of packed weights. Signs have a row of zeros more in each layer; small windows of pixels
    have 12 weights of 16 bits for each output, where speed is preferred."""
    nodes = [node for node in generate(model, prefer).layout.nodes if node.synapse_bytes]
    stored = sum(node.synapse_bytes for node in nodes)
    packed = sum(
        24 * len(op.weight) if node.weight_form == pairs.FORM.text else packed_bytes(op, prefer)
        for node, op in zip(nodes, synaptic(model), strict=True)
    )
    zero_rows = sum(len(op.weight) // 8 for op in synaptic(model) if op.weight_bits == 1)
    assert packed <= stored - zero_rows <= 1.01 * packed


@pytest.mark.parametrize("form", ["8", "4zf", "4", "2zf", "2", "ternary", "1"])
@pytest.mark.parametrize(("outputs", "groups"), [(40, 40), (39, 3), (10, 1), (33, 1), (3, 1), (128, 1)])
def test_no_form_pads_rows(form: str, outputs: int, groups: int) -> None:
    """Depthwise, in groups, and sizes that fill no byte: at most a row of signs and four bytes more than the bits."""
    conv = Conv(**synapses(form, 0, outputs, 7, 3, 3), groups=groups)
    model = chain("m", Input((7 * groups, 3, 3), 0, 1), conv, Reshape((outputs,)), Membrane())
    each = outputs // groups
    bits = 8 * (each // 5) + 2 * (each % 5) if form == "ternary" else each * conv.weight_bits
    needed = math.ceil(63 * groups * bits / 8)
    zero_row = each // 8 if form == "1" else 0
    assert needed <= generate(model).layout.by_name["n1"].synapse_bytes <= needed + zero_row + 4


def test_parameters_take_the_narrowest_type() -> None:
    """Scales in 16 bits, offsets and biases too where they fit; a scalar is stored once, equal arrays as well."""
    source, each = Input((64,), -9, 9), np.arange(64)
    model = chain(
        "m", source, Dense(np.ones((64, 64), int), 2, each), Rescale(each, each), Rescale(each, each << 12, 13),
        Rescale(3, 5), Rescale(each << 13, 7, 10, -9, 9), Membrane(),
    )  # fmt: skip
    layout, record, synapse = generate(model).layout, 24, 40
    parameters = [node.weight_bytes - node.synapse_bytes for node in layout.nodes]
    assert parameters[1:6] == [synapse + 2 * 64, record, record + 4 * 64, record + 2 * 2, record + 2 * 4 * 64]


@pytest.fixture(scope="module", params=["qt_like_2w4u", "qp_like_2", "attention_like", "ternary_like"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    makers = {"qt_like_2w4u": qt_like(2, 4), "qp_like_2": qp_like(2)}
    model = (
        makers.get(request.param) or {"attention_like": attention_like, "ternary_like": ternary_like}[request.param]()
    )
    return TARGET.build(model, TARGET.board("mps2-an386"), tmp_path_factory.mktemp(request.param) / "build")


def test_the_report_is_the_program(built: Artifact) -> None:
    """What the layout and the report say of the model's data is in the ELF's symbols, to the byte."""
    with built.main.open("rb") as file:
        symbols = list(ELFFile(file).get_section_by_name(".symtab").iter_symbols())
    constants = sum(s["st_size"] for s in symbols if s.name.startswith("k_"))
    (state,) = {s["st_size"] for s in symbols if s.name == "state"}
    (arena,) = {s["st_size"] for s in symbols if s.name == "arena"}
    layout = generate(built.model, "balance").layout
    assert (constants, state, arena) == (layout.weight_bytes, layout.state_bytes, layout.arena_bytes)
    with TARGET.open(built) as session:
        cost = session.cost(samples(built.model, 1), cycles=False)
    assert sum(layer.weight_bytes for layer in cost.layers.values()) == constants
    assert 0 <= state - sum(layer.state_bytes for layer in cost.layers.values()) <= 3
    forms = {node.name: node.weight_form for node in layout.nodes if node.weight_form}
    (note,) = [note for note in cost.notes if note.startswith("weights are stored in")]
    assert all(name in note and form in note for name, form in forms.items())


def test_less_than_a_sixteenth_of_floats(tmp_path: Path) -> None:
    """Ternary weights, 4-bit potentials: at least 94 % less than the same network in float32. Counted against it are
    all constants and states of the program: weights, scales, thresholds, records of shapes."""
    model = qt_like(2, 4)
    board = TARGET.board("mps2-an386")
    board = dataclasses.replace(board, facts={**board.facts, "prefer": "flash"})
    artifact = TARGET.build(model, board, tmp_path / "build")
    with TARGET.open(artifact) as session:
        layers = session.cost(samples(model, 1), cycles=False).layers.values()
    stored = sum(layer.weight_bytes + layer.state_bytes for layer in layers)
    neurons = sum(model.signal(node.name).size for node in model.nodes if isinstance(node.op, Neuron | Readout))
    floats = FLOAT_BYTES * (sum(op.weight.size for op in synaptic(model)) + neurons)
    assert stored <= 0.06 * floats


def test_sizes_beyond_16_bits_are_refused() -> None:
    """The layer, the limit, the value, and what to do."""
    model = chain("m", Input((70_000,), 0, 1), Dense(np.ones((2, 70_000), int), 2), Membrane())
    (problem,) = TARGET.check(model, TARGET.board("host"))
    assert (problem.where, problem.rule) == ("n1", "unsupported")
    assert "channels is 70000; kernels count to 65535" in problem.problem
    assert problem.remedy
    with pytest.raises(UnsupportedModelError, match="n1: its channels is 65536"):
        generate(chain("m", Input((1 << 16, 1), -9, 9), Rescale(3), Rescale(3), Reshape((1 << 16,)), Membrane()))
