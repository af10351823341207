"""The board that needs packages of PyPI only: what it counts, when it is chosen, what it says when it cannot run."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from edgesnn.errors import LinkError, ToolError
from edgesnn.integer import Array
from edgesnn.target import Artifact, Cost
from edgesnn.targets.mcu import boards, emulation, needs, running
from tests.targets.mcu.conftest import TARGET, model, samples

BOARD = "unicorn-m4"
Build = Callable[[str, str], Artifact]


@pytest.fixture
def counting_is_forgotten() -> Iterator[None]:
    """The library that counts is compiled once in a process."""
    emulation._counting_library.cache_clear()
    yield
    emulation._counting_library.cache_clear()


def cost(artifact: Artifact, x: Array) -> Cost:
    with TARGET.open(artifact) as session:
        return session.cost(x, cycles=False)


def doctor() -> dict[str, tuple[bool, str]]:
    """Whether a tool is there, and its version or how to get it, by its name."""
    return {what.partition(":")[0]: (present, detail) for what, present, detail in TARGET.doctor()}


def spared() -> set[str]:
    return {what.partition(":")[0] for what in TARGET.spared()}


def in_qemu(artifact: Artifact) -> Artifact:
    """The same program in the machine that it was made after."""
    facts = {**artifact.board.facts, "run": TARGET.board("mps2-an386").facts["run"]}
    return dataclasses.replace(artifact, board=dataclasses.replace(artifact.board, facts=facts))


@pytest.mark.parametrize("name", ["q_snn_like", "many_classes"])
def test_another_emulator_agrees(built: Build, name: str) -> None:
    """One ELF file in QEMU and in unicorn: instructions of every layer, stack and all other figures."""
    artifact = built(name, BOARD)
    x = samples(artifact.model, 2)
    here, there = cost(artifact, x), cost(in_qemu(artifact), x)
    assert here.instructions is not None and here.stack_used_bytes is not None
    assert here == there


def test_python_counts_the_same(built: Build, monkeypatch: pytest.MonkeyPatch, counting_is_forgotten: None) -> None:
    """Where there is nothing to compile with."""
    artifact = built("q_snn_like", BOARD)
    x = samples(artifact.model, 1)
    in_c = cost(artifact, x)
    emulation._counting_library.cache_clear()
    monkeypatch.setenv("EDGESNN_ZIG", "no-such-zig")
    assert "--counting" not in emulation.command(boards.facts_of(artifact.board), artifact.main)
    assert cost(artifact, x) == in_c


def test_a_library_that_cannot_be_loaded_is_done_without(
    built: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = built("many_classes", BOARD)
    x = samples(artifact.model, 1)
    in_c = cost(artifact, x)
    (tmp_path / emulation.LIBRARY).write_text("no library")
    monkeypatch.setattr(emulation, "_counting_library", lambda: SimpleNamespace(name=str(tmp_path)))
    assert str(tmp_path / emulation.LIBRARY) in emulation.command(boards.facts_of(artifact.board), artifact.main)
    assert cost(artifact, x) == in_c


@pytest.mark.parametrize("system", ["x86_64-windows", "aarch64-macos", "x86_64-macos"])
def test_the_counter_can_be_compiled_on_other_systems(
    system: str, monkeypatch: pytest.MonkeyPatch, counting_is_forgotten: None
) -> None:
    """As far as it can be told from here: it is linked for them, with nothing of their own."""
    monkeypatch.setattr(emulation, "COMPILED", ("cc", "-target", system, *emulation.COMPILED[1:]))
    assert emulation._counting_library() is not None


def test_it_is_chosen_where_the_usual_tools_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert TARGET.default_board == "mps2-an386"
    assert {"zig", "unicorn", "capstone", "riscv64-unknown-elf-gcc", "pyocd"} <= spared()
    for variable, tool in (
        ("EDGESNN_QEMU_SYSTEM_ARM", "qemu-system-arm"),
        ("EDGESNN_ARM_NONE_EABI_GCC", "arm-none-eabi-gcc"),
    ):
        with monkeypatch.context() as without:
            without.setenv(variable, "no-such-program")
            assert TARGET.default_board == TARGET.board(None).name == BOARD
            found = doctor()
            assert f"unicorn-m4 (without {tool}; " in found["board where none is named"][1]
            assert "pip install 'edgesnn[emulator]'" in found["board where none is named"][1]
            assert (found[tool][0], found["zig"][0], found["unicorn"][0]) == (False, True, True)
            assert {"qemu-system-arm", "arm-none-eabi-gcc"} <= spared()
            assert not {"zig", "unicorn", "capstone"} & spared()


def test_missing_packages_are_named(built: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = built("many_classes", BOARD)

    def nothing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(needs, "version", nothing)
    with pytest.raises(ToolError, match=r"capstone: .* is not installed. Run pip install 'edgesnn\[emulator\]'"):
        TARGET.open(artifact)
    assert doctor()["unicorn"] == (False, "Run pip install 'edgesnn[emulator]'")
    assert doctor()["pyocd"] == (False, "Run pip install 'edgesnn[flash]'")


def test_a_missing_compiler_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESNN_ZIG", "no-such-zig")
    with pytest.raises(ToolError, match=r"no-such-zig: is not installed .*pip install 'edgesnn\[emulator\]'"):
        TARGET.build(model("many_classes"), TARGET.board(BOARD), tmp_path / "build")


def test_a_program_that_fails_says_where(built: Build) -> None:
    """Here it has less RAM than it was linked for."""
    artifact = built("q_snn_like", BOARD)
    facts = boards.facts_of(artifact.board)
    assert facts.memory is not None
    small = dataclasses.replace(facts, memory=dataclasses.replace(facts.memory, ram_bytes=4096))
    with pytest.raises(LinkError, match=r"ended with exit code 1: error: Invalid memory \w+ .* at 0x[0-9a-f]+"):
        running.start(small, artifact.main)


WITHOUT_UNIX = """if True:
    import builtins, sys
    real = builtins.__import__
    def without(name, globals=None, *others, **named):
        importer = (globals or {}).get("__name__", "")
        if name in ("fcntl", "pty", "termios", "resource", "pwd", "grp", "tty") and importer.startswith("edgesnn"):
            raise ImportError(name)
        return real(name, globals, *others, **named)
    builtins.__import__ = without
    from edgesnn.cli import main
    sys.exit(main(["verify", "qt_snn", "--target", "mcu", "--board", "unicorn-m4", "--samples", "1"]))
"""


def test_nothing_of_unix_is_needed() -> None:
    """All that can be told of other systems from here: edgesnn imports nothing that only Unix has."""
    done = subprocess.run([sys.executable, "-c", WITHOUT_UNIX], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "qt_snn on mcu/unicorn-m4: exact, 1 sample" in done.stdout
