"""Constants of a generated model: arrays and records in flash, printed once however many nodes use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesnn.targets.mcu.codegen import names

LINE = 116
POINTER_BYTES = 4
WORD_BYTES = 4


@dataclass(frozen=True)
class Constant:
    """A static const object: its C definition and its bytes on a 32-bit device."""

    name: str
    text: str
    bytes: int


class Constants:
    """All constants of a model, in order of definition, and how many bytes each node brought."""

    def __init__(self) -> None:
        self.items: list[Constant] = []
        self.bytes_of: dict[str, int] = {}
        self.sizes: dict[tuple[str, str], int] = {}  # by node and what it is, also where an equal one serves
        self._known: dict[tuple[str, str], str] = {}

    def array(self, node: str, what: str, values: npt.ArrayLike, ctype: str) -> str:
        """Name of an array of `ctype` ("int8_t" ... "int32_t") with these values."""
        flat = np.asarray(values).ravel()
        bits = int("".join(char for char in ctype if char.isdigit()))
        body = wrapped([number(int(value), bits) for value in flat])
        return self._define(node, what, ctype, f"[{flat.size}]", body, flat.size * bits // 8)

    def bytes(self, node: str, what: str, values: npt.NDArray[np.uint8], aligned: bool) -> str:
        """Expression of an array of bytes; `aligned`: at a word, which C99 grants to a union with a word in it."""
        body = wrapped([str(value) for value in values.tolist()])
        if not aligned:
            return self._define(node, what, "uint8_t", f"[{values.size}]", body, values.size)
        ctype = f"union {{ uint8_t bytes[{values.size}]; uint32_t word; }}"
        size = -(-values.size // WORD_BYTES) * WORD_BYTES
        return self._define(node, what, ctype, "", f"    {{\n{body}\n    }},", size) + ".bytes"

    def record(self, node: str, what: str, ctype: str, fields: Sequence[tuple[str, object]], size: int) -> str:
        """Name of a struct of `size` bytes with these (member, value) pairs."""
        body = wrapped([f".{member} = {value}" for member, value in fields])
        return self._define(node, what, ctype, "", body, size)

    def _define(self, node: str, what: str, ctype: str, extent: str, body: str, size: int) -> str:
        key = (ctype + extent, body)
        self.sizes[node, what] = size
        if key not in self._known:
            name = names.constant(node, what)
            self._known[key] = name
            self.items.append(Constant(name, f"static const {ctype} {name}{extent} = {{\n{body}\n}};", size))
            self.bytes_of[node] = self.bytes_of.get(node, 0) + size
        return self._known[key]


def nested(fields: Sequence[tuple[str, object]]) -> str:
    """Initialiser of a record within a record.

    >>> nested([("width", 3), ("height", 2)])
    '{ .width = 3, .height = 2 }'
    """
    return "{ " + ", ".join(f".{member} = {value}" for member, value in fields) + " }"


def number(value: int, bits: int = 32) -> str:
    """A C constant expression of exactly this value.

    >>> number(-2147483648)
    '(-2147483647 - 1)'
    """
    if value == -(1 << 31):
        return "(-2147483647 - 1)"
    return f"0x{value:08x}u" if value > (1 << 31) - 1 else str(value)


def wrapped(items: Sequence[str]) -> str:
    """Items separated by commas, in indented lines of bounded length."""
    lines: list[str] = []
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > LINE:
            lines.append(line)
            line = "   "
        line += f" {item},"
    return "\n".join([*lines, line])
