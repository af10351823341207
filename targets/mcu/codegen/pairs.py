"""Weights of small windows whose int8 inputs are all multiplied, two at a time: form p16 of edgesnn/conv.h."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array
from edgesnn.targets.mcu.codegen.weights import Bytes, Form

WORD = 4
WORDS = 3
ORDER = [0, 2, 1, 3]
FORM = Form("p16", 1, 8, 0, "16 bits in pairs, every input multiplied")


def fits(weight: Array) -> bool:
    """Whether the inputs of a window lie in few enough words. weight: (outputs, inputs, height, width)."""
    _, inputs, height, width = weight.shape
    return bool(height * _row_words(inputs * width) <= WORDS)


def pays(weight: Array, rate: float) -> bool:
    """Whether that takes fewer instructions on a Cortex-M4 than to list those inputs that are not zero, `rate` of them,
    and to multiply these: both as measured for a position."""
    outputs, window = len(weight), weight[0].size
    listing = 200 + 7 * window + rate * window * (5 + 2.4 * outputs)
    return bool(45 + 10 * outputs <= listing)


def packed(weight: Array) -> Bytes:
    """The bytes of weights (outputs, inputs, height, width), which are no codes."""
    outputs, inputs, height, width = weight.shape
    lines = weight.transpose(0, 2, 3, 1).reshape(outputs, height, width * inputs)
    missing = _row_words(width * inputs) * WORD - width * inputs
    words = np.pad(lines, [(0, 0), (0, 0), (0, missing)]).reshape(outputs, -1, WORD)[..., ORDER]
    all_words = np.pad(words, [(0, 0), (0, WORDS - words.shape[1]), (0, 0)])
    return np.ascontiguousarray(all_words).astype("<i2").view(np.uint8).ravel()


def _row_words(inputs: int) -> int:
    return -(-inputs // WORD)
