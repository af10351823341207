"""The C header and the Python enumerations are one protocol."""

from __future__ import annotations

import enum
import re
import subprocess

import pytest

from edgesnn.link import protocol
from tests.link.firmware import FIRMWARE, command

HEADER = (FIRMWARE / "link" / "protocol.h").read_text()


def c_enum(name: str) -> dict[str, int]:
    body = re.search(rf"enum esnn_link_{name} \{{(.*?)\}}", HEADER, re.DOTALL)
    assert body is not None
    return {key: int(value) for key, value in re.findall(r"ESNN_LINK_(\w+) = (\d+)", body[1])}


@pytest.mark.parametrize(
    ("name", "kind", "prefix"),
    [
        ("verb", protocol.Verb, ""),
        ("status", protocol.Status, ""),
        ("area", protocol.Area, "AREA_"),
        ("mode", protocol.Mode, ""),
        ("counter", protocol.Counter, "COUNTER_"),
    ],
)
def test_enumerations_agree(name: str, kind: type[enum.IntEnum], prefix: str) -> None:
    mine = {prefix + member.name: int(member) for member in kind if member.name != "NONE" or prefix}
    assert c_enum(name) == mine


@pytest.mark.parametrize("name", ["VERSION", "REQUEST_HEADER", "REPLY_HEADER", "CRC_BYTES"])
def test_constants_agree(name: str) -> None:
    found = re.search(rf"#define ESNN_LINK_{name} (\d+)", HEADER)
    assert found is not None
    assert int(found[1]) == getattr(protocol, name)


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("body_bytes", [128, 4096])
def test_compiles_without_a_warning(compiler: str, body_bytes: int) -> None:
    done = subprocess.run(
        [*command(compiler, "-O2", f"-DESNN_LINK_BODY_BYTES={body_bytes}"), "-fsyntax-only"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
