"""The process that holds the interpreter. A runtime that aborts takes that process with it and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from edgesnn.errors import ToolError
from edgesnn.targets.tflite import runner

RUNNER = Path(runner.__file__)
START_SECONDS = 60.0
REQUEST_SECONDS = 600.0
SHOWN_CHARACTERS = 800


class InterpreterProcess:
    """Starts the runner with a Python and one of the runtimes, and asks it things.

    Args:
        python: the interpreter to run it with; needs NumPy and the runtime.
        runtime: "ai_edge_litert" or "tflite_runtime".
        path: the .tflite file.
        remedy: what a user can do where it does not start.

    Raises ToolError where it does not start, and from `ask` where it dies, hangs or answers nonsense.
    """

    def __init__(self, python: Path, runtime: str, path: Path, remedy: str) -> None:
        self.runtime, self.remedy = runtime, remedy
        # PYTHONPATH is meant for this environment, not for another
        flags = [] if str(python) == sys.executable else ["-E"]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed by close()
        try:
            self._process = subprocess.Popen(
                [str(python), *flags, str(RUNNER), runtime, str(path)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            )  # fmt: skip
        except OSError as error:
            self._errors.close()
            raise ToolError(runtime, f"{python} cannot be started ({error.strerror})", remedy) from error
        try:
            self.ask("hello", seconds=START_SECONDS)
        except ToolError:
            self.close()
            raise

    def ask(
        self, verb: str, arrays: runner.Arrays | None = None, seconds: float = REQUEST_SECONDS, **details: Any
    ) -> runner.Arrays:
        """One request and its reply. The process is ended where no reply comes within `seconds`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        watchdog = threading.Timer(seconds, self._process.kill)
        started = time.monotonic()
        watchdog.start()
        try:
            runner.send(self._process.stdin, {"verb": verb, **details}, arrays or {})
            header, reply = runner.receive(self._process.stdout)
        except (EOFError, OSError, runner.WireError) as error:
            late = f"did not answer within {seconds:g} seconds" if time.monotonic() - started >= seconds else None
            raise ToolError(self.runtime, self._epitaph(error, late), self.remedy) from error
        finally:
            watchdog.cancel()
        if header.get("error"):
            words = str(header["error"])[:SHOWN_CHARACTERS]
            raise ToolError(self.runtime, f"the interpreter answers {words!r}", self.remedy)
        return reply

    def _epitaph(self, error: Exception, late: str | None) -> str:
        """Why there is no reply, with the last words of the process."""
        self._process.kill()
        code = self._process.wait()
        self._errors.seek(0)
        words = self._errors.read()[-SHOWN_CHARACTERS:].decode(errors="replace").strip()
        nonsense = f"answered nonsense ({error})" if isinstance(error, runner.WireError) else f"ended with {code}"
        return f"the interpreter {late or nonsense}" + (f", saying {words!r}" if words else "")

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except OSError:
                    continue  # the process is gone already
        self._process.kill()
        self._process.wait()
        self._errors.close()
