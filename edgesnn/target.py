"""What a target is: five verbs over which every command of edgesnn is written once."""

from __future__ import annotations

import abc
import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import numpy as np

from edgesnn.closing import Closing
from edgesnn.compare import Difference, first_difference
from edgesnn.errors import BoardError, TargetError
from edgesnn.integer import Array, Model, Run, decide
from edgesnn.integer.learning import Pupil
from edgesnn.progress import Progress, silent
from edgesnn.taught import LearningSession

MEASURED, MODELLED = "measured", "modelled"
LABELS = (MEASURED, MODELLED, "arithmetic only")
"""How a figure of energy or cycles is known, the best first. Figures of two kinds are never mixed."""


@dataclass(frozen=True)
class Problem:
    """Why a target cannot run a model exactly: where, what, and what to change. `rule` is a stable short name."""

    where: str
    rule: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem} [{self.rule}]. {self.remedy}"


@dataclass(frozen=True)
class Board:
    """Something a target runs on: hardware, an emulator, an interpreter or a simulator.

    `facts` are the rest of the board file, already checked by the target's schema.
    """

    name: str
    description: str
    emulated: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What a board can hold; None where the target has no such limit."""

    flash_bytes: int | None = None
    ram_bytes: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stored:
    """What a target keeps of one node, as it will be stored: read from what it builds, padding included.

    weight_bits, state_bits, output_bits: mean bits of a synaptic weight, of a state, and of an element of the output
    on its way to the next layer; None where the target keeps nothing of the kind. parameter_bytes: biases, scales,
    tables, records of shapes. event_driven: whether inputs that are zero cost no additions.
    """

    weight_bits: float | None = None
    weight_bytes: int = 0
    parameter_bytes: int = 0
    state_bits: float | None = None
    state_bytes: int = 0
    output_bits: float | None = None
    event_driven: bool = True


@dataclass(frozen=True)
class Artifact:
    """What `build` made: a folder a user can take away, its main file, and what is needed to open it again."""

    target: str
    model: Model
    board: Board
    folder: Path
    main: Path
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """What is in the folder, the main file first; filled in by whoever calls `build`."""


@dataclass(frozen=True)
class Energy:
    """Energy of one inference. label: one of LABELS; table names its source."""

    value: float
    unit: str
    label: str
    table: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Cycles:
    """Cycles of one inference that a model of the processor gives for what was executed; no board has measured them.

    value: typical; low, high: between which the timings of `core`, the name of their table, leave it open.
    """

    value: float
    low: float
    high: float
    core: str
    label: str = MODELLED


@dataclass(frozen=True)
class LayerCost:
    """Cost of one node. None where the target cannot tell."""

    name: str
    kind: str
    shape: tuple[int, ...]
    instructions: float | None = None  # mean per inference
    weight_bytes: int | None = None
    state_bytes: int | None = None
    arena_bytes: int | None = None
    spikes: float | None = None  # mean per inference
    rate: float | None = None  # fraction of outputs non-zero in a step
    synaptic_adds: float | None = None  # mean per inference
    cycles: float | None = None  # modelled, typical, mean per inference


@dataclass(frozen=True)
class Cost:
    """What a target knows about running its artifact: measured on the device, or read from the built files."""

    flash_bytes: int | None = None
    ram_bytes: int | None = None
    stack_bytes: int | None = None  # proven worst case
    stack_used_bytes: int | None = None  # high-water mark
    instructions: float | None = None  # mean per inference
    file_bytes: int | None = None
    layers: Mapping[str, LayerCost] = field(default_factory=dict)
    memory_map: tuple[tuple[str, str, int], ...] = ()  # (memory, what, bytes): sums to flash_bytes and ram_bytes
    energy: Energy | None = None
    notes: tuple[str, ...] = ()
    cycles: Cycles | None = None  # mean per inference
    sample_instructions: tuple[int, ...] = ()  # of each sample that was counted


@dataclass(frozen=True)
class WorstCase:
    """What no inference is known to exceed, in instructions. layers: of each node. by: how it was found, in words."""

    instructions: int
    layers: Mapping[str, int]
    by: str


@dataclass(frozen=True)
class DenseLayer:
    """A synapse held against a dense kernel of its shape. dense: instructions of the dense one in an inference, where
    it runs at every step too. rate: share of active inputs from which on the event-driven one costs more; None where
    it never does."""

    dense: float
    rate: float | None


@dataclass(frozen=True)
class BreakEven:
    """All synapses held against dense kernels: `whole` is all of them, at one rate. reference: where the dense figures
    are from."""

    whole: DenseLayer
    layers: Mapping[str, DenseLayer]
    reference: str


@dataclass(frozen=True)
class Heard:
    """What a device made of a recording of raw samples.

    output (classes,): after the last step. exact: every integer compared is equal to the reference's; False where
    nothing was compared. instructions: of the network, where nothing was compared; of the front end, always. None
    where the device does not count.
    """

    output: Array
    exact: bool
    instructions: float | None
    front_end_instructions: float | None


class Session(Closing):
    """A running device. A context manager: leaving it closes the device."""

    model: Model
    marker_pin: str | None = None
    """Where the board's pin is that tells a power meter when inferences run; None where it has none."""

    @abc.abstractmethod
    def reset(self) -> None:
        """All states to zero."""

    @abc.abstractmethod
    def step(self, x: Array) -> Array:
        """One time step of one sample: x of the model's input shape, to the output of that step."""

    @abc.abstractmethod
    def run(self, x: Array) -> Array:
        """Samples from a reset state: x (samples, T, *input shape) to final outputs (samples, classes)."""

    @abc.abstractmethod
    def trace(self, x: Array, names: Collection[str]) -> Run:
        """Like `run`, with outputs and states of the named nodes at every step, as `edgesnn.integer.run` gives them.

        A node or state that the device fuses away is left out; `observable` says which remain.
        """

    def observable(self) -> tuple[str, ...]:
        """Names of the nodes whose output or states the device can show, in graph order."""
        return tuple(node.name for node in self.model.nodes)

    def shown(self) -> tuple[str, ...]:
        """What `trace` gives for all observable nodes, as "node.output" or "node.state", in graph order."""
        first = self.model.input_op
        x = np.full((1, 1, *first.shape), first.low, np.int64)
        traces = self.trace(x, self.observable()).traces
        return tuple(f"{name}.{what}" for name, trace in traces.items() for what in ("output", *trace.states))

    def first_difference(self, x: Array, expected: Run) -> tuple[int, Difference | None]:
        """(how many samples differ from the reference run, the first difference) over everything observable."""
        from edgesnn.compare import wrong_samples

        actual = self.trace(x, self.observable())
        return len(wrong_samples(expected, actual)), first_difference(expected, actual)

    def repeat(self, x: Array, times: int, timeout_s: float) -> int:
        """One sample x (T, *input shape) so many times, each from a reset state, while a power meter looks on.

        Returns how many stretches the marker pin marks. Raises TargetError where the target cannot be metered.
        """
        raise TargetError(self.model.name, "runs where no power meter can be connected", "Measure with --target mcu")

    def hear(self, chunks: Iterator[Array], expected: Run | None) -> Heard:
        """A recording from a reset state, chunk by chunk (samples, inputs), through the device's own front end.

        Spikes, states and scores are compared with `expected`, the reference run with traces of every node. Raises
        TargetError where the device has no front end.
        """
        raise TargetError(self.model.name, "runs here without its front end", "Listen with --target mcu")

    def decide(self, x: Array) -> Array:
        """Class of each sample."""
        return decide(self.run(x))

    @abc.abstractmethod
    def cost(self, x: Array, cycles: bool = True) -> Cost:
        """Cost of running the samples x (samples, T, *input shape): means over them, and static figures.

        cycles: whether to model them too, where the target can and its board does not count them.
        """

    def worst_case(self) -> WorstCase | None:
        """The most instructions that an inference takes; None where the target cannot tell."""
        return None

    def break_even(self) -> BreakEven | None:
        """How active inputs may be until dense kernels would cost less; None where the target cannot tell."""
        return None

    def close(self) -> None:
        """Lets go of the device."""
        return None


class Target(abc.ABC):
    """A place where models run. Subclasses are found through the entry-point group `edgesnn.targets`."""

    name: str
    description: str
    default_model: str
    default_samples: int = 200
    """Samples that `verify` and `deploy` run unless told otherwise: as many as a user would wait for."""
    learning_counts: str = "instructions"
    """The kind of energy table that fits what a board counts while it learns."""

    @property
    @abc.abstractmethod
    def default_board(self) -> str:
        """The board where none is named; a subclass may as well have a plain attribute."""

    @abc.abstractmethod
    def boards(self) -> Mapping[str, Board]:
        """Boards by name, without abstract parents."""

    def board(self, name: str | None = None) -> Board:
        """The named board, or the default one. Raises BoardError with the nearest known name."""
        boards = self.boards()
        wanted = name or self.default_board
        if wanted not in boards:
            raise BoardError(wanted, f"is no board of target {self.name}", nearest(wanted, boards))
        return boards[wanted]

    @abc.abstractmethod
    def check(self, model: Model, board: Board) -> list[Problem]:
        """Everything that will not fit or is not exact, before any work. Empty means build will succeed."""

    @abc.abstractmethod
    def build(self, model: Model, board: Board, folder: Path) -> Artifact:
        """Files a user can take away, in `folder` (created). Raises ToolError where a tool is missing or fails."""

    @abc.abstractmethod
    def flash(self, artifact: Artifact, port: str | None = None, progress: Progress = silent) -> str:
        """Puts the artifact on the board; returns one line saying what was done and whether it was verified.

        Raises FlashError where it cannot, which says what the board holds then.
        """

    @abc.abstractmethod
    def open(self, artifact: Artifact, port: str | None = None) -> Session:
        """A running device with the artifact on it. Emulators and interpreters start here."""

    def open_learner(
        self, pupil: Pupil, board: Board, port: str | None, folder: Path, stores: bool = False
    ) -> LearningSession:
        """A running device on which the network goes on learning, built in `folder`. stores: it can keep what it has
        learned without power. Raises TargetError where the target does not learn or the board does not store,
        UnsupportedModelError where the board cannot hold the network."""
        raise TargetError(self.name, "does not learn", "Learn with --target mcu or loihi")

    @abc.abstractmethod
    def limits(self, board: Board) -> Limits: ...

    def storage(self, model: Model, board: Board) -> Mapping[str, Stored]:
        """How the target stores every node, by name, without running it; empty where it does not say.

        Raises UnsupportedModelError where the target cannot run the model.
        """
        return {}

    def doctor(self) -> list[tuple[str, bool, str]]:
        """What the target needs: (what, present, version or the command that gets it)."""
        return []

    def spared(self) -> Collection[str]:
        """What of `doctor` the target can do without, because its default board does."""
        return ()


def targets() -> Mapping[str, Target]:
    """All installed targets by name."""
    return {name: target(name) for name in names()}


def names() -> tuple[str, ...]:
    """Names of all installed targets."""
    return tuple(sorted({point.name for point in entry_points(group="edgesnn.targets")}))


@functools.cache
def target(name: str) -> Target:
    """Loads one target, and no other. Raises TargetError with the nearest known name, or where it cannot be loaded."""
    known = {point.name: point for point in entry_points(group="edgesnn.targets")}
    if name not in known:
        raise TargetError(name, "is no target", nearest(name, known))
    try:
        found: Target = known[name].load()()
    except (ImportError, AttributeError) as error:
        raise TargetError(name, f"cannot be loaded ({error})", "Reinstall the package it belongs to") from error
    return found


def nearest(word: str, known: Collection[str]) -> str:
    """A remedy: the nearest known word, or all of them."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1)
    if close:
        return f"Did you mean {close[0]}?"
    return f"Known: {', '.join(sorted(known)) or 'none'}"


def batches(x: Array, size: int) -> list[Array]:
    return [x[i : i + size] for i in range(0, len(x), size)]


__all__ = [
    "Artifact", "Board", "BreakEven", "Cost", "Cycles", "DenseLayer", "Energy", "LayerCost", "Limits", "Problem",
    "Session", "Stored", "Target", "WorstCase", "batches", "names", "nearest", "target", "targets",
]  # fmt: skip
