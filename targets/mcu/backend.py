"""The mcu target: generated C99 on microcontrollers, their emulators, and this computer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from edgesnn.errors import LinkError, TargetError, ToolError, UnsupportedModelError
from edgesnn.files import filling
from edgesnn.integer import Model
from edgesnn.integer.learning import Pupil
from edgesnn.link import Device, known_ports, open_port
from edgesnn.progress import Progress, silent
from edgesnn.target import Artifact, Board, Limits, Problem, Session, Stored, Target
from edgesnn.targets.mcu import (
    boards,
    codegen,
    cost,
    cycles,
    fit,
    kept,
    learner_build,
    memory_map,
    needs,
    running,
    sources,
    toolchain,
)
from edgesnn.targets.mcu.codegen import Layout
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.targets.mcu.flash import flasher_of, pins
from edgesnn.targets.mcu.learning import McuLearningSession
from edgesnn.targets.mcu.needs import Need
from edgesnn.targets.mcu.session import McuSession
from edgesnn.targets.mcu.stored import stored, weight_count
from edgesnn.taught import LearningSession

USUAL, LIGHT = "mps2-an386", "unicorn-m4"
EMULATORS = ("qemu", "unicorn")
WORD = 4
COUNT_BYTES = 8


class McuTarget(Target):
    """C99 without heap, built by the board's compiler and driven over the board's serial port."""

    name = "mcu"
    description = "Microcontrollers: generated C99 with its runtime, flashed or emulated, driven over a serial port"
    default_model = "q_snn"

    @property
    def default_board(self) -> str:
        """The usual board, where this computer has its compiler and emulator; else the one that needs PyPI only."""
        return LIGHT if needs.missing(boards.own(USUAL)) else USUAL

    def boards(self) -> Mapping[str, Board]:
        return boards.boards()

    def check(self, model: Model, board: Board) -> list[Problem]:
        try:
            layout = _generated(model, boards.facts_of(board)).layout
        except UnsupportedModelError as error:
            return [Problem(error.where, "unsupported", error.problem, error.remedy)]
        buffers = model.input.size + WORD * model.output.size + COUNT_BYTES * len(model.nodes)
        buffers += codegen.front_end_ram_bytes(model)
        known = {name: boards.facts_of(each) for name, each in self.boards().items()} | {
            board.name: boards.facts_of(board)
        }
        candidate = fit.Candidate(model, layout, buffers)
        return fit.problems(candidate, board.name, known, functools.partial(_build, model))

    def build(self, model: Model, board: Board, folder: Path) -> Artifact:
        problems = self.check(model, board)
        if problems:
            raise UnsupportedModelError(problems[0].where, problems[0].problem, problems[0].remedy)
        facts = boards.facts_of(board)
        folder = Path(folder).absolute()
        with filling(folder) as part:
            program = _build(model, facts, part)
            flasher = flasher_of(board.name, facts, None)
            if flasher is not None:
                flasher.prepare(program)
            sources.clear(folder)
        notes = (
            "make in its folder builds the same program",
            "an application of one's own needs the folder model only",
        )
        return Artifact(self.name, model, board, folder, folder / program.name, notes)

    def flash(self, artifact: Artifact, port: str | None = None, progress: Progress = silent) -> str:
        facts = boards.facts_of(artifact.board)
        flasher = flasher_of(artifact.board.name, facts, port)
        if flasher is not None and (port is not None or _is_real(facts)):
            return flasher.flash(artifact.main, progress)
        if port is not None:
            return (
                f"nothing is written to {port}: what runs there is compared with {artifact.main.name} by its build hash"
            )
        if _is_real(facts):
            raise _unconnected(artifact.main.name, artifact.board.name, facts)
        if facts.run.kind in EMULATORS:
            return f"{artifact.main.name} is loaded by the emulator; the device's build hash is compared when it starts"
        return f"{artifact.main.name} runs as a process; its build hash is compared when it starts"

    def open(self, artifact: Artifact, port: str | None = None) -> Session:
        facts = boards.facts_of(artifact.board)
        if not artifact.main.is_file():
            raise TargetError(str(artifact.main), "is not there", "Build the model first")
        if port is None and _is_real(facts):
            raise _unconnected(artifact.main.name, artifact.board.name, facts)
        layout = _generated(artifact.model, facts).layout
        static = _static(artifact, layout, facts)
        device, release = _connect(facts, artifact.main, port)
        try:
            _check_identity(device, artifact.model.name, artifact.folder)
        except LinkError:
            device.close()
            release()
            raise
        measure = functools.partial(cost.measure, static, _cycle_model(artifact, layout, facts, port))
        return McuSession(artifact.model, layout, device, measure, release, facts.port.marker, cycles.core_of(facts))

    def open_learner(
        self, pupil: Pupil, board: Board, port: str | None, folder: Path, stores: bool = False
    ) -> LearningSession:
        facts = boards.facts_of(board)
        if port is None and _is_real(facts):
            raise _unconnected(f"{pupil.name}.elf", board.name, facts)
        program = learner_build.build(pupil, facts, board.name, folder, stores)
        flasher = flasher_of(board.name, facts, port)
        if flasher is not None and port is not None:
            flasher.prepare(program)
            flasher.flash(program, silent)
        room = learner_build.room(pupil, facts, program)
        flash = kept.file_for(program, facts) if stores and port is None else None
        device, release = _connect(facts, program, port, flash)
        try:
            put = f"Put {program.name} of `edgesnn learn --out DIR` on it"
            _check_identity(device, pupil.name, folder, put)
        except LinkError:
            device.close()
            release()
            raise
        return McuLearningSession(pupil, device, room, release)

    def storage(self, model: Model, board: Board) -> Mapping[str, Stored]:
        layout = _generated(model, boards.facts_of(board)).layout
        return {node.name: stored(node, weight_count(model, node.name)) for node in layout.nodes}

    def limits(self, board: Board) -> Limits:
        memory = boards.facts_of(board).memory
        if memory is None:
            return Limits(notes=("as much memory as the operating system gives",))
        return Limits(memory.flash_bytes, memory.ram_bytes)

    def doctor(self) -> list[tuple[str, bool, str]]:
        return [self._choice(), *(_presence(what, need) for what, need in self._needs().items())]

    def spared(self) -> Collection[str]:
        wanted = {need.name for need in needs.of_board(boards.own(self.default_board))}
        return [what for what, need in self._needs().items() if need.name not in wanted]

    def _needs(self) -> dict[str, Need]:
        """What any of the boards needs, by its name and purpose."""
        return needs.by_purpose({name: boards.facts_of(board) for name, board in self.boards().items()})

    def _choice(self) -> tuple[str, bool, str]:
        missing = needs.missing(boards.own(USUAL))
        reason = f"without {' and '.join(missing)}; its packages: {needs.EXTRA}" if missing else "emulated by QEMU"
        return "board where none is named", True, f"{self.default_board} ({reason})"


def _generated(model: Model, facts: BoardFacts) -> codegen.Generated:
    return codegen.generate(model, facts.prefer, _room(facts))


def _room(facts: BoardFacts) -> codegen.Room | None:
    """What a board has beside the code of any model."""
    memory = facts.memory
    if memory is None:
        return None
    return codegen.Room(memory.flash_bytes - fit.CODE_BYTES, memory.ram_bytes - fit.WORK_BYTES)


def _build(model: Model, facts: BoardFacts, folder: Path) -> Path:
    """Sources and program in an empty folder."""
    codegen.write(model, folder / sources.MODEL, facts.prefer, _room(facts))
    hears = bool(model.metadata.front_end)
    bundle = sources.Bundle(model.name, model.input_op.low, model.input_op.high, model.streaming, hears)
    sources.lay_out(folder, bundle, facts, sources.firmware_name())
    program = f"{model.name}.elf"
    toolchain.compile_folder(folder, program, facts)
    return folder / program


def _static(artifact: Artifact, layout: Layout, facts: BoardFacts) -> cost.StaticCost:
    folder, size = artifact.folder, artifact.main.stat().st_size
    if facts.memory is None:
        return cost.StaticCost(layout, size, None, None, prefer=facts.prefer)
    memory = memory_map.read(artifact.main, sources.c_files(folder), layout)
    stack = toolchain.stack_bytes(artifact.main, facts)
    return cost.StaticCost(layout, size, memory, stack, facts.memory.exception_bytes, facts.prefer)


def _cycle_model(artifact: Artifact, layout: Layout, facts: BoardFacts, port: str | None) -> cost.ModelCycles | None:
    """What models cycles, where the board is in an emulator that we start."""
    if facts.run.kind != "qemu" or port is not None:
        return None
    return functools.partial(cycles.modelled, facts, artifact.main, artifact.model.name, layout)


def _connect(
    facts: BoardFacts, program: Path, port: str | None, flash: Path | None = None
) -> tuple[Device, Callable[[], object]]:
    """(device, what to call at the end): on the port named, or in the board's emulator or process."""
    if port is not None:
        opened = open_port(port, facts.link.baud)
        pins.release(opened.line, facts.flash.reset, facts.flash.boot)
        device = Device(opened, facts.link.timeout_s, facts.link.run_timeout_s)
        return device, device.close
    child, device = running.start(facts, program, flash)
    return device, child.close


def _is_real(facts: BoardFacts) -> bool:
    """Whether it is a board that one has, and not started by us."""
    return facts.run.kind in (None, "device")


def _unconnected(program: str, board: str, facts: BoardFacts) -> LinkError:
    put = "" if facts.flash.kind else f"Put {program} of `edgesnn build` on it. "
    what = f"{put}Connect {facts.run.connect or 'its serial port'}, and name the port with --port"
    return LinkError(board, "is a real board, and no serial port is named", f"{what}. {known_ports()}")


def _check_identity(device: Device, model: str, folder: Path, remedy: str = "Flash it with edgesnn deploy") -> None:
    """Raises LinkError unless the device runs the very build of a model that the folder holds."""
    identity = device.identity
    if identity.model != model:
        problem = f"the device runs the model {identity.model!r}, not {model!r}"
    elif identity.build != sources.build_hash(folder / sources.MODEL):
        problem = f"the device runs another build of {identity.model}"
    else:
        return
    raise LinkError(device.port.name, problem, remedy)


def _presence(what: str, need: Need) -> tuple[str, bool, str]:
    try:
        return what, True, need.tell()
    except ToolError as error:
        return what, False, error.remedy
