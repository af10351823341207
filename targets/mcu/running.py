"""Programs that stand for a board: an emulator, or the firmware as a process. They end when we do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from edgesnn.errors import LinkError, ToolError
from edgesnn.link import Device, Port, open_port
from edgesnn.targets.mcu import emulation, kept, tools
from edgesnn.targets.mcu.facts import BoardFacts

END_S = 2.0
LAST_WORDS_S = 0.5
SAID_BYTES = 2000
ICOUNT = ("-icount", "shift=6")  # 64 ns an instruction, so that the board's 40 ns timer tells single instructions

# Linux ends a child with the *thread* that started it, so all are started by one that lives as long as we do.
_STARTER = ThreadPoolExecutor(1, thread_name_prefix="edgesnn-starter")


class Running:
    """A child process. It ends with `close`, with this object, with the interpreter, or on Linux when we are killed."""

    def __init__(self, arguments: Sequence[str], **options: Any) -> None:
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this object)
        options.setdefault("stdout", self._said)
        try:
            command = [*_dies_with_us(), *arguments]
            self.process = _STARTER.submit(lambda: subprocess.Popen(command, stderr=self._said, **options)).result()
        except OSError as error:
            raise ToolError(arguments[0], f"cannot be started ({error})", "Install it again") from error
        self._finalizer = weakref.finalize(self, _end, self.process)

    def close(self) -> None:
        """Ends the process."""
        self._finalizer()

    def explain(self, error: LinkError) -> LinkError:
        """The same error; with what the program said last, if it has ended."""
        try:
            self.process.wait(LAST_WORDS_S)  # a port is lost a little before its program has ended
        except subprocess.TimeoutExpired:
            return error
        self._said.seek(0)
        said = self._said.read()[-SAID_BYTES:].decode("utf-8", "replace").strip()
        problem = f"the program behind the port ended with exit code {self.process.returncode}"
        return LinkError(error.where, f"{problem}{': ' + said if said else ''}", "Build the model again")


def start(facts: BoardFacts, program: Path, flash: Path | None = None) -> tuple[Running, Device]:
    """Starts the board's emulator or process and waits until the device in it has identified itself.

    flash: the file in which the board's slots are kept, where the program has a use for them.

    Raises ToolError where the program is missing, LinkError where the device does not answer.
    """
    running, port = LAUNCHES[facts.run.kind or ""](facts, program, flash)
    try:
        return running, Device(port, facts.link.timeout_s, facts.link.run_timeout_s)
    except LinkError as error:
        explained = running.explain(error)
        running.close()
        raise explained from error
    except BaseException:
        running.close()
        raise


def _qemu(facts: BoardFacts, program: Path, flash: Path | None = None) -> tuple[Running, Port]:
    """The listening socket is ours, so there is no race for a port number, and connecting needs no waiting."""
    assert facts.run.command is not None
    emulator = tools.find(facts.run.command, facts.run.install or "")
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        arguments = [
            *emulator, "-M", str(facts.run.machine), "-kernel", str(program), "-display", "none", "-monitor", "none",
            "-chardev", f"socket,id=uart,fd={server.fileno()},server=on,wait=off,nodelay=on", "-serial", "chardev:uart",
            *ICOUNT, *facts.run.arguments, *(kept.qemu_arguments(facts, flash) if flash else ()),
        ]  # fmt: skip
        running = Running(arguments, pass_fds=(server.fileno(),), stdin=subprocess.DEVNULL)
    return _opened(running, f"socket://127.0.0.1:{number}")


def _unicorn(facts: BoardFacts, program: Path, flash: Path | None = None) -> tuple[Running, Port]:
    """The emulator listens, and says at which port: no socket need be handed down, which not every system can."""
    command = [*emulation.command(facts, program), *(kept.emulator_arguments(facts, flash) if flash else ())]
    running = Running(command, env=emulation.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert running.process.stdout is not None
    with running.process.stdout as said:
        number = said.readline().strip().decode("ascii", "replace")
    return _opened(running, f"socket://127.0.0.1:{number}")


def _process(facts: BoardFacts, program: Path, flash: Path | None = None) -> tuple[Running, Port]:
    """The process gets the one end of a pseudo-terminal, the port is the other."""
    import pty  # which not every system has

    master, slave = pty.openpty()
    try:
        name = os.ttyname(slave)
        port = open_port(name)  # before the process starts: it makes the terminal raw
    except BaseException:
        os.close(master)
        raise
    finally:
        os.close(slave)
    try:
        environment = {**os.environ, kept.VARIABLE: str(flash)} if flash else None
        return Running([str(program)], stdin=master, stdout=master, env=environment), port
    except BaseException:
        port.close()
        raise
    finally:
        os.close(master)


LAUNCHES: dict[str, Callable[[BoardFacts, Path, Path | None], tuple[Running, Port]]] = {
    "qemu": _qemu, "unicorn": _unicorn, "process": _process,
}  # fmt: skip


def _opened(running: Running, url: str) -> tuple[Running, Port]:
    try:
        return running, open_port(url)
    except BaseException as error:
        explained = running.explain(error) if isinstance(error, LinkError) else error
        running.close()
        raise explained from error


def _dies_with_us() -> list[str]:
    setpriv = shutil.which("setpriv")  # Linux only; elsewhere an emulator outlives us when we are killed
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
