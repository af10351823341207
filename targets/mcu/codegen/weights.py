"""Synaptic weights as they lie in flash: at their true width, without gaps. The contract is that of edgesnn/conv.h."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesnn.integer import Array
from edgesnn.integer.ops import Conv, Dense
from edgesnn.integer.ops.synapse import weight_codes

SLACK = 3  # bytes behind the rows that may be read
WORD_BYTES = 4
WORD_BITS = 32
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Form:
    """How weights are stored: the suffix of their kernels, how many share a byte, bits of those that do not fill one,
    what is added to a code, and the words of a report."""

    suffix: str
    per_byte: int
    tail_bits: int
    offset: int
    text: str


BASE_3 = Form("t5", 5, 2, 1, "base 3, five to a byte")


def choose(op: Dense | Conv, int8_input: bool, prefer: str = "flash") -> Form:
    """Weights -1, 0 and +1 of 2 bits take 1.6 bits in base 3, or where speed is preferred 2 bits; all other weights the
    width that the operator declares."""
    bits = op.weight_bits
    if bits == 2 and not op.zero_free and prefer != "speed" and op.weight.min() >= -1:
        return BASE_3
    offset = 0 if int8_input and bits == 8 else 1 << bits - 1
    text = f"{bits} bits" if bits == 1 or not op.zero_free else f"{bits} bits without zero"
    return Form(f"w{bits}", 8 // bits, bits, offset, text)


def codes(op: Dense | Conv) -> Array:
    """What is stored of the weights, as two's complement: those without zero are 2 codes + 1."""
    return weight_codes(op.weight, op.zero_free)


def input_major(weight: Array, groups: int) -> Array:
    """(outputs, inputs / groups, height, width) as (groups, rows, outputs / groups): a row is one input at one tap."""
    outputs, inputs, height, width = weight.shape
    grouped = weight.reshape(groups, outputs // groups, inputs, height, width)
    return grouped.transpose(0, 3, 4, 2, 1).reshape(groups, height * width * inputs, outputs // groups)


def packed(rows: Array, form: Form) -> Bytes:
    """The bytes of codes (groups, rows, outputs)."""
    values = (rows + form.offset) & 0xFF
    outputs = rows.shape[-1]
    tail_outputs = tails(outputs, form)
    filled = outputs - tail_outputs
    missing = -filled % form.per_byte
    whole = np.pad(values[..., :filled], [(0, 0), (0, 0), (0, missing)])
    main, tail = _rows(whole, form), values[..., filled:]
    fields = _fields(tail.ravel(), form.tail_bits)
    zero_row = np.zeros(main.shape[-1] if form.suffix == "w1" else 0, np.uint8)
    behind_rows = SLACK - fields.size if main.shape[-1] % WORD_BYTES else 0
    behind_tails = int(form.tail_bits == 2 and tail_outputs > 0)
    slack = np.zeros(max(behind_rows, behind_tails), np.uint8)
    return np.concatenate([main.ravel(), zero_row, fields, slack])


def tails(outputs: int, form: Form) -> int:
    """Outputs of a row that lie apart because they fill no byte; in base 3 they have one where it hardly matters."""
    rest = outputs % form.per_byte
    return 0 if form is BASE_3 and rest and (4 - rest) * 256 <= outputs else rest


def aligned(rows: Array, form: Form) -> bool:
    """Whether every row starts at a word, if the first does: then the words of its weights are read in one access."""
    row_bytes = -(-(int(rows.shape[-1]) - tails(rows.shape[-1], form)) // form.per_byte)
    return row_bytes > 0 and row_bytes % WORD_BYTES == 0


def _rows(values: Array, form: Form) -> Bytes:
    """(..., outputs) as (..., bytes), outputs a multiple of what a byte holds."""
    if form is BASE_3:
        digits = values.reshape(*values.shape[:-1], -1, 5)
        numbers = (digits * 3 ** np.arange(4, -1, -1)).sum(-1)
        return _bytes(-(-numbers * 256 // 243))
    if form.suffix == "w1":
        values = values[..., _sign_order(values.shape[-1])]
    split = values.reshape(*values.shape[:-1], -1, form.per_byte)
    return _bytes((split << (form.tail_bits * np.arange(form.per_byte))).sum(-1))


def _sign_order(outputs: int) -> Array:
    """Which output each bit of a row belongs to: 32 at a time in the order of the bit-sliced counters."""
    bit = np.arange(WORD_BITS)
    whole = 4 * (bit % 8) + np.array([0, 2, 1, 3])[bit // 8]
    words = outputs // WORD_BITS
    starts = WORD_BITS * np.arange(words)[:, None]
    return np.concatenate([(starts + whole).ravel(), np.arange(WORD_BITS * words, outputs)])


def _fields(values: Array, bits: int) -> Bytes:
    """Fields of 1, 2, 4 or 8 bits as one string, lowest bit first."""
    per_byte = 8 // bits
    padded = np.zeros(-(-len(values) // per_byte) * per_byte, np.int64)
    padded[: len(values)] = values
    return _bytes((padded.reshape(-1, per_byte) << (bits * np.arange(per_byte))).sum(-1))


def _bytes(values: Array) -> Bytes:
    return values.astype(np.uint8)
