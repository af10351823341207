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
ARM = {
    "arm-none-eabi-gcc": ("-mthumb", "-masm-syntax-unified", "-mfloat-abi=soft"),
    "clang": ("--target=thumb-none-eabi", "-mfloat-abi=soft"),
}
RISCV = {
    "riscv64-unknown-elf-gcc": ("-misa-spec=2.2", "-mabi=ilp32"),
    "clang": ("--target=riscv32-none-elf", "-mabi=ilp32"),
}


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("board", CROSS)
def test_no_compiler_warns(board: str, compiler: str, tmp_path: Path) -> None:
    facts = boards.facts_of(TARGET.board(board))
    sources.lay_out_port(tmp_path, facts)
    compilers = RISCV if "riscv" in facts.port.parts else ARM
    program = next(name for name in compilers if name.endswith(compiler))
    cpu = [flag.replace("_", "-") for flag in facts.compiler.flags if flag.startswith(("-mcpu=", "-march="))]
    folders = ["-iquote", ".", "-iquote", sources.FIRMWARE, "-isystem", "port/libc"]
    files = sorted(path.relative_to(tmp_path) for path in (tmp_path / sources.PORT).glob("*.c"))
    options = [*STRICT, *compilers[program], *cpu, "-ffreestanding", "-fsyntax-only"]
    compile_c(program, [*options, *folders, *files], tmp_path)


def test_arithmetic_that_processors_lack(tmp_path: Path) -> None:
    """Over the edges of the ranges and random values, against this computer's own arithmetic."""
    own = [sources.FIRMWARE / "ports" / name for name in ("armv6-m/arithmetic.c", "ctz/ctz.c", "ctz/clz.c")]
    shutil.copy(Path(__file__).with_name("arithmetic.c"), tmp_path / "test.c")
    compile_c("cc", [*STRICT, *own, "test.c", "-o", "test"], tmp_path)
    done = subprocess.run([tmp_path / "test"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "20000\n"), done.stdout
