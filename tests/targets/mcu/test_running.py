"""Emulators and processes end when the session does, whatever ends it; missing tools are named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from edgesnn.errors import LinkError, ToolError
from edgesnn.link import Device
from edgesnn.target import Artifact, Session
from edgesnn.targets.mcu import running
from tests.link.test_fuzz import SOURCES, pour
from tests.targets.mcu.conftest import TARGET, samples

Build = Callable[[str, str], Artifact]
BOARDS = ("host", "mps2-an386", "unicorn-m4")
WAIT_S = 20


def child(session: Session) -> subprocess.Popen[bytes]:
    return session._release.__self__.process  # type: ignore[attr-defined, no-any-return]


def assert_ends(pid: int) -> None:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} still runs")


@pytest.mark.parametrize("board", BOARDS)
def test_the_child_ends_with_the_session(built: Build, board: str) -> None:
    with TARGET.open(built("many_classes", board)) as session:
        process = child(session)
        assert process.poll() is None
    assert process.poll() is not None


@pytest.mark.parametrize("board", BOARDS)
def test_the_child_ends_with_an_error(built: Build, board: str) -> None:
    with pytest.raises(KeyboardInterrupt), TARGET.open(built("many_classes", board)) as session:
        process = child(session)
        raise KeyboardInterrupt
    assert process.poll() is not None


@pytest.mark.parametrize("board", BOARDS)
def test_the_child_ends_when_we_are_killed(built: Build, board: str) -> None:
    artifact = built("many_classes", board)
    script = """if True:
        import os, signal, sys
        from pathlib import Path
        from edgesnn.link import Device
        from edgesnn.targets.mcu import McuTarget, boards, running
        started, device = running.start(boards.facts_of(McuTarget().board(sys.argv[1])), Path(sys.argv[2]))
        print(started.process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run(
        [sys.executable, "-c", script, board, artifact.main], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert_ends(int(done.stdout))


def test_a_child_that_dies_is_a_lost_connection(built: Build) -> None:
    artifact = built("many_classes", "host")
    with TARGET.open(artifact) as session:
        os.kill(child(session).pid, signal.SIGKILL)
        child(session).wait()
        with pytest.raises(LinkError, match="the connection is lost"):
            session.run(samples(artifact.model, 1))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_the_emulated_device_survives_garbage(built: Build, source: object) -> None:
    """Random and mutated frames into the emulated UART; afterwards the model still runs exactly."""
    import random

    from edgesnn.integer import run

    artifact = built("many_classes", "mps2-an386")
    with TARGET.open(artifact) as session:
        device: Device = session.device  # type: ignore[attr-defined]
        pour(device.port, random.Random(5), 20, source)  # type: ignore[arg-type]
        device.port.send_delimiter()
        session.device = Device(device.port, 20.0)  # type: ignore[attr-defined]
        x = samples(artifact.model, 1)
        session.reset()
        assert session.first_difference(x, run(artifact.model, x)) == (0, None)
        stack = session.device.stack()  # type: ignore[attr-defined]
        assert stack.used <= stack.reserved


def test_a_missing_compiler_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESNN_ARM_NONE_EABI_GCC", "no-such-gcc")
    from tests.targets.mcu.conftest import model

    with pytest.raises(ToolError, match=r"no-such-gcc: is not installed .*sudo apt-get install gcc-arm-none-eabi"):
        TARGET.build(model("many_classes"), TARGET.board("mps2-an386"), tmp_path / "build")
    assert not (tmp_path / "build").exists()
    missing = {what.partition(":")[0]: (present, remedy) for what, present, remedy in TARGET.doctor()}
    assert missing["arm-none-eabi-gcc"][0] is False
    assert "apt-get install" in missing["arm-none-eabi-gcc"][1]
    assert missing["qemu-system-arm"][0] is True


def test_a_missing_emulator_is_named(built: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = built("many_classes", "mps2-an386")
    monkeypatch.setenv("EDGESNN_QEMU_SYSTEM_ARM", "no-such-qemu")
    with pytest.raises(ToolError, match=r"no-such-qemu: is not installed .*sudo apt-get install qemu-system-arm"):
        TARGET.open(artifact)


def test_an_emulator_that_fails_says_why(built: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ICOUNT", ("-icount", "shift=nonsense"))
    with pytest.raises(LinkError, match=r"ended with exit code 1: .*icount"):
        TARGET.open(built("many_classes", "mps2-an386"))
