"""The generated C of a model's front end: its constants, its memory, and the functions that samples go into."""

from __future__ import annotations

from typing import Any

from edgesnn.encode import FrontEnd, SpeechFrontEnd, front_end_of
from edgesnn.integer import Model
from edgesnn.targets.mcu.codegen import names
from edgesnn.targets.mcu.codegen.constants import Constants
from edgesnn.targets.mcu.codegen.render import environment
from edgesnn.targets.mcu.codegen.runtime import sources

STEPS = ("esnn_steps", "esnn_tae")
PARTS = {
    "speech": ("esnn_speech", "esnn_fft", "esnn_power", "esnn_log2", *STEPS),
    "channels": ("esnn_channels", *STEPS),
}
SPEECH_ARRAYS = {"window": "int16_t", "cosine": "int16_t", "segments": "uint8_t", "weights": "uint16_t"}
STEP_BYTES = 2 * 2 + 6
"""A channel: features of two frames, the encoder's state."""
COMPLEX_BYTES = 8
POINTERS_BYTES = 64
"""At most, in RAM: what points at the buffers, and the counters."""


def front_end_files(model: Model) -> dict[str, str]:
    """NAME_front_end.h, .c and the sources they need, by path in the bundle; nothing for a model without one."""
    front_end = front_end_of(model)
    if front_end is None:
        return {}
    constants, k = printed_constants(front_end)
    values: dict[str, Any] = {
        "model": model.name,
        "M": names.macro(model.name),
        "front_end": front_end,
        "constants": constants.items,
        "k": k,
        "ram_bytes": buffer_bytes(front_end),
        "flash_bytes": sum(constant.bytes for constant in constants.items),
    }
    printed = {
        f"{model.name}_front_end{ending}": environment().get_template(f"front_end{ending}.j2").render(values)
        for ending in (".h", ".c")
    }
    return {**printed, **sources(PARTS[front_end.kind], [f"{front_end.kind}.h", "steps.h"])}


def printed_constants(front_end: FrontEnd) -> tuple[Constants, dict[str, str]]:
    """(definitions, C name of each array by what it is)."""
    constants = Constants()
    wanted: dict[str, str] = SPEECH_ARRAYS if isinstance(front_end, SpeechFrontEnd) else {}
    k = {what: constants.array("front", what, getattr(front_end, what), ctype) for what, ctype in wanted.items()}
    k["offset"] = constants.array("front", "offset", front_end.offset, "int16_t")
    k["gain"] = constants.array("front", "gain", front_end.gain, "int16_t")
    k["theta"] = constants.array("front", "theta", front_end.encoder.theta, "uint16_t")
    return constants, k


def buffer_bytes(front_end: FrontEnd) -> int:
    """RAM of the buffers, without what points at them."""
    buffers = (2 + STEP_BYTES) * front_end.channels
    if isinstance(front_end, SpeechFrontEnd):
        return buffers + 2 * front_end.window_size + COMPLEX_BYTES * (front_end.points // 2)
    return buffers


def front_end_ram_bytes(model: Model) -> int:
    """An upper bound of what the front end adds to RAM; 0 for a model without one."""
    front_end = front_end_of(model)
    return 0 if front_end is None else buffer_bytes(front_end) + POINTERS_BYTES
