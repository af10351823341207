"""What an emulated board executed: its blocks of instructions, counted by the emulator's plugin."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgesnn.errors import LinkError, ToolError
from edgesnn.link import Device
from edgesnn.targets.mcu import running
from edgesnn.targets.mcu.cycles.plugin import plugin
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.targets.mcu.running import Running

END = "end"


@dataclass(frozen=True)
class Block:
    """A block in one window: its address, its number of instructions, the address of the last one, how often it ran,
    and how often what lies 2 and 4 bytes behind that address ran next."""

    window: int
    address: int
    instructions: int
    last: int
    runs: int
    behind_2: int
    behind_4: int


@dataclass(frozen=True)
class Windows:
    """From each entry of the function at `step` to its return, which each call of the function at `hook` cuts into
    `count` windows; what `hook` itself executes is in none. Addresses."""

    step: int
    hook: int
    count: int


def record(
    facts: BoardFacts, program: Path, windows: Windows | None, use: Callable[[Device], object]
) -> tuple[Block, ...]:
    """The blocks that an emulator of the board executes while the device in it is used, in windows or in all.

    Blocks with instructions that talk to devices are counted too often (`blocks.c`).
    Raises ToolError where the emulator takes no plugins, or or refuses ours.
    """
    with tempfile.TemporaryDirectory(prefix="edgesnn-blocks-") as folder:
        out = Path(folder) / "blocks"
        options = [f"{plugin(facts)}", f"out={out}", *_options(windows)]
        arguments = ("-plugin", ",".join(option.replace(",", ",,") for option in options))
        child, device = _start(facts, program, arguments)
        try:
            use(device)
        finally:
            device.close()
            child.close()
        return read(out)


def _start(facts: BoardFacts, program: Path, arguments: Sequence[str]) -> tuple[Running, Device]:
    """The board's emulator with more arguments. Raises ToolError where that keeps the device from answering."""
    run = dataclasses.replace(facts.run, arguments=(*facts.run.arguments, *arguments))
    try:
        return running.start(dataclasses.replace(facts, run=run), program)
    except LinkError as error:
        problem = f"does not run with the plugin that counts blocks: {error.problem}"
        raise ToolError(str(facts.run.command), problem, "Report its version") from error


def read(path: Path) -> tuple[Block, ...]:
    """What the plugin wrote. Raises ToolError where it is not whole."""
    lines = path.read_text(encoding="ascii").splitlines() if path.is_file() else []
    if not lines or lines[-1] != END:
        raise ToolError("the emulator", "ended before it had written what it executed", "Try again on an idle machine")
    return tuple(_block(line) for line in lines[:-1])


def _block(line: str) -> Block:
    window, address, instructions, last, *counts = line.split()
    return Block(int(window), int(address, 16), int(instructions), int(last, 16), *map(int, counts))


def _options(windows: Windows | None) -> list[str]:
    if windows is None:
        return []
    return [f"step={windows.step:x}", f"hook={windows.hook:x}", f"windows={windows.count}"]
