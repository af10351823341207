"""A target for tests of the commands: the interpreter as a device, with boards that break in chosen ways."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from edgesnn.errors import LinkError, ToolError
from edgesnn.integer import Array, Interpreter, Model, Run, Trace, run
from edgesnn.integer.counters import Counters
from edgesnn.progress import Progress, silent
from edgesnn.target import (
    Artifact,
    Board,
    BreakEven,
    Cost,
    DenseLayer,
    LayerCost,
    Limits,
    Problem,
    Session,
    Target,
    WorstCase,
)

BOARDS = {
    "exact": "shows everything",
    "fused": "hides accumulators and states",
    "faulty": "adds one to a state of sample 7, step 1",
    "unbuildable": "fails while building",
    "silent": "cannot be opened",
    "tiny": "holds nothing",
    "counting": "counts instructions and knows its memory",
}


class BenchSession(Session):
    """The interpreter behind the interface of a device."""

    def __init__(self, model: Model, board: str) -> None:
        self.model, self.board, self.seen = model, board, 0
        self.interpreter = Interpreter(model)

    def reset(self) -> None:
        self.interpreter.reset(1)

    def step(self, x: Array) -> Array:
        return self.interpreter.step(x[None])[0]

    def run(self, x: Array) -> Array:
        return run(self.model, x).output

    def observable(self) -> tuple[str, ...]:
        names = super().observable()
        return (
            tuple(name for name in names if not name.startswith(("conv", "norm"))) if self.board == "fused" else names
        )

    def trace(self, x: Array, names: Collection[str]) -> Run:
        made = run(self.model, x, record=names)
        if self.board == "fused":
            return Run(made.output, {name: Trace(trace.output, {}) for name, trace in made.traces.items()}, {})
        start, self.seen = self.seen, self.seen + len(x)
        if self.board == "faulty" and start <= 7 < start + len(x):
            made.traces["lif2"].states["v"][7 - start, 1, 0, 0, 3] += 1
        return made

    def cost(self, x: Array, cycles: bool = True) -> Cost:
        if self.board != "counting":
            return Cost()
        counted: Mapping[str, Counters] = run(self.model, x, count=True).counters
        layers = {
            node.name: LayerCost(
                node.name, node.op.kind, (), float(counted[node.name].synaptic_adds.mean()) * 2, 100, 200, 300
            )
            for node in self.model.nodes
        }
        work = sum(layer.instructions or 0.0 for layer in layers.values())
        parts = (("flash", "code", 8192), ("flash", "weights", 4096), ("RAM", "state", 9000), ("RAM", "arena", 3000))
        samples = tuple(round(work) + 1000 + i for i in range(len(x)))
        return Cost(12288, 12000, 512, 400, work + 1000, None, layers, parts, sample_instructions=samples)

    def worst_case(self) -> WorstCase | None:
        if self.board != "counting":
            return None
        return WorstCase(7_000_000, {node.name: 1_000 for node in self.model.nodes}, "a guess for tests")

    def break_even(self) -> BreakEven | None:
        if self.board != "counting":
            return None
        return BreakEven(DenseLayer(8e6, 0.75), {"conv1": DenseLayer(1e6, None)}, "a guess for tests")


class BenchTarget(Target):
    """Boards named after how they behave."""

    name = "bench"
    description = "the interpreter, for tests"
    default_board = "exact"
    default_model = "q_snn"
    default_samples = 10

    def boards(self) -> Mapping[str, Board]:
        facts = {"energy_table": "nrf52840"}
        return {name: Board(name, text, True, facts if name == "counting" else {}) for name, text in BOARDS.items()}

    def check(self, model: Model, board: Board) -> list[Problem]:
        if board.name != "tiny":
            return []
        return [
            Problem("conv1", "flash", "needs 144 bytes of 0", "Use a larger board"),
            Problem("lif1", "ram", "needs 3,136 bytes of 0", "Use a larger board"),
        ]

    def build(self, model: Model, board: Board, folder: Path) -> Artifact:
        main = folder / "bench.json"
        main.write_text(json.dumps({"model": model.name}))
        (folder / "more").mkdir()
        (folder / "more" / "notes.txt").write_text("for tests\n")
        if board.name == "unbuildable":
            raise ToolError("bench-cc", "is not installed", "apt-get install bench-cc")
        return Artifact(self.name, model, board, folder, main, ("built for tests",))

    def flash(self, artifact: Artifact, port: str | None = None, progress: Progress = silent) -> str:
        if not artifact.main.is_file():
            raise AssertionError("the main file is not where the artifact says")
        return "nothing to flash: it runs here"

    def open(self, artifact: Artifact, port: str | None = None) -> Session:
        if artifact.board.name == "silent":
            raise LinkError(port or "no port", "nothing answers", "Connect the board")
        return BenchSession(artifact.model, artifact.board.name)

    def limits(self, board: Board) -> Limits:
        return Limits()


class BrokenTarget:
    """Loads, but cannot be constructed."""

    def __init__(self) -> None:
        raise ImportError("libnothing.so is missing")


@contextlib.contextmanager
def installed() -> Iterator[BenchTarget]:
    """Installs the target `bench` beside the real ones."""
    import edgesnn.target as interface

    def with_bench(group: str) -> list[EntryPoint]:
        found = list(entry_points(group=group))
        return (
            [*found, EntryPoint("bench", "tests.devices:BenchTarget", group)] if group == "edgesnn.targets" else found
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interface, "entry_points", with_bench)
        yield BenchTarget()


@pytest.fixture
def bench() -> Iterator[BenchTarget]:
    """The target `bench` for one test."""
    with installed() as target:
        yield target
