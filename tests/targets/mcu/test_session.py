"""Models on boards: equal to the interpreter in every output, state and step; a planted difference is named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from edgesnn.compare import first_difference, wrong_samples
from edgesnn.errors import LinkError, ModelError, TargetError
from edgesnn.integer import Model, Node, run
from edgesnn.integer.ops import Conv
from edgesnn.target import Artifact
from tests.targets.mcu.conftest import MODELS, TARGET, model, samples

BOARDS = ("host", "mps2-an386")
Build = Callable[[str, str], Artifact]


def everything(of: Model) -> list[str]:
    return [node.name for node in of.nodes]


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("name", sorted(MODELS))
def test_exact_by_digest(built: Build, name: str, board: str) -> None:
    artifact = built(name, board)
    x = samples(artifact.model, 3)
    expected = run(artifact.model, x, record=everything(artifact.model))
    with TARGET.open(artifact) as session:
        assert (session.run(x) == expected.output).all()
        assert session.first_difference(x, expected) == (0, None)
        assert (session.decide(x) == np.argmax(expected.output, axis=-1)).all()


@pytest.mark.parametrize(
    ("name", "board"), [*((name, "host") for name in sorted(MODELS)), ("many_classes", "mps2-an386")]
)
def test_exact_word_by_word(built: Build, name: str, board: str) -> None:
    """All outputs and states read out and compared here, not on the device."""
    artifact = built(name, board)
    x = samples(artifact.model, 2, seed=1)
    with TARGET.open(artifact) as session:
        actual = session.trace(x, session.observable())
    expected = run(artifact.model, x, record=everything(artifact.model))
    assert first_difference(expected, actual) is None
    assert {artifact.model.by_name[name].op.kind for name in set(expected.traces) - set(actual.traces)} <= {"Rescale"}
    for node in (artifact.model.by_name[name] for name in actual.traces):
        assert set(actual.traces[node.name].states) == {spec.name for spec in artifact.model.states_of(node)}
        assert actual.traces[node.name].output.shape == expected.traces[node.name].output.shape


def with_another_weight(of: Model) -> Model:
    """The same model with one weight of conv1 one larger."""
    node = of.by_name["conv1"]
    assert isinstance(node.op, Conv)
    weight = node.op.weight.copy()
    weight[3, 0, 1, 1] += 1
    changed = Node(node.name, dataclasses.replace(node.op, weight=weight), node.inputs)
    return of.replace(nodes=tuple(changed if each is node else each for each in of.nodes))


@pytest.mark.parametrize("board", BOARDS)
def test_a_planted_difference_is_named(board: str, tmp_path: Path) -> None:
    """One weight in the generated C is wrong: the session names what comparing two interpreters names."""
    right = model("q_snn_like")
    wrong = with_another_weight(right)
    artifact = dataclasses.replace(TARGET.build(wrong, TARGET.board(board), tmp_path / "build"), model=right)
    x = samples(right, 4).copy()
    x[:2] = 0  # silent samples cannot tell
    expected, actual = (run(each, x, record=everything(right)) for each in (right, wrong))
    difference = first_difference(expected, actual)
    assert difference is not None
    assert (difference.sample, difference.step, difference.layer) == (2, 0, "conv1")
    with TARGET.open(artifact) as session:
        assert session.first_difference(x, expected) == (len(wrong_samples(expected, actual)), difference)


def test_steps_are_those_of_a_run(built: Build) -> None:
    artifact = built("q_snn_like", "host")
    x = samples(artifact.model, 1)
    with TARGET.open(artifact) as session:
        session.reset()
        for values in x[0]:
            last = session.step(values)
        assert (last == session.run(x)[0]).all()
        session.reset()
        assert (session.step(x[0, 0]) == run(artifact.model, x[:, :1]).output[0]).all()


def test_a_session_refuses_what_the_interpreter_refuses(built: Build) -> None:
    artifact = built("q_snn_like", "host")
    x = samples(artifact.model, 1)
    with TARGET.open(artifact) as session:
        for wrong in (x[0], x[..., :-1], x - 100, np.concatenate([x, x], axis=1), x[:0]):
            with pytest.raises(ModelError):
                session.run(wrong)
        with pytest.raises(ModelError):
            session.step(x[0])


def test_a_device_with_another_build_is_refused(built: Build, tmp_path: Path) -> None:
    artifact = built("q_snn_like", "host")
    other = TARGET.build(with_another_weight(artifact.model), artifact.board, tmp_path / "other")
    with pytest.raises(LinkError, match="another build of q_snn_like"):
        TARGET.open(dataclasses.replace(artifact, main=other.main))
    third = built("many_classes", "host")
    with pytest.raises(LinkError, match="runs the model 'many_classes', not 'q_snn_like'"):
        TARGET.open(dataclasses.replace(artifact, main=third.main))


def test_a_program_that_is_no_firmware(built: Build, tmp_path: Path) -> None:
    artifact = built("q_snn_like", "host")
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho out of order >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(LinkError, match="ended with exit code 3: out of order"):
        TARGET.open(dataclasses.replace(artifact, main=program))
    with pytest.raises(TargetError, match="is not there"):
        TARGET.open(dataclasses.replace(artifact, main=tmp_path / "nothing"))


def test_a_port_that_is_not_there(built: Build) -> None:
    with pytest.raises(LinkError, match="cannot be opened"):
        TARGET.open(built("q_snn_like", "host"), port="/dev/no-such-port")


def test_flashing_says_what_was_done(built: Build) -> None:
    emulated, hosted = built("many_classes", "mps2-an386"), built("many_classes", "host")
    assert "loaded by the emulator" in TARGET.flash(emulated)
    assert "runs as a process" in TARGET.flash(hosted)
    assert "nothing is written to /dev/ttyACM0" in TARGET.flash(emulated, "/dev/ttyACM0")
