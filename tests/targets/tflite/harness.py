"""Builds a model's .tflite file, runs it in a stock interpreter, and compares every node and state."""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from edgesnn.compare import first_difference, wrong_samples
from edgesnn.environments import second_python
from edgesnn.integer import Array, Interval, Meaning, Model, Node, Signal, run
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Input, Membrane, Reshape
from edgesnn.target import Artifact, Session
from edgesnn.targets.tflite import TfliteTarget, runner
from edgesnn.targets.tflite.process import InterpreterProcess
from edgesnn.targets.tflite.session import TfliteSession

TARGET = TfliteTarget()

OLDER_RUNTIME_PYTHON = (3, 11)
"""The newest Python that tflite-runtime 2.14 is published for."""


def second_version() -> tuple[int, ...]:
    """Version of the second environment's Python."""
    code = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run([str(second_python()), "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return tuple(map(int, done.stdout.split()))


needs_older_runtime = pytest.mark.skipif(
    second_version() > OLDER_RUNTIME_PYTHON, reason="tflite-runtime 2.14 has no wheel for Python 3.12 and newer"
)
OLDER_BOARDS = [
    pytest.param(name, marks=needs_older_runtime) for name in ("tflite-runtime", "tflite-runtime-variables")
]


def chain(shape: tuple[int, ...], *operators: Operator, low: int = 0, high: int = 1, time_steps: int = 6) -> Model:
    """Operators one after the other behind an input of that shape, then flattened into a readout of the last step."""
    nodes = [Node("x", Input(shape, low, high))]
    for number, op in enumerate(operators):
        nodes.append(Node(f"n{number}", op, (nodes[-1].name,)))
    size = Reshape((_size(nodes),))
    readout = Membrane(voltage_decay=4096)  # forgets everything: no more range than one step needs
    nodes += [Node("flat", size, (nodes[-1].name,)), Node("scores", readout, ("flat",))]
    return Model("chain", tuple(nodes), time_steps)


def _size(nodes: list[Node]) -> int:
    """The number of outputs of the last node."""
    signals: dict[str, Signal] = {}
    for node in nodes:
        inputs = tuple(signals[name] for name in node.inputs)
        shape = node.op.output_shape(inputs)
        signals[node.name] = Signal(shape, Meaning.GRADED, Interval.zero(shape))
    return signals[nodes[-1].name].size


def samples(model: Model, count: int, seed: int = 0) -> Array:
    """Random input (count, T, *shape) over the whole range; the first sample is its top, the second its bottom."""
    op = model.input_op
    rng = np.random.default_rng(seed)
    x = rng.integers(op.low, op.high, (count, model.time_steps, *op.shape), endpoint=True)
    x[:1], x[1:2] = op.high, op.low
    return x


def build(model: Model, folder: Path, board: str = "litert") -> Artifact:
    assert TARGET.check(model, TARGET.board(board)) == []
    return TARGET.build(model, TARGET.board(board), folder)


@contextmanager
def running(model: Model, folder: Path, board: str = "litert") -> Iterator[Session]:
    with TARGET.open(build(model, folder, board)) as session:
        yield session


def assert_exact(model: Model, x: Array, folder: Path, board: str = "litert") -> None:
    """Outputs and states of every node at every step, and the scores of the plain run, equal the reference's."""
    with running(model, folder, board) as session:
        assert_session_exact(session, x)


def assert_exact_here(model: Model, x: Array, folder: Path, board: str = "litert") -> None:
    """The same with LiteRT in this process: quicker for many small models."""
    artifact = build(model, folder, board)
    with TfliteSession(artifact, Here(artifact.main), artifact.board.facts["states"]) as session:
        assert_session_exact(session, x)


def assert_session_exact(session: Session, x: Array) -> None:
    names = [node.name for node in session.model.nodes]
    reference = run(session.model, x, record=names)
    actual = session.trace(x, session.observable())
    assert list(actual.traces) == names
    assert all(set(actual.traces[name].states) == set(reference.traces[name].states) for name in names)
    assert first_difference(reference, actual) is None
    assert not len(wrong_samples(reference, actual))
    assert np.array_equal(session.run(x), reference.output)


class Here(InterpreterProcess):
    """The runner's side of the pipe, called directly."""

    def __init__(self, path: Path) -> None:
        self._server = runner.Server(importlib.import_module("ai_edge_litert.interpreter"), str(path))

    def ask(
        self, verb: str, arrays: runner.Arrays | None = None, seconds: float = 0, **details: object
    ) -> runner.Arrays:
        return self._server.verbs[verb](details, arrays or {})

    def close(self) -> None:
        del self._server
