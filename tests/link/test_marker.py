"""The marker pin of board `host`, which is a pipe: up while steps run, down otherwise."""

from __future__ import annotations

import os
import select
from pathlib import Path

import numpy as np
import pytest

from edgesnn.link import Device, Mode, Stop
from tests.link.conftest import serving


def edges(pipe: int) -> bytes:
    """What the pin did since the last look."""
    return os.read(pipe, 1000) if select.select([pipe], [], [], 0)[0] else b""


def test_one_pulse_around_every_stretch_of_steps(stub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = tmp_path / "marker"
    os.mkfifo(name)
    pipe = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
    monkeypatch.setenv("ESNN_MARKER", str(name))
    with serving(stub) as served:
        device = served.device()
        device.load(np.ones(300, int))
        device.reset()
        assert edges(pipe) == b""
        device.step()
        assert edges(pipe) == b"10"
        device.run(9)
        assert edges(pipe) == b"10"
        device.repeat(40, 9, 10)
        assert edges(pipe) == b"10"
        assert isinstance(device.step(Mode.STOP), Stop)
        assert edges(pipe) == b"1"
        end_of(device)
        assert edges(pipe) == b"0"
    os.close(pipe)


def end_of(device: Device) -> None:
    while isinstance(device.resume(), Stop):
        pass
