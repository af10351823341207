"""The call graph of machine code: frames that the code itself shows, and no figure where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import capstone
import pytest
from capstone import arm
from elftools.elf.elffile import ELFFile

from edgesnn.errors import FileError, ToolError
from edgesnn.target import Artifact
from edgesnn.targets.mcu import boards, callgraph, machine_calls, tools
from tests.targets.mcu.conftest import TARGET

BOARD = "unicorn-m4"
Build = Callable[[str, str], Artifact]

SOURCE = """
__attribute__((noinline)) static int leaf(volatile int *a, int n) { return a[n]; }
__attribute__((noinline)) static int table(int n)
{
    volatile int a[4] = {1, 2, 3, 4};
    switch (n) {
    case 0: return leaf(a, 3) + 1;
    case 1: return leaf(a, 1) - 7;
    case 2: return 5 * a[2];
    case 3: return a[1] << n;
    case 4: return a[0] + 99;
    case 5: a[1] = 8; return leaf(a, 2);
    default: return n;
    }
}
int pointer(int (*f)(int), int n) { return f(n) + 1; }
int last(int (*f)(int), int n) { return f(n); }
int itself(int n) { volatile int a[9]; a[n] = 2; return n < 2 ? 1 : itself(n - 1) + itself(n - 2) + a[n]; }
int variable(int n) { volatile int a[n]; a[0] = n; return leaf(a, 0); }
int _start(int n) { return table(n) + 1; }
"""
KEPT = ("pointer", "last", "itself", "variable", "_start")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SOURCE as a program."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "a.c").write_text(SOURCE)
    compiler = boards.facts_of(TARGET.board(BOARD)).compiler
    words = [*tools.find(compiler.command, compiler.install, compiler.module), *compiler.arguments]
    flags = [flag for flag in compiler.flags if flag not in ("-isystem", "port/libc")]
    tools.run([*words, *flags, "-nostdlib", *(f"-Wl,-u,{name}" for name in KEPT), "a.c", "-o", "a.elf"], folder)
    return folder / "a.elf"


def pushed(program: Path) -> dict[int, int]:
    """What each function takes from the stack, by its address: a second opinion, from pushes and subtractions."""
    with program.open("rb") as file:
        functions = machine_calls._functions(ELFFile(file))
    decoder = capstone.Cs(capstone.CS_ARCH_ARM, capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS)
    decoder.detail = True
    taken = {}
    for function in functions:
        taken[function.start] = 0
        for instruction in (each for address, code in function.code for each in decoder.disasm(code, address)):
            if instruction.id == arm.ARM_INS_PUSH:
                taken[function.start] += 4 * len(instruction.operands)
            elif (
                instruction.id in (arm.ARM_INS_SUB, arm.ARM_INS_SUBW) and instruction.operands[0].reg == arm.ARM_REG_SP
            ):
                taken[function.start] += instruction.operands[-1].imm
    return taken


def test_frames_are_what_the_code_takes(built: Build) -> None:
    program = built("q_snn_like", BOARD).main
    graph = machine_calls.read(program)
    with program.open("rb") as file:
        names = {function.name: function.start for function in machine_calls._functions(ELFFile(file))}
    taken = pushed(program)
    assert len(graph.frames) > 50
    assert dict(graph.frames) == {name: taken[start] for name, start in names.items()}


def test_calls_are_followed_through_tables_and_static_functions(small: Path) -> None:
    graph = machine_calls.read(small)
    (table,) = graph.callees["_start"]
    (leaf,) = graph.callees[table]
    assert (table.partition("@")[0], leaf.partition("@")[0]) == ("table", "leaf")
    assert graph.worst_case("_start") == graph.frames["_start"] + graph.frames[table] + graph.frames[leaf]
    assert graph.frames[table] >= 16


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("pointer", "calls through a pointer"),
        ("last", "calls through a pointer"),
        ("itself", "calls itself through itself"),
        ("variable", "whose frame is not known"),
    ],
)
def test_an_unknown_stack_is_no_figure(small: Path, function: str, message: str) -> None:
    with pytest.raises(ToolError, match=message):
        machine_calls.read(small).worst_case(function)


def test_the_whole_firmware_has_no_indirect_call(built: Build) -> None:
    graph = machine_calls.read(built("q_snn_like", BOARD).main)
    assert not {name for name, callees in graph.callees.items() if callgraph.INDIRECT in callees}
    assert graph.callees["esnn_port_reset"] >= {"esnn_port_stack_paint", "esnn_port_run"}
    assert graph.callees["esnn_port_run"] >= {"esnn_port_start", "esnn_link_start", "esnn_link_poll"}


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.elf").write_text("nothing")
    with pytest.raises(FileError, match="is no program whose calls can be read"):
        machine_calls.read(tmp_path / "a.elf")
