"""Figures of a build are the ELF file's and the device's own, and counts are exact to the instruction."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from edgesnn.integer import Array
from edgesnn.link import Mode
from edgesnn.target import Artifact, Cost
from edgesnn.targets.mcu import boards, running, sources, toolchain
from edgesnn.targets.mcu.session import McuSession
from tests.targets.mcu.conftest import EMULATED, TARGET, samples

BOARD = "mps2-an386"
NAMES = ("q_snn_like", "q_snn_loihi_like", "many_classes", "ternary_like", "attention_like")
MEASURED = (*((name, BOARD) for name in NAMES), ("q_snn_like", "unicorn-m4"), ("many_classes", "unicorn-m4"))
Build = Callable[[str, str], Artifact]


@pytest.fixture(scope="module", params=MEASURED, ids="-".join)
def measured(request: pytest.FixtureRequest, built: Build) -> tuple[Artifact, Array, Cost]:
    artifact = built(*request.param)
    x = samples(artifact.model, 3)
    with TARGET.open(artifact) as session:
        return artifact, x, session.cost(x, cycles=False)


def test_memory_is_the_sections(measured: tuple[Artifact, Array, Cost]) -> None:
    artifact, _, cost = measured
    with artifact.main.open("rb") as file:
        elf = ELFFile(file)
        sections = {section.name: section["sh_size"] for section in elf.iter_sections() if section["sh_flags"] & 2}
    assert set(sections) <= {".text", ".data", ".bss", ".stack"}
    assert cost.flash_bytes == sections[".text"] + sections.get(".data", 0)
    assert cost.ram_bytes == sections.get(".data", 0) + sections[".bss"] + sections[".stack"]
    assert cost.file_bytes == artifact.main.stat().st_size


def test_the_memory_map_sums(measured: tuple[Artifact, Array, Cost]) -> None:
    artifact, _, cost = measured
    for memory, total in (("flash", cost.flash_bytes), ("ram", cost.ram_bytes)):
        rows = {what: size for where, what, size in cost.memory_map if where == memory}
        assert sum(rows.values()) == total
        assert min(rows.values()) > 0
        assert rows["strings and alignment"] < 192
    for name, layer in cost.layers.items():
        assert layer.weight_bytes == sum(
            size for where, what, size in cost.memory_map if (where, what) == ("flash", f"weights {name}")
        )
        states = [size for where, what, size in cost.memory_map if (where, what) == ("ram", f"state {name}")]
        assert sum(states) == layer.state_bytes
    assert {node.name for node in artifact.model.nodes} == set(cost.layers)


def test_the_stack_bound_holds_and_is_tight(measured: tuple[Artifact, Array, Cost]) -> None:
    _, _, cost = measured
    assert cost.stack_bytes is not None
    assert cost.stack_used_bytes is not None
    assert 0 < cost.stack_used_bytes <= cost.stack_bytes
    assert cost.stack_bytes - cost.stack_used_bytes < 256


def test_no_heap_and_no_output(measured: tuple[Artifact, Array, Cost]) -> None:
    artifact, _, _ = measured
    listed = subprocess.run(["arm-none-eabi-nm", artifact.main], capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1] for line in listed.splitlines()}
    assert not {name for name in names if any(word in name for word in ("malloc", "free", "printf", "sbrk", "exit"))}
    assert f"{artifact.model.name}_step" in names


def test_counts_are_those_of_a_build_without_hooks(measured: tuple[Artifact, Array, Cost], tmp_path: Path) -> None:
    """The same sources without observation: its step's count is the one reported, and layers add up to it.

    clang may keep the address of the input over the first hook, which takes it one instruction a step.
    """
    artifact, x, cost = measured
    folder = tmp_path / "plain"
    shutil.copytree(artifact.folder, folder)
    source = folder / sources.MODEL / f"{artifact.model.name}.c"
    source.write_text("#undef EDGESNN_OBSERVE\n" + source.read_text())
    facts = boards.facts_of(artifact.board)
    toolchain.compile_folder(folder, "plain.elf", facts)
    child, device = running.start(facts, folder / "plain.elf")
    try:
        session = McuSession(artifact.model, None, device, None, child.close)  # type: ignore[arg-type]
        overhead = x.shape[1] * device.counters().step_overhead
        totals = [session.sample(sample).count - overhead for sample in x]
    finally:
        session.close()
    kept = x.shape[1] if artifact.board.name == "unicorn-m4" else 0
    assert 0 <= cost.instructions - sum(totals) / len(totals) <= kept
    layers = sum(layer.instructions or 0 for layer in cost.layers.values())
    assert 0 <= cost.instructions - layers <= 700 * x.shape[1]


@pytest.mark.parametrize("loops", [1, 20_000_000])
@pytest.mark.parametrize("board", EMULATED)
def test_counts_are_exact(board: str, loops: int, tmp_path: Path) -> None:
    """A step written by hand, instruction by instruction, is counted as that: also one so long that timers wrap."""
    facts = boards.facts_of(TARGET.board(board))
    outside = 5 if board == "virt" else 2  # on the way in and out
    flags = (*facts.compiler.flags, f"-DCOUNTED_LOOPS={loops}")
    facts = dataclasses.replace(facts, compiler=dataclasses.replace(facts.compiler, flags=flags))
    shutil.copytree(Path(__file__).parent / "counted", tmp_path / sources.MODEL)
    shutil.copytree(sources.FIRMWARE / "include" / "edgesnn", tmp_path / sources.MODEL / "edgesnn")
    sources.lay_out(tmp_path, sources.Bundle("counted", 0, 1, False), facts, "test")
    toolchain.compile_folder(tmp_path, "counted.elf", facts)
    child, device = running.start(facts, tmp_path / "counted.elf")
    try:
        for steps in (1, 2, 5) if loops == 1 else (1, 2):
            overhead = device.counters()
            total = device.run(steps).count - steps * (overhead.step_overhead + 3 * overhead.hook_in_total)
            assert total == steps * (outside + 1000 + 78 + 2 * loops)
            device.run(steps, Mode.COUNT)
            nodes = device.node_counts() - steps * overhead.hook_in_node
            assert nodes[1:].tolist() == [steps * 1000, steps * (78 + 2 * loops)]
    finally:
        device.close()
        child.close()


def test_counts_repeat(built: Build) -> None:
    artifact = built("q_snn_like", BOARD)
    x = samples(artifact.model, 2)
    costs = []
    for _ in range(2):
        with TARGET.open(artifact) as session:
            costs.append(session.cost(x))
    assert costs[0] == costs[1]


def test_the_host_tells_what_it_knows(built: Build) -> None:
    artifact = built("q_snn_like", "host")
    with TARGET.open(artifact) as session:
        cost = session.cost(samples(artifact.model, 1))
    assert (cost.instructions, cost.flash_bytes, cost.ram_bytes, cost.stack_bytes) == (None, None, None, None)
    assert cost.layers["head"].weight_bytes
    assert "operating system" in cost.notes[0]
