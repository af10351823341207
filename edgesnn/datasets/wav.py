"""Sound in .wav files: one channel of 16-bit samples. Files are not trusted."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgesnn.errors import DataError

Int16 = npt.NDArray[np.int16]
MAX_BYTES = 1 << 25


def read(path: Path, rate: int) -> Int16:
    """The samples of a file. Raises DataError where it cannot be read or is not of that sample rate in hertz."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataError(str(path), f"cannot be read ({error.strerror})", "Check the path") from None
    return parse(data, str(path), rate)


def parse(data: bytes, where: str, rate: int) -> Int16:
    """The samples of a file's bytes. Raises DataError where they are not mono PCM16 at that rate, or are cut short."""
    if len(data) > MAX_BYTES:
        raise DataError(where, f"is larger than {MAX_BYTES} bytes", "Give a short recording")
    try:
        with wave.open(io.BytesIO(data)) as file:
            form = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.getnframes()
            samples = file.readframes(min(frames, MAX_BYTES))
    except (wave.Error, EOFError, ValueError, RuntimeError) as error:
        raise DataError(where, f"is no readable .wav file ({error or 'it ends early'})", "Save it as PCM") from None
    if form != (1, 2, rate):
        problem = f"has {form[0]} channels of {8 * form[1]} bits at {form[2]} Hz"
        raise DataError(where, problem, f"Convert it to one channel of 16 bits at {rate} Hz")
    if len(samples) != 2 * frames:
        raise DataError(where, f"ends after {len(samples) // 2} of {frames} samples", "Copy it again")
    return np.frombuffer(samples, "<i2").astype(np.int16)
