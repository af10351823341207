"""What cannot be exact is refused before anything is built, by a named rule that says what to change."""

from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import BoardError, TargetError, UnsupportedModelError
from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Add, Conv, Dense, Input, Lif, Membrane, Rescale, Reshape, SpikeCount
from tests.targets.loihi.lava import TARGET, chain, rules

ONES = np.ones((1, 1), int)


def graded(weight: int, *rest: object) -> Model:
    """One wide value that a Rescale emits because an Add reads it twice."""
    nodes = [
        Node("x", Input((3,), -128, 127)),
        Node("a", Dense(np.full((2, 3), 127)), ("x",)),
        Node("wide", Rescale(weight, 1, 0, high=(1 << 31) - 2), ("a",)),
        Node("sum", Add(), ("wide", "wide")),
        Node("narrow", Rescale(shift=20), ("sum",)),
        Node("scores", Membrane(), ("narrow",)),
    ]
    return Model("graded", tuple(nodes), 1)


def doublings(times: int) -> Model:
    """A composed weight of 100 * 2^times."""
    nodes = [Node("x", Input((1,), 0, 1)), Node("n0", Dense([[101]]), ("x",))]
    for number in range(times):
        nodes.append(Node(f"n{number + 1}", Add(), (f"n{number}", f"n{number}")))
    nodes.append(Node("scores", Membrane(), (f"n{times}",)))
    return Model("doublings", tuple(nodes), 1)


def long_skip(layers: int) -> Model:
    nodes = [Node("x", Input((1,), 0, 1)), Node("skip", Dense([[3]]), ("x",))]
    last = "x"
    for number in range(layers):
        nodes += [Node(f"d{number}", Dense([[5]]), (last,)), Node(f"lif{number}", Lif(2), (f"d{number}",))]
        last = f"lif{number}"
    nodes += [Node("d", Dense([[5]]), (last,)), Node("sum", Add(), ("d", "skip")), Node("scores", Membrane(), ("sum",))]
    return Model("long_skip", tuple(nodes), 2)


REFUSED = {
    "weight-grid": (doublings(9), "scores", "reach 51712, beyond 32639"),
    "message-width": (graded(500), "wide", "24-bit graded spike"),
    "accumulator-width": (
        chain(Input((700,), -128, 127), Dense(np.full((1, 700), 127)), Rescale(shift=8), Membrane()),
        "membrane3",
        "may reach 11379200, beyond a 24-bit accumulator",
    ),
    "state-width": (
        chain(Input((1,), 0, 127), Dense([[127]]), Membrane(fraction_bits=14), time_steps=1), "membrane2", "state v"
    ),
    "skip-delay": (long_skip(63), "scores", "must wait 63 time steps, beyond 62"),
    "group-count": (long_skip(63), "model", "65 layers exceed 64"),
    "time-steps": (chain(Input((1,), 0, 1), Membrane(), time_steps=16385), "chain", "16385 time steps"),
    "synapse-count": (
        chain(Input((8, 128, 128), 0, 1), Conv(np.ones((8, 8, 3, 3), int), stride=(1, 1), padding=(1,) * 4), Lif(5),
              Reshape((131072,)), Dense(np.ones((1, 131072), int)), Membrane(), time_steps=1),
        "conv1", "synapses exceed 8388608",
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", REFUSED)
def test_refused_by_name(rule: str, tmp_path: Path) -> None:
    model, where, words = REFUSED[rule]
    found = [problem for problem in TARGET.check(model, TARGET.board()) if problem.rule == rule]
    assert len(found) == 1 and found[0].where == where and words in found[0].problem and found[0].remedy
    with pytest.raises(UnsupportedModelError):
        TARGET.build(model, TARGET.board(), tmp_path / "bundle")
    assert not list(tmp_path.iterdir())


def test_just_within_the_rules() -> None:
    assert rules(doublings(8)) == set()
    assert rules(graded(80)) == set()
    assert "skip-delay" not in rules(long_skip(62))


def test_stock_board_refuses_microcode(tmp_path: Path) -> None:
    model = chain(Input((1,), 0, 1), Dense([[3]]), Lif(2, reset=2), SpikeCount())
    (problem,) = TARGET.check(model, TARGET.board("loihi2-stock"))
    assert (problem.where, problem.rule) == ("lif2", "stock-neuron")
    artifact = TARGET.build(model, TARGET.board("lava-sim"), tmp_path / "bundle")
    assert artifact.notes == (f"lif2: needs neuron microcode on real Loihi 2, because {problem.problem}",)
    assert artifact.notes[0] in (tmp_path / "bundle" / "README.md").read_text()


def test_unknown_board_and_port(tmp_path: Path) -> None:
    with pytest.raises(BoardError, match="Did you mean lava-sim"):
        TARGET.board("lava_sim")
    artifact = TARGET.build(chain(Input((1,), 0, 1), Membrane()), TARGET.board(), tmp_path / "bundle")
    for verb in (TARGET.flash, TARGET.open):
        with pytest.raises(TargetError, match="has no ports"):
            verb(artifact, "/dev/ttyUSB0")
    assert "Nothing to flash" in TARGET.flash(artifact)
    artifact.main.unlink()
    with pytest.raises(TargetError, match="Build the model first"):
        TARGET.open(artifact)
