"""A device to talk to: the link's real firmware on this computer, around a model of a few lines, with sanitizers."""

from __future__ import annotations

import contextlib
import os
import pty
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgesnn.link import Device, Port, open_port
from tests.link.firmware import build_stub


@pytest.fixture(scope="session")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_stub(
        tmp_path_factory.mktemp("stub") / "stub", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"
    )


class Served:
    """A port with the stub behind it."""

    def __init__(self, port: Port, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process

    def device(self) -> Device:
        return Device(self.port)

    def end(self) -> str:
        """Hangs up; the firmware must end by itself, without a word from the sanitizers."""
        self.port.close()
        _, said = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, said.decode()
        return said.decode()


def over_pty(program: Path) -> Served:
    master, slave = pty.openpty()
    port = open_port(os.ttyname(slave))
    os.close(slave)
    process = subprocess.Popen([program], stdin=master, stdout=master, stderr=subprocess.PIPE)
    os.close(master)
    return Served(port, process)


def over_socket(program: Path) -> Served:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = open_port(f"socket://127.0.0.1:{server.getsockname()[1]}")
        connection, _ = server.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        process = subprocess.Popen([program], stdin=connection, stdout=connection, stderr=subprocess.PIPE)
    return Served(port, process)


TRANSPORTS: dict[str, Callable[[Path], Served]] = {"pty": over_pty, "socket": over_socket}


@contextlib.contextmanager
def serving(program: Path, transport: str = "pty") -> Iterator[Served]:
    served = TRANSPORTS[transport](program)
    try:
        yield served
        assert served.end() == ""
    finally:
        served.process.kill()
        served.process.wait()


@pytest.fixture(params=sorted(TRANSPORTS))
def device(request: pytest.FixtureRequest, stub: Path) -> Iterator[Device]:
    """The stub, identified, over each kind of port."""
    with serving(stub, request.param) as served:
        yield served.device()


@pytest.fixture
def pty_device(stub: Path) -> Iterator[Device]:
    """The same over a pseudo-terminal, where the kind of port cannot matter."""
    with serving(stub) as served:
        yield served.device()
