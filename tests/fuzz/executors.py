"""Everything that runs an integer model, behind one question: does it agree with the interpreter on these samples?"""

from __future__ import annotations

import abc
from pathlib import Path

from edgesnn.compare import first_difference
from edgesnn.integer import Array, Model, Run
from edgesnn.target import target


class Executor(abc.ABC):
    """Something that runs integer models. In a campaign it sees one model in `every`."""

    name: str
    every: int = 1

    def refusals(self, model: Model) -> list[str]:
        """The rules by which it refuses this model; empty if it must run it exactly."""
        return []

    @abc.abstractmethod
    def difference(self, model: Model, x: Array, expected: Run, folder: Path) -> str | None:
        """The first integer that differs from the reference run, in words; None if there is none."""


class OnnxRuntime(Executor):
    """The model's file, written, read back, and run by its function bodies."""

    name = "onnx-runtime"

    def difference(self, model: Model, x: Array, expected: Run, folder: Path) -> str | None:
        from edgesnn.integer.file import load, save
        from tests import onnx_runtime

        save(model, folder / "model.onnx")
        if load(folder / "model.onnx") != model:
            return "the model read back from its file is another one"
        return _words(expected, onnx_runtime.run(model, x, record=list(expected.traces)))


class SanitizedC(Executor):
    """The generated C with strict warnings as errors, under AddressSanitizer and UndefinedBehaviorSanitizer."""

    name = "c-sanitized"

    def refusals(self, model: Model) -> list[str]:
        mcu = target("mcu")
        return [problem.rule for problem in mcu.check(model, mcu.board("host"))]

    def difference(self, model: Model, x: Array, expected: Run, folder: Path) -> str | None:
        from tests.targets.mcu import harness

        generated = harness.build(model, folder)
        actual, decisions = harness.execute(model, generated.layout, folder / "batch", x)
        if (expected.decisions != decisions).any():
            return f"decisions {decisions}, not {expected.decisions}"
        return _words(expected, actual)


class OnTarget(Executor):
    """A board of an installed target, through the interface that every command uses."""

    def __init__(self, target_name: str, board: str, every: int = 1) -> None:
        self.target_name, self.board, self.every = target_name, board, every
        self.name = f"{target_name}:{board}"

    def refusals(self, model: Model) -> list[str]:
        chosen = target(self.target_name)
        return [problem.rule for problem in chosen.check(model, chosen.board(self.board))]

    def difference(self, model: Model, x: Array, expected: Run, folder: Path) -> str | None:
        chosen = target(self.target_name)
        artifact = chosen.build(model, chosen.board(self.board), folder / self.board)
        chosen.flash(artifact)
        with chosen.open(artifact) as session:
            samples, difference = session.first_difference(x, expected)
        if difference is None and samples:
            return f"{samples} samples differ"
        return str(difference) if difference else None


def _words(expected: Run, actual: Run) -> str | None:
    if not set(actual.traces) <= set(expected.traces) or not actual.traces:
        return f"it shows {sorted(actual.traces)}"
    difference = first_difference(expected, actual)
    if difference is None and (expected.output != actual.output).any():
        return f"output {actual.output.tolist()}, not {expected.output.tolist()}"
    return str(difference) if difference else None


EXECUTORS: dict[str, Executor] = {
    executor.name: executor
    for executor in (
        OnnxRuntime(),
        SanitizedC(),
        OnTarget("tflite", "litert"),
        OnTarget("tflite", "litert-variables", every=5),
        OnTarget("tflite", "tflite-runtime"),
        OnTarget("mcu", "mps2-an386"),
        OnTarget("loihi", "lava-sim"),
    )
}
"""What a campaign runs."""
