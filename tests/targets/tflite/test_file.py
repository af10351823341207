"""What is in the file and beside it, read back with the format's own classes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgesnn.integer import Encoding, Model, decide, run
from edgesnn.target import Artifact
from edgesnn.targets.tflite.flatbuffer import VERSIONS, schema
from tests.factory import attention_like, q_snn_like, q_snn_loihi_like, ternary_like
from tests.targets.tflite.harness import TARGET, build, running, samples

FORMS = ("litert", "litert-variables")


def read(artifact: Artifact) -> Any:
    return schema().ModelT.InitFromPackedBuf(artifact.main.read_bytes(), 0)


def arguments(maps: Any) -> dict[str, int]:
    return {entry.name.decode(): entry.tensorIndex for entry in maps or []}


@pytest.mark.parametrize("model", [q_snn_loihi_like(), ternary_like(), attention_like()], ids=lambda model: model.name)
@pytest.mark.parametrize("board", FORMS)
def test_built_in_operators_of_known_versions_only(board: str, model: Model, tmp_path: Path) -> None:
    artifact = build(model, tmp_path, board)
    assert artifact.main.read_bytes()[4:8] == b"TFL3"
    names = {number: name for name, number in vars(schema().BuiltinOperator).items() if not name.startswith("_")}
    for code in read(artifact).operatorCodes:
        assert code.customCode is None
        assert code.version == VERSIONS[names[code.builtinCode]]
        assert code.deprecatedBuiltinCode == min(code.builtinCode, 127)


def test_step_has_the_states_as_arguments_and_results(tmp_path: Path) -> None:
    model = q_snn_like()
    root = read(build(model, tmp_path))
    (step,) = root.signatureDefs
    tensors = root.subgraphs[step.subgraphIndex].tensors
    inputs, outputs = arguments(step.inputs), arguments(step.outputs)
    states = {"lif1_v": [1, 14, 14, 16], "lif2_v": [1, 14, 14, 32], "lif3_v": [1, 7, 7, 64], "scores_v": [1, 10]}
    assert step.signatureKey == b"step"
    assert {name: tensors[tensor].shape.tolist() for name, tensor in inputs.items()} == {
        "input": [1, 1, 28, 28], **states
    }  # fmt: skip
    assert {name: tensors[tensor].shape.tolist() for name, tensor in outputs.items()} == {"output": [1, 10], **states}
    types = schema().TensorType
    assert {name: tensors[tensor].type for name, tensor in inputs.items()} == {
        "input": types.INT8, "lif1_v": types.INT8, "lif2_v": types.INT8, "lif3_v": types.INT8, "scores_v": types.INT32
    }  # fmt: skip


def test_variables_leave_step_with_input_and_output(tmp_path: Path) -> None:
    root = read(build(q_snn_like(), tmp_path, "litert-variables"))
    signatures = {entry.signatureKey.decode(): entry for entry in root.signatureDefs}
    assert set(signatures) == {"step", "reset"}
    assert set(arguments(signatures["step"].inputs)) == {"input"}
    assert set(arguments(signatures["step"].outputs)) == {"output"}
    assert arguments(signatures["reset"].inputs) == {}


@pytest.mark.parametrize("board", FORMS)
def test_manifest_in_the_file_and_beside_it(board: str, tmp_path: Path) -> None:
    model = q_snn_like()
    artifact = build(model, tmp_path, board)
    root, data = read(artifact), artifact.main.read_bytes()
    (entry,) = root.metadata
    inside = json.loads(bytes(root.buffers[entry.buffer].data))
    beside = json.loads((tmp_path / "q_snn_like.tflite.json").read_text())
    assert entry.name == b"edgesnn"
    assert beside == {
        **inside, "file": "q_snn_like.tflite", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()
    }  # fmt: skip
    assert inside["input"] == {"name": "input", "dtype": "int8", "shape": [1, 1, 28, 28], "range": [0, 127]}
    assert inside["time_steps"] == 2
    assert inside["classes"] == list("0123456789")
    assert inside["encoding"]["shift"] == 1
    assert "lowest index" in inside["decision"]
    assert b"lowest index" in root.description


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    a, b = build(q_snn_like(), tmp_path / "a"), build(q_snn_like(), tmp_path / "b")
    assert a.main.read_bytes() == b.main.read_bytes()


@pytest.mark.parametrize("board", FORMS)
def test_the_readme_example_runs(board: str, tmp_path: Path) -> None:
    """In a process without edgesnn, from the built folder."""
    model = q_snn_loihi_like()
    build(model, tmp_path, board)
    code = (tmp_path / "README.md").read_text().split("```python\n")[1].split("```")[0]
    x = samples(model, 5)
    x[:] = x[:, :1]
    np.save(tmp_path / "x.npy", x[:, :1].astype(np.int8))
    code += "\nprint([classify(x) for x in np.load('x.npy')])"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == decide(run(model, x).output).tolist()


def test_readme_says_how_to_encode(tmp_path: Path) -> None:
    build(q_snn_like().replace(encoding=Encoding(-9, 90, -4, 3, repeat=False)), tmp_path)
    text = (tmp_path / "README.md").read_text()
    assert "(raw - -4) >> 3 of raw data from -9 to 90" in text
    assert "the next input at every step" in text
    assert "{" not in text.replace("{name: np", "").split("```")[0]


@pytest.mark.parametrize("board", FORMS)
def test_cost_is_the_files(board: str, tmp_path: Path) -> None:
    model = q_snn_like()
    with running(model, tmp_path, board) as session:
        cost = session.cost(samples(model, 1))
    size = (tmp_path / "q_snn_like.tflite").stat().st_size
    assert cost.flash_bytes == cost.file_bytes == size
    assert sum(part for memory, _, part in cost.memory_map if memory == "flash") == size
    assert sum(part for memory, _, part in cost.memory_map if memory == "ram") == cost.ram_bytes
    assert cost.layers["lif2"].state_bytes == 14 * 14 * 32
    assert cost.layers["head"].weight_bytes >= 5760
    assert all(layer.arena_bytes <= cost.ram_bytes for layer in cost.layers.values())
    assert cost.instructions is None


def test_flash_names_the_digest(tmp_path: Path) -> None:
    artifact = build(q_snn_like(), tmp_path)
    assert hashlib.sha256(artifact.main.read_bytes()).hexdigest()[:16] in TARGET.flash(artifact)


def test_limits_and_boards() -> None:
    assert TARGET.default_board in TARGET.boards()
    assert all(TARGET.limits(board).notes for board in TARGET.boards().values())
    assert [what for what, _, _ in TARGET.doctor()] == ["ai-edge-litert", "tflite-runtime"]
    assert TARGET.doctor()[0][1]


def test_a_model_name_is_the_files_name(tmp_path: Path) -> None:
    model: Model = q_snn_like().replace(name="digits")
    artifact = build(model, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "digits.tflite", "digits.tflite.json"]
    assert artifact.main == tmp_path / "digits.tflite"
