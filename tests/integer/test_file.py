"""Model files: what is saved comes back, the same bytes for the same model, and any ONNX program can run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.compare import first_difference
from edgesnn.errors import FileError
from edgesnn.integer import Encoding, Metadata, Model, Node, run
from edgesnn.integer.file import from_onnx, load, save, to_onnx
from edgesnn.integer.onnx_functions import function, signature
from edgesnn.integer.ops import OPERATORS, Dense, Input, Lif, Membrane
from tests import onnx_runtime
from tests.factory import attention_like, q_snn_like, q_snn_loihi_like, ternary_like
from tests.fuzz.strategies import integer_models, samples_for

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "onnx-file.md"


def small() -> Model:
    nodes = (
        Node("image", Input((4,), 0, 100)),
        Node("dense", Dense([[1, -1, 1, 1], [1, 1, -1, -1]], weight_bits=1, bias=[3, -5]), ("image",)),
        Node("lif", Lif(threshold=20, current_decay=2048, voltage_decay=1024, fraction_bits=2), ("dense",)),
        Node("scores", Membrane(bias=[0, 1]), ("lif",)),
    )
    metadata = Metadata("a network", ("no", "yes"), recipe={"steps": (1, 2), "rate": 0.1, "nothing": None})
    return Model("small", nodes, 5, encoding=Encoding(0, 100, 0, 0), metadata=metadata)


@given(integer_models())
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, model: Model) -> None:
    path = tmp_path_factory.mktemp("models") / "model.onnx"
    save(model, path)
    assert load(path) == model
    assert from_onnx(to_onnx(model, probes=True)) == model


@pytest.mark.parametrize(
    "model", [q_snn_like(), q_snn_loihi_like(), attention_like(), ternary_like(), small()], ids=lambda model: model.name
)
def test_round_trip_keeps_everything(tmp_path: Path, model: Model) -> None:
    save(model, tmp_path / "model.onnx")
    loaded = load(tmp_path / "model.onnx")
    assert loaded == model
    assert loaded.metadata == model.metadata
    assert loaded.encoding == model.encoding


@given(integer_models(), st.integers(0, 1 << 32))
def test_onnx_runtime_agrees(model: Model, seed: int) -> None:
    onnx.checker.check_model(to_onnx(model, probes=True), full_check=True)
    x = samples_for(model, np.random.default_rng(seed))
    names = [node.name for node in model.nodes]
    assert first_difference(run(model, x, names), onnx_runtime.run(model, x, names)) is None


ZOO_SHAPES = [q_snn_like(2), q_snn_loihi_like(), attention_like(), ternary_like()]


@pytest.mark.parametrize("model", ZOO_SHAPES, ids=lambda model: model.name)
def test_onnx_runtime_agrees_on_networks_of_the_zoo_s_shape(model: Model) -> None:
    x = samples_for(model, np.random.default_rng(0), 3)
    names = [node.name for node in model.nodes]
    assert first_difference(run(model, x, names), onnx_runtime.run(model, x, names)) is None


def test_equal_models_give_equal_bytes(tmp_path: Path) -> None:
    save(small(), tmp_path / "a.onnx")
    save(load(tmp_path / "a.onnx"), tmp_path / "b.onnx")
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.onnx", "b.onnx"]


def test_numbers_may_be_numpy_s(tmp_path: Path) -> None:
    metadata = Metadata(dt_s=np.float32(0.1), output_unit=np.float64(3.0))
    model = small().replace(time_steps=np.int64(5), streaming=np.bool_(False), metadata=metadata)
    save(model, tmp_path / "model.onnx")
    assert load(tmp_path / "model.onnx") == model


def test_other_tools_may_annotate(tmp_path: Path) -> None:
    """Shape inference adds shapes and documentation; the model is the same."""
    proto = onnx.shape_inference.infer_shapes(to_onnx(small()), strict_mode=True)
    proto.graph.doc_string = proto.graph.node[1].doc_string = proto.graph.initializer[0].doc_string = "checked"
    onnx.save(proto, tmp_path / "model.onnx")
    assert load(tmp_path / "model.onnx") == small()


def test_function_bodies_are_ignored() -> None:
    proto = to_onnx(small())
    for body in proto.functions:
        del body.node[:]
    assert from_onnx(proto) == small()


def test_runs_without_edgesnn(tmp_path: Path) -> None:
    """The documented program, in an interpreter that has ONNX Runtime and NumPy but cannot import edgesnn."""
    model = q_snn_like()
    rng = np.random.default_rng(1)
    x = model.encode(rng.integers(0, 256, (4, 28, 28)))
    save(model, tmp_path / "model.onnx")
    np.save(tmp_path / "x.npy", x.astype(np.int8))
    program = DOCUMENTATION.read_text().split("```python\n")[1].split("```")[0]
    ban = "import sys; sys.modules['edgesnn'] = None\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", ban + program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == run(model, x).output.tolist()


def test_every_operator_is_one_function() -> None:
    kinds = {name: function(kind) for name, kind in OPERATORS.items()}
    assert all(list(kinds[name].output) == list(signature(kind).outputs) for name, kind in OPERATORS.items())
    graph = to_onnx(q_snn_like())
    assert len({call.op_type for call in graph.graph.node}) == len(graph.functions) < len(graph.graph.node)


def test_low_bit_weights_take_half_a_byte() -> None:
    tensors = {tensor.name: tensor for tensor in to_onnx(q_snn_like()).graph.initializer}
    assert tensors["conv2.weight"].data_type == onnx.TensorProto.INT4
    assert len(tensors["conv2.weight"].raw_data) == 32 * 16 * 9 // 2
    assert len(tensors["head.weight"].raw_data) == 10 * 576


def test_a_current_without_memory_is_a_constant() -> None:
    proto = to_onnx(q_snn_loihi_like())
    assert "lif1.u" not in [value.name for value in proto.graph.input]
    assert "lif1.u" in [tensor.name for tensor in proto.graph.initializer]


def test_cannot_write_keeps_the_good_file(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        save(small(), path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.onnx"]
