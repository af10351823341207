"""A .tflite file running in a stock interpreter, one time step a call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from edgesnn.errors import ModelError, ToolError
from edgesnn.integer import Array, Model, Node, Run, Trace
from edgesnn.target import Artifact, Cost, Session, batches
from edgesnn.targets.tflite.cost import file_cost
from edgesnn.targets.tflite.layout import device_shape, from_device
from edgesnn.targets.tflite.process import InterpreterProcess
from edgesnn.targets.tflite.program import output_tensor, write_file
from edgesnn.targets.tflite.runner import OUTPUT
from edgesnn.targets.tflite.states import state_name, state_tensor

RUN_BATCH, TRACE_BATCH = 256, 16
"""Samples sent at once; bounds memory and changes nothing else."""


class TfliteSession(Session):
    """`step` and `run` use the interpreter as a phone would, with its default delegates.

    `trace` takes the scores, and the states where they are results of the signature, from that interpreter too. The
    outputs of inner nodes (and states in variables) come from a twin of the file, the same operators with more results.
    """

    def __init__(self, artifact: Artifact, process: InterpreterProcess, form: str) -> None:
        self.model: Model = artifact.model
        self.artifact, self.form = artifact, form
        self._process = process
        self._scratch = TemporaryDirectory(prefix="edgesnn-tflite-")
        self._steps = 0

    def reset(self) -> None:
        self._process.ask("reset")
        self._steps = 0

    def step(self, x: Array) -> Array:
        """Raises ModelError on a wrong shape, values outside the input range, or more steps than are proven."""
        model = self.model
        if not model.streaming and self._steps >= model.time_steps:
            raise ModelError(model.name, f"more than its {model.time_steps} time steps", "Reset between samples")
        reply = self._process.ask("step", {"x": self._checked(np.asarray(x), ())})
        self._steps += 1
        return self._output(reply, ())

    def run(self, x: Array) -> Array:
        self._steps = 0
        outputs = [self._run(part) for part in batches(np.asarray(x), RUN_BATCH)]
        self.reset()
        return np.concatenate(outputs)

    def _run(self, x: Array) -> Array:
        return self._output(self._process.ask("run", {"x": self._checked(x, x.shape[:2])}), (len(x),))

    def trace(self, x: Array, names: Collection[str]) -> Run:
        parts = [self._trace(part, names) for part in batches(np.asarray(x), TRACE_BATCH)]
        self.reset()
        traces = {
            name: Trace(
                np.concatenate([part.traces[name].output for part in parts]),
                {
                    state: np.concatenate([part.traces[name].states[state] for part in parts])
                    for state in parts[0].traces[name].states
                },
            )
            for name in parts[0].traces
        }
        return Run(np.concatenate([part.output for part in parts]), traces, {})

    def _trace(self, x: Array, names: Collection[str]) -> Run:
        nodes = [node for node in self.model.nodes if node.name in names]
        pairs = [(node.name, spec.name) for node in nodes for spec in self.model.states_of(node)]
        outputs = {node.name: output_tensor(node.name) for node in nodes} | {self.model.nodes[-1].name: OUTPUT}
        returned = self.form == "explicit"
        states = {pair: (state_name if returned else state_tensor)(*pair) for pair in pairs}
        reply = self._process.ask(
            "trace",
            {"x": self._checked(x, x.shape[:2])},
            twin=str(self._twin()),
            results=list(states.values()) if returned else [],
            inner=[outputs[node.name] for node in nodes if outputs[node.name] != OUTPUT]
            + ([] if returned else list(states.values())),
        )
        traces = {node.name: self._node_trace(reply, node, x, outputs[node.name], states) for node in nodes}
        return Run(self._expected(reply, OUTPUT, (*x.shape[:2], self.model.output.size))[:, -1], traces, {})

    def _node_trace(
        self, reply: Mapping[str, Array], node: Node, x: Array, output: str, states: Mapping[tuple[str, str], str]
    ) -> Trace:
        kept = {
            spec.name: self._taken(reply, states[node.name, spec.name], x, spec.shape)
            for spec in self.model.states_of(node)
        }
        return Trace(self._taken(reply, output, x, self.model.signal(node.name).shape), kept)

    def _twin(self) -> Path:
        """The file's twin that shows inner nodes, written when first needed."""
        path = Path(self._scratch.name) / "observed.tflite"
        if not path.exists():
            path.write_bytes(write_file(self.model, self.form, observed=True))
        return path

    def cost(self, x: Array, cycles: bool = True) -> Cost:
        return file_cost(self.model, self.artifact.main.read_bytes())

    def close(self) -> None:
        self._process.close()
        self._scratch.cleanup()

    def _checked(self, x: Array, lead: tuple[int, ...]) -> Array:
        """The samples as the signature wants them: int8, in range, of the model's shape after the `lead` axes."""
        model = self.model
        if x.shape != (*lead, *model.input.shape):
            raise ModelError(
                model.name, f"input of shape {x.shape[len(lead) :]}, not {model.input.shape}", "Reshape it"
            )
        if len(lead) == 2 and (0 in lead or (not model.streaming and lead[1] > model.time_steps)):
            problem = f"{lead[0]} samples of {lead[1]} time steps"
            raise ModelError(model.name, problem, f"Give samples of 1 to {model.time_steps} steps")
        checked, _ = model.input_op.step((x,), ())
        return checked.astype(np.int8)

    def _output(self, reply: Mapping[str, Array], lead: tuple[int, ...]) -> Array:
        return self._expected(reply, OUTPUT, (*lead, *self.model.output.shape))

    def _taken(self, reply: Mapping[str, Array], name: str, x: Array, shape: tuple[int, ...]) -> Array:
        """A traced tensor (samples, T, *device shape) in the model's order."""
        value = self._expected(reply, name, (*x.shape[:2], *device_shape(shape)[1:]))
        return from_device(value, len(shape))

    def _expected(self, reply: Mapping[str, Array], name: str, shape: tuple[int, ...]) -> Array:
        value = reply.get(name)
        if value is None or value.shape != shape or value.dtype.kind not in "iu":
            found = "nothing" if value is None else f"{value.dtype} of shape {value.shape}"
            raise ToolError(
                str(self.artifact.main), f"the interpreter gave {found} for {name}, not integers of shape {shape}",
                "Build the file again",
            )  # fmt: skip
        return value.astype(np.int64)
