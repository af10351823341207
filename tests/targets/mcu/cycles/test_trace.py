"""What the plugin counts is what ran: by a program counted by hand, and by the emulator's own instruction count."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import ToolError
from edgesnn.link import Device
from edgesnn.target import Artifact
from edgesnn.targets.mcu import boards, sources, toolchain
from edgesnn.targets.mcu.cycles import core_of, listing, plugin, sequence, tables, trace
from edgesnn.targets.mcu.cycles.executed import executed, of_call
from edgesnn.targets.mcu.cycles.modelled import HOOK
from edgesnn.targets.mcu.cycles.trace import Windows, record
from edgesnn.targets.mcu.facts import BoardFacts
from tests.targets.mcu.conftest import TARGET, samples

Build = Callable[[str, str], Artifact]
BOARDS = ("mps2-an386", "microbit")
COUNTED = Path(__file__).parents[1] / "counted"
LOOPS, STEPS = 100_001, 5  # so many that it takes a load


@pytest.fixture(scope="module", params=BOARDS)
def counted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[BoardFacts, Path]:
    """A board, and the program for it whose step was written instruction by instruction."""
    facts = boards.facts_of(TARGET.board(request.param))
    flags = (*facts.compiler.flags, f"-DCOUNTED_LOOPS={LOOPS}")
    facts = dataclasses.replace(facts, compiler=dataclasses.replace(facts.compiler, flags=flags))
    folder = tmp_path_factory.mktemp("counted")
    shutil.copytree(COUNTED, folder / sources.MODEL)
    shutil.copytree(sources.FIRMWARE / "include" / "edgesnn", folder / sources.MODEL / "edgesnn")
    sources.lay_out(folder, sources.Bundle("counted", 0, 1, False), facts, "test")
    toolchain.compile_folder(folder, "counted.elf", facts)
    return facts, folder / "counted.elf"


def steps(device: Device) -> None:
    device.run(STEPS)


def test_windows_hold_what_was_written(counted: tuple[BoardFacts, Path]) -> None:
    """Windows: the push, 1000 nops, a loop and 77 nops, the pop. Each hook has three arguments and a call."""
    facts, program = counted
    found = listing.read(program, facts)
    windows = Windows(found.function("counted_step"), found.function("esnn_observe"), 4)
    timings = tables()[core_of(facts) or ""]
    entry, nops, loop, end = executed(timings, found, record(facts, program, windows, steps), 4)
    hook = of_call(timings, HOOK)
    assert [part.instructions for part in (entry, nops, loop, end)] == [
        STEPS * (1 + 4), STEPS * (1000 + 4), STEPS * (1 + 2 * LOOPS + 77 + 4), STEPS,
    ]  # fmt: skip
    again = timings.of("branch") + timings.of("refill")
    turns = LOOPS * timings.of("data") + (LOOPS - 1) * again + timings.of("branch")
    first = timings.of("load") + timings.of("literal")
    assert np.array_equal(nops.cycles, STEPS * (1000 * timings.of("hint") + hook.cycles))
    assert np.array_equal(loop.cycles, STEPS * (first + turns + 77 * timings.of("hint") + hook.cycles))


def test_a_whole_run_has_each_step(counted: tuple[BoardFacts, Path]) -> None:
    """Without windows everything is counted: so often the step was entered, and so often its loop went round."""
    facts, program = counted
    found = listing.read(program, facts)
    blocks = record(facts, program, None, steps)
    step = found.function("counted_step")
    assert sum(block.runs for block in blocks if block.address == step) == STEPS
    (loop,) = [
        block for block in blocks
        if step < block.address and found.instructions[block.last].target == block.address and block.instructions == 2
        and found.instructions[block.address].operands in ("r3, r3, #1", "r3, #1")
    ]  # fmt: skip
    assert (loop.runs, loop.behind_2) == (STEPS * (LOOPS - 1), STEPS)


@pytest.mark.parametrize(("name", "board"), [("q_snn_like", "mps2-an386"), ("many_classes", "microbit")])
def test_instructions_are_those_of_the_emulator(built: Build, name: str, board: str) -> None:
    """Two ways of counting, the plugin and the emulated timer, agree to the instruction: in all, and layer by layer."""
    artifact = built(name, board)
    x = samples(artifact.model, 2)
    with TARGET.open(artifact) as session:
        cost = session.cost(x)
        modelled = session._measure.args[1](x)  # type: ignore[attr-defined]
    assert modelled.instructions == cost.instructions
    assert cost.cycles == modelled.cycles
    assert cost.cycles.low <= cost.cycles.value <= cost.cycles.high
    assert cost.cycles.low > cost.instructions
    _, *others = modelled.layers
    for layer in others:  # before the first hook there is more: the step is entered
        assert modelled.layers[layer].instructions == cost.layers[layer].instructions
    assert sum(layer.cycles or 0 for layer in cost.layers.values()) <= cost.cycles.value
    assert "cycles are modelled, not measured" in " ".join(cost.notes)


def test_cycles_of_unknown_cores_are_left_out(built: Build) -> None:
    artifact = built("many_classes", "mps3-an547")
    with TARGET.open(artifact) as session:
        cost = session.cost(samples(artifact.model, 1))
    assert cost.cycles is None and cost.instructions
    assert all(layer.cycles is None for layer in cost.layers.values())
    assert "cycles are not modelled: cortex-m55: has no table of timings here" in " ".join(cost.notes)


def program(path: Path, *lines: str) -> str:
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    path.chmod(0o755)
    return str(path)


def test_an_emulator_without_plugins_is_named(built: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = program(tmp_path / "old", "echo QEMU emulator version 7.2.0", "echo -machine name")
    with pytest.raises(ToolError, match=r"old: was built without plugins.*--enable-plugins"):
        plugin.interface_of(old)
    artifact = built("q_snn_like", "mps2-an386")
    with TARGET.open(artifact) as session:
        monkeypatch.setenv("EDGESNN_QEMU_SYSTEM_ARM", old)
        cost = session.cost(samples(artifact.model, 1))
    assert cost.cycles is None and cost.instructions
    assert "was built without plugins" in " ".join(cost.notes)


def test_the_interface_is_the_emulators(tmp_path: Path) -> None:
    for version, interface in (("7.2.22 (Debian)", 1), ("8.2.1", 1), ("9.0.0", 2), ("10.1.0", 2)):
        emulator = program(
            tmp_path / version.split()[0], f"echo 'QEMU emulator version {version}'", "echo '-plugin [file=]<file>'"
        )
        assert plugin.interface_of(emulator) == interface


def test_an_emulator_that_refuses_the_plugin_says_why(
    counted: tuple[BoardFacts, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, elf = counted
    compiler = plugin.tools.find(plugin.COMPILER, plugin.INSTALL)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(trace, "plugin", lambda facts: plugin.compiled.__wrapped__(compiler, 99))
    with pytest.raises(ToolError, match=r"does not run with the plugin.*requires API version 99"):
        record(facts, elf, None, steps)


def test_the_plugin_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    compiler = plugin.tools.find(plugin.COMPILER, plugin.INSTALL)
    path = plugin.compiled.__wrapped__(compiler, 1)
    made = path.stat().st_mtime_ns
    assert path.is_relative_to(tmp_path)
    assert plugin.compiled.__wrapped__(compiler, 1) == path and path.stat().st_mtime_ns == made
    assert plugin.compiled.__wrapped__(compiler, 2) != path
    assert sorted(file.suffix for file in path.parent.iterdir()) == [".so", ".so"]


def test_half_a_trace_is_none(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="ended before it had written what it executed"):
        trace.read(tmp_path / "blocks")
    (tmp_path / "blocks").write_text("0 100 3 106 7 0 0\n")
    with pytest.raises(ToolError, match="ended before it had written what it executed"):
        trace.read(tmp_path / "blocks")


def test_code_of_another_program_is_refused(counted: tuple[BoardFacts, Path]) -> None:
    facts, elf = counted
    found = listing.read(elf, facts)
    step = found.function("counted_step")
    for block in (trace.Block(0, 0x7FFF0000, 1, 0x7FFF0000, 1, 0, 0), trace.Block(0, step, 2, step + 40, 1, 0, 0)):
        with pytest.raises(ToolError, match="was executed"):
            executed(tables()["cortex-m4"], found, [block], 1)


def test_conditional_jumps_are_taken_where_nothing_behind_them_ran(counted: tuple[BoardFacts, Path]) -> None:
    facts, elf = counted
    found = listing.read(elf, facts)
    timings = tables()["cortex-m4"]
    address, loop = next(
        (address, item) for address, item in found.instructions.items()
        if address > found.function("counted_step") and item.may_fall_through and item.name == "b"
    )  # fmt: skip
    block = trace.Block(0, address, 1, address, 10, 3, 3)
    (window,) = executed(timings, found, [block], 1)
    taken, passed = sequence.cycles(timings, [loop], found.instructions)
    assert np.array_equal(window.cycles, 7 * taken + 3 * passed)


def test_without_a_place_for_the_plugin_the_rest_is_still_told(
    built: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    plugin.compiled.cache_clear()
    artifact = built("q_snn_like", "mps2-an386")
    with TARGET.open(artifact) as session:
        cost = session.cost(samples(artifact.model, 1))
    assert cost.cycles is None and cost.instructions
    assert "cannot be written" in " ".join(cost.notes)
