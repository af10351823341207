"""Integer models on disk: ONNX files that run anywhere, written whole and read without trust."""

from __future__ import annotations

import os
from pathlib import Path

import onnx

from edgesnn.errors import FileError
from edgesnn.integer.model import Model
from edgesnn.integer.onnx_reader import from_onnx
from edgesnn.integer.onnx_writer import to_onnx

MAX_FILE_BYTES = 1 << 27

__all__ = ["from_onnx", "load", "save", "to_onnx"]


def save(model: Model, path: str | Path) -> None:
    """Writes a model; equal models give equal bytes. Raises FileError; a file already there stays whole if so."""
    path = Path(path)
    data = to_onnx(model).SerializeToString(deterministic=True)
    if len(data) > MAX_FILE_BYTES:
        raise FileError(str(path), f"would take {len(data)} bytes, more than {MAX_FILE_BYTES}", "Use fewer weights")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise FileError(str(path), f"cannot be written ({error.strerror})", "Choose another folder") from None


def load(path: str | Path) -> Model:
    """Reads a model. Raises FileError where the file cannot be read or trusted, ModelError where its model is wrong."""
    path = Path(path)
    return from_onnx(_parsed(path), path.name)


def _parsed(path: Path) -> onnx.ModelProto:
    where = str(path)
    try:
        if not path.is_file():
            raise FileError(where, "is no file", "Check the path, or give a name that `edgesnn models` lists")
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise FileError(where, f"cannot be read ({error.strerror})", "Check its permissions") from None
    if len(data) > MAX_FILE_BYTES:
        raise FileError(where, f"is larger than {MAX_FILE_BYTES} bytes", "Is it a model of edgesnn?")
    try:
        proto = onnx.ModelProto()
        proto.ParseFromString(data)
        return proto
    except Exception:  # protobuf's DecodeError, which onnx does not export; nothing but parsing happens here
        raise FileError(where, "is no ONNX file, or a truncated one", "Copy or save it again") from None
