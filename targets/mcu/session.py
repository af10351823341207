"""A model running on a board, driven over its serial link."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator

import numpy as np

from edgesnn import integer
from edgesnn.compare import Difference, first_difference
from edgesnn.errors import LinkError, ModelError
from edgesnn.integer import Array, Model, Run
from edgesnn.link import Area, Counter, Device, Mode, StepResult, Stop
from edgesnn.target import BreakEven, Cost, Heard, Session, WorstCase
from edgesnn.targets.mcu import break_even, hearing, image, worst_case
from edgesnn.targets.mcu.codegen import Layout, NodeLayout

LONGEST_RUN = 64  # steps that a device does without a word in between


class McuSession(Session):
    """Implements Session over a Device.

    Args:
        measure: called by `cost` with this session, the samples, and whether cycles are to be modelled.
        release: called when the session is closed, whatever the device does.
        marker_pin: where the board's marker pin is, if it has one.
        core: the processor's name, if it is known.
    """

    def __init__(
        self,
        model: Model,
        layout: Layout,
        device: Device,
        measure: Callable[[McuSession, Array, bool], Cost],
        release: Callable[[], object],
        marker_pin: str | None = None,
        core: str | None = None,
    ) -> None:
        self.model, self.layout, self.device, self.marker_pin = model, layout, device, marker_pin
        self._measure, self._release, self.core = measure, release, core

    def close(self) -> None:
        self.device.close()
        self._release()

    def reset(self) -> None:
        self.device.reset()

    def step(self, x: Array) -> Array:
        self.device.load(self._checked(np.asarray(x)[None, None])[0, 0])
        return _finished(self.device, self.device.step()).output

    def run(self, x: Array) -> Array:
        return np.stack([self.sample(sample).output for sample in self._checked(x)])

    def sample(self, x: Array, mode: Mode = Mode.NONE) -> StepResult:
        """One sample (T, *input shape) from a reset state; the result's figures are over all its steps."""
        return inference(self.device, x, mode)

    def repeat(self, x: Array, times: int, timeout_s: float) -> int:
        """The device repeats by itself, without a word in between, unless the input changes from step to step."""
        x = self._checked(np.asarray(x)[None])[0]
        if (x[1:] == x[:1]).all():
            self.device.load(x[0])
            self.device.repeat(times, len(x), timeout_s)
            return 1
        for _ in range(times):
            self.sample(x)
        return times * len(x)

    def hear(self, chunks: Iterator[Array], expected: Run | None) -> Heard:
        return hearing.hear(self.device, self.layout, chunks, expected)

    def observable(self) -> tuple[str, ...]:
        return tuple(node.name for node in image.observable(self.layout))

    def trace(self, x: Array, names: Collection[str]) -> Run:
        x = self._checked(x)
        recorder = image.Recorder([node for node in image.observable(self.layout) if node.name in names])
        outputs = []
        for sample in x:
            self.device.reset()
            for values in sample:
                self.device.load(values)
                result = self._traced_step(recorder)
            outputs.append(result.output)
        return recorder.run(np.stack(outputs), len(x), x.shape[1])

    def first_difference(self, x: Array, expected: Run) -> tuple[int, Difference | None]:
        """The device digests every output and state; only a sample whose digest differs is read out and compared."""
        x = self._checked(x)
        everything = [node.name for node in self.model.nodes]
        if not set(everything) <= set(expected.traces):
            expected = integer.run(self.model, x, record=everything)
        wrong = [i for i, sample in enumerate(x) if not self._matches(sample, expected, i)]
        if not wrong:
            return 0, None
        first = wrong[0]
        found = first_difference(_one(expected, first), self.trace(x[first : first + 1], self.observable()))
        if found is None:
            raise LinkError(
                self.device.port.name, f"sample {first} went wrong once and right once", "Check supply, cable and clock"
            )
        return len(wrong), dataclasses.replace(found, sample=first)

    def cost(self, x: Array, cycles: bool = True) -> Cost:
        return self._measure(self, self._checked(x), cycles)

    def worst_case(self) -> WorstCase | None:
        if self.device.identity.counter is not Counter.INSTRUCTIONS:
            return None
        return worst_case.worst_case(self)

    def break_even(self) -> BreakEven | None:
        if self.device.identity.counter is not Counter.INSTRUCTIONS or self.core not in break_even.CORES:
            return None
        return break_even.break_even(self)

    def _matches(self, sample: Array, expected: Run, index: int) -> bool:
        result = self.sample(sample, Mode.DIGEST)
        right = bool((result.output == expected.output[index]).all())
        return right and result.digest == image.digest(self.layout, expected.traces, index)

    def _traced_step(self, recorder: image.Recorder) -> StepResult:
        wanted = {node.index: node for node in recorder.nodes}
        progress = self.device.step(Mode.STOP)
        while isinstance(progress, Stop):
            if progress.node in wanted:
                recorder.output(wanted[progress.node], self._node_bytes(wanted[progress.node], progress))
            progress = self.device.resume()
        recorder.states(self.device.state())
        return progress

    def _node_bytes(self, node: NodeLayout, stop: Stop) -> bytes:
        assert node.output is not None
        if stop.bytes != node.output.bytes:
            raise LinkError(
                self.device.port.name,
                f"node {node.name} has {stop.bytes} bytes, not {node.output.bytes}",
                "Build and flash the model again",
            )
        return self.device.read(Area.NODE, 0, stop.bytes)

    def _checked(self, x: Array) -> Array:
        """Samples (samples, T, *input shape) within the model's range and steps; raises ModelError otherwise."""
        x = np.asarray(x)
        shape = self.model.input.shape
        if x.ndim != len(shape) + 2 or x.shape[2:] != shape or 0 in x.shape:
            raise ModelError(self.model.name, f"input of shape {x.shape}, not (samples, T, *{shape})", "Reshape it")
        if not self.model.streaming and x.shape[1] > self.model.time_steps:
            problem = f"{x.shape[1]} steps, more than its {self.model.time_steps}"
            raise ModelError(self.model.name, problem, "Reset between samples")
        self.model.input_op.step((x,), ())
        return x


def inference(device: Device, x: Array, mode: Mode = Mode.NONE) -> StepResult:
    """One sample (T, *input shape) from a reset state; the result's figures are over all its steps."""
    repeated = bool((x[1:] == x[:1]).all())
    if repeated:
        device.load(x[0])
        if len(x) <= LONGEST_RUN:
            return device.run(len(x), mode)
    device.reset()
    for values in x:
        if not repeated:
            device.load(values)
        result = _finished(device, device.step(mode))
    return result


def _finished(device: Device, result: StepResult | Stop) -> StepResult:
    if isinstance(result, Stop):
        raise LinkError(device.port.name, "the device stopped in a step", "Build and flash the model again")
    return result


def _one(run: Run, sample: int) -> Run:
    """The run of one sample."""
    traces = {
        name: integer.Trace(
            trace.output[sample : sample + 1], {key: value[sample : sample + 1] for key, value in trace.states.items()}
        )
        for name, trace in run.traces.items()
    }
    return Run(run.output[sample : sample + 1], traces, {})
