"""What a board file may say: the schema, as dataclasses. Every key of a file is a field here."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edgesnn.errors import BoardError
from edgesnn.target import nearest
from edgesnn.targets.mcu import flash_facts, store_facts
from edgesnn.targets.mcu.flash_facts import NOT_FLASHED, FlashFacts
from edgesnn.targets.mcu.pins import pin
from edgesnn.targets.mcu.store_facts import NOT_STORED, StoreFacts

RUN_KINDS = ("process", "qemu", "unicorn", "device")
UNICORN_MACHINES = ("cortex-m3", "cortex-m4", "cortex-m7")
PREFERENCES = ("flash", "balance", "speed")
PINS = ("tx", "rx")
CORTEX_M = "cortex-m"  # a part of ports


@dataclass(frozen=True)
class Compiler:
    """command is also looked up in the environment as EDGESNN_<COMMAND>; install: the command that gets it.

    module: the Python module that is the same program, run in the command's place where it is installed. arguments:
    what makes a compiler of the program.
    """

    command: str
    install: str
    module: str | None = None
    arguments: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    link_flags: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Memory:
    """Addresses and bytes.

    exception_bytes: what an exception that cannot be masked puts on the stack. stack_bytes: what the linker reserves
    at least; without it, exactly the proven worst case.
    """

    flash_origin: int
    flash_bytes: int
    ram_origin: int
    ram_bytes: int
    exception_bytes: int = 0
    stack_bytes: int = 0


@dataclass(frozen=True)
class PortFacts:
    """What the board's firmware is made of besides link and model, and what it has to know of the board.

    name: the folder in firmware/ports with the UART's driver; parts: folders beside it that it builds on. The rest
    become ESNN_PORT_<KEY> in board.h, a pin's name as two keys, _PORT and _PIN.

    clock_hz: of the processor. uart, timer, plic: addresses; the last is a RISC-V's interrupt controller. uart_irq: its
    number there, or in the NVIC. systick_hz: SysTick's clock where an emulator runs it at another than clock_hz.
    tx, rx: pins of the UART ("PA2", "P0.06"); pin_function: their alternate function. marker: where the pin is that
    tells a power meter when inferences run, for whoever wires it; the port then defines esnn_port_marker.
    """

    name: str
    parts: tuple[str, ...] = ()
    clock_hz: int | None = None
    uart: int | None = None
    uart_irq: int | None = None
    timer: int | None = None
    plic: int | None = None
    systick_hz: int | None = None
    tx: str | None = None
    rx: str | None = None
    pin_function: int | None = None
    marker: str | None = None

    @property
    def folders(self) -> tuple[str, ...]:
        """All folders of firmware/ports that are laid out for the board."""
        return (*self.parts, self.name)


@dataclass(frozen=True)
class LinkFacts:
    """body_bytes: longest body of a frame, which costs RAM twice. Timeouts in seconds."""

    body_bytes: int = 256
    baud: int = 115200
    timeout_s: int = 5
    run_timeout_s: int = 60


@dataclass(frozen=True)
class RunFacts:
    """How the board is started: kind "qemu" (command, machine), "unicorn" (machine: the processor) or "process"; or
    "device", which runs by itself at the end of a serial port and is connected as `connect` says. Without a kind it is
    no board, but a parent of boards.
    """

    kind: str | None = None
    command: str | None = None
    install: str | None = None
    machine: str | None = None
    arguments: tuple[str, ...] = ()
    connect: str | None = None


@dataclass(frozen=True)
class BoardFacts:
    """A whole board file, its parents merged in.

    memory is None where the linker decides. packages: Python packages beside edgesnn's own that build and run it, all
    of them in edgesnn's extra `emulator`. energy_table: a name in edgesnn.energy, where not the default. prefer: what
    decides where weights could be stored smaller at the price of instructions: "flash", "speed", or "balance", where a
    few bytes save many; the latter two as long as they fit.
    """

    description: str
    compiler: Compiler
    port: PortFacts
    emulated: bool = False
    packages: tuple[str, ...] = ()
    memory: Memory | None = None
    link: LinkFacts = LinkFacts()
    run: RunFacts = RunFacts()
    flash: FlashFacts = NOT_FLASHED
    store: StoreFacts = NOT_STORED
    energy_table: str | None = None
    prefer: str = "balance"


def parse(where: str, table: Mapping[str, Any]) -> BoardFacts:
    """Raises BoardError where a key is missing or a value is out of range; keys and types are checked before."""
    facts: BoardFacts = _build(where, "", BoardFacts, table)
    if facts.run.kind not in (*RUN_KINDS, None):
        raise BoardError(where, f"run.kind {facts.run.kind!r} is unknown", nearest(facts.run.kind or "", RUN_KINDS))
    if facts.run.kind == "qemu" and not (facts.run.command and facts.run.machine and facts.run.install):
        raise BoardError(where, "run.kind is qemu without command, install and machine", "Add them")
    if facts.run.kind == "unicorn":
        _check_unicorn(where, facts)
    if facts.run.kind == "device" and not facts.run.connect:
        raise BoardError(where, "run.kind is device without connect", "Say how its serial port is connected")
    if facts.prefer not in PREFERENCES:
        raise BoardError(where, f"prefer {facts.prefer!r} is unknown", nearest(facts.prefer, PREFERENCES))
    for key in PINS:
        _check_pin(where, key, getattr(facts.port, key))
    if not 128 <= facts.link.body_bytes <= 65535:
        raise BoardError(where, f"link.body_bytes {facts.link.body_bytes} is outside 128..65535", "Correct it")
    if facts.flash.kind is not None:
        span = (facts.memory.flash_origin, facts.memory.flash_bytes) if facts.memory is not None else None
        flash_facts.check(where, facts.flash.kind, facts.flash, span)
    if facts.flash.kind == flash_facts.LOADER and CORTEX_M not in facts.port.parts:
        raise BoardError(where, "flash.kind 'loader' is for a Cortex-M only", "Flash it another way")
    memory = facts.memory
    spans = [] if memory is None else [(memory.flash_origin, memory.flash_bytes), (memory.ram_origin, memory.ram_bytes)]
    store_facts.check(where, facts.store, dict(zip(("flash", "RAM"), spans, strict=False)))
    return facts


def _check_unicorn(where: str, facts: BoardFacts) -> None:
    """The emulator has what this asks for: a processor, two memories, a CMSDK UART and timer."""
    if facts.run.machine not in UNICORN_MACHINES:
        problem = f"run.machine {facts.run.machine!r} is no processor that unicorn emulates here"
        raise BoardError(where, problem, nearest(facts.run.machine or "", UNICORN_MACHINES))
    if facts.memory is None or facts.port.uart is None or facts.port.timer is None:
        raise BoardError(where, "run.kind is unicorn without memory, port.uart or port.timer", "Add them")


def _check_pin(where: str, key: str, name: str | None) -> None:
    try:
        if name is not None:
            pin(name)
    except ValueError as error:
        raise BoardError(where, f"port.{key} {name!r} names no pin", "Write it as PA2, P0.06 or GPIO0") from error


def check_keys(where: str, table: Mapping[str, Any], schema: type = BoardFacts, prefix: str = "") -> None:
    """Raises BoardError at the first key that is not in the schema, or whose value has another type."""
    hints = typing.get_type_hints(schema)
    for key, value in table.items():
        if key not in hints:
            raise BoardError(where, f"unknown key {prefix}{key}", nearest(key, hints))
        wanted = _plain(hints[key])
        if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
            if not isinstance(value, Mapping):
                raise BoardError(where, f"{prefix}{key} is no table", f"Write [{prefix}{key}]")
            check_keys(where, value, wanted, f"{prefix}{key}.")
        elif not _fits(value, wanted):
            name = "a list of strings" if wanted == tuple[str, ...] else f"of type {wanted.__name__}"
            raise BoardError(where, f"{prefix}{key} is not {name}", "Correct the value")


def _plain(hint: Any) -> Any:
    """The type behind an optional one."""
    if isinstance(hint, types.UnionType):
        return next(part for part in typing.get_args(hint) if part is not type(None))
    return hint


def _fits(value: Any, wanted: Any) -> bool:
    if wanted == tuple[str, ...]:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) is wanted


def _build(where: str, prefix: str, schema: Any, table: Mapping[str, Any]) -> Any:
    hints = typing.get_type_hints(schema)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(schema):
        wanted = _plain(hints[field.name])
        if field.name not in table:
            if field.default is dataclasses.MISSING:
                raise BoardError(where, f"key {prefix}{field.name} is missing", "Add it, or inherit from a board")
            continue
        value = table[field.name]
        if dataclasses.is_dataclass(wanted):
            value = _build(where, f"{field.name}.", wanted, value)
        values[field.name] = tuple(value) if isinstance(value, list) else value
    return schema(**values)
