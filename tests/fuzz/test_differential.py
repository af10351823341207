"""Random models in every executor: a few here, hundreds in `make fuzz`. Equal, integer by integer, or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesnn.integer import run
from edgesnn.target import target
from tests.fuzz.campaign import LOIHI_EVERY, make
from tests.fuzz.executors import EXECUTORS

SEED = 2026
MODELS = {
    "onnx-runtime": range(20),
    "c-sanitized": range(12),
    "tflite:litert": range(10),
    "tflite:litert-variables": range(10, 13),
    "tflite:tflite-runtime": range(13, 17),
    "mcu:mps2-an386": range(5),
    "loihi:lava-sim": (0, 3, 4, 6, 11),  # of the others it refuses products of activity
}
"""Numbers of the models that each executor sees here."""


def test_no_executor_is_left_out() -> None:
    assert set(MODELS) == set(EXECUTORS)


@pytest.mark.parametrize(("name", "number"), [(name, number) for name, numbers in MODELS.items() for number in numbers])
def test_agrees_with_the_interpreter(tmp_path: Path, name: str, number: int) -> None:
    executor = EXECUTORS[name]
    model, x = make(SEED, number)
    assert executor.refusals(model) == []
    expected = run(model, x, record=[node.name for node in model.nodes])
    assert executor.difference(model, x, expected, tmp_path) is None


@pytest.mark.parametrize("number", range(LOIHI_EVERY - 1, 8 * LOIHI_EVERY, LOIHI_EVERY))
def test_models_made_for_loihi_need_no_microcode_in_their_spiking_layers(number: int) -> None:
    model, _ = make(SEED, number)
    loihi = target("loihi")
    needing = [problem.where for problem in loihi.check(model, loihi.board("loihi2-stock"))]
    assert [name for name in needing if name != model.nodes[-1].name] == []
