"""What the tests share: a model built, run in real Lava, and held against the interpreter at every step."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edgesnn.integer import Array, Model, Node, Run, run
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Input
from edgesnn.targets.loihi import LoihiTarget
from edgesnn.targets.loihi.network import network_of
from edgesnn.targets.loihi.session import LoihiSession

TARGET = LoihiTarget()


def chain(*ops: Operator, time_steps: int = 5, streaming: bool = False) -> Model:
    """A model whose nodes follow each other, named by kind and position (input0, dense1, ...)."""
    nodes: list[Node] = []
    for op in ops:
        inputs = (nodes[-1].name,) if nodes else ()
        nodes.append(Node(f"{op.kind.lower()}{len(nodes)}", op, inputs))
    return Model("chain", tuple(nodes), time_steps, streaming)


def opened(model: Model, folder: Path, board: str = "lava-sim") -> LoihiSession:
    session = TARGET.open(TARGET.build(model, TARGET.board(board), folder / "bundle"))
    assert isinstance(session, LoihiSession)
    return session


def samples_for(model: Model, samples: int = 4, seed: int = 0, time_steps: int | None = None) -> Array:
    """Random inputs; the first two samples are the ends of the input range."""
    op = model.nodes[0].op
    assert isinstance(op, Input)
    shape = (samples, time_steps or model.time_steps, *op.shape)
    x = np.random.default_rng(seed).integers(op.low, op.high, shape, endpoint=True)
    x[0], x[1:2] = op.low, op.high
    return x


def assert_exact(model: Model, folder: Path, x: Array | None = None, board: str = "lava-sim") -> Run:
    """Runs x in Lava; every layer's output and states equal the interpreter's at every step."""
    x = samples_for(model) if x is None else x
    session = opened(model, folder, board)
    expected = run(model, x, session.observable())
    wrong, first = session.first_difference(x, expected)
    assert (wrong, first) == (0, None), str(first)
    return expected


def stock_names(model: Model) -> list[str]:
    """Layers that run on Loihi's own neuron."""
    return [group.name for group in network_of(model).groups if group.stock]


def reasons(model: Model) -> str:
    """Why layers need microcode."""
    return "\n".join(network_of(model).notes())


def rules(model: Model, board: str = "lava-sim") -> set[str]:
    return {problem.rule for problem in TARGET.check(model, TARGET.board(board))}
