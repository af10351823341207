"""When one process of a network fails, Lava's others wait for it for ever. Here the first failure ends them all."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class StoppedError(RuntimeError):
    """A process of the network failed, or somebody asked the runner to end."""


@contextmanager
def supervised() -> Iterator[None]:
    """SIGTERM raises StoppedError here and ends forked processes at once; none of them outlives an error."""
    runner = os.getpid()

    def end(number: int, frame: object) -> None:
        if os.getpid() != runner:
            os._exit(1)
        raise StoppedError("the simulation was stopped")

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    except BaseException:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in multiprocessing.active_children():
            child.kill()
        raise


@contextmanager
def reporting(layer: str) -> Iterator[None]:
    """In a forked process: says what failed where, and tells the runner."""
    try:
        yield
    except Exception as error:
        print("error:", layer, "failed:", " ".join(str(error).split()), file=sys.stderr, flush=True)
        os.kill(os.getppid(), signal.SIGTERM)
        raise
