"""Runs a bundle in the second environment: one bounded subprocess, whose answer is not trusted."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from edgesnn.environments import remedy, second_python
from edgesnn.errors import ToolError
from edgesnn.integer import Array

START_SECONDS = 120.0
STEP_SECONDS = 0.5
"""Time a worker gets: to start, and for each time step (a large network on a busy machine takes 0.05 s)."""
GRACE_SECONDS = 5.0
POLL_SECONDS = 0.02
MESSAGE_MAX = 300

Shapes = Mapping[str, tuple[int, ...]]


def run_bundle(
    main: Path, x: Array, record: Collection[str], expected: Shapes, labels: Array | None = None
) -> dict[str, Array]:
    """Runs the bundle whose runner is `main` on x (samples, T, inputs), with labels (samples,) if it learns.

    Returns the arrays named in `expected`, int64, in these shapes. Raises ToolError where the environment is missing,
    the runner fails, takes too long, or answers anything else.
    """
    python = second_python()
    with tempfile.TemporaryDirectory(prefix="edgesnn-loihi-") as name:
        folder = Path(name)
        given = {} if labels is None else {"labels": labels.astype(np.int16)}
        np.savez(folder / "samples.npz", x=x.astype(np.int16), **given)  # type: ignore[arg-type]
        command = [
            str(python),
            "-B",
            "-E",
            "-s",
            str(main.resolve()),
            "--input",
            "samples.npz",
            "--output",
            "result.npz",
        ]
        _execute([*command, "--record", *record], folder, START_SECONDS + STEP_SECONDS * x.shape[0] * x.shape[1])
        return read_result(folder / "result.npz", expected)


def _execute(command: list[str], folder: Path, seconds: float) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    log = folder / "log"
    with open(log, "wb") as stream:
        try:
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise ToolError(command[0], f"cannot be started ({error.strerror})", remedy()) from error
    try:
        status = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ToolError("Lava", f"gave no answer within {seconds:.0f} s", "Run fewer samples, or try again") from None
    finally:
        end_group(process)
    if status:
        raise ToolError("Lava", f"the simulation failed: {last_line(log)}", "Run `edgesnn doctor`")


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ends the runner, if it still runs, and every process Lava forked from it.

    First politely: Python's resource tracker survives that and frees the shared memory of the others. A runner that
    ended by itself has ended the others too, save the tracker that is about to.
    """
    ended = process.poll() is not None
    signal_group(process, signal.SIGTERM)
    if ended:
        return
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and signal_group(process, 0):
        process.poll()
        time.sleep(POLL_SECONDS)
    signal_group(process, signal.SIGKILL)
    process.wait()


def signal_group(process: subprocess.Popen[bytes], number: int) -> bool:
    """Whether there was anybody left to signal."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def last_line(log: Path) -> str:
    """The runner's first error line, or the last line of what it said; short and printable."""
    with open(log, "rb") as stream:
        stream.seek(max(0, log.stat().st_size - 65536))
        lines = [line.strip() for line in stream.read().decode("utf-8", "replace").splitlines() if line.strip()]
    own = [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")]
    text = own[0] if own else (lines or ["it said nothing"])[-1]
    return "".join(c if c.isprintable() else "?" for c in text)[:MESSAGE_MAX]


def read_result(file: Path, expected: Shapes) -> dict[str, Array]:
    """The expected arrays and nothing else, checked before they are used."""
    most = sum(int(np.prod(shape)) for shape in expected.values()) * 4 + (1 << 16) * (1 + len(expected))
    if not file.is_file() or file.stat().st_size > most:
        raise _nonsense("no result, or one of an impossible size")
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as stored:
            return {name: _checked(stored, name, shape) for name, shape in expected.items()}
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise _nonsense(str(error)) from error


def _checked(stored: np.lib.npyio.NpzFile, name: str, shape: tuple[int, ...]) -> Array:
    array = stored[name]
    if array.shape != shape or array.dtype != np.int32:
        raise ValueError(f"{name} is {array.dtype} {array.shape}, not int32 {shape}")
    return array.astype(np.int64)


def _nonsense(what: str) -> ToolError:
    return ToolError("Lava", f"the worker answered nonsense: {what[:MESSAGE_MAX]}", "Build the bundle again")
