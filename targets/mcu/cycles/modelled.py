"""Modelled cycles of a model on an emulated board, as a whole and layer by layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edgesnn.errors import ToolError
from edgesnn.integer import Array
from edgesnn.link import Device
from edgesnn.target import Cycles
from edgesnn.targets.mcu import image
from edgesnn.targets.mcu.codegen import Layout
from edgesnn.targets.mcu.cycles import listing
from edgesnn.targets.mcu.cycles.executed import NOTHING, Executed, executed, of_call
from edgesnn.targets.mcu.cycles.instruction import Instruction
from edgesnn.targets.mcu.cycles.timings import Timings, tables
from edgesnn.targets.mcu.cycles.trace import Windows, record
from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.targets.mcu.session import inference

CORE_FLAG = "-mcpu="
OBSERVER = "esnn_observe"
# A hook's three arguments take an instruction each (firmware/link/calibrate.c), then comes the call.
HOOK = (
    Instruction(0, 2, "movs", "r2, #0"), Instruction(2, 2, "movs", "r1, #0"), Instruction(4, 2, "movs", "r0, #0"),
    Instruction(6, 4, "bl", "0 <esnn_observe>"),
)  # fmt: skip


@dataclass(frozen=True)
class Modelled:
    """Means per inference, what observing costs subtracted. instructions: executed, of the whole."""

    instructions: float
    cycles: Cycles
    layers: Mapping[str, Executed]


def core_of(facts: BoardFacts) -> str | None:
    """The core that the board's compiler compiles for; None where its flags do not name one."""
    named = [flag.removeprefix(CORE_FLAG) for flag in facts.compiler.flags if flag.startswith(CORE_FLAG)]
    return named[-1].partition("+")[0] if named else None


def timings_of(facts: BoardFacts) -> Timings:
    """Raises ToolError where there is no table for the board's core."""
    core = core_of(facts) or "the board's processor"
    if core not in tables():
        raise ToolError(core, "has no table of timings here", f"There are tables of {', '.join(tables())}")
    return tables()[core]


def modelled(facts: BoardFacts, program: Path, name: str, layout: Layout, x: Array) -> Modelled:
    """Runs samples x (samples, T, *input shape) of the model of that name in an emulator of its own.

    Raises ToolError where that emulator, its plugin, or timings of the core are missing; LinkError where the device
    does not answer.
    """
    timings = timings_of(facts)
    program_listing = listing.read(program, facts)
    hooked = [node.name for node in image.observable(layout)]
    step, observer = program_listing.function(f"{name}_step"), program_listing.function(OBSERVER)
    windows = Windows(step, observer, len(hooked) + 1)

    def run(device: Device) -> None:
        for sample in x:
            inference(device, sample)

    blocks = record(facts, program, windows, run)
    counted = executed(timings, program_listing, blocks, windows.count)
    hooks = of_call(timings, HOOK).times(len(x) * x.shape[1])
    layers = [_without(window, hooks).times(1 / len(x)) for window in counted[:-1]]
    whole = sum(layers, counted[-1].times(1 / len(x)))
    low, typical, high = whole.cycles.tolist()
    cycles = Cycles(typical, low, high, timings.core)
    return Modelled(whole.instructions, cycles, dict(zip(hooked, layers, strict=True)))


def _without(window: Executed, hooks: Executed) -> Executed:
    """A window without its hooks; a layer that does nothing takes nothing, whatever its hook's arguments took."""
    left = window + hooks.times(-1)
    return left if left.instructions else NOTHING
