"""What ports are made of: clean C with every compiler, arithmetic that is right."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from edgesnn.targets.mcu import boards, sources
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.harness import STRICT, compile_c

CROSS = sorted(name for name, board in TARGET.boards().items() if boards.facts_of(board).memory is not None)
COMPILERS = {
    "arm-none-eabi-gcc": ("-mthumb", "-masm-syntax-unified"),
    "clang": ("--target=thumb-none-eabi",),
}


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("board", CROSS)
def test_no_compiler_warns(board: str, compiler: str, tmp_path: Path) -> None:
    facts = boards.facts_of(TARGET.board(board))
    sources.lay_out_port(tmp_path, facts)
    cpu = [flag.replace("_", "-") for flag in facts.compiler.flags if flag.startswith("-mcpu=")]
    folders = ["-iquote", ".", "-iquote", sources.FIRMWARE, "-isystem", "port/libc"]
    files = sorted(path.relative_to(tmp_path) for path in (tmp_path / sources.PORT).glob("*.c"))
    options = [*STRICT, *COMPILERS[compiler], *cpu, "-mfloat-abi=soft", "-ffreestanding", "-fsyntax-only"]
    compile_c(compiler, [*options, *folders, *files], tmp_path)


def test_arithmetic_that_a_cortex_m0_lacks(tmp_path: Path) -> None:
    """Over the edges of the ranges and random values, against this computer's own arithmetic."""
    source = sources.FIRMWARE / "ports" / "armv6-m" / "arithmetic.c"
    shutil.copy(Path(__file__).with_name("arithmetic.c"), tmp_path / "test.c")
    compile_c("cc", [*STRICT, source, "test.c", "-o", "test"], tmp_path)
    done = subprocess.run([tmp_path / "test"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "20000\n"), done.stdout
