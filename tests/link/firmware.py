"""Compiling the link's firmware around the stub model."""

from __future__ import annotations

import subprocess
from pathlib import Path

import edgesnn.firmware

FIRMWARE = Path(edgesnn.firmware.__file__).parent
STUB = Path(__file__).parent / "stub"
STRICT = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")


def command(compiler: str, *flags: str) -> list[str]:
    sources = [*sorted((FIRMWARE / "link").glob("*.c")), FIRMWARE / "ports" / "host" / "port.c", STUB / "stub.c"]
    includes = [f"-I{FIRMWARE}", f"-I{FIRMWARE / 'include'}", f"-I{STUB}"]
    return [compiler, *STRICT, "-g", "-DEDGESNN_OBSERVE", "-DESNN_PORT_MARKER", *flags, *includes, *map(str, sources)]


def build_stub(program: Path, *flags: str, compiler: str = "gcc") -> Path:
    done = subprocess.run([*command(compiler, *flags), "-o", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return program
