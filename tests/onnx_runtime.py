"""The second oracle: an integer model's ONNX file in ONNX Runtime, which knows nothing of edgesnn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import onnxruntime

from edgesnn.integer import Array, Model, Run, Trace
from edgesnn.integer.file import to_onnx


def open_session(data: bytes) -> Any:
    """One thread: results do not depend on it, and the machine is shared."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def run(model: Model, x: Array, record: Collection[str] = ()) -> Run:
    """Samples from a reset state, as `edgesnn.integer.run` gives them but without counters."""
    session = open_session(to_onnx(model, probes=bool(record)).SerializeToString())
    return run_session(session, model, x, record)


def run_session(session: Any, model: Model, x: Array, record: Collection[str] = ()) -> Run:
    names = {node.name: [spec.name for spec in model.states_of(node)] for node in model.nodes}
    inputs = {info.name: info for info in session.get_inputs()}
    (x_name,) = [name for name in inputs if name.endswith(".x")]
    states = {name: np.zeros((len(x), *info.shape[1:]), np.int32) for name, info in inputs.items() if name != x_name}
    wanted = [info.name for info in session.get_outputs()]
    steps: list[Mapping[str, Array]] = []
    for t in range(x.shape[1]):
        given = session.run(wanted, {x_name: x[:, t].astype(np.int8), **states})
        values = dict(zip(wanted, given, strict=True))
        states = {name: values[f"{name}.next"] for name in states}
        steps.append(values)
    traces = {name: _trace(steps, name, names[name]) for name in record}
    return Run(steps[-1][model.nodes[-1].name].astype(np.int64), traces, {})


def _trace(steps: list[Mapping[str, Array]], name: str, states: list[str]) -> Trace:
    def stacked(key: str) -> Array:
        return np.stack([values[key] for values in steps], axis=1).astype(np.int64)

    return Trace(stacked(name), {state: stacked(f"{name}.{state}.next") for state in states})
