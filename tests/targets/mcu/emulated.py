"""An emulated board with a reset button."""

from __future__ import annotations

import dataclasses
import json
import socket
import time
from pathlib import Path

from edgesnn.targets.mcu import boards, running
from tests.targets.mcu.conftest import TARGET


def connected(path: Path, timeout_s: float = 30) -> socket.socket:
    """To a server that may only just be starting."""
    end = time.monotonic() + timeout_s
    while True:
        control = socket.socket(socket.AF_UNIX)
        try:
            control.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            control.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return control


class Emulated:
    """An mps2-an386 that can be reset. Memory that its program does not fill outlives that, as flash does."""

    def __init__(self, program: Path, folder: Path) -> None:
        control = folder / "control"
        emulator = boards.facts_of(TARGET.board("mps2-an386"))
        arguments = ("-qmp", f"unix:{control},server=on,wait=off")
        emulator = dataclasses.replace(emulator, run=dataclasses.replace(emulator.run, arguments=arguments))
        self.process, port = running._qemu(emulator, program)
        self.port = port.name
        port.close()
        self.control = connected(control)
        self.replies = self.control.makefile("r")
        self.replies.readline()
        self._ask("qmp_capabilities")

    def reset(self) -> None:
        """Comes back when it is done."""
        self._ask("system_reset", "RESET")

    def _ask(self, command: str, event: str | None = None) -> None:
        """A command of QMP, its answer, and the event that it leads to."""
        self.control.sendall(json.dumps({"execute": command}).encode())
        answered = happened = False
        while not (answered and (happened or event is None)):
            said = json.loads(self.replies.readline())
            answered, happened = answered or "return" in said, happened or said.get("event") == event

    def close(self) -> None:
        self.replies.close()
        self.control.close()
        self.process.close()
