"""Models built once for all tests of boards."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import pytest

from edgesnn.integer import Array, Encoding, Model, Node
from edgesnn.integer.ops import Dense, Input, IntegrateFire, Membrane
from edgesnn.target import Artifact
from edgesnn.targets.mcu import McuTarget, boards
from edgesnn.targets.mcu.backend import EMULATORS
from tests.factory import attention_like, q_snn_like, q_snn_loihi_like, ternary_like

TARGET = McuTarget()
EMULATED = sorted(name for name, board in TARGET.boards().items() if boards.facts_of(board).run.kind in EMULATORS)


def many_classes(seed: int = 0) -> Model:
    """More outputs than a frame holds, more steps than one run, and an input that changes at every step."""
    rng = np.random.default_rng(seed)
    nodes = (
        Node("x", Input((20,), -3, 3)),
        Node("hidden", Dense(rng.integers(-20, 21, (33, 20)), 8), ("x",)),
        Node("fire", IntegrateFire(threshold=50), ("hidden",)),
        Node("head", Dense(rng.integers(-9, 10, (100, 33)), 8), ("fire",)),
        Node("scores", Membrane(), ("head",)),
    )
    return Model("many_classes", nodes, time_steps=80, encoding=Encoding(repeat=False))


MODELS: dict[str, Callable[[], Model]] = {
    "q_snn_like": q_snn_like,
    "q_snn_loihi_like": q_snn_loihi_like,
    "many_classes": many_classes,
    "ternary_like": ternary_like,
    "attention_like": attention_like,
}


@functools.cache
def model(name: str) -> Model:
    return MODELS[name]()


def samples(of: Model, count: int, seed: int = 0) -> Array:
    """Random model input (samples, T, *shape): repeated at every step where the model's encoding repeats."""
    rng = np.random.default_rng(seed)
    low, high = of.input_op.low, of.input_op.high
    steps = of.time_steps if of.name in ("many_classes", "ternary_like") else 1
    x = rng.integers(low, high + 1, (count, steps, *of.input.shape))
    x *= rng.random(x.shape) < 0.3
    return np.broadcast_to(x, (count, of.time_steps, *of.input.shape))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Artifact]:
    """Artifact of (model, board), built when first asked for."""

    @functools.cache
    def build(name: str, board: str) -> Artifact:
        return TARGET.build(model(name), TARGET.board(board), tmp_path_factory.mktemp(f"{name}-{board}") / "build")

    return build
