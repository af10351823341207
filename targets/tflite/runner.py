"""Holds one TFLite interpreter and answers requests on standard input. Alone in its process: NumPy, the runtime, this.

    python runner.py RUNTIME MODEL.tflite        RUNTIME: ai_edge_litert or tflite_runtime

edgesnn imports `send` and `receive` from here for its own side of the pipe. A message is a JSON line and arrays.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import zipfile
from typing import IO, Any

import numpy as np

STEP, RESET, INPUT, OUTPUT = "step", "reset", "input", "output"
MAX_LINE_BYTES = 1 << 20
MAX_PAYLOAD_BYTES = 1 << 31
MAX_ERROR_CHARACTERS = 2000

Arrays = dict[str, Any]
Header = dict[str, Any]


class WireError(Exception):
    """The other side sent something that is no message."""


def send(stream: IO[bytes], header: Header, arrays: Arrays) -> None:
    payload = io.BytesIO()
    names = list(arrays)
    np.savez(payload, **{f"a{number}": arrays[name] for number, name in enumerate(names)})
    data = payload.getvalue()
    line = json.dumps({**header, "arrays": names, "bytes": len(data)})
    stream.write(line.encode() + b"\n" + data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Header, Arrays]:
    """The next message. Raises EOFError where there is none, WireError where it is none of ours."""
    line = stream.readline(MAX_LINE_BYTES)
    if not line:
        raise EOFError
    try:
        header = json.loads(line)
        names, size = header["arrays"], header["bytes"]
        if not isinstance(size, int) or not 0 <= size <= MAX_PAYLOAD_BYTES:
            raise ValueError(f"{size} bytes")
        data = stream.read(size)
        if len(data) != size:
            raise EOFError
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return header, {str(name): stored[f"a{number}"] for number, name in enumerate(names)}
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise WireError(str(error)) from error


class Network:
    """A file in a stock interpreter, advanced by its signatures; states are kept here or in the file's variables."""

    def __init__(self, runtime: Any, path: str) -> None:
        interpreter = runtime.Interpreter(model_path=path)
        self.runner = interpreter.get_signature_runner(STEP)
        self.clear = interpreter.get_signature_runner(RESET) if RESET in interpreter.get_signature_list() else None
        details = self.runner.get_input_details()
        self.zeros = {name: np.zeros(of["shape"], of["dtype"]) for name, of in details.items() if name != INPUT}
        self.states = dict(self.zeros)
        self.results: Arrays = {}

    def reset(self) -> None:
        self.states = dict(self.zeros)
        if self.clear is not None:
            self.clear()

    def step(self, x: Any) -> Any:
        """One time step: x (*shape) to scores (classes,). `results` has all that the signature returned."""
        self.results = self.runner(**{INPUT: x[None]}, **self.states)
        self.states = {name: self.results[name] for name in self.zeros}
        return self.results[OUTPUT][0]


class Server:
    """One method a verb: (header, arrays) to arrays."""

    def __init__(self, runtime: Any, path: str) -> None:
        self.runtime, self.path = runtime, path
        self.network = Network(runtime, path)
        self.twin: Network | None = None  # a file whose `step` returns more
        self.verbs = {"hello": self.hello, "reset": self.reset, "step": self.step, "run": self.run, "trace": self.trace}

    def hello(self, header: Header, arrays: Arrays) -> Arrays:
        return {}

    def reset(self, header: Header, arrays: Arrays) -> Arrays:
        self.network.reset()
        return {}

    def step(self, header: Header, arrays: Arrays) -> Arrays:
        return {OUTPUT: self.network.step(arrays["x"])}

    def run(self, header: Header, arrays: Arrays) -> Arrays:
        """Samples x (samples, T, *shape) from a reset state to final scores (samples, classes)."""
        finals = []
        for sample in arrays["x"]:
            self.network.reset()
            for x in sample:
                output = self.network.step(x)
            finals.append(output)
        return {OUTPUT: np.stack(finals)}

    def trace(self, header: Header, arrays: Arrays) -> Arrays:
        """As `run`, at every step, with more results of the file itself and of its twin, by name."""
        if self.twin is None:
            self.twin = Network(self.runtime, header["twin"])
        sources = [(name, self.network) for name in header["results"]] + [(name, self.twin) for name in header["inner"]]
        kept: dict[str, list[Any]] = {name: [] for name in (OUTPUT, *(name for name, _ in sources))}
        for sample in arrays["x"]:
            self.network.reset()
            self.twin.reset()
            for x in sample:
                kept[OUTPUT].append(self.network.step(x))
                self.twin.step(x)
                for name, source in sources:
                    kept[name].append(source.results[name][0])
        counts = arrays["x"].shape[:2]
        return {name: np.stack(values).reshape(*counts, *values[0].shape) for name, values in kept.items()}


def serve(server: Server, requests: IO[bytes], replies: IO[bytes]) -> None:
    while True:
        try:
            header, arrays = receive(requests)
        except EOFError:
            return
        try:
            send(replies, {"error": None}, server.verbs[header["verb"]](header, arrays))
        except (RuntimeError, ValueError, KeyError) as error:  # whatever the runtime objects to, the other side reports
            send(replies, {"error": described(error)}, {})


def described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MAX_ERROR_CHARACTERS]


def main() -> None:
    if sys.path[0] == os.path.dirname(os.path.abspath(__file__)):
        del sys.path[0]  # the modules beside this file are edgesnn's, not the runtime's
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the native library prints must not land among the messages
    name, path = sys.argv[1:]
    try:
        server = Server(importlib.import_module(name + ".interpreter"), path)
    except (ImportError, RuntimeError, ValueError, SystemError, KeyError) as error:
        send(replies, {"error": described(error)}, {})
        return
    serve(server, sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
